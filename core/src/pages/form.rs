//! What a sign-in method shows at a door. The pages know no method; a method knows no page but its own steps.

use std::borrow::Cow;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::Door;
use crate::error::{Error, Result};
use crate::http::Visit;
use crate::session::SignedIn;

/// A form that was posted.
#[derive(Debug, Clone, Default)]
pub struct Form(pub Map<String, Value>);

impl Form {
    /// A field's text; empty when it is missing.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// What comes after a step.
#[derive(Debug)]
pub enum Step {
    /// Show this fragment on the door's page.
    Show {
        /// HTML of the fragment, rendered by the method.
        html: String,
        /// 200, or the status of what went wrong.
        status: http::StatusCode,
    },
    /// Go on to this action of the same method (`code`), by a redirect, so that a reload posts nothing again.
    Next(Cow<'static, str>),
    /// Back to the door's first page.
    Restart,
    /// They are in.
    SignedIn(Box<SignedIn>),
    /// More is asked for, on this page.
    Elsewhere(String),
}

/// A method's steps at a door: `GET` and `POST {door.steps(id)}/{name}`.
#[async_trait]
pub trait SignInForm: Send + Sync {
    /// The method's id, part of its paths.
    fn id(&self) -> &'static str;

    /// Whether people begin with it: it is shown on a door's first page where the door offers it. What is only a later
    /// step, to which a challenge leads ([`crate::sign_in::Challenge::page`]), is open at every door.
    fn begins(&self) -> bool {
        true
    }

    /// Addresses of others that its forms may end at (a provider's page); their origins are allowed by the pages'
    /// content security policy.
    fn leads_to(&self) -> Vec<String> {
        Vec::new()
    }

    /// The message for a code of its own, when one of its redirects came to a door's page with it.
    fn words_of(&self, code: &str) -> Option<&'static str> {
        let _ = code;
        None
    }

    /// The fragment that the door's first page shows. `action`, here and below, is [`Door::steps`].
    async fn first(&self, visit: &Visit, door: &Door, action: &str) -> Result<String>;

    /// A later step, by `GET`.
    async fn show(&self, visit: &Visit, door: &Door, action: &str, name: &str) -> Result<Step>;

    /// The API route that does the same work as the posted action `name`, and the fields that its limits count. Those
    /// limits hold on the page too: they are charged before [`SignInForm::submit`].
    fn as_route(&self, visit: &Visit, name: &str, form: &Form) -> Option<(&'static str, Map<String, Value>)> {
        let _ = (visit, name, form);
        None
    }

    /// What is shown when those limits are spent; an error page unless the method has something better.
    async fn limited(
        &self,
        visit: &Visit,
        door: &Door,
        action: &str,
        name: &str,
        form: &Form,
        refusal: Error,
    ) -> Result<Step> {
        let _ = (visit, door, action, name, form);
        Err(refusal)
    }

    /// A posted form.
    async fn submit(&self, visit: &Visit, door: &Door, action: &str, name: &str, form: &Form)
    -> Result<Step>;
}
