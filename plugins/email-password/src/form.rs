//! The form at a door: address and password, in one step.

use async_trait::async_trait;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::pages::{Door, Form, SignInForm, Step, context};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::Outcome;
use http::StatusCode;

use crate::EmailPassword;
use crate::routes::sign_in::NAME as SIGN_IN;
use crate::sign_in::{Claim, with_password};

/// What is shown beside the fields.
#[derive(Default)]
struct Trouble {
    error: String,
    /// Which field it concerns: `email`, `password`, or both when empty.
    field: &'static str,
    /// Seconds until another try makes sense; 0 when that is not the trouble.
    remaining: u64,
}

#[async_trait]
impl SignInForm for EmailPassword {
    fn id(&self) -> &'static str {
        "email-password"
    }

    async fn first(&self, visit: &Visit, _: &Door, action: &str) -> Result<String> {
        show(visit, action, "", &Trouble::default())
    }

    async fn show(&self, _: &Visit, _: &Door, _: &str, _: &str) -> Result<Step> {
        Ok(Step::Restart)
    }

    fn as_route(&self, _: &Visit, name: &str, form: &Form) -> Option<(&'static str, Map<String, Value>)> {
        (name == "sign-in").then(|| (SIGN_IN, form.0.clone()))
    }

    async fn limited(
        &self,
        visit: &Visit,
        action: &str,
        _: &str,
        form: &Form,
        refusal: Error,
    ) -> Result<Step> {
        let html = show(visit, action, form.text("email"), &Trouble::of(visit, &refusal))?;
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
        if name != "sign-in" {
            return Ok(Step::Restart);
        }
        let (typed, password) = (form.text("email"), form.text("password"));
        let again =
            |trouble: Trouble, status| Ok(Step::Show { html: show(visit, action, typed, &trouble)?, status });
        let missing = |key: &str, field| Trouble {
            error: visit.app().templates.words().plain(visit.language(), key),
            field,
            remaining: 0,
        };
        let Some(email) = EmailAddress::parse_international(typed) else {
            return again(missing("email-password-email-invalid", "email"), StatusCode::BAD_REQUEST);
        };
        if password.is_empty() {
            return again(missing("email-password-password-missing", "password"), StatusCode::BAD_REQUEST);
        }
        let claim = Claim { email: &email, password, remember: true, callback: None, door: Some(&door.name) };
        match with_password(visit, &self.options, claim).await {
            Ok(Outcome::Granted(signed_in)) => Ok(Step::SignedIn(signed_in)),
            Ok(Outcome::Challenge(challenge)) => Ok(Step::Elsewhere(challenge.page)),
            Err(refusal) if refusal.status().is_client_error() => {
                again(Trouble::of(visit, &refusal), refusal.status())
            }
            Err(failure) => Err(failure),
        }
    }
}

impl Trouble {
    fn of(visit: &Visit, refusal: &Error) -> Self {
        Self {
            error: refusal.message(visit.language()).into_owned(),
            field: "",
            remaining: refusal.retry_after_span().map_or(0, |span| span.as_secs().max(1)),
        }
    }
}

fn show(visit: &Visit, action: &str, email: &str, trouble: &Trouble) -> Result<String> {
    let context = context! {
        action => format!("{action}/sign-in"), email,
        error => trouble.error, field => trouble.field, remaining => trouble.remaining,
    };
    Ok(visit.app().templates.render(visit.language(), "email-password/form.html", context)?)
}
