//! The second step at a door: a code of the authenticator, a backup code, or one by e-mail. Each is a page of its own,
//! and each leads to the others that the account has.

use async_trait::async_trait;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::one_time_code;
use guichet_core::pages::{Door, Form, SignInForm, Step, Trouble, context};
use guichet_core::second_factor::Factor;
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::Outcome;
use http::StatusCode;

use crate::challenge::Challenge;
use crate::routes::{ENABLE, SEND_OTP, VERIFY_BACKUP, VERIFY_OTP, VERIFY_TOTP};
use crate::verify::{Given, Subject, Verified};
use crate::{
    INVALID_TWO_FACTOR_COOKIE, TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE, TwoFactor, challenge, enrolment, set_up,
};

/// Which page a factor is asked on; also what its form is called.
fn factor_of(name: &str) -> Option<Factor> {
    match name {
        "code" => Some(Factor::Totp),
        "backup" => Some(Factor::BackupCode),
        "email" => Some(Factor::Otp),
        _ => None,
    }
}

#[async_trait]
impl SignInForm for TwoFactor {
    fn id(&self) -> &'static str {
        "two-factor"
    }

    fn begins(&self) -> bool {
        false
    }

    async fn first(&self, _: &Visit, _: &Door, _: &str) -> Result<String> {
        Ok(String::new())
    }

    async fn show(&self, visit: &Visit, _: &Door, action: &str, name: &str) -> Result<Step> {
        let name = if name == "send" { "email" } else { name };
        if set_up::is_of(name) {
            return match Challenge::find(visit).await? {
                Some(challenge) if challenge.first.enrols => set_up::why(visit, action),
                _ => Ok(Step::Restart),
            };
        }
        match (factor_of(name), Challenge::find(visit).await?) {
            (Some(_), Some(challenge)) if challenge.first.enrols => Ok(Step::Next(set_up::WHY.into())),
            (Some(_), Some(challenge)) => {
                self.page(visit, &challenge, action, name, &Trouble::default(), StatusCode::OK).await
            }
            _ => Ok(Step::Restart),
        }
    }

    fn as_route(&self, _: &Visit, name: &str, _: &Form) -> Option<(&'static str, Map<String, Value>)> {
        let route = match name {
            "code" => VERIFY_TOTP,
            "backup" => VERIFY_BACKUP,
            "email" => VERIFY_OTP,
            "send" => SEND_OTP,
            set_up::BEGIN => ENABLE,
            set_up::CONFIRM => VERIFY_TOTP,
            _ => return None,
        };
        Some((route, Map::new()))
    }

    async fn limited(
        &self,
        visit: &Visit,
        _: &Door,
        action: &str,
        name: &str,
        _: &Form,
        refusal: Error,
    ) -> Result<Step> {
        let Some(challenge) = Challenge::find(visit).await? else { return Ok(Step::Restart) };
        let name = if name == "send" { "email" } else { name };
        let trouble = Trouble::of(visit, &refusal);
        if set_up::is_of(name) {
            return self.code_again(visit, action, &trouble, refusal.status());
        }
        self.page(visit, &challenge, action, name, &trouble, refusal.status()).await
    }

    async fn submit(
        &self,
        visit: &Visit,
        door: &Door,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<Step> {
        let Some(challenge) = Challenge::find(visit).await? else { return Ok(Step::Restart) };
        let done = match factor_of(name) {
            Some(factor) => self.try_code(visit, &challenge, factor, form).await,
            None if name == set_up::BEGIN => self.set_up(visit, &challenge, action).await,
            None if name == set_up::CONFIRM => self.try_code(visit, &challenge, Factor::Totp, form).await,
            None if name == "send" => {
                let subject = Subject::Challenge(challenge.clone());
                self.send_code(visit, &subject).await.map(|()| Step::Next("email".into()))
            }
            None => return Ok(Step::Restart),
        };
        match done {
            // The sign-in has ended: another code would not help.
            Err(refusal) if ended(&refusal) && Challenge::find(visit).await?.is_none() => {
                let language = visit.language();
                // The code's own words ask for another code, which an authenticator does not send.
                let error = if refusal.is(TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE) {
                    visit.app().templates.words().plain(language, "two-factor-ended-too-many").into()
                } else {
                    refusal.message(language)
                };
                let context = context! { error, href => door.path };
                let html =
                    visit.app().templates.render(visit.language(), "two-factor/ended.html", context)?;
                Ok(Step::Show { html, status: refusal.status() })
            }
            Err(refusal) if refusal.status().is_client_error() => {
                let page = if name == "send" { "email" } else { name };
                let trouble = Trouble::of(visit, &refusal);
                if set_up::is_of(name) {
                    return self.code_again(visit, action, &trouble, refusal.status());
                }
                self.page(visit, &challenge, action, page, &trouble, refusal.status()).await
            }
            done => done,
        }
    }
}

