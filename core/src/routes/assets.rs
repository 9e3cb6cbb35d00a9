//! The style sheet, the script and the mark of the hosted pages.

use axum::response::IntoResponse;
use http::{HeaderValue, header};

use crate::http::{Reply, Route};

/// (path, name, content type, text)
const FILES: [(&str, &str, &str, &str); 3] = [
    (
        "/assets/guichet.css",
        "core.style-sheet",
        "text/css; charset=utf-8",
        include_str!("../../assets/guichet.css"),
    ),
    (
        "/assets/guichet.js",
        "core.script",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/guichet.js"),
    ),
    ("/assets/guichet.svg", "core.mark", "image/svg+xml", include_str!("../../assets/guichet.svg")),
];

pub(super) fn routes() -> impl Iterator<Item = Route> {
    FILES.into_iter().map(|(path, name, content_type, text)| {
        let serve = move || async move { answer(content_type, text) };
        Route::get(path, name, serve, ()).at_root().summary("A file of the hosted pages")
    })
}

fn answer(content_type: &'static str, text: &'static str) -> Reply {
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=600")),
        ],
        text,
    )
        .into_response()
}
