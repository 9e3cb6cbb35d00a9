//! A plugin whose house is full: it refuses whoever is new.

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::config::Config;
use guichet_core::error::{ErrorCode, Result, forbidden};
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::store::{Fields, User};

const HOUSE_IS_FULL: ErrorCode = ErrorCode::new("HOUSE_IS_FULL", "The house is full", "La maison est pleine");

#[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {}

pub(crate) struct House;

impl Configured for House {
    type Options = Options;
    const ID: &'static str = "house";

    fn new(_: Options, _: &Config) -> Result<Self, String> {
        Ok(Self)
    }
}

impl Plugin for House {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[HOUSE_IS_FULL]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}

#[async_trait]
impl Hooks for House {
    async fn before_user_write(&self, _: &Visit, user: Option<&User>, _: &mut Fields) -> Result<()> {
        if user.is_none() { Err(forbidden(HOUSE_IS_FULL)) } else { Ok(()) }
    }
}
