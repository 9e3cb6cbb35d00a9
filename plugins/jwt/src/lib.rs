//! JWTs (RFC 7519) about who is signed in, for services that check them with public keys alone (contract,
//! section 14). Keys are made on first use and kept as Better Auth keeps them.

mod claims;
mod commands;
mod jws;
mod key;
mod keys;
mod opened;
mod options;
mod routes;
mod table;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::access_token::AccessTokens;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::{Error, Result};
use guichet_core::hooks::Hooks;
use guichet_core::http::{Route, Visit};
use guichet_core::plugin::{Command, CommandName, Configured, Plugin};
use guichet_core::schema::Table;
use guichet_core::serde_json::Value;
use guichet_core::session;
use guichet_core::store::IMPERSONATED_BY;
use guichet_core::timestamp::Timestamp;
use http::{HeaderName, HeaderValue};

use claims::About;
pub use options::{Algorithm, Options};

/// The header beside `/get-session`.
const SET_AUTH_JWT: HeaderName = HeaderName::from_static("set-auth-jwt");

/// The plugin.
pub struct Jwt {
    options: Options,
    opened: opened::Opened,
    /// Who makes a key.
    making: tokio::sync::Mutex<()>,
}

impl Configured for Jwt {
    type Options = Options;
    const ID: &'static str = "jwt";
    const COMMANDS: &'static [CommandName] = &[commands::LIST, commands::ROTATE];

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options, opened: opened::Opened::default(), making: tokio::sync::Mutex::default() })
    }
}

#[async_trait]
impl Plugin for Jwt {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        table::tables()
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![routes::token(self.clone()), routes::jwks(self)]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    fn commands(self: Arc<Self>) -> Vec<Command> {
        commands::all(&self)
    }

    fn access_tokens(self: Arc<Self>) -> Option<Arc<dyn AccessTokens>> {
        Some(self)
    }

    fn fits(&self, app: &App) -> anyhow::Result<()> {
        claims::check(&self.options, app)
    }
}

#[async_trait]
impl Hooks for Jwt {
    async fn session_shown(&self, visit: &Visit, shown: &Value) -> Result<()> {
        if let (true, Some(token)) = (self.options.header, self.token(visit, shown).await?) {
            visit.expose_header(SET_AUTH_JWT, HeaderValue::from_str(&token).map_err(Error::internal)?);
        }
        Ok(())
    }
}

impl Jwt {
    /// A token for a session that is shown, `{session, user}`; `None` when nobody is signed in, or the session only
    /// lives on in the browser's own cache.
    async fn token(&self, visit: &Visit, shown: &Value) -> Result<Option<String>> {
        let app = visit.app();
        let part = |name: &str| shown.get(name).and_then(Value::as_object);
        let (Some(user), Some(of)) = (part("user"), part("session")) else { return Ok(None) };
        let text = |name: &str| of.get(name).and_then(Value::as_str);
        let Some(id) = text("id") else { return Ok(None) };
        if !app.config.session.cookie_cache.0.is_zero() && session::of_id(app, id).await?.is_none() {
            return Ok(None);
        }
        let ends = text("expiresAt").and_then(Timestamp::parse);
        let about = About {
            user,
            session: id,
            organization: app.schema.acting("session").and_then(text),
            actor: text(IMPERSONATED_BY).zip(ends),
        };
        Ok(Some(self.issued(app, &about, None).await?.token))
    }
}
