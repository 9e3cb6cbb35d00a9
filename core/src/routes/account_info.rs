//! `GET /account-info`: what a provider says about a linked account. No provider can be configured yet, so that every
//! account found is one without.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::error::{ACCOUNT_NOT_FOUND, Error, PROVIDER_NOT_CONFIGURED, Result, bad_request};
use crate::http::{Input, Issues, Query, Reply, Route, Shape, Visit};
use crate::store::Accounts;

/// Exactly one way to name an account: `accountId`, a row's id. (`useAccountCookie` is a literal `true` in the
/// reference, which no query can carry.)
struct Which {
    account_id: String,
}

impl Input for Which {
    fn read(object: &Map<String, Value>, place: &str, issues: &mut Issues) -> Option<Self> {
        let allowed = |key: &String| key == "accountId" || key == "userId";
        let user_id_is_text = object.get("userId").is_none_or(Value::is_string);
        match object.get("accountId") {
            Some(Value::String(id)) if user_id_is_text && object.keys().all(allowed) => {
                Some(Self { account_id: id.clone() })
            }
            _ => {
                issues.note(place, "Invalid input");
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::object(&[("accountId", Shape::text(), true), ("userId", Shape::text(), false)])
    }
}

pub(super) fn route() -> Route {
    Route::get("/account-info", "core.account-info", info, ())
        .summary("What the provider of a linked account says about its owner")
        .needs_session()
        .query::<Which>()
}

async fn info(visit: Visit, Query(which): Query<Which>) -> Result<Reply> {
    let signed_in = visit.signed_in().await?.ok_or_else(|| Error::empty(StatusCode::UNAUTHORIZED))?;
    let accounts = Accounts::of_user(&visit.app().db, &signed_in.user.id).await?;
    if accounts.iter().any(|account| account.id == which.account_id) {
        return Err(bad_request(PROVIDER_NOT_CONFIGURED));
    }
    Err(bad_request(ACCOUNT_NOT_FOUND))
}
