//! The script of the pages: what only a script can ask a browser for.

use axum::response::IntoResponse;
use guichet_core::http::{Reply, Route};
use http::{HeaderValue, header};

/// Its path.
pub(crate) const SCRIPT: &str = "/assets/passkey.js";

pub(crate) fn route() -> Route {
    Route::get(SCRIPT, "passkey.script", || async { answer() }, ())
        .at_root()
        .summary("The script of the passkey pages")
}

fn answer() -> Reply {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=600")),
    ];
    (headers, include_str!("../assets/passkey.js")).into_response()
}
