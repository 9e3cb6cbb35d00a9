//! The outermost layer: begins the visit, and gives every answer its cookies, headers and the words of its errors.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;
use serde_json::{Map, Value};

use super::gate::Answered;
use super::route::{Route, RouteKind};
use super::router::API_BASE;
use super::visit::Visit;
use super::{address, content_policy, reply};
use crate::app::App;
use crate::cookie;
use crate::db::counting;
use crate::error::{Answer, Carried, Error, TOO_MANY_REQUESTS};
use crate::language::Language;

/// The cookie in which a browser keeps the language that was chosen on a page.
const LANGUAGE_COOKIE: &str = "guichet.lang";

const JSON: HeaderValue = HeaderValue::from_static("application/json");

pub(super) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    // A body on GET has no meaning (RFC 9110, section 9.3.1); it is not read.
    if request.method() == http::Method::GET {
        request.headers_mut().remove(header::CONTENT_TYPE);
    }
    let visit = begin(&app, &request);
    request.extensions_mut().insert(visit.clone());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();

    let (mut response, spent) = counting(async {
        let response = next.run(request).await;
        tell_of_session(&visit).await;
        response
    })
    .await;
    app.spent.add(spent);

    let answered = response.extensions_mut().remove::<Answered>();
    let kind = answered.as_ref().map(|a| a.route.kind);
    let mut code = "";
    if let Some(Carried(error)) = response.extensions_mut().remove::<Carried>() {
        // Logged here, once.
        visit.log_failure(&error);
        code = error.code().unwrap_or_default();
        let said = std::mem::take(response.headers_mut());
        response = render(&visit, &error, answered.as_ref().map(|a| a.route.as_ref()));
        // What a handler said about caching holds for its refusals too.
        for name in [header::CACHE_CONTROL, header::PRAGMA] {
            if let Some(value) = said.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        // A page of a trusted origin may read why it was refused.
        for (name, value) in said.iter().filter(|(name, _)| is_cors(name)) {
            response.headers_mut().append(name, value.clone());
        }
    }
    finish(&visit, kind, response.headers_mut());
    // The path of an unknown address is a stranger's text; a known one may hold a token.
    let route = answered.as_ref().map_or("none", |a| a.route.name.as_ref());
    app.meters.request(route, response.status().as_u16());
    if !code.is_empty() {
        app.meters.refusal(route, code);
    }
    tracing::info!(
        request_id = visit.request_id(),
        method = %method,
        route,
        api = path.starts_with(API_BASE),
        status = response.status().as_u16(),
        // Which refusal it was: what an operator searches for.
        code,
        statements = spent.statements,
        transactions = spent.transactions,
        duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        address = visit.address(),
        "request served"
    );
    response
}

/// What the CORS layer put on an answer.
fn is_cors(name: &HeaderName) -> bool {
    *name == header::VARY || name.as_str().starts_with("access-control-")
}

fn begin(app: &App, request: &Request) -> Visit {
    let headers = request.headers();
    let forwarded: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    // An unknown address is an empty text, and all unknown ones are counted together.
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let (Some(ConnectInfo(peer)), false) = (peer, forwarded.is_empty()) {
        warn_of_forgotten_proxy(peer.ip(), &app.config.trusted_proxies);
    }
    let address = peer
        .and_then(|ConnectInfo(peer)| address::client(peer.ip(), &forwarded, &app.config.trusted_proxies))
        .map(address::counted)
        .unwrap_or_default();
    let chosen = super::input::query(request.uri().query().unwrap_or_default());
    let chosen = chosen.get("lang").and_then(|tag| Language::from_tag(tag.as_str()?));
    let language = chosen
        .or_else(|| Language::from_tag(&cookie::read(headers, LANGUAGE_COOKIE)?))
        .or_else(|| Language::negotiate(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?));
    let visit =
        Visit::new(app.clone(), app.keyring.random_alphanumeric(20), address, language, headers.clone());
    if let Some(language) = chosen {
        let mut remembered =
            app.cookies.cookie("lang", language.tag(), Some(std::time::Duration::from_secs(31_536_000)));
        remembered.set_name(LANGUAGE_COOKIE);
        visit.set_cookie(remembered);
    }
    visit
}

static FORGOTTEN_PROXY: Once = Once::new();

/// A proxy that is not configured makes all visitors one client, whose limits are soon spent. Said once; addresses
/// of the internet are strangers who write that header themselves, and are not worth a line.
fn warn_of_forgotten_proxy(peer: IpAddr, trusted: &[IpNet]) {
    let near = match peer.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    };
    if near && !trusted.iter().any(|network| network.contains(&peer.to_canonical())) {
        FORGOTTEN_PROXY.call_once(|| {
            tracing::warn!(
                %peer,
                "X-Forwarded-For comes from a peer that is not in trusted_proxies: all its visitors count as one"
            );
        });
    }
}

