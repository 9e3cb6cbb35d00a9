//! Tokens for back ends, in the dialect of `/auth`: what programs without cookies get and are refused.

mod accounts;
mod ends;
mod login;
mod next_auth;
mod refresh;
mod refresh_ends;
mod register;
mod second_factor;
mod settings;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};
use http::Method;
use serde_json::{Value, json};

use crate::{EMAIL, PASSWORD, with};

const FIELDS: &str = "[[user.fields]]\nname = \"surname\"\ninput = true\n";
const PLUGINS: &str =
    "[plugins.email-password]\n[plugins.username]\n[plugins.jwt]\nclaims = [\"id\", \"email\"]\n";

/// With these settings of the plugin.
async fn start_with(database: &TestDatabase, options: &str) -> TestServer {
    with(database, &format!("{FIELDS}{PLUGINS}[plugins.token-api]\n{options}")).await
}

async fn start(database: &TestDatabase) -> TestServer {
    start_with(database, "").await
}

/// A back end: it has no cookies and sends no `Origin`.
fn program(server: &TestServer) -> Browser {
    server.browser().at_origin("")
}

async fn post(program: &Browser, path: &str, body: Value) -> Answer {
    let body = Some(body.to_string());
    let answer = program.request(Method::POST, path, Some("application/json"), body).await;
    assert!(answer.set_cookies().is_empty(), "no cookie ever: {answer:?}");
    answer
}

/// A request with an access token.
async fn ask(server: &TestServer, method: Method, path: &str, access: &str) -> Answer {
    let program = program(server).header("authorization", &format!("Bearer {access}"));
    program.request(method, path, None, None).await
}

async fn me(server: &TestServer, access: &str) -> Answer {
    ask(server, Method::GET, "/auth/me", access).await
}

fn jean() -> Value {
    json!({"name": "Jean", "surname": "Dupont", "email": EMAIL, "username": "jean_d", "password": PASSWORD})
}

/// Makes Jean, and gives what they got.
async fn register(server: &TestServer) -> Value {
    post(&program(server), "/auth/register", jean()).await.expect(201).json()
}

async fn login(server: &TestServer, identifier: &str, password: &str) -> Answer {
    let body = json!({"identifier": identifier, "password": password});
    post(&program(server), "/auth/login", body).await
}

async fn refresh(server: &TestServer, token: &str) -> Answer {
    post(&program(server), "/auth/refresh", json!({"refresh_token": token})).await
}

fn text<'a>(answer: &'a Value, field: &str) -> &'a str {
    answer[field].as_str().unwrap_or_else(|| panic!("{field}: {answer}"))
}

/// The tokens of an answer: access, refresh.
fn pair(answer: &Value) -> (String, String) {
    assert_eq!(answer["token_type"], "bearer", "{answer}");
    (text(answer, "access_token").to_owned(), text(answer, "refresh_token").to_owned())
}

/// What a token says, unchecked.
fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// Asserts a refusal in this dialect.
fn refused(answer: Answer, status: u16, code: &str) -> Value {
    let body = answer.json();
    assert_eq!(body["detail"], body["message"], "{body}");
    assert!(!text(&body, "detail").is_empty());
    answer.refused(status, code);
    body
}

/// The fields of a refused input, with their codes.
fn fields(body: &Value) -> Vec<(&str, &str)> {
    let errors = body["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| !text(error, "message").is_empty()), "{body}");
    errors.iter().map(|error| (text(error, "field"), text(error, "code"))).collect()
}
