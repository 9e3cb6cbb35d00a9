//! A visit: one request as handlers see it. Who knocks, in which language, with which cookies; and the cookies
//! that the answer will carry.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::cookie::Cookie;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::app::App;
use crate::cookie;
use crate::error::{Error, ErrorCode, Result, forbidden};
use crate::language::Language;
use crate::timestamp::Timestamp;

/// One request. Cheap to clone.
#[derive(Clone)]
pub struct Visit(Arc<Inner>);

struct Inner {
    app: App,
    request_id: String,
    address: String,
    language: Option<Language>,
    headers: HeaderMap,
    set_cookies: Mutex<Vec<Cookie<'static>>>,
    exposed: Mutex<Vec<(HeaderName, HeaderValue)>>,
    cookies_aside: AtomicBool,
}

/// Who sends mails must not be flooded by a header either: longer agents are cut.
const LONGEST_USER_AGENT: usize = 512;

impl Visit {
    pub(crate) fn new(
        app: App,
        request_id: String,
        address: String,
        language: Option<Language>,
        headers: HeaderMap,
    ) -> Self {
        Self(Arc::new(Inner {
            app,
            request_id,
            address,
            language,
            headers,
            set_cookies: Mutex::default(),
            exposed: Mutex::default(),
            cookies_aside: AtomicBool::new(false),
        }))
    }

    /// The product's context.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// The moment, by the core's clock.
    pub fn now(&self) -> Timestamp {
        self.0.app.clock.now()
    }

    /// The request's id, as in the log and in `X-Request-Id`.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The client's address in the form in which it is counted and stored.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// The `User-Agent`, or an empty text.
    pub fn user_agent(&self) -> &str {
        let agent = self.header(header::USER_AGENT.as_str()).unwrap_or_default();
        agent.get(..LONGEST_USER_AGENT).unwrap_or(agent)
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The language of an API answer: English unless the request asks for French.
    pub fn api_language(&self) -> Language {
        self.0.language.unwrap_or(Language::English)
    }

    /// The language of a page or a mail: what the request asks for, else the configured one.
    pub fn language(&self) -> Language {
        self.0.language.unwrap_or(self.0.app.config.language)
    }

    /// From now on cookies are neither read nor set, those included that are set already: who asks holds tokens, and what
    /// a browser sends along by itself proves nothing here.
    pub(crate) fn leave_cookies_aside(&self) {
        self.0.cookies_aside.store(true, Ordering::Relaxed);
        self.take_cookies();
    }

    /// Whether who asks holds tokens instead of cookies.
    pub fn is_without_cookies(&self) -> bool {
        self.0.cookies_aside.load(Ordering::Relaxed)
    }

    /// A cookie of ours, by its short name ("`session_token`").
    pub fn cookie(&self, short: &str) -> Option<String> {
        let all = (!self.is_without_cookies()).then_some(&self.0.headers)?;
        cookie::read(all, &self.0.app.cookies.name(short))
    }

    /// The value of a signed cookie of ours; a bad signature is no cookie.
    pub fn signed_cookie(&self, short: &str) -> Option<String> {
        let signed = self.cookie(short)?;
        self.0.app.keyring.verify(&signed).map(str::to_owned)
    }

    /// Signed cookies of ours whose short name begins with `prefix`: what follows in the name, and the value. Those
    /// with a bad signature are not among them.
    pub fn signed_cookies(&self, prefix: &str) -> Vec<(String, String)> {
        if self.is_without_cookies() {
            return Vec::new();
        }
        cookie::read_all(&self.0.headers, &self.0.app.cookies.name(prefix))
            .into_iter()
            .filter_map(|(rest, signed)| Some((rest, self.0.app.keyring.verify(&signed)?.to_owned())))
            .collect()
    }

    /// The session token that this request presents: as a plugin reads it, else in the cookie. Who holds other tokens
    /// presents none.
    pub fn session_token(&self) -> Option<String> {
        if self.is_without_cookies() {
            return None;
        }
        let presented = self.0.app.hooks.iter().find_map(|hook| hook.presented_token(self));
        presented.or_else(|| self.signed_cookie(cookie::SESSION_TOKEN))
    }

    /// Sets a cookie with its value signed.
    pub fn set_signed_cookie(&self, short: &str, value: &str, life: Option<Duration>) {
        let signed = self.0.app.keyring.sign(value);
        self.set_cookie(self.0.app.cookies.cookie(short, &signed, life));
    }

    /// Makes the browser forget a cookie.
    pub fn remove_cookie(&self, short: &str) {
        self.set_cookie(self.0.app.cookies.removal(short));
    }

    /// Sets a cookie; an earlier one of that name in this answer gives way.
    pub fn set_cookie(&self, cookie: Cookie<'static>) {
        if self.is_without_cookies() {
            return;
        }
        let mut all = self.0.set_cookies.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| other.name() != cookie.name());
        all.push(cookie);
    }

