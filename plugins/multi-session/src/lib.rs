//! Several people signed in with one browser, who change over without signing in again (contract, section 13).
//!
//! Beside the session's cookie, each session of the browser has one of its own. Only these cookies, with their
//! signatures, say which sessions are the browser's; a name in a request merely chooses among them.

mod hooks;
mod jar;
mod routes;

use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::http::Route;
use guichet_core::plugin::{Configured, Plugin};
use schemars::JsonSchema;
use serde::Deserialize;

/// The browser has no such session.
pub const INVALID_SESSION_TOKEN: ErrorCode =
    ErrorCode::new("INVALID_SESSION_TOKEN", "Invalid session token", "Session inconnue de ce navigateur");

/// Settings of several sessions in one browser.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many sessions a browser has at most; a further one is no more than the active one, and cannot be come
    /// back to (1 to 20).
    pub maximum_sessions: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { maximum_sessions: 5 }
    }
}

/// The plugin.
pub struct MultiSession {
    options: Options,
}

impl Configured for MultiSession {
    type Options = Options;
    const ID: &'static str = "multi-session";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        // Browsers send every cookie with every request, and servers bound heads.
        if !(1..=20).contains(&options.maximum_sessions) {
            return Err(format!("maximum_sessions = {}: must be 1 to 20", options.maximum_sessions));
        }
        Ok(Self { options })
    }
}

impl Plugin for MultiSession {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![routes::list(), routes::set_active(), routes::revoke()]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[INVALID_SESSION_TOKEN]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}
