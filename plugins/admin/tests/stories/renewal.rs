//! Begins a session anew, as the plugins do that ask for more inside of one.

use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Visit, json};
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::session;
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) struct Renewal;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Nothing {}

impl Configured for Renewal {
    type Options = Nothing;
    const ID: &'static str = "renewal";

    fn new(_: Nothing, _: &Config) -> std::result::Result<Self, String> {
        Ok(Self)
    }
}

impl Plugin for Renewal {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![Route::post("/renew", "renewal.renew", renew, ()).summary("Begins the session anew")]
    }
}

/// As a change of the password does it, which ends every session and goes on in a new one.
async fn renew(visit: Visit) -> Result<Reply> {
    let app = visit.app();
    let signed_in = visit.require_session().await?;
    let mut tx = app.db.begin().await?;
    session::end_all(app, &mut tx, &signed_in.user.id, None).await?;
    let (_, token) = session::renew_stronger(&visit, &mut tx, &signed_in, &[], 1).await?;
    tx.commit().await?;
    session::keep(&visit, &token);
    json(&guichet_core::serde_json::json!({"token": token}))
}
