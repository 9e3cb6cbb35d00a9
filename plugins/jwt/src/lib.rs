//! JWTs (RFC 7519) about who is signed in, for services that check them with public keys alone (contract,
//! section 14). Signed with Ed25519 (RFC 8037); keys are made on first use and kept as Better Auth keeps them.

mod claims;
mod key;
mod keys;
mod options;
mod routes;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::{Error, Result};
use guichet_core::hooks::Hooks;
use guichet_core::http::{Route, Visit};
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::Table;
use guichet_core::serde_json::{Map, Value};
use http::{HeaderName, HeaderValue};

pub use options::Options;

/// The header beside `/get-session`.
const SET_AUTH_JWT: HeaderName = HeaderName::from_static("set-auth-jwt");

/// The plugin.
pub struct Jwt {
    options: Options,
}

impl Configured for Jwt {
    type Options = Options;
    const ID: &'static str = "jwt";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options })
    }
}

#[async_trait]
impl Plugin for Jwt {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        keys::tables()
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![routes::token(self.clone()), routes::jwks(self)]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    async fn start(&self, app: &App) -> anyhow::Result<()> {
        claims::check(&self.options, app)
    }
}

#[async_trait]
impl Hooks for Jwt {
    async fn session_shown(&self, visit: &Visit, shown: &Value) -> Result<()> {
        if let (true, Some(user)) = (self.options.header, shown.get("user").and_then(Value::as_object)) {
            let token = self.token(visit, user).await?;
            visit.expose_header(SET_AUTH_JWT, HeaderValue::from_str(&token).map_err(Error::internal)?);
        }
        Ok(())
    }
}

impl Jwt {
    /// A token about a user, as applications see them.
    async fn token(&self, visit: &Visit, user: &Map<String, Value>) -> Result<String> {
        let key = keys::current(visit.app(), &self.options).await?;
        Ok(key.sign(&claims::of(&self.options, visit, user)))
    }
}
