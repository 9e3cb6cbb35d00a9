//! What a visitor was about when they left for a provider (contract, sections 6 and 16): a row that is used up by the
//! first who brings its name back, and a signed cookie that says in which browser that name was given.
//!
//! The name ends with a keyed hash of the provider, so that one provider's answer is never taken for another's
//! (RFC 9700, section 4.4), without a key that the contract's row does not have.

use std::time::Duration;

use guichet_core::app::App;
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::keyring::equal_in_constant_time;
use guichet_core::store::{Verification, Verifications};
use serde_json::{Map, Value as Json, json};

/// The cookie's short name.
const COOKIE: &str = "state";
const COOKIE_LIFE: Duration = Duration::from_secs(300);
const LIFE: Duration = Duration::from_secs(600);
const RANDOM: usize = 22;
const BOUND: usize = 10;
/// PKCE's longest (RFC 7636, section 4.1).
const VERIFIER: usize = 128;

/// Keys that an application's own data must not set: among them are who is linked, and where people are led.
const OURS: [&str; 13] = [
    "callbackURL",
    "codeVerifier",
    "errorURL",
    "newUserURL",
    "expiresAt",
    "oauthState",
    "link",
    "requestSignUp",
    "idTokenNonce",
    "serverContext",
    "page",
    "door",
    "__proto__",
];

/// Somebody who is signed in and links an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) user_id: String,
    pub(crate) email: String,
}

/// What a visitor was about.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) callback_url: String,
    pub(crate) error_url: Option<String>,
    pub(crate) new_user_url: Option<String>,
    pub(crate) link: Option<Link>,
    pub(crate) request_sign_up: Option<bool>,
    pub(crate) verifier: String,
    pub(crate) nonce: Option<String>,
    /// The path below which the actions of the page are that they came from; `None` for applications.
    pub(crate) page: Option<String>,
    /// That page's door.
    pub(crate) door: Option<String>,
    /// The application's own data.
    pub(crate) additional: Map<String, Json>,
}

/// What brings a state back that is no good.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// Where the visitor is told, when that is known.
    pub(crate) error_url: Option<String>,
    pub(crate) page: Option<String>,
}

impl State {
    /// A state of these return addresses, with a verifier, and a nonce when the provider takes one.
    pub(crate) fn new(app: &App, with_nonce: bool) -> Self {
        Self {
            verifier: app.keyring.random_alphanumeric(VERIFIER),
            nonce: with_nonce.then(|| app.keyring.random_alphanumeric(32)),
            ..Self::default()
        }
    }

    /// Stores it, and gives the name that goes to the provider.
    pub(crate) async fn begin(&self, visit: &Visit, provider: &str) -> Result<String> {
        let app = visit.app();
        let random = app.keyring.random_alphanumeric(RANDOM);
        let name = format!("{random}{}", bound(&app.keyring.keyed_hash(&purpose(provider), &random)));
        let expires_at = visit.now().plus(LIFE);
        let row = Verification {
            id: app.new_id(),
            identifier: name.clone(),
            value: self.json(&name, expires_at.millis()).to_string(),
            expires_at,
        };
        Verifications::insert(&app.db, &row, visit.now()).await?;
        visit.set_signed_cookie(COOKIE, &name, Some(COOKIE_LIFE));
        Ok(name)
    }

    /// Uses a state up: one caller gets it, in the browser that it was given to, for the provider it was made for.
    pub(crate) async fn finish(
        visit: &Visit,
        provider: Option<&str>,
        name: &str,
    ) -> Result<std::result::Result<Self, Mismatch>> {
        let app = visit.app();
        let unknown = Mismatch { error_url: None, page: None };
        if name.is_empty() || name.len() > 200 || name.contains('\0') {
            return Ok(Err(unknown));
        }
        let Some(text) = Verifications::consume(&app.db, name, visit.now()).await? else {
            return Ok(Err(unknown));
        };
        let Some(state) = serde_json::from_str(&text).ok().and_then(|value| Self::read(&value, name)) else {
            return Ok(Err(unknown));
        };
        let mismatch = Mismatch { error_url: state.error_url.clone(), page: state.page.clone() };
        let here = visit.signed_cookie(COOKIE);
        if !here.is_some_and(|here| equal_in_constant_time(&here, name)) {
            return Ok(Err(mismatch));
        }
        visit.remove_cookie(COOKIE);
        let made_for = |provider: &str| {
            let (random, rest) = name.split_at_checked(RANDOM).unwrap_or_default();
            let hashes = app.keyring.keyed_hashes(&purpose(provider), random);
            hashes.iter().any(|hash| equal_in_constant_time(bound(hash), rest))
        };
        if provider.is_some_and(|provider| !made_for(provider)) {
            return Ok(Err(mismatch));
        }
        Ok(Ok(state))
    }

    fn json(&self, name: &str, expires_at: i64) -> Json {
        let own = self.additional.iter().filter(|(key, _)| !OURS.contains(&key.as_str()));
        let mut object: Map<String, Json> = own.map(|(key, value)| (key.clone(), value.clone())).collect();
        let mut set = |key: &str, value: Option<Json>| {
            if let Some(value) = value {
                object.insert(key.to_owned(), value);
            }
        };
        set("callbackURL", Some(self.callback_url.clone().into()));
        set("codeVerifier", Some(self.verifier.clone().into()));
        set("errorURL", self.error_url.clone().map(Json::from));
        set("newUserURL", self.new_user_url.clone().map(Json::from));
        set("link", self.link.as_ref().map(|link| json!({"userId": link.user_id, "email": link.email})));
        set("expiresAt", Some(expires_at.into()));
        set("requestSignUp", self.request_sign_up.map(Json::from));
        set("idTokenNonce", self.nonce.clone().map(Json::from));
        set("oauthState", Some(name.into()));
        set("page", self.page.clone().map(Json::from));
        set("door", self.door.clone().map(Json::from));
        Json::Object(object)
    }

    fn read(value: &Json, name: &str) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Json::as_str).map(str::to_owned);
        if text("oauthState").is_some_and(|stored| stored != name) {
            return None;
        }
        let link = value.get("link").and_then(|link| {
            let text = |key: &str| link.get(key).and_then(Json::as_str).map(str::to_owned);
            Some(Link { user_id: text("userId")?, email: text("email")? })
        });
        Some(Self {
            callback_url: text("callbackURL")?,
            error_url: text("errorURL").filter(|url| !url.is_empty()),
            new_user_url: text("newUserURL").filter(|url| !url.is_empty()),
            link,
            request_sign_up: value.get("requestSignUp").and_then(Json::as_bool),
            verifier: text("codeVerifier")?,
            nonce: text("idTokenNonce"),
            page: text("page"),
            door: text("door"),
            additional: Map::new(),
        })
    }
}

fn purpose(provider: &str) -> String {
    format!("social-state:{provider}")
}

fn bound(hash: &str) -> &str {
    hash.get(..BOUND).unwrap_or_default()
}
