//! A first factor for the stories: signs in whoever is named, with the proofs that are named, and serves the steps and
//! the section as the hosted pages do.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Path, State};
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, INVALID_EMAIL, Result, bad_request};
use guichet_core::http::{AnyFields, Body, Reply, Route, Visit, html, json, redirect};
use guichet_core::pages::{AccountStep, Door, Form, Phrase, Step};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::sign_in::{Aal, Attempt, Outcome, sign_in};
use http::StatusCode;

/// Its settings: none.
#[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {}

/// The plugin.
pub(crate) struct FirstFactor;

impl Configured for FirstFactor {
    type Options = Options;
    const ID: &'static str = "first-factor";

    fn new(_: Options, _: &Config) -> std::result::Result<Self, String> {
        Ok(Self)
    }
}

fn door(name: &str, path: &str) -> Door {
    let phrase = || Phrase { fr: name.to_owned(), en: name.to_owned() };
    Door {
        name: name.to_owned(),
        path: path.to_owned(),
        title: phrase(),
        intro: phrase(),
        methods: Vec::new(),
        lands_at: None,
    }
}

#[async_trait]
impl Plugin for FirstFactor {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn doors(&self) -> Vec<Door> {
        vec![door("default", "/login"), door("client", "/client/login")]
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::two_factors("first-factor.sign-in", "first-factor", "user")]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        let page = |route: Route| route.page();
        vec![
            Route::post("/sign-in/first-factor", "first-factor.sign-in", enter, self.clone()),
            page(Route::get("/login/two-factor/{name}", "first-factor.show", show, self.clone())),
            page(Route::post("/login/two-factor/{name}", "first-factor.submit", submit, self.clone())),
            page(Route::get("/account", "first-factor.account", account, self.clone())),
            page(Route::post("/account/two-factor/{name}", "first-factor.change", change, self)),
        ]
    }
}

guichet_core::input! {
    /// Who, and what they proved.
    struct In {
        email: String,
        amr: Option<String>,
        strong: Option<bool>,
        remember: Option<bool>,
        door: Option<String>,
    }
}

async fn enter(State(_): State<Arc<FirstFactor>>, visit: Visit, Body(input): Body<In>) -> Result<Reply> {
    let app = visit.app();
    let email = EmailAddress::parse(&input.email).ok_or_else(|| bad_request(INVALID_EMAIL))?;
    let user = app.users.by_email(&app.db, &email).await?.ok_or_else(|| bad_request(INVALID_EMAIL))?;
    let proven = match input.amr.as_deref() {
        Some("otp") => "otp",
        Some("fed") => "fed",
        Some("hwk") => "hwk",
        _ => "pwd",
    };
    let attempt = Attempt {
        user,
        method: "first-factor",
        amr: vec![proven],
        aal: if input.strong == Some(true) { Aal::Two } else { Aal::One },
        remember: input.remember.unwrap_or(true),
        door: input.door,
        is_new: false,
    };
    let tx = app.db.begin().await?;
    match sign_in(&visit, tx, attempt).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => {
            let mut answer = challenge.answer;
            answer["page"] = challenge.page.into();
            json(&answer)
        }
    }
}

async fn show(State(_): State<Arc<FirstFactor>>, visit: Visit, Path(name): Path<String>) -> Result<Reply> {
    let form = visit.app().forms.first().cloned().ok_or_else(Error::nothing_here)?;
    let door = visit.app().door("default").cloned().ok_or_else(Error::nothing_here)?;
    let step = form.show(&visit, &door, "/login/two-factor", &name).await?;
    answer(step)
}

async fn submit(
    State(_): State<Arc<FirstFactor>>,
    visit: Visit,
    Path(name): Path<String>,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let form = visit.app().forms.first().cloned().ok_or_else(Error::nothing_here)?;
    let door = visit.app().door("default").cloned().ok_or_else(Error::nothing_here)?;
    answer(form.submit(&visit, &door, "/login/two-factor", &name, &Form(fields)).await?)
}

fn answer(step: Step) -> Result<Reply> {
    match step {
        Step::Show { html: fragment, status } => Ok(html(status, fragment)),
        Step::Next(name) => redirect(StatusCode::SEE_OTHER, &format!("/login/two-factor/{name}")),
        Step::Restart => redirect(StatusCode::SEE_OTHER, "/login"),
        Step::SignedIn(_) => redirect(StatusCode::SEE_OTHER, "/signed-in"),
        Step::Elsewhere(path) => redirect(StatusCode::SEE_OTHER, &path),
    }
}

async fn account(State(_): State<Arc<FirstFactor>>, visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let section = visit.app().account_sections.first().cloned().ok_or_else(Error::nothing_here)?;
    let fragment = section.overview(&visit, &signed_in, "/account/two-factor").await?;
    Ok(html(StatusCode::OK, fragment.unwrap_or_default()))
}

async fn change(
    State(_): State<Arc<FirstFactor>>,
    visit: Visit,
    Path(name): Path<String>,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let section = visit.app().account_sections.first().cloned().ok_or_else(Error::nothing_here)?;
    match section.submit(&visit, &signed_in, "/account/two-factor", &name, &Form(fields)).await? {
        AccountStep::Show { html: fragment, status } => Ok(html(status, fragment)),
        AccountStep::Next(name) => redirect(StatusCode::SEE_OTHER, &format!("/account/two-factor/{name}")),
        AccountStep::Done(said) => redirect(StatusCode::SEE_OTHER, &format!("/account?said={said}")),
        AccountStep::SignInAgain => redirect(StatusCode::SEE_OTHER, "/login"),
        AccountStep::Elsewhere(path) => redirect(StatusCode::SEE_OTHER, &path),
    }
}
