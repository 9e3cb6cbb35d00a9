//! A route: its handler, and everything about it that others need to know, as data.

use std::borrow::Cow;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::input::Input;
use super::openapi::Shape;

/// Where a route lives and how its errors look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteKind {
    /// Below `/api/auth`; errors are JSON.
    Api,
    /// At the root, answering JSON: `/healthz`, `/openapi.json`.
    Root,
    /// At the root; errors are pages.
    Page,
    /// At the root, for programs that hold tokens: errors are JSON, and cookies are neither read nor set, so that no
    /// browser can be made to act for the person in front of it.
    Program,
}

/// Which bodies are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// `application/json`.
    Json,
    /// JSON, and what an HTML form sends.
    JsonOrForm,
    /// What an HTML form sends.
    Form,
}

/// Who sends a request that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Applications and servers.
    Any,
    /// Also people who are not signed in yet: Better Auth's form CSRF check applies (contract, section 4).
    SignInForm,
    /// Pages of anybody's, by a form that the browser is told to send: it changes nothing by itself, so that no origin
    /// is asked for.
    AnyPage,
}

/// One method on one path.
#[derive(Clone)]
pub struct Route {
    /// Unique: operation id in the `OpenAPI` document, key of limits, field of logs. `email-otp.send`.
    pub name: Cow<'static, str>,
    /// Its method.
    pub method: Method,
    /// Its path, `{name}` for a parameter; below `/api/auth` for [`RouteKind::Api`].
    pub path: Cow<'static, str>,
    /// Where it lives.
    pub kind: RouteKind,
    /// Which bodies it reads.
    pub accepts: Accepts,
    /// Who sends it.
    pub audience: Audience,
    /// One sentence for the `OpenAPI` document.
    pub summary: &'static str,
    /// The form of its body.
    pub body: Option<Shape>,
    /// The form of its query.
    pub query: Option<Shape>,
    /// The form of its answer.
    pub answers: Option<Shape>,
    /// The status of what went well.
    pub status: StatusCode,
    /// What becomes of the body of its refusals (`code`, `message` and what else they say), where a dialect has another
    /// form.
    pub refusals: Option<fn(&mut Map<String, Value>)>,
    /// Whether it answers 401 without a session.
    pub needs_session: bool,
    pub(crate) handler: MethodRouter,
}

impl Route {
    /// A route below `/api/auth` that reads.
    pub fn get<H, T, S>(
        path: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        handler: H,
        state: S,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        Self::new(Method::GET, path.into(), name.into(), on(MethodFilter::GET, handler).with_state(state))
    }

    /// A route below `/api/auth` that changes something.
    pub fn post<H, T, S>(
        path: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        handler: H,
        state: S,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        Self::new(Method::POST, path.into(), name.into(), on(MethodFilter::POST, handler).with_state(state))
    }

    /// A route below `/api/auth` that takes something away.
    pub fn delete<H, T, S>(
        path: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        handler: H,
        state: S,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        Self::new(
            Method::DELETE,
            path.into(),
            name.into(),
            on(MethodFilter::DELETE, handler).with_state(state),
        )
    }

    fn new(method: Method, path: Cow<'static, str>, name: Cow<'static, str>, handler: MethodRouter) -> Self {
        Self {
            name,
            method,
            path,
            kind: RouteKind::Api,
            accepts: Accepts::Json,
            audience: Audience::Any,
            summary: "",
            body: None,
            query: None,
            answers: None,
            status: StatusCode::OK,
            refusals: None,
            needs_session: false,
            handler,
        }
    }

    /// At the root instead of `/api/auth`, answering JSON.
    #[must_use]
    pub fn at_root(mut self) -> Self {
        self.kind = RouteKind::Root;
        self
    }

    /// A page at the root, whose forms are HTML's.
    #[must_use]
    pub fn page(mut self) -> Self {
        self.kind = RouteKind::Page;
        self.accepts = Accepts::Form;
        self
    }

    /// At the root, for programs that hold tokens ([`RouteKind::Program`]).
    #[must_use]
    pub fn for_programs(mut self) -> Self {
        self.kind = RouteKind::Program;
        self
    }

    /// Gives its refusals another form, those of the gate before it included.
    #[must_use]
    pub fn refusals(mut self, form: fn(&mut Map<String, Value>)) -> Self {
        self.refusals = Some(form);
        self
    }

    /// Says in the document that it makes something (201).
    #[must_use]
    pub fn creates(mut self) -> Self {
        self.status = StatusCode::CREATED;
        self
    }

    /// Reads HTML forms beside JSON.
    #[must_use]
    pub fn or_form(mut self) -> Self {
        self.accepts = Accepts::JsonOrForm;
        self
    }

    /// Sent by people who are not signed in yet.
    #[must_use]
    pub fn from_sign_in_forms(mut self) -> Self {
        self.audience = Audience::SignInForm;
        self
    }

    /// Sent by other sites' pages, and changes nothing by itself.
    #[must_use]
    pub fn from_any_page(mut self) -> Self {
        self.audience = Audience::AnyPage;
        self
    }

    /// One sentence on what it does.
    #[must_use]
    pub fn summary(mut self, text: &'static str) -> Self {
        self.summary = text;
        self
    }

    /// Its body.
    #[must_use]
    pub fn body<T: Input>(mut self) -> Self {
        self.body = Some(T::shape());
        self
    }

    /// The form of its body, where that is no [`Input`].
    #[must_use]
    pub fn body_shape(mut self, shape: Shape) -> Self {
        self.body = Some(shape);
        self
    }

    /// Its query.
    #[must_use]
    pub fn query<T: Input>(mut self) -> Self {
        self.query = Some(T::shape());
        self
    }

    /// Its answer.
    #[must_use]
    pub fn answers(mut self, shape: Shape) -> Self {
        self.answers = Some(shape);
        self
    }

    /// Answers 401 without a session.
    #[must_use]
    pub fn needs_session(mut self) -> Self {
        self.needs_session = true;
        self
    }

    /// The path from the root.
    pub fn full_path(&self, base: &str) -> String {
        match self.kind {
            RouteKind::Api => format!("{base}{}", self.path),
            RouteKind::Root | RouteKind::Page | RouteKind::Program => self.path.to_string(),
        }
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({})", self.method, self.path, self.name)
    }
}
