//! The steps at a door: the address, "look into your mail", and the page behind the link, which asks for a press.

use async_trait::async_trait;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::keyring::equal_in_constant_time;
use guichet_core::pages::{Door, Form, SignInForm, Step, context};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::Outcome;
use http::StatusCode;

use crate::ask::{Asked, send};
use crate::browser;
use crate::link::{self, Meant};
use crate::open::{Opened, open};
use crate::routes::{ask, verify};
use crate::{MagicLink, NEW_USER_SIGNUP_DISABLED};

/// The steps that are no token.
const SEND: &str = "send";
const SENT: &str = "sent";

#[async_trait]
impl SignInForm for MagicLink {
    fn id(&self) -> &'static str {
        "magic-link"
    }

    fn words_of(&self, code: &str) -> Option<&'static str> {
        (code == NEW_USER_SIGNUP_DISABLED).then_some("magic-link-closed")
    }

    async fn first(&self, visit: &Visit, _: &Door, action: &str) -> Result<String> {
        address_form(visit, action, "", "")
    }

    async fn show(&self, visit: &Visit, _: &Door, action: &str, name: &str) -> Result<Step> {
        if name == SEND {
            return Ok(Step::Restart);
        }
        if name == SENT {
            let Some(email) = browser::email(visit) else { return Ok(Step::Restart) };
            let context = context! { email, again_href => format!("{action}/{SEND}") };
            return shown(visit, "magic-link/sent.html", context, StatusCode::OK);
        }
        match link::look(visit, &self.options, name).await? {
            Some(_) => confirm(visit, action, name, ""),
            None => refused(visit, action, "magic-link-refused"),
        }
    }

    fn as_route(&self, _: &Visit, name: &str, form: &Form) -> Option<(&'static str, Map<String, Value>)> {
        Some((if name == SEND { ask::NAME } else { verify::NAME }, form.0.clone()))
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
        if name != SEND {
            return Err(refusal);
        }
        let html = address_form(visit, action, form.text("email"), &refusal.message(visit.language()))?;
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
        if name == SEND {
            return self.send_from(visit, door, action, form.text("email")).await;
        }
        let Some(meant) = link::look(visit, &self.options, name).await? else {
            return refused(visit, action, "magic-link-refused");
        };
        // Whoever opens it elsewhere shows that they know whose mail it is: a link that a stranger asked for signs
        // nobody in unnoticed.
        if !browser::asked_for(visit, name) {
            let typed = EmailAddress::parse_international(form.text("email"));
            let right =
                typed.is_some_and(|typed| equal_in_constant_time(typed.as_str(), meant.email.as_str()));
            if !right {
                return confirm(visit, action, name, "magic-link-another-address");
            }
        }
        match open(visit, &self.options, name, Some(&door.name)).await? {
            Opened::Unknown => refused(visit, action, "magic-link-refused"),
            Opened::Closed => refused(visit, action, "magic-link-closed"),
            Opened::Through { outcome: Outcome::Challenge(challenge), .. } => {
                Ok(Step::Elsewhere(challenge.page))
            }
            Opened::Through { outcome: Outcome::Granted(signed_in), meant, is_new } => {
                browser::forget(visit);
                // The list of trusted origins may have changed since.
                match meant.target(is_new).filter(|target| visit.app().trusted.target(target)) {
                    Some(target) => Ok(Step::Elsewhere(target.to_owned())),
                    None => Ok(Step::SignedIn(signed_in)),
                }
            }
        }
    }
}

impl MagicLink {
    async fn send_from(&self, visit: &Visit, door: &Door, action: &str, typed: &str) -> Result<Step> {
        let say = |key: &str| visit.app().templates.words().plain(visit.language(), key);
        let again =
            |error: &str, status| Ok(Step::Show { html: address_form(visit, action, typed, error)?, status });
        let Some(email) = EmailAddress::parse_international(typed) else {
            return again(&say("magic-link-email-invalid"), StatusCode::BAD_REQUEST);
        };
        let meant =
            Meant { email: email.clone(), name: String::new(), callback: None, new_user_callback: None };
        let asked = Asked { meant, error_callback: None, door: Some(&door.name) };
        match send(visit, &self.options, asked).await {
            Ok(token) => {
                browser::remember(visit, &self.options, &token, &email);
                Ok(Step::Next(SENT.into()))
            }
            Err(refusal) if refusal.status().is_client_error() => {
                again(&refusal.message(visit.language()), refusal.status())
            }
            Err(failure) => Err(failure),
        }
    }
}

fn shown(
    visit: &Visit,
    template: &str,
    context: guichet_core::pages::Value,
    status: StatusCode,
) -> Result<Step> {
    let html = visit.app().templates.render(visit.language(), template, context)?;
    Ok(Step::Show { html, status })
}

fn address_form(visit: &Visit, action: &str, email: &str, error: &str) -> Result<String> {
    let context = context! { action => format!("{action}/{SEND}"), email, error };
    Ok(visit.app().templates.render(visit.language(), "magic-link/form.html", context)?)
}

/// The page behind the link.
fn confirm(visit: &Visit, action: &str, token: &str, error: &str) -> Result<Step> {
    let here = browser::asked_for(visit, token);
    let email = browser::email(visit).filter(|_| here).unwrap_or_default();
    let error = if error.is_empty() {
        String::new()
    } else {
        visit.app().templates.words().plain(visit.language(), error)
    };
    let status = if error.is_empty() { StatusCode::OK } else { StatusCode::FORBIDDEN };
    let context = context! { action => format!("{action}/{token}"), here, email, error };
    shown(visit, "magic-link/confirm.html", context, status)
}

fn refused(visit: &Visit, action: &str, key: &str) -> Result<Step> {
    let message = visit.app().templates.words().plain(visit.language(), key);
    let context = context! { message, again_href => format!("{action}/{SEND}") };
    shown(visit, "magic-link/refused.html", context, StatusCode::GONE)
}
