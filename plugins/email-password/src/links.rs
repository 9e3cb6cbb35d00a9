//! Addresses in mails and redirects.

use guichet_core::app::App;
use guichet_core::error::{ErrorCode, INVALID_CALLBACK_URL, INVALID_TOKEN, Result};
pub(crate) use guichet_core::http::found;
use guichet_core::http::{API_BASE, Reply, Visit, appended, component, resolved};

use crate::pages;

/// The link that proves an address.
pub(crate) fn verification(visit: &Visit, token: &str, callback: Option<&str>) -> String {
    let callback = component(given(callback).unwrap_or("/"));
    visit.app().url(&format!("{API_BASE}/verify-email?token={token}&callbackURL={callback}"))
}

/// The link of a reset.
pub(crate) fn reset(app: &App, token: &str, callback: Option<&str>) -> String {
    let callback = component(given(callback).unwrap_or_default());
    app.url(&format!("{API_BASE}/reset-password/{token}?callbackURL={callback}"))
}

/// An empty address is none.
pub(crate) fn given(callback: Option<&str>) -> Option<&str> {
    callback.filter(|callback| !callback.is_empty())
}

/// Where a link leads: where it was meant to. A person whose link is meant for nowhere in particular (none, or `/`)
/// comes to `page`, where there are pages; programs get what the contract says.
pub(crate) fn for_people<'a>(
    visit: &Visit,
    callback: Option<&'a str>,
    page: &'static str,
) -> Option<&'a str> {
    let callback = given(callback);
    let nowhere = callback.is_none_or(|callback| callback == "/");
    let person = visit.header("accept").is_some_and(|accept| accept.contains("text/html"));
    if nowhere && person && pages::are_on(visit.app()) { Some(page) } else { callback }
}

/// Refuses a return address in a query that is not trusted.
pub(crate) fn check(visit: &Visit, callback: Option<&str>) -> Result<()> {
    visit.check_target(callback, INVALID_CALLBACK_URL)
}

/// 302 to `callback` resolved against the base URL, with one parameter set.
pub(crate) fn absolute(visit: &Visit, callback: &str, name: &str, value: &str) -> Result<Reply> {
    found(&resolved(visit, callback, Some((name, value)))?)
}

/// 302 to our own error page.
pub(crate) fn error_page(visit: &Visit) -> Result<Reply> {
    let path = format!("{API_BASE}/error?error={}", INVALID_TOKEN.code);
    found(&visit.app().url(&path))
}

/// 302 to `callback` as it was given, with the error's code added.
pub(crate) fn with_error(callback: &str, error: ErrorCode) -> Result<Reply> {
    found(&appended(callback, &[("error", error.code)])?)
}
