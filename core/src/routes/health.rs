//! `GET /healthz`: the process lives. `GET /readyz`: it can serve, because its database answers.

use crate::error::Result;
use crate::http::{Reply, Route, Shape, Visit, json};

fn status() -> Shape {
    Shape::object(&[("status", Shape::text(), true)])
}

pub(super) fn live() -> Route {
    Route::get("/healthz", "core.healthz", alive, ())
        .at_root()
        .summary("Says that the process lives")
        .answers(status())
}

pub(super) fn ready() -> Route {
    Route::get("/readyz", "core.readyz", is_ready, ())
        .at_root()
        .summary("Says that the database answers; 503 when it does not")
        .answers(status())
}

async fn alive() -> Result<Reply> {
    json(&serde_json::json!({"status": "alive"}))
}

async fn is_ready(visit: Visit) -> Result<Reply> {
    visit.app().db.query("select 1").execute().await?;
    json(&serde_json::json!({"status": "ready"}))
}
