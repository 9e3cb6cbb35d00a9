//! Files of the hosted pages that are built in: style sheets, scripts, the mark.

use axum::response::IntoResponse;
use http::{HeaderValue, header};

use super::{Reply, Route};

/// Serves a text at the root, as `content_type`; browsers keep it for ten minutes.
pub fn asset(
    path: &'static str,
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
) -> Route {
    Route::get(path, name, move || async move { answer(content_type, text) }, ()).at_root()
}

fn answer(content_type: &'static str, text: &'static str) -> Reply {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=600")),
    ];
    (headers, text).into_response()
}
