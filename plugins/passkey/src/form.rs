//! What a door shows: a button, which the script makes work, and passkeys among what the browser fills in.

use async_trait::async_trait;
use guichet_core::error::{Error, Result};
use guichet_core::http::{API_BASE, Visit};
use guichet_core::pages::{Door, Form, SignInForm, Step, Trouble, context};
use guichet_core::serde_json::{Map, Value, from_str};
use guichet_core::sign_in::Outcome;

use crate::routes::VERIFY_SIGN_IN;
use crate::sign_in::with_passkey;
use crate::{Passkey, asset};

const SIGN_IN: &str = "sign-in";

#[async_trait]
impl SignInForm for Passkey {
    fn id(&self) -> &'static str {
        "passkey"
    }

    async fn first(&self, visit: &Visit, door: &Door, action: &str) -> Result<String> {
        render(visit, door, action, &Trouble::default())
    }

    async fn show(&self, _: &Visit, _: &Door, _: &str, _: &str) -> Result<Step> {
        Ok(Step::Restart)
    }

    fn as_route(&self, _: &Visit, name: &str, _: &Form) -> Option<(&'static str, Map<String, Value>)> {
        (name == SIGN_IN).then(|| (VERIFY_SIGN_IN, Map::new()))
    }

    async fn limited(
        &self,
        visit: &Visit,
        door: &Door,
        action: &str,
        _: &str,
        _: &Form,
        refusal: Error,
    ) -> Result<Step> {
        again(visit, door, action, &refusal)
    }

    async fn submit(
        &self,
        visit: &Visit,
        door: &Door,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<Step> {
        // Nothing was asked of the authenticator: the script is missing.
        if name != SIGN_IN || form.text("response").is_empty() {
            return Ok(Step::Restart);
        }
        match with_passkey(visit, self, &posted(form), Some(&door.name)).await {
            Ok(Outcome::Granted(signed_in)) => Ok(Step::SignedIn(signed_in)),
            Ok(Outcome::Challenge(challenge)) => Ok(Step::Elsewhere(challenge.page)),
            Err(refusal) if refusal.status().is_client_error() => again(visit, door, action, &refusal),
            Err(failure) => Err(failure),
        }
    }
}

/// What the script posted; what is no object is an empty one, which is refused like any other that does not hold.
pub(crate) fn posted(form: &Form) -> Map<String, Value> {
    from_str(form.text("response")).unwrap_or_default()
}

fn again(visit: &Visit, door: &Door, action: &str, refusal: &Error) -> Result<Step> {
    let html = render(visit, door, action, &Trouble::of(visit, refusal))?;
    Ok(Step::Show { html, status: refusal.status() })
}

fn render(visit: &Visit, door: &Door, action: &str, trouble: &Trouble) -> Result<String> {
    let context = context! {
        action => format!("{action}/{SIGN_IN}"), script => asset::SCRIPT, trouble,
        options => format!("{API_BASE}/passkey/generate-authenticate-options"),
        back => door.path,
    };
    Ok(visit.app().templates.render(visit.language(), "passkey/form.html", context)?)
}