/// Tells the plugins which session the browser is about to get. The session exists by then: a plugin that fails
/// is logged, and the answer leaves without what it would have added.
async fn tell_of_session(visit: &Visit) {
    let Some(token) = visit.handed_out() else { return };
    if let Err(failure) = visit.renew_cache(&token).await {
        visit.log_failure(&failure);
    }
    for hook in &visit.app().hooks {
        if let Err(failure) = hook.session_handed_out(visit, &token).await {
            visit.log_failure(&failure);
        }
    }
}

fn render(visit: &Visit, error: &Error, route: Option<&Route>) -> Response {
    // A plugin's own 429, as of a locked account, is a refusal like others in the reference.
    let limited = error.is(TOO_MANY_REQUESTS);
    let plain = limited && visit.app().config.rate_limit.plain_answer;
    let mut response = match route.map(|route| route.kind) {
        Some(RouteKind::Page) => page(visit, error),
        None if wants_page(visit) => page(visit, error),
        _ => json(visit, error, plain, route.and_then(|route| route.refusals)),
    };
    *response.status_mut() = error.status();
    if let Some(seconds) = error.retry_after_seconds() {
        let seconds = HeaderValue::from(seconds);
        if limited {
            response.headers_mut().insert("x-retry-after", seconds.clone());
        }
        if !plain {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
    }
    response
}

fn json(visit: &Visit, error: &Error, plain: bool, form: Option<fn(&mut Map<String, Value>)>) -> Response {
    let message = error.message(visit.api_language());
    let mut body = Map::new();
    match error.answer() {
        Answer::Nothing => return Response::new(Body::empty()),
        Answer::Empty => return ([(header::CONTENT_TYPE, JSON)], "").into_response(),
        Answer::MessageOnly(..) => {}
        _ if plain => {
            let body = serde_json::json!({"message": message}).to_string();
            return ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"))], body).into_response();
        }
        _ => {
            body.insert("code".to_owned(), error.code().into());
        }
    }
    body.insert("message".to_owned(), message.into());
    body.extend(error.more().iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    if let Some(form) = form {
        form(&mut body);
    }
    ([(header::CONTENT_TYPE, JSON)], Value::Object(body).to_string()).into_response()
}

/// A person who mistyped an address sees a page; a program gets an empty 404.
fn wants_page(visit: &Visit) -> bool {
    visit.header("accept").is_some_and(|accept| accept.contains("text/html"))
        && visit.header("sec-fetch-dest").is_none_or(|dest| dest == "document")
}

fn page(visit: &Visit, error: &Error) -> Response {
    let rendered = crate::pages::error_page(visit, error);
    match rendered {
        Ok(page) => reply::html(error.status(), page),
        Err(failure) => {
            tracing::error!(request_id = visit.request_id(), error = %failure, "the error page cannot be rendered");
            json(visit, error, false, None)
        }
    }
}

/// Adds the headers that scripts may read, and names them beside those that are named already.
fn expose(visit: &Visit, headers: &mut HeaderMap) {
    let already = headers.get(header::ACCESS_CONTROL_EXPOSE_HEADERS).and_then(|value| value.to_str().ok());
    let mut names: Vec<String> =
        already.unwrap_or_default().split(',').map(|name| name.trim().to_owned()).collect();
    names.retain(|name| !name.is_empty());
    let exposed = visit.take_exposed();
    if exposed.is_empty() {
        return;
    }
    for (name, value) in exposed {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name.as_str())) {
            names.push(name.as_str().to_owned());
        }
        headers.insert(name, value);
    }
    if let Ok(names) = HeaderValue::from_str(&names.join(", ")) {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, names);
    }
}

fn finish(visit: &Visit, kind: Option<RouteKind>, headers: &mut HeaderMap) {
    let cookies = visit.take_cookies();
    // Whoever sets cookies hands out credentials; and what the API and the pages say is one visitor's, unless they say
    // otherwise.
    let private =
        !cookies.is_empty() || matches!(kind, Some(RouteKind::Api | RouteKind::Page | RouteKind::Program));
    if private && !headers.contains_key(header::CACHE_CONTROL) && visit.app().config.http.no_store {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    expose(visit, headers);
    if let Ok(id) = HeaderValue::from_str(visit.request_id()) {
        headers.insert("x-request-id", id);
    }
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(content_policy::STRICT));
    }
    if visit.app().config.is_https() {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
    }
}
