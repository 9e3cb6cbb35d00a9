//! The feed of what has ended: services that check access tokens by themselves follow it, and refuse within a second what
//! is still within its time but whose session has ended.

mod cursor;
mod feed;
mod hooks;
mod options;
mod route;
mod table;
mod waiting;

use std::sync::Arc;

use anyhow::ensure;
use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::Table;

pub use options::Options;
use waiting::Waiting;

/// `wait` is no number of seconds that is waited for.
pub const INVALID_WAIT: ErrorCode = ErrorCode::new(
    "INVALID_WAIT",
    "wait must be a whole number of seconds from 0 to 25",
    "wait doit être un nombre entier de secondes, de 0 à 25",
);

/// The plugin.
pub struct Revocation {
    waiting: Waiting,
}

impl Configured for Revocation {
    type Options = Options;
    const ID: &'static str = "revocation";

    fn new(options: Options, config: &Config) -> Result<Self, String> {
        options.check(config)?;
        Ok(Self { waiting: Waiting::new(options.waiters) })
    }
}

#[async_trait]
impl Plugin for Revocation {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        table::tables()
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![route::revocations(self)]
    }

    /// Services ask often, and several may share an address.
    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![RateLimit::by_address(route::NAME, 60, 600)]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[INVALID_WAIT]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    fn fits(&self, app: &App) -> anyhow::Result<()> {
        ensure!(
            app.access_tokens.is_some(),
            "it signs with the keys of access tokens, and tells when they end: add [plugins.jwt]"
        );
        Ok(())
    }
}
