//! A way in for the tests, which know no other method: whoever says who they are is.

use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result};
use guichet_core::http::{Body, Reply, Route, Visit, success};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::sign_in::{Aal, Attempt, prove_mailbox, sign_in};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {}

pub(crate) struct Anybody;

guichet_core::input! {
    /// Who.
    struct Who {
        email: EmailAddress,
        proves: Option<bool>,
    }
}

impl Configured for Anybody {
    type Options = Options;
    const ID: &'static str = "anybody";

    fn new(_: Options, _: &Config) -> Result<Self, String> {
        Ok(Self)
    }
}

impl Plugin for Anybody {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::one_factor("anybody", "anybody", "otp")]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![Route::post("/anybody", "anybody", enter, ()).body::<Who>()]
    }
}

async fn enter(visit: Visit, Body(who): Body<Who>) -> Result<Reply> {
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    let mut user = app.users.by_email(&mut tx, &who.email).await?.ok_or_else(Error::nothing_here)?;
    if who.proves == Some(true) {
        user = prove_mailbox(&visit, &mut tx, user).await?;
    }
    let attempt = Attempt {
        user,
        method: "anybody",
        amr: vec!["otp"],
        aal: Aal::One,
        remember: true,
        door: None,
        is_new: false,
    };
    sign_in(&visit, tx, attempt).await?;
    success()
}
