//! The script of the page with the backup codes: the clipboard, a file and the printer are a browser's to give.

use axum::response::IntoResponse;
use guichet_core::http::{Reply, Route};
use http::{HeaderValue, header};

/// Its path.
pub(crate) const SCRIPT: &str = "/assets/two-factor.js";

pub(crate) fn route() -> Route {
    Route::get(SCRIPT, "two-factor.script", || async { answer() }, ())
        .at_root()
        .summary("The script of the page with the backup codes")
}

fn answer() -> Reply {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=600")),
    ];
    (headers, include_str!("../assets/two-factor.js")).into_response()
}
