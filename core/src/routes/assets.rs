//! The style sheet, the script and the mark of the hosted pages.

use crate::http::{Route, asset};

/// (path, name, content type, text)
const FILES: [(&str, &str, &str, &str); 3] = [
    (
        "/assets/guichet.css",
        "core.style-sheet",
        "text/css; charset=utf-8",
        concat!(include_str!("../../assets/colours.css"), include_str!("../../assets/guichet.css")),
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
        asset(path, name, content_type, text).summary("A file of the hosted pages")
    })
}
