//! Sessions by `Authorization: Bearer` (RFC 6750, section 2.1) for programs that keep no cookies (contract,
//! section 13). What is presented goes before the cookie; what is no token of ours is as if it were not there.

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::config::Config;
use guichet_core::error::{Error, Result};
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::plugin::{Configured, Plugin};
use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::Deserialize;

/// The header in which a program gets its token.
const SET_AUTH_TOKEN: HeaderName = HeaderName::from_static("set-auth-token");

/// Settings of sessions by `Authorization`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Whether only tokens with their signature are taken, as `set-auth-token` gives them; Better Auth also takes
    /// them without (parity).
    pub require_signature: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { require_signature: true }
    }
}

/// The plugin.
pub struct Bearer {
    options: Options,
}

impl Configured for Bearer {
    type Options = Options;
    const ID: &'static str = "bearer";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        Ok(Self { options })
    }
}

impl Plugin for Bearer {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}

#[async_trait]
impl Hooks for Bearer {
    fn presented_token(&self, visit: &Visit) -> Option<String> {
        let given = visit.bearer_token()?;
        if given.contains('.') {
            let decoded = percent_decode_str(given).decode_utf8();
            let signed = decoded.as_deref().unwrap_or(given);
            return visit.app().keyring.verify(signed).map(str::to_owned);
        }
        (!self.options.require_signature).then(|| given.to_owned())
    }

    async fn session_handed_out(&self, visit: &Visit, token: &str) -> Result<()> {
        let signed = visit.app().keyring.sign(token);
        visit.expose_header(SET_AUTH_TOKEN, HeaderValue::from_str(&signed).map_err(Error::internal)?);
        Ok(())
    }
}
