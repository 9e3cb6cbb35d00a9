//! What somebody else does in the moment between two steps of a request.

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::Result;
use guichet_core::hooks::{Arrival, Hooks, Provision};
use guichet_core::plugin::{Configured, Plugin, Registration};
use serde::Deserialize;

/// `[plugins.meanwhile]`
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MeanwhileOptions {
    /// A statement that is run as soon as a user was read who wants to come in, before their proof is compared.
    pub sql: String,
    /// One that is run when a new password is looked at, before it is hashed.
    pub at_new_password: String,
    /// Whether everybody is turned away, as everybody is answered.
    pub turns_away: bool,
}

/// Runs its statement at every arrival of a known user.
pub struct Meanwhile {
    options: MeanwhileOptions,
}

impl Meanwhile {
    /// For [`crate::TestServer::with`].
    pub fn registration() -> Registration {
        Registration::of::<Self>()
    }
}

impl Configured for Meanwhile {
    type Options = MeanwhileOptions;
    const ID: &'static str = "meanwhile";

    fn new(options: MeanwhileOptions, _: &Config) -> Result<Self, String> {
        Ok(Self { options })
    }
}

impl Plugin for Meanwhile {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}

#[async_trait]
impl Hooks for Meanwhile {
    async fn provision(&self, app: &App, arrival: Arrival<'_>) -> Result<Provision> {
        if arrival.user.is_some() && !self.options.sql.is_empty() {
            app.db.query(&self.options.sql).execute().await?;
        }
        Ok(if self.options.turns_away { Provision::TurnAway(None) } else { Provision::NoOpinion })
    }

    async fn check_password(&self, app: &App, _: &str) -> Result<()> {
        if !self.options.at_new_password.is_empty() {
            app.db.query(&self.options.at_new_password).execute().await?;
        }
        Ok(())
    }
}
