//! An OpenID provider that says whatever a story wants it to: right, wrong, hostile or nothing.

#![allow(clippy::missing_panics_doc, reason = "a double that is used wrongly fails its test")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::serve_with;

/// What it says.
pub struct Script {
    /// The claims of the ID token; `Null` gives none.
    pub claims: Value,
    /// The header of the ID token.
    pub header: Value,
    /// Whether the ID token is signed with the published key.
    pub signed: bool,
    /// What the published key is made of: [`OURS`], or [`ANOTHERS`] to be another provider.
    pub seed: u8,
    /// The user info; `Null` is a 404.
    pub user_info: Value,
    /// Whether the user info is a signed JWT.
    pub user_info_jwt: bool,
    /// What the token endpoint answers instead of tokens.
    pub token_error: Option<(u16, String)>,
    /// What the metadata says instead.
    pub metadata: BTreeMap<&'static str, Value>,
    /// The metadata is not there.
    pub down: bool,
    /// The key's name, as it is published.
    pub kid: String,
    /// How often the keys were asked for.
    pub keys_read: usize,
    /// The last request at the token endpoint: `Authorization`, and the form.
    pub asked: (String, BTreeMap<String, String>),
}

impl Default for Script {
    fn default() -> Self {
        Self {
            claims: Value::Null,
            header: json!({"alg": "EdDSA", "kid": "k1"}),
            signed: true,
            seed: OURS,
            user_info: Value::Null,
            user_info_jwt: false,
            token_error: None,
            metadata: BTreeMap::new(),
            down: false,
            kid: "k1".to_owned(),
            keys_read: 0,
            asked: Default::default(),
        }
    }
}

/// A running provider; clones are the same one.
#[derive(Clone)]
pub struct Fake {
    /// Where it is, which is its issuer too.
    pub issuer: String,
    script: Arc<Mutex<Script>>,
}

/// What the key of a provider is made of.
pub const OURS: u8 = 7;
/// What everybody else's is made of.
pub const ANOTHERS: u8 = 8;

/// A key, made of a seed.
pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// A JWT; signed by everybody else unless `signed`.
pub fn jwt(header: &Value, claims: &Value, signed: bool) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(header), part(claims));
    let key = key(if signed { OURS } else { ANOTHERS });
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()).to_bytes()))
}

impl Fake {
    /// Starts it; it lasts as long as the test.
    pub async fn start() -> Self {
        let script = Arc::default();
        let routes = |base: &str| {
            Router::new()
                .route("/.well-known/{name}", get(metadata))
                .route("/token", post(token))
                .route("/user", get(user_info))
                .route("/keys", get(keys))
                .with_state(Self { issuer: base.to_owned(), script: Arc::clone(&script) })
        };
        Self { issuer: serve_with(routes).await, script }
    }

    /// Changes what it says.
    pub fn set(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    /// Looks at what it says, and was asked.
    pub fn look<T>(&self, at: impl FnOnce(&Script) -> T) -> T {
        at(&self.script.lock().unwrap())
    }
}

async fn metadata(State(fake): State<Fake>, Path(name): Path<String>) -> Response {
    assert!(name.ends_with("openid-configuration"), "{name}");
    let base = &fake.issuer;
    let mut metadata = json!({
        "issuer": base, "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"), "userinfo_endpoint": format!("{base}/user"),
        "jwks_uri": format!("{base}/keys"), "end_session_endpoint": format!("{base}/bye"),
    });
    fake.look(|script| {
        for (name, value) in &script.metadata {
            metadata[*name] = value.clone();
        }
        let status = if script.down { StatusCode::BAD_GATEWAY } else { StatusCode::OK };
        (status, metadata.to_string()).into_response()
    })
}

async fn token(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    let form = url::form_urlencoded::parse(&body).into_owned().collect();
    let authorization =
        headers.get("authorization").map(|h| h.to_str().unwrap().to_owned()).unwrap_or_default();
    fake.set(|script| script.asked = (authorization, form));
    fake.look(|script| {
        if let Some((status, text)) = &script.token_error {
            let status = StatusCode::from_u16(*status).unwrap();
            return (status, [("content-type", "application/json")], text.clone()).into_response();
        }
        let mut answer = json!({
            "access_token": "the-access-token", "token_type": "Bearer", "expires_in": 3600,
            "refresh_token": "the-refresh-token", "scope": "openid email",
        });
        if !script.claims.is_null() {
            answer["id_token"] = jwt(&script.header, &script.claims, script.signed).into();
        }
        ([("content-type", "application/json")], answer.to_string()).into_response()
    })
}

async fn user_info(State(fake): State<Fake>, headers: HeaderMap) -> Response {
    assert_eq!(headers["authorization"], "Bearer the-access-token");
    fake.look(|script| {
        if script.user_info.is_null() {
            return StatusCode::NOT_FOUND.into_response();
        }
        if script.user_info_jwt {
            let text = jwt(&script.header, &script.user_info, script.signed);
            return ([("content-type", "application/jwt")], text).into_response();
        }
        ([("content-type", "application/json")], script.user_info.to_string()).into_response()
    })
}

async fn keys(State(fake): State<Fake>) -> Response {
    fake.set(|script| script.keys_read += 1);
    let (kid, seed) = fake.look(|script| (script.kid.clone(), script.seed));
    let x = URL_SAFE_NO_PAD.encode(key(seed).verifying_key().to_bytes());
    // A key of a kind that nobody knows stands beside it.
    let set = json!({"keys": [
        {"kty": "XYZ", "kid": "strange"},
        {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x},
    ]});
    set.to_string().into_response()
}

/// What `Authorization: Basic` says.
pub fn basic(header: &str) -> String {
    let text = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
    String::from_utf8(text).unwrap()
}
