//! `GET /revocations`

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse as _;
use guichet_core::error::{Error, Result, bad_request};
use guichet_core::http::{Query, Reply, Route, Shape, Visit};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::feed::Part;
use crate::options::LONGEST_WAIT;
use crate::{INVALID_WAIT, Revocation};

pub(crate) const NAME: &str = "revocation.feed";

/// How long an answer may be kept: services that share a cache ask together.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=1");

guichet_core::input! {
    /// Where the reader is.
    struct Reader {
        cursor: Option<String>,
        wait: Option<String>,
    }
}

pub(crate) fn revocations(plugin: Arc<Revocation>) -> Route {
    Route::get("/revocations", NAME, read, plugin)
        .summary("What has ended before its time, as a signed document (application/jwt), since a cursor")
        .query::<Reader>()
        .answers(Shape::text())
}

async fn read(
    State(plugin): State<Arc<Revocation>>,
    visit: Visit,
    headers: HeaderMap,
    Query(reader): Query<Reader>,
) -> Result<Reply> {
    let app = visit.app();
    let cursor = reader.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let span = span(reader.wait.as_deref())?;
    if let (Some(cursor), false) = (cursor, span.is_zero()) {
        let part = plugin.waiting.until_something(&visit, cursor, span).await?;
        return Ok(answer(part.signed(app).await?, HeaderValue::from_static("no-store"), None));
    }
    let part = Part::after(app, cursor).await?;
    let tag = HeaderValue::from_str(&part.tag(visit.now())).map_err(Error::internal)?;
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|known| names(known, &tag));
    if known {
        return Ok(
            (StatusCode::NOT_MODIFIED, [(header::ETAG, tag), (header::CACHE_CONTROL, KEPT)]).into_response()
        );
    }
    Ok(answer(part.signed(app).await?, KEPT, Some(tag)))
}

/// How long is waited.
fn span(wait: Option<&str>) -> Result<Duration> {
    let Some(text) = wait else { return Ok(Duration::ZERO) };
    let seconds = text.parse().map_err(|_| bad_request(INVALID_WAIT))?;
    let span = Duration::from_secs(seconds);
    if span > LONGEST_WAIT { Err(bad_request(INVALID_WAIT)) } else { Ok(span) }
}

/// Whether `If-None-Match` names this answer (RFC 9110, section 13.1.2: compared weakly).
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn answer(signed: String, kept: HeaderValue, tag: Option<HeaderValue>) -> Reply {
    let mut reply = signed.into_response();
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jwt"));
    headers.insert(header::CACHE_CONTROL, kept);
    if let Some(tag) = tag {
        headers.insert(header::ETAG, tag);
    }
    reply
}
