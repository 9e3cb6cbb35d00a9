//! Remembers, in a cookie that scripts may read, how somebody last signed in, so that an application can show that
//! method first (contract, section 13).

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::config::{Config, Span};
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::sign_in::Outcome;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of the cookie that names the last method.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The cookie's whole name; nothing is put in front of it on https.
    pub cookie: String,
    /// How long the browser keeps it.
    pub max_age: Span,
}

impl Default for Options {
    fn default() -> Self {
        Self { cookie: "better-auth.last_used_login_method".to_owned(), max_age: Span::days(30) }
    }
}

/// The plugin.
pub struct LastLoginMethod {
    options: Options,
}

impl Configured for LastLoginMethod {
    type Options = Options;
    const ID: &'static str = "last-login-method";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        let of_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if options.cookie.is_empty() || !options.cookie.chars().all(of_a_name) {
            return Err(format!(
                "cookie = {:?}: letters, digits, dots, dashes and underscores",
                options.cookie
            ));
        }
        Ok(Self { options })
    }
}

impl Plugin for LastLoginMethod {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}

#[async_trait]
impl Hooks for LastLoginMethod {
    /// A challenge counts too: the method was the right one, more is only asked for.
    fn after_sign_in(&self, visit: &Visit, method: &str, _: &Outcome) {
        let Some(name) = public_name(method) else { return };
        let mut cookie =
            visit.app().cookies.cookie("last_used_login_method", name, Some(self.options.max_age.0));
        cookie.set_name(self.options.cookie.clone());
        cookie.set_http_only(false);
        visit.set_cookie(cookie);
    }
}

/// The name that the reference gives to a method; it has none for some, which leave the cookie as it is.
fn public_name(method: &str) -> Option<&str> {
    match method {
        "email-password" => Some("email"),
        "email-verification" | "two-factor" | "username" | "anonymous" | "phone-number" => None,
        other => Some(other),
    }
}
