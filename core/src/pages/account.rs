//! What a plugin shows on the page of one's own account. The page knows no plugin; a plugin knows no page but its own
//! steps.

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::Form;
use crate::error::{Error, Result};
use crate::http::Visit;
use crate::session::SignedIn;

/// What comes after a step on the account's page.
#[derive(Debug)]
pub enum AccountStep {
    /// Show this fragment, on a page of the section's own.
    Show {
        /// HTML of the fragment, rendered by the section.
        html: String,
        /// 200, or the status of what went wrong.
        status: http::StatusCode,
    },
    /// Go on to this action of the same section by a redirect, so that a reload posts nothing again.
    Next(&'static str),
    /// Back to the account's page, which says this: the key of a message without arguments.
    Done(&'static str),
    /// The sign-in is too old for this, as only the section could tell: ask for a new one, and lead back.
    SignInAgain,
    /// Go there: a path of ours, or a provider's page.
    Elsewhere(String),
}

/// A section of the account's page: `GET` and `POST /account/{id}/{action}`. Whoever comes is signed in; a sign-in that
/// is too old is asked to be renewed first where [`AccountSection::needs_fresh`] says so.
///
/// What it renders stands in a card of the page, or alone on a page of its own (with a way back): an `h2`, then texts,
/// `<dl class="facts">`, forms (`<form method="post" action="{action}/{name}" class="stack">`) and links of the class
/// `button` to `{action}/{name}`. Several matters of one section stand each in a `<div class="part">` with its `h2`.
#[async_trait]
pub trait AccountSection: Send + Sync {
    /// The section's id, part of its paths: the plugin's. The page's own are `profile`, `sessions` and `deletion`.
    fn id(&self) -> &'static str;

    /// Addresses of others that its forms may end at, as [`super::SignInForm::leads_to`].
    fn leads_to(&self) -> Vec<String> {
        Vec::new()
    }

    /// The fragment on the account's page; `None` shows nothing. `action` is the path below which its actions are.
    async fn overview(&self, visit: &Visit, signed_in: &SignedIn, action: &str) -> Result<Option<String>>;

    /// A step of its own, by `GET`. What is posted and shown again (a refusal) is asked for here when the visitor changes
    /// the language or reloads; an unknown name is [`Error::nothing_here`].
    async fn show(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
    ) -> Result<AccountStep>;

    /// A posted form. Refusals that the person can mend are shown (`Show` with the status); others are an `Err`.
    async fn submit(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<AccountStep>;

    /// Whether the action `name` takes a recent sign-in, to be shown and to be posted.
    fn needs_fresh(&self, name: &str) -> bool {
        let _ = name;
        true
    }

    /// The API route that does the same work as the posted action `name`, and the fields that its limits count: they
    /// are charged before [`AccountSection::submit`].
    fn as_route(
        &self,
        signed_in: &SignedIn,
        name: &str,
        form: &Form,
    ) -> Option<(&'static str, Map<String, Value>)> {
        let _ = (signed_in, name, form);
        None
    }

    /// What is shown when those limits are spent; an error page unless the section has something better.
    async fn limited(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        refusal: Error,
    ) -> Result<AccountStep> {
        let _ = (visit, signed_in, action, name);
        Err(refusal)
    }
}
