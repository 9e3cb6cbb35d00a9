//! What was wrong with a form that was posted, as its template shows it.

use serde::Serialize;

use crate::error::Error;
use crate::http::Visit;

/// Something that a person can mend, or wait for. Templates get it as `trouble`; `trouble.html` shows what concerns a
/// form as a whole.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Trouble {
    /// In words; empty when nothing is wrong.
    pub error: String,
    /// The form's field that it concerns; empty for the whole form.
    pub field: &'static str,
    /// Seconds until another try makes sense; 0 when that is not the trouble.
    pub remaining: u64,
}

impl Trouble {
    /// A message of the words, about one field.
    pub fn at(visit: &Visit, field: &'static str, key: &str) -> Self {
        let error = visit.app().templates.words().plain(visit.language(), key);
        Self { error, field, remaining: 0 }
    }

    /// A refusal, about the form as a whole.
    pub fn of(visit: &Visit, refusal: &Error) -> Self {
        Self {
            error: refusal.message(visit.language()).into_owned(),
            field: "",
            remaining: refusal.retry_after_seconds().unwrap_or_default(),
        }
    }

    /// A refusal, about the field that its code declares where the form has that among `fields`, else about the form as
    /// a whole.
    pub fn of_input(visit: &Visit, refusal: &Error, fields: &[&'static str]) -> Self {
        let field = refusal.field().filter(|field| fields.contains(field));
        Self::of(visit, refusal).about(field.unwrap_or_default())
    }

    /// The same, about one field.
    #[must_use]
    pub fn about(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }
}
