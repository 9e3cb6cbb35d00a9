//! Bodies and queries as typed inputs, declared once for validation and for the `OpenAPI` document.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use serde_json::{Map, Value};

use super::field::Issues;
use super::openapi::Shape;
use super::visit::Visit;
use crate::error::{Error, Result};

/// An object that a request carries. Declared with [`input!`](crate::input).
pub trait Input: Sized + Send {
    /// Whether other fields are taken too; the reference then also says that it expected a record.
    const OPEN: bool = false;
    /// Reads every field, noting what is wrong in the order of the fields.
    fn read(object: &Map<String, Value>, place: &str, issues: &mut Issues) -> Option<Self>;
    /// Its form in the `OpenAPI` document.
    fn shape() -> Shape;
}

/// Declares an input: `name: Type`, or `name as "wireName": Type`; `, ..` at the end takes other fields too.
#[macro_export]
macro_rules! input {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$fmeta:meta])* $field:ident $(as $wire:literal)? : $type:ty),*, ..
        }
    ) => {
        $crate::input!(@build true, $(#[$meta])* $vis struct $name {
            $($(#[$fmeta])* $field $(as $wire)? : $type),*
        });
    };
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$fmeta:meta])* $field:ident $(as $wire:literal)? : $type:ty),* $(,)?
        }
    ) => {
        $crate::input!(@build false, $(#[$meta])* $vis struct $name {
            $($(#[$fmeta])* $field $(as $wire)? : $type),*
        });
    };
    (
        @build $open:literal, $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$fmeta:meta])* $field:ident $(as $wire:literal)? : $type:ty),*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        $vis struct $name { $($(#[$fmeta])* pub $field: $type),* }

        impl $crate::http::Input for $name {
            const OPEN: bool = $open;

            #[allow(unused_variables, reason = "an input may have no field")]
            fn read(
                object: &$crate::serde_json::Map<String, $crate::serde_json::Value>,
                place: &str,
                issues: &mut $crate::http::Issues,
            ) -> Option<Self> {
                $(
                    let wire = $crate::input!(@wire $field $($wire)?);
                    let $field = <$type as $crate::http::Field>::read(object.get(wire), &format!("{place}.{wire}"), issues);
                )*
                Some(Self { $($field: $field?),* })
            }
            fn shape() -> $crate::http::Shape {
                $crate::http::Shape::object(&[$((
                    $crate::input!(@wire $field $($wire)?),
                    <$type as $crate::http::Field>::shape(),
                    !<$type as $crate::http::Field>::OPTIONAL,
                )),*])
            }
        }
    };
    (@wire $field:ident $wire:literal) => { $wire };
    (@wire $field:ident) => { stringify!($field) };
}

/// The request's body, parsed; `None` when there was none.
#[derive(Clone)]
pub(crate) struct ParsedBody(pub(crate) Option<Value>);

/// The body as a `T`.
pub struct Body<T>(pub T);

/// The body as a `T`, where one is sent; a request without one is as good.
pub struct PerhapsBody<T>(pub Option<T>);

/// Every field of the body, for routes that take additional ones.
pub struct AnyFields(pub Map<String, Value>);

/// The body as an object of any fields; another one is refused as no record.
pub struct Record(pub Map<String, Value>);

/// The query as a `T`.
pub struct Query<T>(pub T);

/// The last segment of the path.
pub struct PathId(pub String);

/// The last two segments of the path.
pub struct PathPair(pub String, pub String);

impl<S: Send + Sync, T: Input> FromRequestParts<S> for Body<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let body = parts.extensions.get::<ParsedBody>().and_then(|body| body.0.as_ref());
        validate(body, "body").map(Self)
    }
}

impl<S: Send + Sync, T: Input> FromRequestParts<S> for PerhapsBody<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        match parts.extensions.get::<ParsedBody>().and_then(|body| body.0.as_ref()) {
            None => Ok(Self(None)),
            sent => validate(sent, "body").map(|body| Self(Some(body))),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AnyFields {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        match parts.extensions.get::<ParsedBody>().and_then(|body| body.0.as_ref()) {
            Some(Value::Object(map)) => Ok(Self(map.clone())),
            _ => Ok(Self(Map::new())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Record {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        match parts.extensions.get::<ParsedBody>().and_then(|body| body.0.as_ref()) {
            Some(Value::Object(map)) => Ok(Self(map.clone())),
            other => {
                let mut issues = Issues::default();
                issues.expected("body", "record", other);
                Err(issues.into_error())
            }
        }
    }
}

impl<S: Send + Sync, T: Input> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        validate(Some(&query(parts.uri.query().unwrap_or_default())), "query").map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        Path::<String>::from_request_parts(parts, state)
            .await
            .map(|Path(id)| Self(id))
            .map_err(|_| Error::nothing_here())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathPair {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map(|Path((first, second))| Self(first, second))
            .map_err(|_| Error::nothing_here())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Error::internal(anyhow::anyhow!("a route outside the router asks for the visit")))
    }
}

fn validate<T: Input>(value: Option<&Value>, place: &str) -> Result<T> {
    let mut issues = Issues::default();
    match value {
        Some(Value::Object(object)) => match T::read(object, place, &mut issues) {
            Some(input) if issues.is_empty() => return Ok(input),
            _ => {}
        },
        other => {
            issues.expected(place, "object", other);
            if T::OPEN {
                issues.expected(place, "record", other);
            }
        }
    }
    Err(issues.into_error())
}

/// A query as an object; repeated keys become an array, as in the reference.
pub(crate) fn query(text: &str) -> Value {
    let mut object = Map::new();
    for (key, value) in url::form_urlencoded::parse(text.as_bytes()) {
        let value = Value::String(value.into_owned());
        match object.get_mut(key.as_ref()) {
            None => {
                object.insert(key.into_owned(), value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(first) => {
                let earlier = first.take();
                *first = Value::Array(vec![earlier, value]);
            }
        }
    }
    Value::Object(object)
}
