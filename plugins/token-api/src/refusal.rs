//! How refusals look in this dialect: `{code, message, detail}`, where `detail` is the message again, since clients of
//! `FastAPI` read that; and `errors`, one for each field, where an input is refused.

use guichet_core::error::{Error, ErrorCode};
use guichet_core::http::Visit;
use guichet_core::serde_json::{Map, Value, json};
use http::StatusCode;

use crate::VALIDATION_ERROR;
use crate::user::snake;

/// The form of every refusal here, those of limits and unreadable bodies included.
pub(crate) fn form(body: &mut Map<String, Value>) {
    let message = body.get("message").cloned().unwrap_or_default();
    body.insert("detail".to_owned(), message);
}

/// What is wrong with an input, field by field.
#[derive(Debug, Default)]
pub(crate) struct Issues(Vec<Issue>);

#[derive(Debug)]
struct Issue {
    field: String,
    code: &'static str,
    message: String,
}

impl Issues {
    pub(crate) fn note(&mut self, visit: &Visit, field: &str, code: ErrorCode) {
        self.say(field, code.code, code.message(visit.api_language()).to_owned());
    }

    fn say(&mut self, field: &str, code: &'static str, message: String) {
        self.0.push(Issue { field: field.to_owned(), code, message });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// 422 `VALIDATION_ERROR` with every issue.
    pub(crate) fn into_error(self) -> Error {
        let errors: Vec<Value> = self
            .0
            .into_iter()
            .map(|Issue { field, code, message }| json!({"field": field, "code": code, "message": message}))
            .collect();
        Error::coded(StatusCode::UNPROCESSABLE_ENTITY, VALIDATION_ERROR).with("errors", errors)
    }
}

/// The field that a refusal is about, when it is about one, and its code.
fn field_of<'a>(fields: &'a [String], refusal: &Error) -> Option<(&'a String, &'static str)> {
    let of_input = matches!(refusal.status(), StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY);
    let about = snake(refusal.field().filter(|_| of_input)?);
    Some((fields.iter().find(|field| **field == about)?, refusal.code()?))
}

impl Issues {
    /// Adds a refusal of the core's or of a plugin's that is about one of `fields`, unless something is noted about that
    /// field already; its code declares which. One that is about none of them comes back.
    pub(crate) fn add(&mut self, visit: &Visit, fields: &[String], refusal: Error) -> Result<(), Error> {
        let Some((field, code)) = field_of(fields, &refusal) else { return Err(refusal) };
        if !self.0.iter().any(|issue| issue.field == *field) {
            self.say(field, code, refusal.message(visit.api_language()).into_owned());
        }
        Ok(())
    }
}
