//! What a right code leads to: the sign-in that waited goes through, or the session becomes another one.

use guichet_core::cookie::DONT_REMEMBER;
use guichet_core::db::Tx;
use guichet_core::error::{Result, unauthorized};
use guichet_core::http::Visit;
use guichet_core::second_factor::Factor;
use guichet_core::session::{self, SignedIn};
use guichet_core::sign_in::{Aal, Attempt, sign_in};

use crate::challenge::Challenge;
use crate::enrolment::{self, Enrolment};
use crate::proofs::{self, Proofs};
use crate::verify::{Given, Verified};
use crate::{INVALID_TWO_FACTOR_COOKIE, TwoFactor, is_on, trusted};

impl TwoFactor {
    /// The sign-in goes through the one door again, with both factors; an authenticator that it had to set up is confirmed.
    pub(crate) async fn go_on(
        &self,
        visit: &Visit,
        mut tx: Tx,
        challenge: &Challenge,
        row: &Enrolment,
        given: Given<'_>,
    ) -> Result<Verified> {
        let app = visit.app();
        let user = app.users.by_id(&mut tx, &challenge.user_id).await?;
        let mut user = user.ok_or_else(|| unauthorized(INVALID_TWO_FACTOR_COOKIE))?;
        if given.only_check {
            tx.commit().await?;
            return Ok(Verified::Waiting(Box::new(user)));
        }
        challenge.end(visit, &mut tx).await?;
        let first = &challenge.first;
        if first.enrols && given.factor == Factor::Totp && row.awaits_confirmation() {
            enrolment::confirm(&mut tx, &row.id).await?;
            user = self.set(visit, &mut tx, &user, true, None).await?;
        }
        let trust = given.trust && self.options.trusts_devices();
        if trust {
            trusted::add(visit, &self.options, &mut tx, &user.id).await?;
        }
        let attempt = Attempt {
            user,
            method: "two-factor",
            amr: proofs::with_second(&first.amr),
            aal: Aal::Two,
            remember: first.remember,
            door: first.door.clone(),
            is_new: first.is_new,
        };
        let outcome = sign_in(visit, tx, attempt).await?;
        if trust {
            // Whoever trusts a device wants to be remembered on it (contract, section 12).
            visit.remove_cookie(DONT_REMEMBER);
        }
        Ok(Verified::Through(outcome))
    }

    /// Inside a session: confirms an authenticator, switches the second factor on, or makes the session stronger.
    pub(crate) async fn step_up(
        &self,
        visit: &Visit,
        mut tx: Tx,
        signed_in: SignedIn,
        row: &Enrolment,
        given: Given<'_>,
    ) -> Result<Verified> {
        let on = is_on(&signed_in.user);
        let confirms = given.factor == Factor::Totp && row.awaits_confirmation();
        if confirms {
            enrolment::confirm(&mut tx, &row.id).await?;
        }
        let Proofs { amr, aal } = Proofs::of(&signed_in.session, given.factor);
        let switches_on = !on && (confirms || given.factor == Factor::Otp);
        let (user, token) = if switches_on {
            self.switch(visit, &mut tx, &signed_in, true, (amr, aal)).await?
        } else if on && self.options.renew_sessions && !given.only_check {
            let (_, token) = session::renew_stronger(visit, &mut tx, &signed_in, amr, aal).await?;
            (signed_in.user.clone(), token)
        } else {
            (signed_in.user.clone(), signed_in.token.clone())
        };
        tx.commit().await?;
        if token != signed_in.token {
            session::keep(visit, &token);
        }
        if switches_on && confirms && self.options.answer_as_before {
            let SignedIn { user, token, .. } = signed_in;
            return Ok(Verified::InSession { token, user: Box::new(user) });
        }
        Ok(Verified::InSession { token, user: Box::new(user) })
    }
}
