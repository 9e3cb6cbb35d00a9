//! The steps at a door: the address, then the code. On a page a code is bound to the browser that asked for it.

use std::time::Duration;

use async_trait::async_trait;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, INVALID_OTP, OTP_EXPIRED, Result, TOO_MANY_ATTEMPTS};
use guichet_core::http::Visit;
use guichet_core::one_time_code;
use guichet_core::pages::{Door, Form, SignInForm, Step, Trouble, context};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::Outcome;
use guichet_core::timestamp::Timestamp;
use http::StatusCode;

use crate::EmailOtp;
use crate::codes::Claim;
use crate::purpose::Purpose;
use crate::routes::{SEND, SIGN_IN};
use crate::send::{Asked, send};
use crate::sign_in::{Wanted, with_code};

/// The cookie that remembers what this browser asked for: `<binding>.<when>.<resent>.<email>`, signed.
const ASKED: &str = "email_otp";

/// What this browser asked for.
struct Pending {
    binding: String,
    at: Timestamp,
    resent: bool,
    email: EmailAddress,
}

impl Pending {
    fn read(visit: &Visit) -> Option<Self> {
        let text = visit.signed_cookie(ASKED)?;
        let mut parts = text.splitn(4, '.');
        let binding = parts.next()?.to_owned();
        let at = Timestamp::from_millis(parts.next()?.parse().ok()?)?;
        let resent = parts.next()? == "1";
        let email = EmailAddress::parse_international(parts.next()?)?;
        Some(Self { binding, at, resent, email })
    }

    fn remember(&self, visit: &Visit, life: Duration) {
        let resent = u8::from(self.resent);
        let text = format!("{}.{}.{resent}.{}", self.binding, self.at.millis(), self.email);
        visit.set_signed_cookie(ASKED, &text, Some(life));
    }
}

#[async_trait]
impl SignInForm for EmailOtp {
    fn id(&self) -> &'static str {
        "email-otp"
    }

    async fn first(&self, visit: &Visit, _: &Door, action: &str) -> Result<String> {
        Ok(self.address_form(visit, action, "", &Trouble::default())?)
    }

    async fn show(&self, visit: &Visit, _: &Door, action: &str, name: &str) -> Result<Step> {
        match (name, Pending::read(visit)) {
            // A refused resend shows the code's page too: a reload or another language leads back to it.
            ("code" | "resend", Some(pending)) => {
                let html = self.code_form(visit, action, &pending, &Trouble::default())?;
                Ok(Step::Show { html, status: StatusCode::OK })
            }
            _ => Ok(Step::Restart),
        }
    }

    fn as_route(&self, visit: &Visit, name: &str, form: &Form) -> Option<(&'static str, Map<String, Value>)> {
        let pending = || Some(Pending::read(visit)?.email.to_string());
        let (route, email) = match name {
            "send" => (SEND, form.text("email").to_owned()),
            "resend" => (SEND, pending()?),
            "code" => (SIGN_IN, pending()?),
            _ => return None,
        };
        Some((route, [("email".to_owned(), Value::String(email))].into_iter().collect()))
    }

    async fn limited(
        &self,
        visit: &Visit,
        _: &Door,
        action: &str,
        name: &str,
        form: &Form,
        refusal: Error,
    ) -> Result<Step> {
        if let ("resend" | "code", Some(pending)) = (name, Pending::read(visit)) {
            return self.code_trouble(visit, action, &pending, &refusal);
        }
        let html = self.address_form(visit, action, form.text("email"), &Trouble::of(visit, &refusal))?;
        Ok(Step::Show { html, status: refusal.status() })
    }

    async fn submit(
        &self,
        visit: &Visit,
        door: &Door,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<Step> {
        match name {
            "send" => self.send_first(visit, door, action, form.text("email")).await,
            "resend" => self.send_again(visit, door, action).await,
            "code" => self.try_code(visit, door, action, form.text("code")).await,
            _ => Ok(Step::Restart),
        }
    }
}

