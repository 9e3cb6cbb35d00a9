//! A back end that knows passwords, as somebody else wrote it: right, slow, broken or hostile.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use guichet_core::serde_json::{Value, from_slice, json};
use guichet_testing::serve_with;
use http::{HeaderMap, StatusCode, header};

/// What it does instead of answering.
#[derive(Clone)]
pub(crate) enum Instead {
    Hang,
    Answer(u16, String),
    Later(u16, &'static str),
    Huge,
    Away,
}

#[derive(Default)]
pub(crate) struct Script {
    /// `(identifier, password, answer)`.
    pub(crate) people: Vec<(String, String, Value)>,
    pub(crate) instead: Option<Instead>,
    /// The bodies that came to `/login`.
    pub(crate) asked: Vec<Value>,
    pub(crate) headers: HeaderMap,
    /// Whether anybody came to where it redirects.
    pub(crate) followed: bool,
    /// How many renewals there were.
    pub(crate) renewals: usize,
}

#[derive(Clone)]
pub(crate) struct BackEnd {
    pub(crate) base: String,
    script: Arc<Mutex<Script>>,
}

impl BackEnd {
    pub(crate) async fn start() -> Self {
        let script = Arc::default();
        let routes = |base: &str| {
            Router::new()
                .route("/login", post(login))
                .route("/elsewhere", post(elsewhere).get(elsewhere))
                .route("/refresh", post(refresh))
                .with_state(Self { base: base.to_owned(), script: Arc::clone(&script) })
        };
        Self { base: serve_with(routes).await, script }
    }

    /// Somebody with the answer that says who they are.
    pub(crate) fn knows(&self, identifier: &str, password: &str, answer: Value) {
        self.set(|script| script.people.push((identifier.to_owned(), password.to_owned(), answer)));
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    pub(crate) fn look<T>(&self, at: impl FnOnce(&Script) -> T) -> T {
        at(&self.script.lock().unwrap())
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.look(|script| script.asked.len())
    }
}

async fn login(State(back): State<BackEnd>, headers: HeaderMap, body: Bytes) -> Response {
    let form = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind != "application/json");
    let body: Value = if form {
        url::form_urlencoded::parse(&body)
            .map(|(key, value)| (key.into_owned(), Value::from(value)))
            .collect()
    } else {
        from_slice(&body).expect("JSON is sent")
    };
    let instead = back.look(|script| script.instead.clone());
    back.set(|script| {
        script.asked.push(body.clone());
        script.headers = headers;
    });
    match instead {
        Some(Instead::Hang) => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            return StatusCode::NO_CONTENT.into_response();
        }
        Some(Instead::Answer(status, text)) => {
            return (StatusCode::from_u16(status).unwrap(), text).into_response();
        }
        Some(Instead::Later(status, seconds)) => {
            return (StatusCode::from_u16(status).unwrap(), [("retry-after", seconds)]).into_response();
        }
        Some(Instead::Huge) => return format!("{{\"x\": \"{}\"}}", "x".repeat(2_000_000)).into_response(),
        Some(Instead::Away) => return Redirect::temporary("/elsewhere").into_response(),
        None => {}
    }
    let answer = back.look(|script| {
        let pair =
            (body["identifier"].as_str().unwrap_or_default(), body["password"].as_str().unwrap_or_default());
        let mut people = script.people.iter();
        people.find(|(identifier, password, _)| (identifier.as_str(), password.as_str()) == pair).cloned()
    });
    match answer {
        Some((_, _, answer)) => answer.to_string().into_response(),
        None => (StatusCode::UNAUTHORIZED, r#"{"detail": "wrong"}"#).into_response(),
    }
}

async fn elsewhere(State(back): State<BackEnd>) -> Response {
    back.set(|script| script.followed = true);
    json!({"user": {"id": 1, "email": "jean@example.com"}}).to_string().into_response()
}

/// Each refresh token works once: `r0` gives `a1` and `r1`, and so on.
async fn refresh(State(back): State<BackEnd>, body: Bytes) -> Response {
    let body: Value = from_slice(&body).expect("JSON is sent");
    tokio::time::sleep(Duration::from_millis(100)).await;
    if let Some(Instead::Answer(status, text)) = back.look(|script| script.instead.clone()) {
        return (StatusCode::from_u16(status).unwrap(), text).into_response();
    }
    let mut next = None;
    back.set(|script| {
        if body["refresh_token"] == format!("r{}", script.renewals) {
            script.renewals += 1;
            next = Some(script.renewals);
        }
    });
    match next {
        Some(n) => {
            json!({"access_token": format!("a{n}"), "refresh_token": format!("r{n}"), "expires_in": 600})
                .to_string()
                .into_response()
        }
        None => (StatusCode::UNAUTHORIZED, "{}").into_response(),
    }
}