fn ended(refusal: &Error) -> bool {
    refusal.is(TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE) || refusal.is(INVALID_TWO_FACTOR_COOKIE)
}

impl TwoFactor {
    async fn try_code(
        &self,
        visit: &Visit,
        waiting: &Challenge,
        factor: Factor,
        form: &Form,
    ) -> Result<Step> {
        let code = typed(form.text("code"), factor);
        let given = Given { factor, code: &code, trust: form.text("trust") == "yes", only_check: false };
        match self.verify(visit, Subject::Challenge(waiting.clone()), given).await? {
            Verified::Through(Outcome::Granted(signed_in)) => Ok(Step::SignedIn(signed_in)),
            Verified::Through(Outcome::Challenge(more)) => Ok(Step::Elsewhere(more.page)),
            Verified::InSession { .. } | Verified::Waiting(_) => Ok(Step::Restart),
        }
    }

    async fn page(
        &self,
        visit: &Visit,
        waiting: &Challenge,
        action: &str,
        name: &str,
        trouble: &Trouble,
        status: StatusCode,
    ) -> Result<Step> {
        let app = visit.app();
        let row = enrolment::of(&app.db, &waiting.user_id).await?;
        let amr: Vec<&str> = waiting.first.amr.iter().map(String::as_str).collect();
        let factors = match &row {
            Some(row) => challenge::factors(&self.options, row, app, &amr)?,
            None => Vec::new(),
        };
        // What the account does not have is not asked for.
        let has = |factor| factors.contains(&factor);
        let name = match name {
            "email" if !has(Factor::Otp) => "code",
            "backup" if !has(Factor::Totp) => "code",
            name => name,
        };
        let context = context! {
            action => format!("{action}/{name}"), name, base => action,
            totp => has(Factor::Totp), otp => has(Factor::Otp),
            trusts => self.options.trusts_devices(), days => self.options.trust_devices_for.0.as_secs() / 86400,
            error => trouble.error, remaining => trouble.remaining,
        };
        Ok(Step::Show {
            html: app.templates.render(visit.language(), "two-factor/step.html", context)?,
            status,
        })
    }
}

/// What was meant: spaces, and dashes within digits, are how codes are printed. A backup code keeps its dash, and gets it
/// when it was left out.
pub(crate) fn typed(text: &str, factor: Factor) -> String {
    if factor != Factor::BackupCode {
        return one_time_code::typed(text);
    }
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match text.split_at_checked(5) {
        Some((one, other)) if text.len() == 10 && !text.contains('-') => format!("{one}-{other}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_they_are_printed() {
        assert_eq!(typed(" 123 456 ", Factor::Totp), "123456");
        assert_eq!(typed("123-456", Factor::Otp), "123456");
        assert_eq!(typed("abcde fghij", Factor::BackupCode), "abcde-fghij");
        assert_eq!(typed("abcde-fghij", Factor::BackupCode), "abcde-fghij");
        assert_eq!(typed("é", Factor::BackupCode), "é");
    }
}