impl EmailOtp {
    async fn send_first(&self, visit: &Visit, door: &Door, action: &str, typed: &str) -> Result<Step> {
        let again = |trouble: Trouble, status| {
            Ok(Step::Show { html: self.address_form(visit, action, typed, &trouble)?, status })
        };
        if typed.trim().is_empty() {
            return again(Trouble::at(visit, "email", "email-otp-email-missing"), StatusCode::BAD_REQUEST);
        }
        let Some(email) = EmailAddress::parse_international(typed) else {
            return again(Trouble::at(visit, "email", "email-otp-email-invalid"), StatusCode::BAD_REQUEST);
        };
        let binding = visit.app().keyring.random_alphanumeric(32);
        let pending = Pending { binding, at: visit.now(), resent: false, email };
        match self.send_to(visit, door, &pending).await {
            Ok(()) => Ok(Step::Next("code".into())),
            Err(refusal) if refusal.status().is_client_error() => {
                again(Trouble { remaining: 0, ..Trouble::of(visit, &refusal) }, refusal.status())
            }
            Err(failure) => Err(failure),
        }
    }

    async fn send_again(&self, visit: &Visit, door: &Door, action: &str) -> Result<Step> {
        let Some(mut pending) = Pending::read(visit) else { return Ok(Step::Restart) };
        pending.at = visit.now();
        pending.resent = true;
        match self.send_to(visit, door, &pending).await {
            Ok(()) => Ok(Step::Next("code".into())),
            Err(refusal) if refusal.status().is_client_error() => {
                self.code_trouble(visit, action, &pending, &refusal)
            }
            Err(failure) => Err(failure),
        }
    }

    async fn send_to(&self, visit: &Visit, door: &Door, pending: &Pending) -> Result<()> {
        let asked = Asked {
            purpose: Purpose::SignIn,
            email: &pending.email,
            door: Some(&door.name),
            binding: &pending.binding,
        };
        send(visit, &self.options, asked).await?;
        // Longer than a code lives, so that a late one is told apart from a strange browser.
        pending.remember(visit, self.options.expires_in.0 * 2);
        Ok(())
    }

    async fn try_code(&self, visit: &Visit, door: &Door, action: &str, typed: &str) -> Result<Step> {
        let Some(pending) = Pending::read(visit) else { return Ok(Step::Restart) };
        let code = one_time_code::typed(typed);
        if code.is_empty() {
            let trouble = Trouble::at(visit, "code", "email-otp-code-missing");
            let html = self.code_form(visit, action, &pending, &trouble)?;
            return Ok(Step::Show { html, status: StatusCode::BAD_REQUEST });
        }
        let claim = Claim { binding: &pending.binding, ..Claim::new(Purpose::SignIn, &pending.email, &code) };
        match with_code(visit, &self.options, claim, Some(&door.name), Wanted::default()).await {
            Ok(Outcome::Granted(signed_in)) => {
                visit.remove_cookie(ASKED);
                Ok(Step::SignedIn(signed_in))
            }
            Ok(Outcome::Challenge(challenge)) => Ok(Step::Elsewhere(challenge.page)),
            Err(refusal) if refusal.status().is_client_error() => {
                self.code_trouble(visit, action, &pending, &refusal)
            }
            Err(failure) => Err(failure),
        }
    }

    fn code_trouble(&self, visit: &Visit, action: &str, pending: &Pending, refusal: &Error) -> Result<Step> {
        let mut trouble = Trouble::of(visit, refusal);
        if [INVALID_OTP, OTP_EXPIRED].iter().any(|code| refusal.is(*code)) {
            trouble.error = visit.app().templates.words().plain(visit.language(), "email-otp-invalid");
        } else if refusal.is(TOO_MANY_ATTEMPTS) {
            trouble.remaining = 0;
        }
        let html = self.code_form(visit, action, pending, &trouble)?;
        Ok(Step::Show { html, status: refusal.status() })
    }

    fn code_form(&self, visit: &Visit, action: &str, pending: &Pending, trouble: &Trouble) -> Result<String> {
        let again_at = pending.at.plus(self.options.resend_after.0);
        let resend_in = visit.now().until(again_at).as_millis().div_ceil(1000);
        let context = context! {
            action => format!("{action}/code"),
            resend_action => format!("{action}/resend"),
            change_href => format!("{action}/change"),
            email => pending.email.as_str(),
            digits => self.options.digits,
            resent => pending.resent,
            resend_in => u64::try_from(resend_in).unwrap_or(0),
            error => trouble.error,
            remaining => trouble.remaining,
        };
        Ok(visit.app().templates.render(visit.language(), "email-otp/code.html", context)?)
    }

    fn address_form(&self, visit: &Visit, action: &str, email: &str, trouble: &Trouble) -> Result<String> {
        let context = context! {
            action => format!("{action}/send"), email, autofocus => true, digits => self.options.digits,
            error => trouble.error, remaining => trouble.remaining,
        };
        Ok(visit.app().templates.render(visit.language(), "email-otp/form.html", context)?)
    }
}
