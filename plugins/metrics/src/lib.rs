//! `GET /metrics`: what is counted, in Prometheus' text form, for whoever has the token. What is counted, and where, is
//! the core's ([`guichet_core::meters`]).

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse as _;
use guichet_core::app::App;
use guichet_core::config::{Config, Secret};
use guichet_core::error::{Result, UNAUTHORIZED, unauthorized};
use guichet_core::http::{Reply, Route, Visit};
use guichet_core::keyring::equal_in_constant_time;
use guichet_core::plugin::{Configured, Plugin};
use http::header;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// As long as other secrets: nobody guesses it, and a try costs nothing.
const SHORTEST: usize = 32;
/// What Prometheus calls its text form.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Settings of what is counted.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Who reads must send it, as `Authorization: Bearer`; at least 32 characters. There is no way in without one.
    pub token: Option<Secret>,
    /// A file that holds it instead.
    pub token_file: Option<PathBuf>,
}

/// The plugin.
pub struct Metrics {
    token: SecretString,
}

impl Configured for Metrics {
    type Options = Options;
    const ID: &'static str = "metrics";
    const EXAMPLE: &'static str = "token = \"an example of 32 characters or more\"";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        let given = Secret::given("token", options.token.as_ref(), options.token_file.as_deref());
        let token = given.map_err(|problem| problem.to_string())?;
        let token = token.ok_or("token (or token_file) is missing: `guichet secret` makes one")?;
        if token.expose().len() < SHORTEST {
            return Err(format!("token must have at least {SHORTEST} characters"));
        }
        // What no header carries as it is would be answered with 401, and nobody would know why.
        let carried = token.expose().bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !carried || token.expose().trim() != token.expose() {
            return Err("token must be printable ASCII without a space at its beginning or end".to_owned());
        }
        Ok(Self { token: token.into() })
    }
}

impl Plugin for Metrics {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        let show = Route::get("/metrics", "metrics.show", show, self).at_root();
        vec![show.summary("What is counted, in Prometheus' text form; 401 without the token of the settings")]
    }
}

async fn show(State(plugin): State<Arc<Metrics>>, visit: Visit) -> Result<Reply> {
    let token = visit.bearer_token();
    if !token.is_some_and(|token| equal_in_constant_time(token, plugin.token.expose_secret())) {
        return Err(unauthorized(UNAUTHORIZED));
    }
    let text = visit.app().meters.text(visit.app()).await?;
    Ok(([(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "no-store")], text).into_response())
}
