//! The form at a door: address and password, in one step.

use async_trait::async_trait;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::pages::{Door, EVERYBODY, Form, SignInForm, Step, Trouble, context};
use guichet_core::password::{Meant, PasswordClaim, meant, names_people};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::Outcome;
use http::StatusCode;

use crate::pages::{PROVEN, SIGN_UP as SIGN_UP_PAGE, forgot_at};
use crate::routes::names::SIGN_IN;
use crate::sign_in::with_password;
use crate::sign_up::is_open;
use crate::{EmailPassword, METHOD};

#[async_trait]
impl SignInForm for EmailPassword {
    fn id(&self) -> &'static str {
        "email-password"
    }

    async fn first(&self, visit: &Visit, door: &Door, action: &str) -> Result<String> {
        self.render(visit, door, action, "", &Trouble::default())
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
        door: &Door,
        action: &str,
        _: &str,
        form: &Form,
        refusal: Error,
    ) -> Result<Step> {
        let html = self.render(visit, door, action, form.text("email"), &Trouble::of(visit, &refusal))?;
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
        let again = |trouble: Trouble, status| {
            Ok(Step::Show { html: self.render(visit, door, action, typed, &trouble)?, status })
        };
        let missing = |key: &str, field| Trouble::at(visit, field, key);
        let Some(Meant { email, name }) = meant(visit.app(), typed).await? else {
            return again(missing("email-password-email-invalid", "email"), StatusCode::BAD_REQUEST);
        };
        if password.is_empty() {
            return again(missing("email-password-password-missing", "password"), StatusCode::BAD_REQUEST);
        }
        let claim = PasswordClaim {
            email: &email,
            name,
            password,
            method: METHOD,
            remember: true,
            callback: Some(PROVEN),
            door: Some(&door.name),
        };
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

impl EmailPassword {
    fn render(
        &self,
        visit: &Visit,
        door: &Door,
        action: &str,
        email: &str,
        trouble: &Trouble,
    ) -> Result<String> {
        // A portal's people are made by the portal.
        let elsewhere = visit.app().passwords.are_elsewhere(visit.app());
        let signs_up = is_open(&self.options) && !elsewhere && door.name == EVERYBODY;
        let context = context! {
            action => format!("{action}/sign-in"), email, names => names_people(visit.app()),
            forgot_href => if elsewhere { String::new() } else { forgot_at(door) },
            sign_up_href => if signs_up { SIGN_UP_PAGE } else { "" },
            error => trouble.error, field => trouble.field, remaining => trouble.remaining,
        };
        Ok(visit.app().templates.render(visit.language(), "email-password/form.html", context)?)
    }
}
