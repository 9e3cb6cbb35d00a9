//! Asking it: one request, bounded in time and size, no redirect followed.

use std::time::Duration;

use guichet_core::app::App;
use guichet_core::outbound::Answer;
use http::header::RETRY_AFTER;
use serde_json::Value as Json;

use crate::failure::Failure;
use crate::template::{Filling, Template};

/// What it says.
pub(crate) enum Said {
    /// The pair is right, and this is what it says about it.
    Right(Json),
    /// It refuses, by this status.
    Refused(u16),
}

/// Asks; `refusals` are the statuses that say no.
pub(crate) async fn ask(
    app: &App,
    template: &Template,
    filling: &Filling<'_>,
    patience: Duration,
    refusals: impl Fn(u16) -> bool,
) -> Result<Said, Failure> {
    let unavailable = |why: String| Failure::Unavailable { why, come_back: None };
    let request = template.filled(filling).map_err(unavailable)?;
    let answer = app.outbound.send_within(request, Some(patience)).await;
    let answer = answer.map_err(|error| unavailable(error.to_string()))?;
    let status = answer.status.as_u16();
    if refusals(status) {
        return Ok(Said::Refused(status));
    }
    if !answer.status.is_success() {
        let why = format!("it answers {status}");
        return Err(Failure::Unavailable { why, come_back: come_back(&answer) });
    }
    let said = answer.json().map_err(|_| Failure::unusable(format!("{status} without JSON")))?;
    Ok(Said::Right(said))
}

/// Seconds alone: a date would be by its clock.
fn come_back(answer: &Answer) -> Option<Duration> {
    let seconds = answer.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
