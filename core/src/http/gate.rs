//! What stands before every handler: limits, guards, body, origin.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::input::{ParsedBody, query};
use super::limit::RateLimits;
use super::route::{Route, RouteKind};
use super::visit::Visit;
use super::{body, origin};
use crate::error::{Error, Result};

/// A route and the limits that hold on it.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) route: Arc<Route>,
    pub(super) limits: Arc<RateLimits>,
    /// The route's path from the root, with its `{parameters}`: what is counted is the route, whatever stands in them.
    pub(super) path: Arc<str>,
}

/// Tells the outer layers which route answered.
#[derive(Clone)]
pub(super) struct Answered {
    pub(super) route: Arc<Route>,
}

pub(super) async fn pass(State(gate): State<Gate>, visit: Visit, request: Request, next: Next) -> Response {
    let answered = Answered { route: gate.route.clone() };
    let mut response = match admit(&gate, &visit, request).await {
        Ok(request) => answer_in_time(&visit, next.run(request)).await,
        Err(refusal) => refusal.into_response(),
    };
    response.extensions_mut().insert(answered);
    response
}

/// A handler that hangs (a database that neither answers nor fails) must not hold its client for ever.
async fn answer_in_time(visit: &Visit, answer: impl Future<Output = Response>) -> Response {
    let limit = visit.app().config.http.answer_timeout.0;
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
        Error::unavailable(anyhow::anyhow!("no answer within {limit:?}"), Duration::from_secs(5))
            .into_response()
    })
}

async fn admit(gate: &Gate, visit: &Visit, request: Request) -> Result<Request> {
    let app = visit.app();
    let now = visit.now();
    if gate.route.kind == RouteKind::Program {
        visit.leave_cookies_aside();
    }
    // axum answers HEAD wherever it answers GET; the contract does not.
    if request.method() != gate.route.method {
        return Err(Error::nothing_here());
    }
    // Probes and files come often, from one address, and guess nothing.
    if gate.route.kind != RouteKind::Root {
        app.limiter.admit_address(&gate.limits, visit.address(), &gate.path, now).await?;
    }
    for guard in app.guards.of(&gate.route.name) {
        guard.check(visit).await?;
    }
    let (mut parts, incoming) = request.into_parts();
    let options = &app.config.http;
    let parsed = body::read(
        &parts.headers,
        incoming,
        gate.route.accepts,
        options.body_limit,
        options.receive_timeout.0,
    )
    .await?;
    let query = query(parts.uri.query().unwrap_or_default());
    origin::check(visit, &gate.route, &query, parsed.as_ref())?;
    // Behind the origin: no foreign page spends what somebody else may do.
    if let Some(fields) = parsed.as_ref().and_then(serde_json::Value::as_object) {
        app.limiter.admit_fields(&gate.limits, &gate.route.name, fields, now).await?;
    }
    parts.extensions.insert(ParsedBody(parsed));
    Ok(Request::from_parts(parts, axum::body::Body::empty()))
}
