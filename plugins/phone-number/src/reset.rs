//! A new password by a code that came as a text message.

use guichet_core::db::Tx;
use guichet_core::error::{Result, bad_request};
use guichet_core::http::Visit;
use guichet_core::session;
use guichet_core::store::{Accounts, User};

use crate::codes::{self, Claim};
use crate::options::Options;
use crate::send::is_proven;
use crate::{NUMBER, UNEXPECTED_ERROR, tell};
use guichet_core::one_time_code::Use;

/// Checks the code and sets the password.
pub(crate) async fn with_code(
    visit: &Visit,
    options: &Options,
    claim: Claim<'_>,
    password: &str,
) -> Result<()> {
    let app = visit.app();
    // Before the code: who mistypes may try again with the same one.
    app.passwords.check_new(app, password).await?;
    // Looked at before the hash, which is dear, and used up after it, in the transaction that sets the password.
    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, options, &mut tx, claim, Use::Look).await?;
    tx.commit().await?;
    verdict?;
    let hash = app.passwords.hash(password).await?;

    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, options, &mut tx, claim, Use::Consume).await?;
    let holder = app.users.by_unique(&mut tx, NUMBER, claim.number.as_str()).await?;
    let user = match (&verdict, holder.filter(is_proven)) {
        (Ok(()), Some(user)) => set(visit, options, &mut tx, &user, hash).await?,
        _ => None,
    };
    tx.commit().await?;
    verdict?;
    let user = user.ok_or_else(|| bad_request(UNEXPECTED_ERROR))?;
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "a password was reset by phone");
    Ok(())
}

/// `None` when the user is gone.
async fn set(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    user: &User,
    hash: String,
) -> Result<Option<User>> {
    let app = visit.app();
    // Touching the user first makes two resets of one user wait for each other.
    let Some(user) = app.users.update(&mut *tx, &user.id, Vec::new(), visit.now()).await? else {
        return Ok(None);
    };
    if options.revoke_sessions_on_reset {
        session::end_all(app, &mut *tx, &user.id, None).await?;
    }
    Accounts::put_password(tx, app.new_id(), &user.id, hash, visit.now()).await?;
    tell::of(visit, tx, options, &user, "phone-number-password", "").await?;
    Ok(Some(user))
}
