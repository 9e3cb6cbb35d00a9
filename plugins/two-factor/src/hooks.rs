//! What the second factor says at moments of the domain.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::{Result, forbidden};
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::second_factor::Factor;
use guichet_core::sign_in::{Aal, Admission, Attempt};
use guichet_core::store::User;
use guichet_core::timestamp::Timestamp;

use crate::challenge::Wanted;
use crate::options::Scope;
use crate::{TWO_FACTOR_NEEDS_PASSWORD, TwoFactor, challenge, emailed, enrolment, is_on, trusted};

#[async_trait]
impl Hooks for TwoFactor {
    /// Whoever has a second factor and proved one is asked for the other, whatever the door, unless the device is
    /// trusted. An enrolment that was not finished changes nothing. Who must have one and has none enrols first.
    async fn before_sign_in(&self, visit: &Visit, tx: &mut Tx, attempt: &Attempt) -> Result<Admission> {
        let required = self.options.requires_of(attempt);
        let asked = match self.options.scope {
            Scope::All => true,
            Scope::Credential => attempt.amr.contains(&"pwd"),
        };
        let on = is_on(&attempt.user);
        if attempt.aal == Aal::Two || !(required || (on && asked)) {
            return Ok(Admission::Granted);
        }
        if trusted::renew(visit, &self.options, tx, &attempt.user.id).await? {
            return Ok(Admission::Granted);
        }
        let row = enrolment::ensure(visit.app(), tx, &attempt.user.id).await?;
        let mut factors = challenge::factors(&self.options, &row, visit.app(), &attempt.amr)?;
        if !on {
            // What was never finished is no authenticator of theirs.
            factors.retain(|factor| *factor == Factor::Otp);
        }
        if factors.is_empty() && !on {
            return Ok(Admission::Challenge(
                challenge::open(self, visit, tx, attempt, Wanted::Enrolment).await?,
            ));
        }
        if factors.is_empty() && !emailed::adds_to(attempt.amr.iter().copied()) {
            // Their second factor is their mailbox, which is all that they proved: a password is what is missing.
            return Err(forbidden(TWO_FACTOR_NEEDS_PASSWORD));
        }
        Ok(Admission::Challenge(challenge::open(self, visit, tx, attempt, Wanted::OneOf(&factors)).await?))
    }

    /// Trusted devices and sign-ins that wait were let in by what has just ended.
    async fn sessions_ended(&self, _: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        trusted::forget_all(&mut *tx, user_id).await?;
        Ok(challenge::end_all(tx, user_id).await?)
    }

    /// A second factor that an unproven owner set up would keep the proven one out for good.
    async fn mailbox_first_proven(&self, app: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        enrolment::end(app, tx, user_id).await
    }

    async fn cleaning(&self, app: &App, now: Timestamp) -> Result<()> {
        Ok(trusted::clean(&app.db, now).await?)
    }

    async fn before_user_delete(&self, _: &App, tx: &mut Tx, user: &User) -> Result<()> {
        Ok(challenge::end_all(tx, &user.id).await?)
    }
}
