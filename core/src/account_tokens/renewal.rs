//! Renewing tokens: one request at a time for each account, so that parallel callers do not use one refresh token twice.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::Mutex;

use super::{NotRenewed, Tokens, holder};
use crate::error::{
    ACCOUNT_NOT_FOUND, Error, ErrorCode, FAILED_TO_GET_ACCESS_TOKEN, REFRESH_TOKEN_NOT_FOUND, Result,
    TOKEN_REFRESH_NOT_SUPPORTED, bad_request,
};
use crate::http::Visit;
use crate::store::{Account, Accounts};

/// A token that ends so soon is as good as ended (contract, section 16).
const TOO_SHORT: Duration = Duration::from_secs(5);
/// How many accounts' turns are remembered, and how long after the last one who waited.
const REMEMBERED: u64 = 100_000;
const IDLE: Duration = Duration::from_mins(2);

/// Whose turn it is, by account. Of one process: two replicas may still renew at once.
#[derive(Debug, Clone)]
pub struct Renewals(Cache<String, Arc<Mutex<()>>>);

impl Default for Renewals {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(REMEMBERED).time_to_idle(IDLE).build())
    }
}

impl Renewals {
    fn turn(&self, account_id: &str) -> Arc<Mutex<()>> {
        self.0.get_with(account_id.to_owned(), Arc::default)
    }
}

/// Tokens with an access token that is still good, renewed where that is needed and can be done. 400
/// `PROVIDER_NOT_SUPPORTED`, `FAILED_TO_GET_ACCESS_TOKEN`.
pub async fn good(visit: &Visit, account: &Account) -> Result<Tokens> {
    let holder = holder(visit.app(), account)?;
    let ends_soon = account.access_token_expires_at.is_some_and(|at| at < visit.now().plus(TOO_SHORT));
    let tokens = Tokens::of(visit.app(), account);
    if ends_soon && holder.renews() && tokens.refresh.is_some() {
        return renewed(visit, account, FAILED_TO_GET_ACCESS_TOKEN).await;
    }
    Ok(tokens)
}

/// New tokens, which are kept; the scope stays, since a renewed token may have less. Who waited for somebody else's
/// renewal gets what came of it. 400 `PROVIDER_NOT_SUPPORTED`, `TOKEN_REFRESH_NOT_SUPPORTED`, `REFRESH_TOKEN_NOT_FOUND`, or
/// `refusal` when the other side refuses.
pub async fn renewed(visit: &Visit, account: &Account, refusal: ErrorCode) -> Result<Tokens> {
    let app = visit.app();
    let holder = holder(app, account)?;
    if !holder.renews() {
        let message = format!("Provider {} does not support token refreshing.", account.provider_id);
        let code = TOKEN_REFRESH_NOT_SUPPORTED.code;
        return Err(Error::worded(http::StatusCode::BAD_REQUEST, code, message));
    }
    let turn = app.renewals.turn(&account.id);
    let _until_done = turn.lock().await;
    let mut row =
        Accounts::by_id(&app.db, &account.id).await?.ok_or_else(|| bad_request(ACCOUNT_NOT_FOUND))?;
    if row.access_token != account.access_token {
        return Ok(Tokens::of(app, &row));
    }
    let old = Tokens::of(app, &row);
    let token = old.refresh.clone().ok_or_else(|| bad_request(REFRESH_TOKEN_NOT_FOUND))?;
    let new = holder.renew(app, &row, &token).await.map_err(|error| match error {
        NotRenewed::Refused(why) => bad_request(refusal).because(why),
        NotRenewed::Unavailable(error) => error,
    })?;
    new.put(app, holder.storage(), &mut row, visit.now())?;
    Accounts::set_tokens(&app.db, &row).await?;
    Ok(Tokens {
        refresh: new.refresh.or(old.refresh),
        refresh_ends: new.refresh_ends.or(old.refresh_ends),
        id: new.id.or(old.id),
        ..new
    })
}
