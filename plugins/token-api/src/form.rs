//! What somebody new sends: declared fields, each checked by itself, so that a form can show what is wrong where it is.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::{ErrorCode, FIELD_NOT_ALLOWED, INVALID_EMAIL, MISSING_FIELD};
use guichet_core::http::{Field as _, Issues as Noted, Visit};
use guichet_core::schema::Column;
use guichet_core::serde_json::{Map, Value};
use guichet_core::store::take_input;

use crate::refusal::Issues;
use crate::user::snake;
use crate::{INVALID_TYPE, UNKNOWN_FIELD};

const OWN: [&str; 4] = ["name", "email", "password", "image"];

/// A sign-up that can be tried.
pub(crate) struct Registration {
    pub(crate) name: String,
    pub(crate) email: EmailAddress,
    pub(crate) password: String,
    pub(crate) image: Option<String>,
    /// Additional columns, by their own names.
    pub(crate) fields: Map<String, Value>,
}

/// The names under which fields are sent: the core's own, and the additional columns in snake case.
pub(crate) fn names(visit: &Visit) -> Vec<String> {
    let additional = visit.app().users.extra_columns().map(|column| snake(&column.name));
    OWN.iter().map(|&name| name.to_owned()).chain(additional).collect()
}

/// A sign-up that cannot be tried: what is wrong with it, and what can be looked at further.
pub(crate) struct Unreadable {
    pub(crate) issues: Issues,
    pub(crate) password: Option<String>,
    pub(crate) fields: Map<String, Value>,
}

/// Reads a sign-up, or says every field that is missing, of another form, not to be set, or unknown.
pub(crate) fn read(
    visit: &Visit,
    sent: &Map<String, Value>,
) -> std::result::Result<Registration, Box<Unreadable>> {
    let mut issues = Issues::default();
    let name = required(visit, sent, "name", &mut issues);
    let email = required(visit, sent, "email", &mut issues).and_then(|text| {
        let read = EmailAddress::parse_international(&text);
        if read.is_none() {
            issues.note(visit, "email", INVALID_EMAIL);
        }
        read
    });
    let password = required(visit, sent, "password", &mut issues);
    let image = match sent.get("image") {
        None | Some(Value::Null) => None,
        Some(given) => text(given).or_else(|| {
            issues.note(visit, "image", INVALID_TYPE);
            None
        }),
    };
    let mut fields = Map::new();
    let columns: Vec<Column> = visit.app().users.extra_columns().cloned().collect();
    for (wire, given) in sent.iter().filter(|(wire, _)| !OWN.contains(&wire.as_str())) {
        let Some(column) = columns.iter().find(|column| snake(&column.name) == **wire) else {
            issues.note(visit, wire, UNKNOWN_FIELD);
            continue;
        };
        match wrong(column, given) {
            Some(code) => issues.note(visit, wire, code),
            None => {
                fields.insert(column.name.to_string(), given.clone());
            }
        }
    }
    for column in columns.iter().filter(|c| c.required && c.input && c.default.is_none()) {
        let wire = snake(&column.name);
        if !sent.contains_key(&wire) {
            issues.note(visit, &wire, MISSING_FIELD);
        }
    }
    match (name, email, password) {
        (Some(name), Some(email), Some(password)) if issues.is_empty() => {
            Ok(Registration { name, email, password, image, fields })
        }
        (_, _, password) => Err(Box::new(Unreadable { issues, password, fields })),
    }
}

/// What is wrong with the value of an additional column, if anything.
fn wrong(column: &Column, given: &Value) -> Option<ErrorCode> {
    if !column.input {
        return Some(FIELD_NOT_ALLOWED);
    }
    let alone: Map<String, Value> = [(column.name.to_string(), given.clone())].into_iter().collect();
    take_input(std::slice::from_ref(column), &alone).is_err().then_some(INVALID_TYPE)
}

/// A text that must be there, and not be empty.
fn required(visit: &Visit, sent: &Map<String, Value>, field: &str, issues: &mut Issues) -> Option<String> {
    match sent.get(field) {
        None | Some(Value::Null) => issues.note(visit, field, MISSING_FIELD),
        Some(given) => match text(given) {
            Some(text) if text.trim().is_empty() => issues.note(visit, field, MISSING_FIELD),
            Some(text) => return Some(text),
            None => issues.note(visit, field, INVALID_TYPE),
        },
    }
    None
}

/// A text that the database can hold.
pub(crate) fn text(given: &Value) -> Option<String> {
    String::read(Some(given), "", &mut Noted::default())
}
