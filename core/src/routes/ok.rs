//! `GET /ok`: the API answers.

use crate::error::Result;
use crate::http::{Reply, Route, Shape, json};

pub(super) fn route() -> Route {
    Route::get("/ok", "core.ok", ok, ()).summary("Says that the API answers").answers(Shape::object(&[(
        "ok",
        Shape::yes(),
        true,
    )]))
}

async fn ok() -> Result<Reply> {
    json(&serde_json::json!({"ok": true}))
}
