//! Where a sign-in leads. An application sends people to a door with `?callbackURL=…`; a cookie remembers it from
//! the first page to the last step, whichever plugins' pages lie between.

use std::time::Duration;

use serde_json::Value as Json;

use super::Door;
use crate::error::{INVALID_CALLBACK_URL, Result};
use crate::http::Visit;

/// `<door>.<target>`, signed.
const LANDING: &str = "landing";
const LIFE: Duration = Duration::from_secs(1800);

/// Somebody came to a first page, perhaps on the way to `target`. A switch of the language keeps what was remembered.
pub fn arrive(visit: &Visit, door: &Door, target: Option<&str>) -> Result<()> {
    if target.is_some() || visit.header("referer").is_none() { remember(visit, door, target) } else { Ok(()) }
}

/// Remembers where this visitor is on the way to; refuses addresses that are not trusted.
pub fn remember(visit: &Visit, door: &Door, target: Option<&str>) -> Result<()> {
    visit.check_target(target, INVALID_CALLBACK_URL)?;
    match target {
        Some(target) if !target.is_empty() => {
            visit.set_signed_cookie(LANDING, &format!("{}.{target}", door.name), Some(LIFE));
        }
        _ if visit.cookie(LANDING).is_some() => visit.remove_cookie(LANDING),
        _ => {}
    }
    Ok(())
}

/// Where to go now that they are in.
pub fn take(visit: &Visit, door: &Door) -> String {
    let target = ahead(visit, door);
    if visit.signed_cookie(LANDING).is_some() {
        visit.remove_cookie(LANDING);
    }
    target.unwrap_or_else(|| signed_in(visit).to_owned())
}

/// The page that says who is signed in, where nothing else was asked for; `/` without one.
pub fn signed_in(visit: &Visit) -> &'static str {
    visit.app().signed_in_page.unwrap_or("/")
}

/// An answer of `/sign-in/*` that was given no `callbackURL`, with `redirect: true` and the `url` of `redirect.on_success`
/// where that is set.
pub fn led_on(visit: &Visit, mut answer: Json) -> Json {
    if let (Some(target), Some(fields)) = (&visit.app().config.redirect.on_success, answer.as_object_mut()) {
        fields.insert("redirect".to_owned(), true.into());
        fields.insert("url".to_owned(), target.as_str().into());
    }
    answer
}

/// Where a sign-in at this door will lead, when not to a page of ours.
pub fn ahead(visit: &Visit, door: &Door) -> Option<String> {
    visit
        .signed_cookie(LANDING)
        .as_deref()
        .and_then(|text| text.split_once('.'))
        // The list of trusted origins may have changed since.
        .filter(|(name, target)| *name == door.name && visit.app().trusted.target(target))
        .map(|(_, target)| target.to_owned())
        .or_else(|| door.lands_at.clone())
        .or_else(|| visit.app().config.redirect.on_success.clone())
}
