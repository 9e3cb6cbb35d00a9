//! `GET /openapi.json`: every route that is served, and nothing else.

use std::sync::Arc;

use axum::extract::Extension;

use crate::error::Result;
use crate::http::{Reply, Route, json};

/// The document, made once the routes are known; it travels with each request.
#[derive(Clone)]
pub(crate) struct Document(pub(crate) Arc<serde_json::Value>);

pub(super) fn route() -> Route {
    Route::get("/openapi.json", "core.openapi", show, ()).at_root().summary("This document")
}

async fn show(Extension(Document(document)): Extension<Document>) -> Result<Reply> {
    json(&*document)
}
