//! A way in that believes everybody: what a real method proves is not the matter here.

use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, USER_NOT_FOUND, not_found};
use guichet_core::http::{Body, Reply, Route, Visit, json};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::session;
use guichet_core::sign_in::{Aal, Attempt, Outcome, sign_in};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) struct Credulous;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Nothing {}

guichet_core::input! {
    struct Name {
        email: EmailAddress,
    }
}

impl Configured for Credulous {
    type Options = Nothing;
    const ID: &'static str = "credulous";

    fn new(_: Nothing, _: &Config) -> std::result::Result<Self, String> {
        Ok(Self)
    }
}

impl Plugin for Credulous {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::one_factor("credulous.sign-in", Self::ID, "none")]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![
            Route::post("/sign-in/credulous", "credulous.sign-in", believe, ()).summary("Believes everybody"),
            Route::post("/renew", "credulous.renew", renew, ()).summary("Begins the session anew"),
        ]
    }
}

async fn believe(visit: Visit, Body(name): Body<Name>) -> Result<Reply> {
    let app = visit.app();
    let user = app.users.by_email(&app.db, &name.email).await?.ok_or_else(|| not_found(USER_NOT_FOUND))?;
    let attempt = Attempt {
        user,
        method: "credulous",
        amr: vec!["none"],
        aal: Aal::One,
        remember: true,
        door: None,
        is_new: false,
    };
    match sign_in(&visit, app.db.begin().await?, attempt).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => json(&challenge.answer),
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
