//! A way in for the stories: signs in whoever is named, by the API and without cookies.

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_EMAIL, Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Visit, json};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::sign_in::{Aal, Attempt, Outcome, prove_mailbox, sign_in};

/// Its settings: none.
#[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {}

/// The plugin.
pub(crate) struct WayIn;

impl Configured for WayIn {
    type Options = Options;
    const ID: &'static str = "way-in";

    fn new(_: Options, _: &Config) -> std::result::Result<Self, String> {
        Ok(Self)
    }
}

#[async_trait]
impl Plugin for WayIn {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn account_page(&self) -> Option<&'static str> {
        Some("/account")
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::one_factor("way-in.sign-in", "way-in", "user")]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![
            Route::post("/sign-in/way-in", "way-in.sign-in", enter, ()),
            Route::post("/programs/login", "way-in.programs", enter, ()).for_programs(),
        ]
    }
}

guichet_core::input! {
    /// Who, and whether they proved to read their mailbox by it.
    struct In {
        email: String,
        proves: Option<bool>,
    }
}

async fn enter(visit: Visit, Body(input): Body<In>) -> Result<Reply> {
    let app = visit.app();
    let email = EmailAddress::parse(&input.email).ok_or_else(|| bad_request(INVALID_EMAIL))?;
    let user = app.users.by_email(&app.db, &email).await?.ok_or_else(|| bad_request(INVALID_EMAIL))?;
    let mut tx = app.db.begin().await?;
    let user = if input.proves == Some(true) { prove_mailbox(&visit, &mut tx, user).await? } else { user };
    let attempt = Attempt {
        user,
        method: "way-in",
        amr: vec!["user"],
        aal: Aal::One,
        remember: true,
        door: None,
        is_new: false,
    };
    match sign_in(&visit, tx, attempt).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => json(&challenge.answer),
    }
}
