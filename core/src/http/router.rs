//! Routes put together into one service.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use tower_http::catch_panic::CatchPanicLayer;

use super::gate::{Gate, pass};
use super::route::Route;
use super::{answer, cors};
use crate::app::App;
use crate::error::Error;

/// The API's base path.
pub const API_BASE: &str = "/api/auth";

/// The service: every route behind its gate, and the layers that all answers share.
pub fn router(app: &App, routes: &[Route]) -> Router {
    let mut by_path: HashMap<String, MethodRouter> = HashMap::new();
    for route in routes {
        let path = route.full_path(API_BASE);
        let gate = Gate {
            route: Arc::new(route.clone()),
            limits: Arc::new(app.limiter.of(route)),
            path: path.as_str().into(),
        };
        let guarded = route.handler.clone().layer(from_fn_with_state(gate, pass));
        let merged = match by_path.remove(&path) {
            Some(others) => others.merge(guarded),
            None => guarded,
        };
        by_path.insert(path, merged);
    }
    let mut service = Router::new();
    for (path, methods) in by_path {
        service = service.route(&path, methods.fallback(nothing));
    }
    let mut service = service.fallback(nothing).layer(CatchPanicLayer::custom(panicked));
    if app.config.http.cors {
        service = service.layer(cors::layer(app.trusted.clone()));
    }
    service.layer(from_fn_with_state(app.clone(), answer::around))
}

async fn nothing() -> Error {
    Error::nothing_here()
}

/// A panic ends one request, not the server.
#[expect(clippy::needless_pass_by_value, reason = "the form that the layer calls")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text");
    Error::internal(anyhow::anyhow!("a handler panicked: {text}")).into_response()
}
