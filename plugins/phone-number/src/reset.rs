//! A new password by a code that came as a text message.

use guichet_core::error::{Result, bad_request};
use guichet_core::http::Visit;
use guichet_core::one_time_code::Use;
use guichet_core::password::reset::{self, Ending, Mailbox, Reset};

use crate::codes::{self, Claim};
use crate::options::Options;
use crate::send::is_proven;
use crate::{NUMBER, UNEXPECTED_ERROR, tell};

/// Checks the code and sets the password.
pub(crate) async fn with_code(
    visit: &Visit,
    options: &Options,
    claim: Claim<'_>,
    password: &str,
) -> Result<()> {
    let app = visit.app();
    // Looked at first, as the reference does, and used up after the password's rules and its hash, in the transaction that
    // sets it: who mistypes a password may try again with the same code.
    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, options, &mut tx, claim, Use::Look).await?;
    tx.commit().await?;
    verdict?;
    app.passwords.check_new(app, password).await?;
    let hash = app.passwords.hash(password).await?;

    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, options, &mut tx, claim, Use::Consume).await?;
    let holder = app.users.by_unique(&mut tx, NUMBER, claim.number.as_str()).await?;
    let user = match (&verdict, holder.filter(is_proven)) {
        (Ok(()), Some(user)) => {
            let reset = Reset {
                user_id: &user.id,
                hash,
                mailbox: Mailbox::Unseen,
                ending: if options.revoke_sessions_on_reset { Ending::All } else { Ending::Nothing },
                notice: tell::is_told(options, &user).then_some("phone-number-password"),
            };
            reset::set(visit, &mut tx, reset).await?
        }
        _ => None,
    };
    tx.commit().await?;
    verdict?;
    let user = user.ok_or_else(|| bad_request(UNEXPECTED_ERROR))?;
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "a password was reset by phone");
    Ok(())
}
