//! `POST /admin/has-permission`: whether who is signed in may do something. Roles may have resources of the application's
//! own; what it says of users and sessions is what the other routes go by.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Error, Result};
use guichet_core::http::{AnyFields, Issues, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::{Map, Value, json as value};
use http::StatusCode;

use crate::Admin;
use crate::access::Statements;
use crate::caller::somebody;
use crate::input::statements;

pub(super) fn route(plugin: Arc<Admin>) -> Route {
    let actions = || {
        Shape(
            value!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}),
        )
    };
    Route::post("/admin/has-permission", "admin.has-permission", answer, plugin)
        .needs_session()
        .summary("Whether who is signed in may do everything that is named")
        .body_shape(Shape::object(&[("permissions", actions(), true)]))
        .answers(Shape::object(&[
            ("error", Shape(value!({"type": "null"})), true),
            ("success", Shape::boolean(), true),
        ]))
}

async fn answer(State(plugin): State<Arc<Admin>>, visit: Visit, AnyFields(body): AnyFields) -> Result<Reply> {
    let asked = asked(&body)?;
    let caller = somebody(&visit).await?;
    let own = caller.session.impersonated_by().is_none();
    // What the routes here refuse to who is in as somebody else is not theirs either.
    let ours = ["user", "session"].iter().any(|resource| asked.contains_key(*resource));
    let may = (own || !ours) && plugin.access.allows_all(&caller.user, &asked);
    json(&value!({"error": null, "success": may}))
}

/// What is asked for: one of `permission` and `permissions`, and the first of them is no longer answered.
fn asked(body: &Map<String, Value>) -> Result<Statements> {
    let mut issues = Issues::default();
    if let Some(role) = body.get("role").filter(|role| !role.is_string()) {
        issues.expected("body.role", "string", Some(role));
    }
    let [old, new] = ["permission", "permissions"].map(|name| statements(body.get(name)));
    match (old, new, issues.is_empty()) {
        (None, Some(asked), true) => return Ok(asked),
        (Some(_), None, true) => {
            return Err(Error::message_only(
                StatusCode::BAD_REQUEST,
                "invalid permission check. no permission(s) were passed.",
                "Aucune permission n’est demandée",
            ));
        }
        (None, Some(_), false) | (Some(_), None, false) => {}
        (Some(_), Some(_), _) => issues.note("body", "Invalid input: more than one option matched"),
        _ => issues.note("body", "Invalid input"),
    }
    Err(issues.into_error())
}
