//! `[plugins.pages]`

use guichet_core::pages::Phrase;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of the hosted pages.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The title of `/login`, as `{ fr = "…", en = "…" }`.
    pub title: Option<Phrase>,
    /// A sentence below it.
    pub intro: Option<Phrase>,
    /// Where a sign-in at `/login` leads when the visitor was not on the way elsewhere: a path, or an address on a
    /// trusted origin. Without it, `redirect.on_success`; without that, a page says that one is signed in.
    pub lands_at: Option<String>,
    /// Where a sign-out leads. Without it, `redirect.on_sign_out`; without that, a page says that one is signed out.
    pub sign_out_leads_to: Option<String>,
}
