//! `GET /signed-in`: says who is signed in, with a button to sign out. `POST /sign-out` is that button.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Visit, html_leading_to, redirect};
use guichet_core::pages::context;
use guichet_core::session;
use http::StatusCode;

use crate::{LOGIN, Pages, account, signed_out};

/// The page's path.
pub(crate) const PATH: &str = "/signed-in";

pub(crate) fn routes(plugin: &Arc<Pages>) -> Vec<Route> {
    vec![
        Route::get(PATH, "pages.signed-in", show, plugin.clone()).page().summary("Says who is signed in"),
        Route::post("/sign-out", "pages.sign-out", leave, plugin.clone())
            .page()
            .summary("Signs out and leads to where sign-outs lead"),
    ]
}

async fn show(State(plugin): State<Arc<Pages>>, visit: Visit) -> Result<Reply> {
    let Some(signed_in) = visit.signed_in().await? else { return redirect(StatusCode::SEE_OTHER, LOGIN) };
    let user = context! { name => signed_in.user.name.unwrap_or_default(), email => signed_in.user.email };
    let context = context! { user, sign_out_action => "/sign-out", account_href => account::PATH };
    let html = visit.app().templates.page(&visit, "pages/signed-in.html", PATH, context)?;
    // Its one form signs out.
    Ok(html_leading_to(&visit, StatusCode::OK, html, plugin.sign_out_leads_to(visit.app())))
}

async fn leave(State(plugin): State<Arc<Pages>>, visit: Visit) -> Result<Reply> {
    session::end(&visit).await?;
    let target = plugin.sign_out_leads_to(visit.app()).unwrap_or(signed_out::PATH);
    redirect(StatusCode::SEE_OTHER, target)
}