    /// Sets a cookie whose deletion may stand in the same answer before it: browsers take the last word.
    pub(crate) fn renew_cookie(&self, cookie: Cookie<'static>) {
        if self.is_without_cookies() {
            return;
        }
        let mut all = self.0.set_cookies.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| other.name() != cookie.name() || other.value().is_empty());
        all.push(cookie);
    }

    /// Adds a cookie beside others of its name.
    pub(crate) fn add_cookie(&self, cookie: Cookie<'static>) {
        if self.is_without_cookies() {
            return;
        }
        self.0.set_cookies.lock().unwrap_or_else(PoisonError::into_inner).push(cookie);
    }

    pub(crate) fn take_cookies(&self) -> Vec<Cookie<'static>> {
        std::mem::take(&mut *self.0.set_cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The session token that this answer hands to the browser, if any.
    pub(crate) fn handed_out(&self) -> Option<String> {
        let all = self.0.set_cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let name = self.0.app.cookies.name(cookie::SESSION_TOKEN);
        // The last word: a deletion may stand before it.
        let cookie = all.iter().rfind(|cookie| cookie.name() == name)?;
        self.0.app.keyring.verify(&cookie::decoded(cookie.value())).map(str::to_owned)
    }

    /// Whether the session cookie of this answer outlives the browser.
    pub(crate) fn hands_out_for_long(&self) -> bool {
        let all = self.0.set_cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let name = self.0.app.cookies.name(cookie::SESSION_TOKEN);
        let last = all.iter().rfind(|cookie| cookie.name() == name);
        last.is_some_and(|cookie| cookie.max_age().is_some())
    }

    /// Adds a header to the answer that scripts of other origins may read too (the Fetch standard, "CORS protocol").
    pub fn expose_header(&self, name: HeaderName, value: HeaderValue) {
        let mut all = self.0.exposed.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(other, _)| *other != name);
        all.push((name, value));
    }

    pub(crate) fn take_exposed(&self) -> Vec<(HeaderName, HeaderValue)> {
        std::mem::take(&mut *self.0.exposed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Logs a failure of ours, with everything that the client is not told; of a refusal, why it was one.
    pub(crate) fn log_failure(&self, error: &Error) {
        let Some(cause) = error.cause() else { return };
        let chain = format!("{cause:#}");
        if error.status().is_client_error() {
            tracing::info!(request_id = self.request_id(), code = error.code(), reason = %chain, "a request was refused");
        } else if error.status() == StatusCode::SERVICE_UNAVAILABLE {
            tracing::warn!(request_id = self.request_id(), error = %chain, "answered that the service is unavailable");
        } else {
            tracing::error!(request_id = self.request_id(), error = %chain, "a request failed");
        }
    }

    /// Refuses an address that a browser may not be sent to. An empty one is none.
    pub fn check_target(&self, target: Option<&str>, refusal: ErrorCode) -> Result<()> {
        match target {
            Some(target) if !target.is_empty() && !self.0.app.trusted.target(target) => {
                Err(forbidden(refusal))
            }
            _ => Ok(()),
        }
    }
}
