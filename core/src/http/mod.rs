//! From a request's head to a handler, and back.

pub mod address;
mod answer;
mod asset;
mod bearer;
mod body;
mod content_policy;
mod cors;
mod field;
mod gate;
mod guard;
mod input;
mod limit;
mod openapi;
mod origin;
mod reply;
mod route;
mod router;
pub mod trusted;
mod visit;

pub use asset::asset;
pub use field::{Field, Flag, Issues, NonEmpty, choice};
pub use guard::{Guard, Guards, HeadCheck, admit_form};
pub use input::{AnyFields, Body, Input, PathId, PathPair, PerhapsBody, Query, Record};
pub(crate) use limit::table as limit_table;
pub use limit::{Budget, Limiter, RateLimit, RateLimits};
pub use openapi::{Shape, document};
pub use reply::{
    Reply, appended, done, found, html, html_leading_to, json, kept_nowhere, location, redirect, resolved,
    success,
};
pub use route::{Accepts, Audience, Route, RouteKind};
pub use router::{API_BASE, router};
pub use visit::Visit;

pub use crate::uri_component::component;
