//! Reading JSON fields with the issues that zod 4 would report (contract, section 1).

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::openapi::Shape;
use crate::email_address::EmailAddress;
use crate::error::Error;
use crate::timestamp::Timestamp;

/// What was wrong with an input, in the order of its fields.
#[derive(Debug, Default)]
pub struct Issues(Vec<String>);

impl Issues {
    /// Notes an issue at `path` ("body.email").
    pub fn note(&mut self, path: &str, problem: impl AsRef<str>) {
        self.0.push(format!("[{path}] {}", problem.as_ref()));
    }

    /// Notes that something else was expected.
    pub fn expected(&mut self, path: &str, expected: &str, received: Option<&Value>) {
        self.note(path, format!("Invalid input: expected {expected}, received {}", kind_of(received)));
    }

    /// Whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// 400 `VALIDATION_ERROR` with every issue.
    pub fn into_error(self) -> Error {
        Error::worded(http::StatusCode::BAD_REQUEST, "VALIDATION_ERROR", self.0.join("; "))
    }
}

/// JavaScript's name for what was received.
fn kind_of(value: Option<&Value>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

/// A type that an input's field can have.
pub trait Field: Sized {
    /// Whether the field may be left out.
    const OPTIONAL: bool = false;
    /// Reads it; notes what is wrong and gives `None` then.
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self>;
    /// Its form in the `OpenAPI` document.
    fn shape() -> Shape;
}

impl Field for String {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        match value {
            // Postgres has no NUL in texts; nobody's name, code or address has one either.
            Some(Value::String(text)) if text.contains('\0') => {
                issues.note(path, "Invalid input: must not contain NUL");
                None
            }
            Some(Value::String(text)) => Some(text.clone()),
            other => {
                issues.expected(path, "string", other);
                None
            }
        }
    }
    fn shape() -> Shape {
        Shape(json!({"type": "string"}))
    }
}

/// A text of at least one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NonEmpty(pub String);

impl Field for NonEmpty {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        let text = String::read(value, path, issues)?;
        if text.is_empty() {
            issues.note(path, "Too small: expected string to have >=1 characters");
            return None;
        }
        Some(Self(text))
    }
    fn shape() -> Shape {
        Shape(json!({"type": "string", "minLength": 1}))
    }
}

/// With letters beyond ASCII before the `@`: business databases hold such addresses.
impl Field for EmailAddress {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        let read = Self::parse_international(&String::read(value, path, issues)?);
        if read.is_none() {
            issues.note(path, "Invalid email address");
        }
        read
    }
    fn shape() -> Shape {
        Shape(json!({"type": "string", "format": "email"}))
    }
}

impl Field for bool {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        match value {
            Some(Value::Bool(truth)) => Some(*truth),
            other => {
                issues.expected(path, "boolean", other);
                None
            }
        }
    }
    fn shape() -> Shape {
        Shape(json!({"type": "boolean"}))
    }
}

impl Field for Timestamp {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        let read = value.and_then(Value::as_str).and_then(Self::parse);
        if read.is_none() {
            issues.expected(path, "date", value);
        }
        read
    }
    fn shape() -> Shape {
        Shape::moment()
    }
}

impl Field for Map<String, Value> {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        match value {
            Some(Value::Object(map)) => Some(map.clone()),
            other => {
                issues.expected(path, "record", other);
                None
            }
        }
    }
    fn shape() -> Shape {
        Shape(json!({"type": "object", "additionalProperties": true}))
    }
}

impl<T: Field> Field for Option<T> {
    const OPTIONAL: bool = true;

    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        match value {
            None => Some(None),
            some => T::read(some, path, issues).map(Some),
        }
    }
    fn shape() -> Shape {
        T::shape()
    }
}

/// A flag in a query: like JavaScript, any text but the empty one is true, `"false"` included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

impl Field for Flag {
    const OPTIONAL: bool = true;

    fn read(value: Option<&Value>, _: &str, _: &mut Issues) -> Option<Self> {
        Some(Self(match value {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Bool(truth)) => *truth,
            Some(_) => true,
        }))
    }
    fn shape() -> Shape {
        Shape(json!({"type": "string", "description": "true when present and not empty"}))
    }
}

/// Reads one of several literals; `Invalid option: expected one of "a"|"b"` otherwise.
pub fn choice(value: Option<&Value>, options: &[&str], path: &str, issues: &mut Issues) -> Option<usize> {
    let found = value.and_then(Value::as_str).and_then(|text| options.iter().position(|o| *o == text));
    if found.is_none() {
        let mut list = String::new();
        for (n, option) in options.iter().enumerate() {
            let _ = write!(list, "{}\"{option}\"", if n == 0 { "" } else { "|" });
        }
        issues.note(path, format!("Invalid option: expected one of {list}"));
    }
    found
}

/// Declares an enum that is one of several texts on the wire.
#[macro_export]
macro_rules! choices {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name { $($(#[$vmeta])* $variant),* }

        impl $name {
            /// Its text on the wire.
            $vis fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }

        impl $crate::http::Field for $name {
            fn read(value: Option<&$crate::serde_json::Value>, path: &str, issues: &mut $crate::http::Issues) -> Option<Self> {
                let all = [$(Self::$variant),*];
                $crate::http::choice(value, &[$($text),*], path, issues).and_then(|n| all.get(n).copied())
            }
            fn shape() -> $crate::http::Shape {
                $crate::http::Shape($crate::serde_json::json!({"type": "string", "enum": [$($text),*]}))
            }
        }
    };
}
