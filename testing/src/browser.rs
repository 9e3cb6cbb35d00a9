//! A browser: a cookie jar, an origin, and real HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use cookie::Cookie;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

/// The name of the session's cookie on plain http.
pub const SESSION_COOKIE: &str = "better-auth.session_token";

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The error code, or an empty text.
    pub fn code(&self) -> String {
        serde_json::from_str::<Value>(&self.text)
            .ok()
            .and_then(|body| Some(body.get("code")?.as_str()?.to_owned()))
            .unwrap_or_default()
    }

    /// A header's text, or an empty one.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `Set-Cookie` lines.
    pub fn set_cookies(&self) -> Vec<Cookie<'static>> {
        self.headers
            .get_all("set-cookie")
            .iter()
            .filter_map(|line| Cookie::parse(line.to_str().ok()?.to_owned()).ok())
            .collect()
    }

    /// Asserts a status and gives itself back.
    ///
    /// # Panics
    /// When it is another.
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }

    /// Asserts a refusal.
    ///
    /// # Panics
    /// When it is another answer.
    pub fn refused(self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.code().as_str()), (status, code), "{self:?}");
    }
}

/// A browser with its own cookies. Clones share the jar, as tabs do.
#[derive(Clone)]
pub struct Browser {
    base: String,
    origin: String,
    headers: BTreeMap<String, String>,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
    client: reqwest::Client,
}

impl Browser {
    /// At `base`, showing pages of `origin`.
    ///
    /// # Panics
    /// When the HTTP client cannot be made.
    #[expect(clippy::disallowed_methods, reason = "a test visits the server as a browser does")]
    pub fn new(base: &str, origin: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client can be made");
        Self {
            base: base.to_owned(),
            origin: origin.to_owned(),
            headers: BTreeMap::new(),
            jar: Arc::default(),
            client,
        }
    }

    /// Sends this header with every request from now on.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Shows pages of another origin; an empty one sends no `Origin`.
    #[must_use]
    pub fn at_origin(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self
    }

    /// A cookie's value, as it stands in the jar.
    ///
    /// # Panics
    /// Never, in a sane test.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().expect("no test panicked with the jar in hand").get(name).cloned()
    }

    /// Puts a cookie into the jar; the value as it is sent.
    ///
    /// # Panics
    /// Never, in a sane test.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar
            .lock()
            .expect("no test panicked with the jar in hand")
            .insert(name.to_owned(), value.to_owned());
    }

    /// `GET` of a path below `/api/auth`.
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, &format!("/api/auth{path}"), None, None).await
    }

    /// `GET` of a link, e.g. one that was mailed; its path from the root.
    pub async fn open(&self, link: &str) -> Answer {
        self.request(Method::GET, link, None, None).await
    }

    /// `POST` of JSON to a path below `/api/auth`.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.request(
            Method::POST,
            &format!("/api/auth{path}"),
            Some("application/json"),
            Some(body.to_string()),
        )
        .await
    }

    /// Whether somebody is signed in.
    ///
    /// # Panics
    /// When the server does not say.
    pub async fn is_in(&self) -> bool {
        self.get("/get-session").await.expect(200).json() != Value::Null
    }

    /// `GET` of a page.
    pub async fn page(&self, path: &str) -> Answer {
        self.clone().header("accept", "text/html").request(Method::GET, path, None, None).await
    }

    /// `POST` of a form to a page.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let html = self.clone().header("accept", "text/html");
        html.request(Method::POST, path, Some("application/x-www-form-urlencoded"), Some(body)).await
    }

    /// Any request; `path` from the root.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Option<String>,
    ) -> Answer {
        self.try_request(method, path, content_type, body).await.expect("the server answers")
    }

    /// As [`Browser::request`]; `None` when the server is gone before its answer is whole.
    ///
    /// # Panics
    /// Never, in a sane test.
    pub async fn try_request(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Option<String>,
    ) -> Option<Answer> {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base));
        if method != Method::GET && !self.origin.is_empty() && !self.headers.contains_key("origin") {
            request = request.header("origin", &self.origin);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.ok()?;
        let answer = Answer { status, headers, text };
        self.keep(&answer);
        Some(answer)
    }

    fn cookie_header(&self) -> String {
        let jar = self.jar.lock().expect("no test panicked with the jar in hand");
        jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, answer: &Answer) {
        let mut jar = self.jar.lock().expect("no test panicked with the jar in hand");
        for cookie in answer.set_cookies() {
            if cookie.max_age().is_some_and(cookie::time::Duration::is_zero) {
                jar.remove(cookie.name());
            } else {
                jar.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
    }
}
