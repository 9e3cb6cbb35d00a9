//! Additional columns in memory, and what a client may put into them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::db::Value;
use crate::error::{Error, FIELD_NOT_ALLOWED, Result};
use crate::http::{Field, Issues};
use crate::schema::{Column, Kind};
use crate::timestamp::Timestamp;

/// Values of additional columns by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(BTreeMap<String, Value>);

impl Fields {
    /// The value of a column.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The text of a column; `None` when it is null, absent or no text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// Sets a column.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// Takes a column out.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Takes the fields that `columns` declare out of a client's object. Unknown fields are ignored; a field that
/// clients may not set is refused when it is truthy and ignored when it is not (Better Auth's rule).
pub fn take_input(columns: &[Column], object: &Map<String, Json>) -> Result<Fields> {
    let mut fields = Fields::default();
    let mut issues = Issues::default();
    for column in columns {
        let name = column.name.as_ref();
        let Some(given) = object.get(name) else { continue };
        if !column.input {
            if is_truthy(given) {
                return Err(Error::worded(
                    http::StatusCode::BAD_REQUEST,
                    FIELD_NOT_ALLOWED.code,
                    format!("{name} is not allowed to be set"),
                ));
            }
            continue;
        }
        if let Some(value) = typed(column, given, &mut issues) {
            fields.set(name, value);
        }
    }
    if issues.is_empty() { Ok(fields) } else { Err(issues.into_error()) }
}

fn typed(column: &Column, given: &Json, issues: &mut Issues) -> Option<Value> {
    let path = format!("body.{}", column.name);
    if given.is_null() && !column.required {
        return Some(column.kind.null());
    }
    match column.kind {
        // What a plain text field is given is not asked for its type (contract, section 1).
        Kind::Text if given.is_number() || given.is_boolean() => Some(Value::Text(Some(given.to_string()))),
        Kind::Text => String::read(Some(given), &path, issues).map(|text| Value::Text(Some(text))),
        Kind::Boolean => bool::read(Some(given), &path, issues).map(|truth| Value::Boolean(Some(truth))),
        Kind::Timestamp => {
            Timestamp::read(Some(given), &path, issues).map(|moment| Value::Timestamp(Some(moment)))
        }
        Kind::Integer | Kind::BigInteger => match given.as_i64() {
            Some(number) if column.kind == Kind::BigInteger || i32::try_from(number).is_ok() => {
                Some(Value::Integer(Some(number)))
            }
            _ => {
                issues.expected(&path, "number", Some(given));
                None
            }
        },
    }
}

/// JavaScript's notion.
pub(crate) fn is_truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(truth) => *truth,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(_) | Json::Object(_) => true,
    }
}
