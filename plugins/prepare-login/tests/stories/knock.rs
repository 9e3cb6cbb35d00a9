//! A sign-in method that believes everybody: it shows what portals say to any method.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::State;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, UNAUTHORIZED, unauthorized};
use guichet_core::hooks::Provision;
use guichet_core::http::{Body, Reply, Route, Visit, json};
use guichet_core::pages::{Door, Form, SignInForm, Step};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::sign_in::{Aal, Attempt, Outcome, arrive, find_or_make, sign_in};

#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Options {}

pub(crate) struct Knock;

impl Configured for Knock {
    type Options = Options;
    const ID: &'static str = "knock";

    fn new(_: Options, _: &Config) -> Result<Self, String> {
        Ok(Self)
    }
}

#[async_trait]
impl Plugin for Knock {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::one_factor("knock", "knock", "user")]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![Route::post("/knock", "knock", handle, self).body::<Knocking>()]
    }

    fn form(self: Arc<Self>) -> Option<Arc<dyn SignInForm>> {
        Some(self)
    }
}

guichet_core::input! {
    struct Knocking {
        email: String,
        door: Option<Nullable>,
        careless: Option<bool>,
    }
}

/// A text or null.
#[derive(Debug)]
struct Nullable(Option<String>);

impl guichet_core::http::Field for Nullable {
    fn read(
        value: Option<&guichet_core::serde_json::Value>,
        path: &str,
        issues: &mut guichet_core::http::Issues,
    ) -> Option<Self> {
        match value {
            Some(value) if value.is_null() => Some(Self(None)),
            other => String::read(other, path, issues).map(|text| Self(Some(text))),
        }
    }
    fn shape() -> guichet_core::http::Shape {
        guichet_core::http::Shape::text().or_null()
    }
}

/// A careless method asks nobody before it lets somebody in.
async fn handle(State(_): State<Arc<Knock>>, visit: Visit, Body(input): Body<Knocking>) -> Result<Reply> {
    let nobody = || unauthorized(UNAUTHORIZED);
    let email = EmailAddress::parse_international(&input.email).ok_or_else(nobody)?;
    let door = input.door.and_then(|door| door.0);
    let careless = input.careless.unwrap_or(false);
    let (user, provision) = if careless {
        (visit.app().users.by_email(&visit.app().db, &email).await?, Provision::NoOpinion)
    } else {
        arrive(&visit, &email, door.as_deref()).await?
    };
    let mut tx = visit.app().db.begin().await?;
    let (user, is_new) = match (user, provision) {
        (_, Provision::TurnAway(told)) => return Err(told.unwrap_or_else(nobody)),
        (Some(user), _) => (user, false),
        (None, Provision::Make(new)) => find_or_make(&visit, &mut tx, new).await?,
        (None, Provision::NoOpinion | Provision::MailNothing) => return Err(nobody()),
    };
    let attempt =
        Attempt { user, method: "knock", amr: vec!["user"], aal: Aal::One, remember: true, door, is_new };
    match sign_in(&visit, tx, attempt).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => json(&challenge.answer),
    }
}

#[async_trait]
impl SignInForm for Knock {
    fn id(&self) -> &'static str {
        "knock"
    }

    async fn first(&self, _: &Visit, _: &Door, _: &str) -> Result<String> {
        Ok(String::new())
    }

    async fn show(&self, _: &Visit, _: &Door, _: &str, _: &str) -> Result<Step> {
        Ok(Step::Restart)
    }

    async fn submit(&self, _: &Visit, _: &Door, _: &str, _: &str, _: &Form) -> Result<Step> {
        Ok(Step::Restart)
    }
}
