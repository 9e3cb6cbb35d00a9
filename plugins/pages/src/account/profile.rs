//! Who one is: name and picture, changed as `/update-user` does.

use async_trait::async_trait;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::pages::{AccountSection, AccountStep, Form, Trouble, context};
use guichet_core::session::{self, SignedIn};
use guichet_core::{profile, serde_json};
use http::StatusCode;
use serde_json::{Map, Value};

/// The section.
pub(super) struct Profile;

const SAVE: &str = "save";
/// Its id.
pub(super) const ID: &str = "profile";

#[async_trait]
impl AccountSection for Profile {
    fn id(&self) -> &'static str {
        ID
    }

    async fn overview(&self, visit: &Visit, signed_in: &SignedIn, action: &str) -> Result<Option<String>> {
        let user = &signed_in.user;
        let (name, image) =
            (user.name.as_deref().unwrap_or_default(), user.image.as_deref().unwrap_or_default());
        render(visit, signed_in, action, (name, image), &Trouble::default()).map(Some)
    }

    async fn show(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
    ) -> Result<AccountStep> {
        let html = self.overview(visit, signed_in, action).await?.filter(|_| name == SAVE);
        let html = html.ok_or_else(Error::nothing_here)?;
        Ok(AccountStep::Show { html, status: StatusCode::OK })
    }

    async fn submit(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<AccountStep> {
        if name != SAVE {
            return Err(Error::nothing_here());
        }
        let typed = (form.text("name").trim(), form.text("image").trim());
        let again = |trouble: &Trouble, status| {
            Ok(AccountStep::Show { html: render(visit, signed_in, action, typed, trouble)?, status })
        };
        if !typed.1.is_empty() && !is_picture(typed.1) {
            let trouble = Trouble::at(visit, "image", "pages-profile-image-invalid");
            return again(&trouble, StatusCode::BAD_REQUEST);
        }
        let image = if typed.1.is_empty() { Value::Null } else { typed.1.into() };
        let body: Map<String, Value> =
            [("name".to_owned(), typed.0.into()), ("image".to_owned(), image)].into_iter().collect();
        match profile::change(visit, signed_in, &body).await {
            Ok(()) => {
                session::keep(visit, &signed_in.token);
                Ok(AccountStep::Done("pages-profile-saved"))
            }
            Err(refusal) if refusal.status().is_client_error() => {
                again(&Trouble::of(visit, &refusal), refusal.status())
            }
            Err(failure) => Err(failure),
        }
    }

    /// As at `/update-user`.
    fn needs_fresh(&self, _: &str) -> bool {
        false
    }
}

/// Other pages show it: nothing that a browser would run.
fn is_picture(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

fn render(
    visit: &Visit,
    signed_in: &SignedIn,
    action: &str,
    (name, image): (&str, &str),
    trouble: &Trouble,
) -> Result<String> {
    let user = &signed_in.user;
    let context = context! {
        action => format!("{action}/{SAVE}"), name, image, email => user.email, proven => user.email_verified, trouble,
    };
    Ok(visit.app().templates.render(visit.language(), "pages/account/profile.html", context)?)
}
