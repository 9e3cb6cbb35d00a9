//! The session as the browser itself keeps it for a while: the signed cookie `session_data`, off unless
//! `session.cookie_cache` says how long (contract, section 3, strategy `compact`).
//!
//! It answers `/get-session` alone. Whatever changes something reads the store: a session that was ended elsewhere
//! changes nothing more, even while its browser is still told who it was.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::cookie::{self, SESSION_DATA};
use crate::http::Visit;
use crate::session::SignedIn;
use crate::timestamp::Timestamp;

/// What it is called in the signed text; another one is not believed.
const VERSION: &str = "1";
/// How long it is good in a browser whose session is not remembered.
const UNREMEMBERED: Duration = Duration::from_mins(1);
/// The largest cookie that every browser takes, with its name and attributes, in bytes.
const LARGEST_COOKIE: usize = 4050;
/// More parts belong in no cookie.
const MOST_PARTS: usize = 20;

/// What a browser's cookie says.
pub(crate) enum Cached {
    /// There is none, or it is switched off.
    Nothing,
    /// It is ours, of this session, and still good: `{session, user}`.
    Good(Value),
    /// It is to be thrown away: tampered with, too old, or another session's.
    Bad,
}

fn is_on(visit: &Visit) -> bool {
    !life(visit).is_zero()
}

fn life(visit: &Visit) -> Duration {
    visit.app().config.session.cookie_cache.0
}

/// Reads the cookie that stands beside the session cookie of `token`.
pub(crate) fn read(visit: &Visit, token: &str) -> Cached {
    if !is_on(visit) {
        return Cached::Nothing;
    }
    let Some(text) = presented(visit) else { return Cached::Nothing };
    opened(visit, &text, token).map_or(Cached::Bad, Cached::Good)
}

/// The cookie's text, put together from its parts.
fn presented(visit: &Visit) -> Option<String> {
    if let Some(whole) = visit.cookie(SESSION_DATA).filter(|text| !text.is_empty()) {
        return Some(whole);
    }
    let mut parts = parts(visit);
    parts.sort_unstable_by_key(|(index, _)| *index);
    (!parts.is_empty()).then(|| parts.into_iter().map(|(_, text)| text).collect())
}

fn parts(visit: &Visit) -> Vec<(usize, String)> {
    let prefix = format!("{}.", visit.app().cookies.name(SESSION_DATA));
    cookie::read_all(visit.headers(), &prefix)
        .into_iter()
        .filter_map(|(index, text)| Some((index.parse().ok()?, text)))
        .collect()
}

fn opened(visit: &Visit, text: &str, token: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let Value::Object(mut outer) = serde_json::from_slice(&bytes).ok()? else { return None };
    let expires_at = outer.get("expiresAt")?.as_i64()?;
    let Some(Value::Object(mut inner)) = outer.remove("session") else { return None };
    let signature = outer.get("signature")?.as_str()?;
    if !visit.app().keyring.is_tag(&signed_text(&inner, expires_at), signature) {
        return None;
    }
    let (session, user) = (inner.remove("session")?, inner.remove("user")?);
    let now = visit.now();
    let moment = |name: &str| session.get(name)?.as_str().and_then(Timestamp::parse);
    let alive = expires_at > now.millis()
        && moment("expiresAt")? > now
        && moment("createdAt")?.plus(visit.app().config.session.absolute.0) > now;
    let ours = inner.get("version")?.as_str()? == VERSION && session.get("token")?.as_str()? == token;
    (alive && ours).then(|| json!({"session": session, "user": user}))
}

/// What the signature is about: the payload with `expiresAt` behind it.
fn signed_text(payload: &Map<String, Value>, expires_at: i64) -> String {
    let mut signed = payload.clone();
    signed.insert("expiresAt".to_owned(), expires_at.into());
    Value::Object(signed).to_string()
}

/// Gives the browser the cookie for who is signed in.
pub(crate) fn keep(visit: &Visit, signed_in: &SignedIn, remember: bool) {
    if !is_on(visit) {
        return;
    }
    let (app, now) = (visit.app(), visit.now());
    let mut payload = Map::new();
    payload.insert("session".to_owned(), app.sessions.json(&signed_in.session, &signed_in.token));
    payload.insert("user".to_owned(), app.users.json(&signed_in.user));
    payload.insert("updatedAt".to_owned(), now.millis().into());
    payload.insert("version".to_owned(), VERSION.into());
    let good = if remember { life(visit) } else { UNREMEMBERED };
    let expires_at = now.plus(good).millis();
    let signature = app.keyring.tag(&signed_text(&payload, expires_at));
    let whole = json!({"session": payload, "expiresAt": expires_at, "signature": signature});
    set(visit, &URL_SAFE_NO_PAD.encode(whole.to_string()), remember.then_some(life(visit)));
}

/// Sets the cookie, in parts when it is too large for one, and removes parts of an earlier one.
fn set(visit: &Visit, text: &str, life: Option<Duration>) {
    let style = &visit.app().cookies;
    let frame = style.cookie(&format!("{SESSION_DATA}.{MOST_PARTS}"), "", life).to_string().len();
    let room = LARGEST_COOKIE.saturating_sub(frame).max(1);
    let names: Vec<String> = match text.len().div_ceil(room) {
        0 | 1 => vec![SESSION_DATA.to_owned()],
        many if many <= MOST_PARTS => (0..many).map(|index| format!("{SESSION_DATA}.{index}")).collect(),
        _ => Vec::new(),
    };
    for stale in stale(visit).into_iter().filter(|stale| !names.contains(stale)) {
        visit.remove_cookie(&stale);
    }
    let mut rest = text;
    for name in names {
        let (part, left) = rest.split_at(rest.len().min(room));
        rest = left;
        visit.renew_cookie(style.cookie(&name, part, life));
    }
}

/// The short names under which this browser holds the cookie or parts of it.
fn stale(visit: &Visit) -> Vec<String> {
    let whole = visit.cookie(SESSION_DATA).map(|_| SESSION_DATA.to_owned());
    whole
        .into_iter()
        .chain(parts(visit).into_iter().map(|(index, _)| format!("{SESSION_DATA}.{index}")))
        .collect()
}

/// Makes the browser forget what it holds of it, beside what else this answer says; the reference says so twice when
/// the session ends.
pub(crate) fn forget(visit: &Visit) {
    if is_on(visit) {
        for name in stale(visit) {
            visit.add_cookie(visit.app().cookies.removal(&name));
        }
    }
}

/// Throws a bad cookie away.
pub(crate) fn discard(visit: &Visit) {
    visit.remove_cookie(SESSION_DATA);
}
