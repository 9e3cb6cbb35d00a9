//! Whether a request that changes something comes from where it may come from (contract, section 4).

use http::Method;
use serde_json::Value;

use super::route::{Audience, Route, RouteKind};
use super::visit::Visit;
use crate::config::OriginCheck;
use crate::error::{
    CROSS_SITE_NAVIGATION_LOGIN_BLOCKED, Error, ErrorCode, INVALID_CALLBACK_URL, INVALID_ERROR_CALLBACK_URL,
    INVALID_NEW_USER_CALLBACK_URL, INVALID_ORIGIN, INVALID_REDIRECT_URL, MISSING_OR_NULL_ORIGIN, Result,
    forbidden,
};

/// Checks `Origin`, `Referer` and Fetch Metadata, then every return address in query and body.
pub(super) fn check(visit: &Visit, route: &Route, query: &Value, body: Option<&Value>) -> Result<()> {
    if matches!(route.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if route.audience != Audience::AnyPage {
        check_origin(visit, route)?;
    }
    visit.check_target(query.get("callbackURL").and_then(Value::as_str), INVALID_CALLBACK_URL)?;
    check_targets(visit, body)
}

fn check_origin(visit: &Visit, route: &Route) -> Result<()> {
    // What cannot be read is an origin that is not trusted, not a missing one.
    let readable = |name: &str| visit.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    let claimed = readable("origin").or_else(|| readable("referer"));
    if route.kind == RouteKind::Program {
        // Servers send none, and cookies count for nothing. A page that is not trusted still has no business here: its
        // visitors' browsers would guess passwords for it.
        return readable("origin").map_or(Ok(()), |origin| trusted(visit, origin));
    }
    if route.kind == RouteKind::Page {
        // Browsers send `Origin` with every form; nothing else has a reason to post to a page.
        return match claimed {
            Some("null") if visit.header("sec-fetch-site") == Some("same-origin") => Ok(()),
            Some(origin) => trusted(visit, origin),
            None => Err(forbidden(MISSING_OR_NULL_ORIGIN)),
        };
    }
    if visit.headers().contains_key("cookie") {
        return match claimed {
            Some("null") if visit.header("sec-fetch-site") == Some("same-origin") => Ok(()),
            None | Some("null") => Err(forbidden(MISSING_OR_NULL_ORIGIN)),
            Some(origin) => trusted(visit, origin),
        };
    }
    let strict = visit.app().config.http.origin_check == OriginCheck::Always;
    if route.audience != Audience::SignInForm && !strict {
        return Ok(());
    }
    let site = visit.header("sec-fetch-site");
    let mode = visit.header("sec-fetch-mode");
    if site.is_some() || mode.is_some() || visit.header("sec-fetch-dest").is_some() {
        if site == Some("cross-site") && mode == Some("navigate") {
            return Err(forbidden(CROSS_SITE_NAVIGATION_LOGIN_BLOCKED));
        }
        return match claimed {
            None | Some("null") => Err(forbidden(MISSING_OR_NULL_ORIGIN)),
            Some(origin) => trusted(visit, origin),
        };
    }
    match claimed {
        // Neither cookie, nor metadata, nor origin: a server or a command line, which no page can drive.
        None => Ok(()),
        Some(origin) => trusted(visit, origin),
    }
}

fn trusted(visit: &Visit, origin: &str) -> Result<()> {
    if visit.app().trusted.origin(origin) {
        return Ok(());
    }
    // Cut: it is a stranger's text, and it goes to the log.
    let origin: String = origin.chars().filter(|c| !c.is_control()).take(200).collect();
    Err(forbidden(INVALID_ORIGIN).because(anyhow::anyhow!("{origin} is not in trusted_origins")))
}

const TARGETS: [(&str, ErrorCode); 4] = [
    ("callbackURL", INVALID_CALLBACK_URL),
    ("redirectTo", INVALID_REDIRECT_URL),
    ("errorCallbackURL", INVALID_ERROR_CALLBACK_URL),
    ("newUserCallbackURL", INVALID_NEW_USER_CALLBACK_URL),
];

fn check_targets(visit: &Visit, body: Option<&Value>) -> Result<()> {
    for (key, refusal) in TARGETS {
        match body.and_then(|body| body.get(key)) {
            None | Some(Value::Null | Value::Bool(false)) => {}
            Some(Value::String(target)) => visit.check_target(Some(target), refusal)?,
            Some(_) => {
                return Err(Error::message_only(
                    http::StatusCode::BAD_REQUEST,
                    "Invalid callbackURL: expected a string",
                    "Adresse de retour invalide : un texte est attendu",
                ));
            }
        }
    }
    Ok(())
}
