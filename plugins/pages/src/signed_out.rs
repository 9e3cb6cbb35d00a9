//! `GET /signed-out`: says that one is signed out.

use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Visit, html};
use guichet_core::pages::context;
use http::StatusCode;

use crate::LOGIN;

/// The page's path.
pub(crate) const PATH: &str = "/signed-out";

pub(crate) fn route() -> Route {
    Route::get(PATH, "pages.signed-out", show, ()).page().summary("Says that one is signed out")
}

async fn show(visit: Visit) -> Result<Reply> {
    let context = context! { login_href => LOGIN };
    Ok(html(StatusCode::OK, visit.app().templates.page(&visit, "pages/signed-out.html", PATH, context)?))
}
