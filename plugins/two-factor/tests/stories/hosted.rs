//! Serves the steps and the section as the hosted pages do, at two doors.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Path, State};
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::{Error, Result};
use guichet_core::http::{AnyFields, Reply, Route, Visit, html, redirect};
use guichet_core::pages::{AccountStep, Door, Form, Phrase, Step};
use guichet_core::plugin::{Configured, Plugin};
use http::StatusCode;

/// Its settings: none.
#[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {}

/// The plugin.
pub(crate) struct Hosted;

impl Configured for Hosted {
    type Options = Options;
    const ID: &'static str = "hosted";

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
impl Plugin for Hosted {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn doors(&self) -> Vec<Door> {
        vec![door("default", "/login"), door("client", "/client/login")]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        let page = |route: Route| route.page();
        vec![
            page(Route::get("/login/two-factor/{name}", "hosted.show", show, self.clone())),
            page(Route::post("/login/two-factor/{name}", "hosted.submit", submit, self.clone())),
            page(Route::get("/account", "hosted.account", account, self.clone())),
            page(Route::post("/account/two-factor/{name}", "hosted.change", change, self)),
        ]
    }
}

async fn show(State(_): State<Arc<Hosted>>, visit: Visit, Path(name): Path<String>) -> Result<Reply> {
    let form = visit.app().forms.first().cloned().ok_or_else(Error::nothing_here)?;
    let door = visit.app().door("default").cloned().ok_or_else(Error::nothing_here)?;
    let step = form.show(&visit, &door, "/login/two-factor", &name).await?;
    answer(step)
}

async fn submit(
    State(_): State<Arc<Hosted>>,
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

async fn account(State(_): State<Arc<Hosted>>, visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let section = visit.app().account_sections.first().cloned().ok_or_else(Error::nothing_here)?;
    let fragment = section.overview(&visit, &signed_in, "/account/two-factor").await?;
    Ok(html(StatusCode::OK, fragment.unwrap_or_default()))
}

async fn change(
    State(_): State<Arc<Hosted>>,
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
