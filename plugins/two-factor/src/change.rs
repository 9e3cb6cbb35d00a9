//! Switching the second factor on and off, and new backup codes. Whoever calls has asked for the owner's proof.

use guichet_core::db::Tx;
use guichet_core::error::{Result, USER_NOT_FOUND, bad_request, forbidden};
use guichet_core::http::Visit;
use guichet_core::notice;
use guichet_core::session::{self, SignedIn};
use guichet_core::store::User;

use crate::enrolment::ENABLED;
use crate::{
    OTP_NOT_CONFIGURED, TOTP_ALREADY_ENABLED, TWO_FACTOR_MANDATORY, TWO_FACTOR_NEEDS_PASSWORD,
    TWO_FACTOR_NOT_ENABLED, TwoFactor, backup, challenge, enrolment, is_on, owner, trusted,
};

/// An authenticator that waits to be confirmed.
pub(crate) struct Begun {
    /// The secret, for the app.
    pub(crate) secret: String,
    /// The backup codes, shown this once.
    pub(crate) codes: Vec<String>,
}

impl TwoFactor {
    /// Begins to enrol an authenticator; at sign-in nothing changes until a code of it was right.
    pub(crate) async fn begin(&self, visit: &Visit, user: &User) -> Result<Begun> {
        let app = visit.app();
        let begun = Begun { secret: app.keyring.random_alphanumeric(32), codes: backup::draw(app) };
        let kept = backup::at_rest(app, self.options.backup_codes, &user.id, &begun.codes)?;
        let mut tx = app.db.begin().await?;
        if !enrolment::begin(app, &mut tx, &user.id, &begun.secret, &kept).await? {
            return Err(bad_request(TOTP_ALREADY_ENABLED));
        }
        tx.commit().await?;
        Ok(begun)
    }

    /// Codes by e-mail become the second factor, at once.
    pub(crate) async fn use_email_codes(&self, visit: &Visit, signed_in: &SignedIn) -> Result<()> {
        self.may_use_email_codes(visit, signed_in).await?;
        let app = visit.app();
        let mut tx = app.db.begin().await?;
        enrolment::ensure(app, &mut tx, &signed_in.user.id).await?;
        let (_, token) = self.switch(visit, &mut tx, signed_in, true, (&[], signed_in.session.aal)).await?;
        tx.commit().await?;
        session::keep(visit, &token);
        Ok(())
    }

    /// Refuses codes by e-mail to people whose only other proof is the mailbox too: they would not get in any more.
    pub(crate) async fn may_use_email_codes(&self, visit: &Visit, signed_in: &SignedIn) -> Result<()> {
        if !self.options.email_codes {
            return Err(bad_request(OTP_NOT_CONFIGURED));
        }
        if !owner::has_password(visit, &signed_in.user.id).await? {
            return Err(bad_request(TWO_FACTOR_NEEDS_PASSWORD));
        }
        Ok(())
    }

    /// Switches the second factor off: its rows, trusted devices and sign-ins that wait go. `proven` is whether a password
    /// was given for it. 403 `TWO_FACTOR_MANDATORY` for who must have one.
    pub(crate) async fn disable(&self, visit: &Visit, signed_in: &SignedIn, proven: bool) -> Result<()> {
        let app = visit.app();
        if is_on(&signed_in.user) && self.options.requires(&signed_in.user) {
            return Err(forbidden(TWO_FACTOR_MANDATORY));
        }
        let mut tx = app.db.begin().await?;
        // As they are now, and stay until the end.
        let user = app.users.touch(&mut tx, &signed_in.user.id, visit.now()).await?;
        let user = user.ok_or_else(|| bad_request(USER_NOT_FOUND))?;
        enrolment::delete(&mut tx, &user.id).await?;
        if !is_on(&user) && (!proven || self.options.requires(&user)) {
            // What was only begun is given up. A session that proves nothing does not make itself a newer one, nor one of
            // who has to prove more.
            return Ok(tx.commit().await?);
        }
        let (_, token) = self.switch(visit, &mut tx, signed_in, false, (&[], signed_in.session.aal)).await?;
        tx.commit().await?;
        session::keep(visit, &token);
        if visit.signed_cookie(trusted::COOKIE).is_some() {
            visit.remove_cookie(trusted::COOKIE);
        }
        Ok(())
    }

    /// New backup codes; the old ones end.
    pub(crate) async fn new_codes(&self, visit: &Visit, user: &User, tell: bool) -> Result<Vec<String>> {
        let app = visit.app();
        let codes = backup::draw(app);
        let kept = backup::at_rest(app, self.options.backup_codes, &user.id, &codes)?;
        let mut tx = app.db.begin().await?;
        let row = enrolment::of(&mut tx, &user.id).await?;
        let row = row.ok_or_else(|| bad_request(TWO_FACTOR_NOT_ENABLED))?;
        if row.secret(app)?.is_none() {
            return Err(bad_request(TWO_FACTOR_NOT_ENABLED));
        }
        enrolment::set_codes(&mut tx, &row.id, &kept).await?;
        if tell {
            self.tell(visit, &mut tx, user, "two-factor-new-codes", "").await?;
        }
        tx.commit().await?;
        tracing::info!(request_id = visit.request_id(), user_id = user.id, "new backup codes were made");
        Ok(codes)
    }

    /// Sets the user's column, ends what was let in before, and begins a new session, as strong as `proven` makes it.
    /// Gives the user as they are then, and the session's token.
    pub(crate) async fn switch(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        signed_in: &SignedIn,
        on: bool,
        proven: (&[&str], i64),
    ) -> Result<(User, String)> {
        let keep = Some(signed_in.session.id.as_str());
        let user = self.set(visit, tx, &signed_in.user, on, keep).await?;
        let renewed = SignedIn { user, ..signed_in.clone() };
        let (_, token) = session::renew_stronger(visit, &mut *tx, &renewed, proven.0, proven.1).await?;
        Ok((renewed.user, token))
    }

    /// Sets the user's column, ends what was let in before but the session `keep`, and tells them. Gives the user as they
    /// are then.
    pub(crate) async fn set(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        user: &User,
        on: bool,
        keep: Option<&str>,
    ) -> Result<User> {
        let app = visit.app();
        let was_on = is_on(user);
        let changes = vec![(ENABLED, on.into())];
        let user = app.users.update(&mut *tx, &user.id, changes, visit.now()).await?;
        let user = user.ok_or_else(|| bad_request(USER_NOT_FOUND))?;
        trusted::forget_all(&mut *tx, &user.id).await?;
        challenge::end_all(&mut *tx, &user.id).await?;
        if was_on == on {
            return Ok(user);
        }
        if self.options.end_sessions {
            session::end_all(app, &mut *tx, &user.id, keep).await?;
        }
        let key = if on { "two-factor-enabled" } else { "two-factor-disabled" };
        self.tell(visit, tx, &user, key, "").await?;
        tracing::info!(
            request_id = visit.request_id(),
            user_id = user.id,
            on,
            "the second factor was switched"
        );
        Ok(user)
    }

    /// Tells the user by mail, where that is on.
    pub(crate) async fn tell(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        user: &User,
        key: &str,
        what: &str,
    ) -> Result<()> {
        if self.options.tell_of_changes {
            notice::tell(visit, tx, user, key, what).await?;
        }
        Ok(())
    }
}
