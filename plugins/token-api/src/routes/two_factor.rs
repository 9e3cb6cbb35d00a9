//! `POST /auth/two-factor` and `/auth/two-factor/send`: a sign-in that waits goes on. A browser would hold a cookie for it,
//! which the server in front of it cannot read; the name that `/auth/login` gave stands for that.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::http::{AnyFields, Field, Reply, Route, Shape, Visit, success};
use guichet_core::second_factor::{Factor, SecondFactor, SecondProof};
use guichet_core::serde_json::{Map, Value};

use super::{SEND_CODE, TWO_FACTOR, given};
use crate::refusal::Issues;
use crate::{INVALID_TYPE, TokenApi, shapes};

pub(super) fn verify(plugin: &Arc<TokenApi>, app: &App) -> Route {
    let path = plugin.options.path(&plugin.options.two_factor_path);
    Route::post(path, TWO_FACTOR, answer, plugin.clone())
        .summary("Goes on with a sign-in that waits for its second factor")
        .body_shape(Shape::object(&[
            ("challenge", Shape::text(), true),
            ("code", Shape::text(), true),
            ("method", Factor::shape(), false),
        ]))
        .answers(shapes::entry(plugin, app, false))
}

pub(super) fn send(plugin: &Arc<TokenApi>) -> Route {
    let path = plugin.options.path(&format!("{}/send", plugin.options.two_factor_path));
    Route::post(path, SEND_CODE, mail, ())
        .summary("Mails a code to who signs in, where that is a second factor")
        .body_shape(Shape::object(&[("challenge", Shape::text(), true)]))
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

/// 404 where no plugin has second factors.
fn second_factor(app: &App) -> Result<&Arc<dyn SecondFactor>> {
    app.second_factor.as_ref().ok_or_else(Error::nothing_here)
}

async fn answer(
    State(plugin): State<Arc<TokenApi>>,
    visit: Visit,
    AnyFields(sent): AnyFields,
) -> Result<Reply> {
    let second_factor = second_factor(visit.app())?;
    let [challenge, code] = given(&visit, &sent, ["challenge", "code"])?;
    let factor = factor(&visit, &sent)?;
    let proof = SecondProof { challenge: &challenge, factor, code: &code };
    let outcome = second_factor.answer(&visit, proof).await?;
    plugin.entered(&visit, outcome).await
}

/// Which factor; an underscore stands for the dash, as everywhere in this dialect.
fn factor(visit: &Visit, sent: &Map<String, Value>) -> Result<Factor> {
    let Some(given) = sent.get("method").filter(|given| !given.is_null()) else { return Ok(Factor::Totp) };
    Factor::named(&given.as_str().unwrap_or_default().replace('_', "-")).ok_or_else(|| {
        let mut issues = Issues::default();
        issues.note(visit, "method", INVALID_TYPE);
        issues.into_error()
    })
}

async fn mail(visit: Visit, AnyFields(sent): AnyFields) -> Result<Reply> {
    let second_factor = second_factor(visit.app())?;
    let [challenge] = given(&visit, &sent, ["challenge"])?;
    second_factor.send_code(&visit, &challenge).await?;
    success()
}
