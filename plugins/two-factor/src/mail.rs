//! Mailing a code as the second factor.

use guichet_core::error::{Result, bad_request, unauthorized};
use guichet_core::http::{Budget, Visit};
use guichet_core::mail::Mail;
use guichet_core::notice::greeting;
use guichet_core::pages::context;
use guichet_core::store::{User, Verifications};

use crate::verify::Subject;
use crate::{INVALID_TWO_FACTOR_COOKIE, OTP_NOT_CONFIGURED, TWO_FACTOR_NEEDS_PASSWORD, TwoFactor, emailed};

/// The template, without its ending.
const TEMPLATE: &str = "two-factor/mail/code";

impl TwoFactor {
    /// Sends a code; an earlier one for the same sign-in or session ends.
    pub(crate) async fn send_code(&self, visit: &Visit, subject: &Subject) -> Result<()> {
        if !self.options.email_codes {
            return Err(bad_request(OTP_NOT_CONFIGURED));
        }
        let (app, user_id) = (visit.app(), subject.user_id());
        if let Subject::Challenge(challenge) = subject
            && !emailed::adds_to(challenge.first.amr.iter().map(String::as_str))
        {
            return Err(bad_request(TWO_FACTOR_NEEDS_PASSWORD));
        }
        app.limiter.admit_account("two-factor.send-otp", "user", user_id, Budget::MAILS, visit.now()).await?;
        let user = app.users.by_id(&app.db, user_id).await?;
        let user = user.ok_or_else(|| unauthorized(INVALID_TWO_FACTOR_COOKIE))?;
        let code = emailed::draw(app);
        let mail = self.with_code(visit, &user, &code)?;
        let deadline = visit.now().plus(self.options.email_codes_expire_in.0);
        let mut tx = app.db.begin().await?;
        if let Subject::Challenge(challenge) = subject {
            let alive = Verifications::look(&mut tx, &challenge.id, visit.now()).await?;
            alive.ok_or_else(|| unauthorized(INVALID_TWO_FACTOR_COOKIE))?;
        }
        emailed::keep(app, &self.options, &mut tx, &subject.key(), &code).await?;
        app.outbox.enqueue(&mut tx, &mail, app.new_id(), Some(deadline)).await?;
        Ok(tx.commit().await?)
    }

    fn with_code(&self, visit: &Visit, user: &User, code: &str) -> Result<Mail> {
        let (templates, language) = (&visit.app().templates, visit.language());
        let minutes = self.options.email_codes_expire_in.0.as_secs() / 60;
        let name = greeting(user.name.as_deref().unwrap_or_default());
        let context = context! { code, minutes, name };
        let subject = templates.message(language, "two-factor-mail-subject", &[]);
        Ok(templates.mail(language, TEMPLATE, &user.email, subject, &context)?)
    }
}
