//! Fields of the reference's inputs that no other plugin has.

use guichet_core::http::{Field, Issues, Shape};
use guichet_core::serde_json::{Map, Value, json};

use crate::access::Statements;

/// A text as JavaScript's `String(…)` makes one of anything that is given (zod's `z.coerce.string()`).
#[derive(Debug, Clone)]
pub(crate) struct Coerced(pub(crate) String);

impl Field for Coerced {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        match value {
            text @ Some(Value::String(_)) => String::read(text, path, issues).map(Self),
            None => {
                issues.expected(path, "nonoptional", None);
                None
            }
            Some(Value::Object(_)) => Some(Self("[object Object]".to_owned())),
            Some(other) => Some(Self(other.to_string())),
        }
    }
    fn shape() -> Shape {
        Shape::text()
    }
}

/// One role, or several.
#[derive(Debug, Clone)]
pub(crate) struct Roles(pub(crate) Vec<String>);

impl Roles {
    /// As they are kept.
    pub(crate) fn joined(&self) -> String {
        self.0.join(",")
    }
}

impl Field for Roles {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        match value {
            text @ Some(Value::String(_)) => String::read(text, path, issues).map(|one| Self(vec![one])),
            Some(Value::Array(all)) if all.iter().all(Value::is_string) => {
                all.iter().map(|one| String::read(Some(one), path, issues)).collect::<Option<_>>().map(Self)
            }
            _ => {
                issues.note(path, "Invalid input");
                None
            }
        }
    }
    fn shape() -> Shape {
        Shape(json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}))
    }
}

/// A number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number(pub(crate) f64);

impl Field for Number {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        let number = value.and_then(Value::as_f64).filter(|number| number.is_finite());
        if number.is_none() {
            issues.expected(path, "number", value);
        }
        number.map(Self)
    }
    fn shape() -> Shape {
        Shape(json!({"type": "number"}))
    }
}

/// Actions by resource, as a body says them; `None` when it says something else.
pub(crate) fn statements(value: Option<&Value>) -> Option<Statements> {
    let all: &Map<String, Value> = value?.as_object()?;
    let actions = |value: &Value| -> Option<Vec<String>> {
        value.as_array()?.iter().map(|action| action.as_str().map(str::to_owned)).collect()
    };
    all.iter().map(|(resource, value)| Some((resource.clone(), actions(value)?))).collect()
}
