//! A token that carries a session to another browser or domain, once (contract, section 13).

mod routes;
mod token;

use std::sync::Arc;
use std::time::Duration;

use guichet_core::app::App;
use guichet_core::config::{Config, Span, TokenStorage};
use guichet_core::http::{RateLimit, Route};
use guichet_core::plugin::{Configured, Plugin};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of tokens that carry a session, once.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How long a token lives (at most 10 minutes).
    pub expires_in: Span,
    /// `hashed` (and the session's token sealed), or `plain` as Better Auth keeps them (parity).
    pub storage: TokenStorage,
}

impl Default for Options {
    fn default() -> Self {
        Self { expires_in: Span::minutes(3), storage: TokenStorage::Hashed }
    }
}

/// The plugin.
pub struct OneTimeToken {
    options: Options,
}

impl Configured for OneTimeToken {
    type Options = Options;
    const ID: &'static str = "one-time-token";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        if options.expires_in > Span::minutes(10) || options.expires_in.0 < Duration::from_secs(1) {
            return Err("expires_in must be between 1s and 10m".to_owned());
        }
        Ok(Self { options })
    }
}

impl Plugin for OneTimeToken {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![routes::generate(self.clone()), routes::verify(self)]
    }

    /// A token cannot be guessed; the limit is on the noise.
    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![RateLimit::by_address(routes::VERIFY, 60, 60)]
    }
}
