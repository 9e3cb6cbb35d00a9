//! What broke elsewhere and what standards ask, as tests: `docs/security-tests.md` says which row is shown where. The
//! sweeps go over every route of every plugin that the product knows, so that a new one is swept by itself.

mod addresses;
mod codes;
mod documents;
mod factors;
mod guesses;
mod identity;
mod limits;
mod linking;
mod logs;
mod parsers;
mod passwords;
mod redirects;
mod refusals;
mod sessions;
mod tokens;

use std::time::Duration;

use guichet_core::http::{Route, Shape};
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What needs another server: a business database, a captcha's provider, a list of breached passwords, a back end.
const ELSEWHERE: [&str; 4] = ["prepare-login", "captcha", "have-i-been-pwned", "upstream"];

/// Settings with every plugin on, but for those; `own` goes before them.
pub(crate) fn everything(own: &str) -> String {
    let mut settings: toml::Table = own.parse().unwrap();
    let plugins = settings.entry("plugins").or_insert_with(|| toml::Table::new().into());
    let plugins = plugins.as_table_mut().unwrap();
    for plugin in guichet::plugins::all() {
        if !ELSEWHERE.contains(&plugin.id) && !plugins.contains_key(plugin.id) {
            let example: toml::Table = plugin.example.parse().unwrap();
            plugins.insert(plugin.id.to_owned(), example.into());
        }
    }
    settings.to_string()
}

async fn all_on(database: &TestDatabase, own: &str) -> TestServer {
    crate::with(database, &everything(own)).await
}

/// What makes every route do something.
const OPEN: &str = "[user]\ndelete_account = true\n[plugins.email-otp]\nchange_email = true\n\
                    [plugins.email-password]\nchange_email = true\n";

/// A route's path from the root, with something in its parameters.
fn path_of(route: &Route) -> String {
    let path = route.full_path("/api/auth");
    let path = path.replace("{method}", "email-otp").replace("{action}", "send");
    let mut whole = String::new();
    for segment in path.split('/').skip(1) {
        whole.push('/');
        whole.push_str(if segment.starts_with('{') { "nope" } else { segment });
    }
    whole
}

/// The names of an object's fields, with their form.
fn fields(shape: Option<&Shape>) -> Vec<(String, Value)> {
    let properties = shape.and_then(|shape| shape.0["properties"].as_object());
    properties.into_iter().flatten().map(|(name, form)| (name.clone(), form.clone())).collect()
}

/// Something that each field takes.
fn sample(shape: Option<&Shape>) -> Map<String, Value> {
    fields(shape).iter().map(|(name, form)| (name.clone(), sample_value(name, form))).collect()
}

fn sample_value(name: &str, form: &Value) -> Value {
    match name {
        "email" | "newEmail" => json!("victim@example.com"),
        "password" | "newPassword" | "currentPassword" => json!("a password of nobody 9"),
        "otp" | "code" => json!("000000"),
        _ if name.ends_with("URL") || name == "redirectTo" => json!("/ok"),
        _ => match (form["enum"].get(0), form["type"].as_str()) {
            (Some(first), _) => first.clone(),
            (None, Some("boolean")) => json!(true),
            (None, Some("integer" | "number")) => json!(1),
            (None, Some("object")) => {
                let inner = form["properties"].as_object().into_iter().flatten();
                Value::Object(inner.map(|(name, form)| (name.clone(), sample_value(name, form))).collect())
            }
            (None, Some("array")) => json!([]),
            _ => json!("nope"),
        },
    }
}

/// The same as a query, `?` and all.
fn sample_query(route: &Route) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in sample(route.query.as_ref()) {
        query.append_pair(&name, value.as_str().unwrap_or("1"));
    }
    let query = query.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

/// Asks a route something that has its form, with `more` in the body, and its `userId` in the query too.
async fn ask(browser: &Browser, route: &Route, more: &Map<String, Value>) -> Answer {
    let mut body = sample(route.body.as_ref());
    body.extend(more.clone());
    let query = sample_query(route);
    let mut extra = url::form_urlencoded::Serializer::new(String::new());
    let id = more.get("userId").and_then(Value::as_str).filter(|_| !query.contains("userId="));
    if let Some(id) = id {
        extra.append_pair("userId", id);
    }
    let separator = if query.is_empty() { "?" } else { "&" };
    let path = format!("{}{query}{separator}{}", path_of(route), extra.finish());
    let (kind, body) = match (route.method.as_str(), route.kind) {
        ("GET", _) => (None, None),
        (_, guichet_core::http::RouteKind::Page) => {
            (Some("application/x-www-form-urlencoded"), Some("email=victim%40example.com".to_owned()))
        }
        _ => (Some("application/json"), Some(Value::Object(body).to_string())),
    };
    browser.request(route.method.clone(), &path, kind, body).await
}

/// How many rows each table has; counts of limits aside.
async fn rows(server: &TestServer) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    for table in server.app.schema.tables.iter().filter(|table| table.name != "rateLimit") {
        let count = server.number(&format!(r#"select count(*) from "{}""#, table.name)).await;
        all.push((table.name.to_string(), count));
    }
    all
}

/// An answer read off a socket.
struct Raw {
    status: u16,
    text: String,
}

/// Sends exactly these bytes and reads until the server closes; `connection: close` is the caller's to say.
async fn raw(server: &TestServer, request: &[u8]) -> Raw {
    let address = server.base().strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).await.unwrap();
    // The server may answer, and close, before it has read all.
    let _ = socket.write_all(request).await;
    let mut answer = Vec::new();
    let read = socket.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(30), read).await.expect("the server ends it");
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
    Raw { status, text }
}

/// A request with a head of these lines, each without its line end.
fn request(first: &str, lines: &[&[u8]], body: &[u8]) -> Vec<u8> {
    let mut all = format!("{first}\r\nhost: localhost\r\nconnection: close\r\n").into_bytes();
    for line in lines {
        all.extend_from_slice(line);
        all.extend_from_slice(b"\r\n");
    }
    if !body.is_empty() {
        all.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    all.extend_from_slice(b"\r\n");
    all.extend_from_slice(body);
    all
}
