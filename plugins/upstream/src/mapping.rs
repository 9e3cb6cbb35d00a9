//! Who its answer speaks of, read by JSON pointers.

use std::time::Duration;

use guichet_core::account_tokens::Tokens;
use guichet_core::db::Value;
use guichet_core::email_address::EmailAddress;
use guichet_core::schema::{Column, Kind};
use guichet_core::store::Fields;
use guichet_core::timestamp::Timestamp;
use serde_json::Value as Json;

use crate::failure::Failure;
use crate::options::AnswerOptions;

/// The longest id, in bytes: `accountId` and `id` are indexed.
const LONGEST_ID: usize = 128;
/// The longest life that is believed, in seconds: a longer one has no end.
const LONGEST_LIFE: u64 = 31_536_000_000;

/// Somebody, as it knows them.
pub(crate) struct Identity {
    pub(crate) id: String,
    /// The address that it gives; `None` where the settings do not say where.
    pub(crate) email: Option<EmailAddress>,
    /// Whether it says that the address is proven.
    pub(crate) email_verified: Option<bool>,
    pub(crate) name: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) columns: Fields,
    pub(crate) tokens: Tokens,
}

/// What stands at a pointer; a null is nothing.
pub(crate) fn at<'a>(answer: &'a Json, pointer: &str) -> Option<&'a Json> {
    if pointer.is_empty() { None } else { answer.pointer(pointer).filter(|value| !value.is_null()) }
}

pub(crate) fn text(answer: &Json, pointer: &str) -> Option<String> {
    let text = at(answer, pointer)?.as_str()?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// When a token ends whose life is told in seconds, as a number or a text.
pub(crate) fn end(answer: &Json, pointer: &str, now: Timestamp) -> Option<Timestamp> {
    let seconds = match at(answer, pointer)? {
        Json::Number(number) => number.as_u64()?,
        Json::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (seconds < LONGEST_LIFE).then(|| now.plus(Duration::from_secs(seconds)))
}

/// A text or a whole number; numbers keep every digit.
fn id(value: &Json) -> Option<String> {
    let id = match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return None,
    };
    let good = !id.is_empty() && id.len() <= LONGEST_ID && !id.chars().any(char::is_control);
    good.then_some(id)
}

impl AnswerOptions {
    /// Pointers that are none.
    pub(crate) fn wrong(&self) -> Vec<String> {
        let named = [
            ("id", &self.id),
            ("email", &self.email),
            ("email_verified", &self.email_verified),
            ("name", &self.name),
            ("image", &self.image),
            ("access_token", &self.access_token),
            ("refresh_token", &self.refresh_token),
            ("expires_in", &self.expires_in),
        ];
        let columns = self.columns.iter().map(|(name, pointer)| (format!("columns.{name}"), pointer));
        let all = named.into_iter().map(|(key, pointer)| (key.to_owned(), pointer)).chain(columns);
        let mut wrong: Vec<_> = all
            .filter(|(_, pointer)| !pointer.is_empty() && !pointer.starts_with('/'))
            .map(|(key, pointer)| format!("answer.{key} = {pointer:?} must be a JSON pointer: \"/user/id\""))
            .collect();
        if self.id.is_empty() {
            wrong.push("answer.id must say where the answer has the id".to_owned());
        }
        wrong
    }

    /// Who it is. An answer without an id, or with an address that is none, cannot be used.
    pub(crate) fn read(
        &self,
        answer: &Json,
        columns: &[Column],
        now: Timestamp,
    ) -> Result<Identity, Failure> {
        let found = at(answer, &self.id).ok_or_else(|| Failure::unusable("it names nobody (answer.id)"))?;
        let id = id(found).ok_or_else(|| Failure::unusable("its id is neither a text nor a whole number"))?;
        let email = if self.email.is_empty() {
            None
        } else {
            let given = text(answer, &self.email).and_then(|text| EmailAddress::parse_international(&text));
            Some(given.ok_or_else(|| Failure::unusable("it gives no address (answer.email)"))?)
        };
        let access_ends = end(answer, &self.expires_in, now);
        Ok(Identity {
            id,
            email,
            email_verified: at(answer, &self.email_verified).and_then(Json::as_bool),
            name: text(answer, &self.name),
            image: text(answer, &self.image),
            columns: self.columns(answer, columns),
            tokens: Tokens {
                access: text(answer, &self.access_token),
                refresh: text(answer, &self.refresh_token),
                access_ends,
                ..Tokens::default()
            },
        })
    }

    /// What it says about further columns; what is not of a column's kind is left out, and told in the log.
    fn columns(&self, answer: &Json, columns: &[Column]) -> Fields {
        let mut fields = Fields::default();
        for (name, pointer) in &self.columns {
            let column = columns.iter().find(|column| column.name == name.as_str());
            let Some((column, value)) = column.zip(at(answer, pointer)) else { continue };
            if let Some(value) = typed(column.kind, value) {
                fields.set(name.as_str(), value);
            } else {
                tracing::warn!(event = "upstream.column", column = name, "its value is of another kind");
            }
        }
        fields
    }
}

fn typed(kind: Kind, value: &Json) -> Option<Value> {
    Some(match (kind, value) {
        (Kind::Text, Json::String(text)) => text.clone().into(),
        (Kind::Text, Json::Number(number)) => number.to_string().into(),
        (Kind::Integer, Json::Number(number)) => {
            number.as_i64().filter(|number| i32::try_from(*number).is_ok())?.into()
        }
        (Kind::BigInteger, Json::Number(number)) => number.as_i64()?.into(),
        (Kind::Boolean, Json::Bool(truth)) => (*truth).into(),
        (Kind::Timestamp, Json::String(text)) => Timestamp::parse(text)?.into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(answer: &Json) -> Result<Identity, Failure> {
        let options = AnswerOptions {
            id: "/user/id".to_owned(),
            email: "/user/email".to_owned(),
            ..AnswerOptions::default()
        };
        options.read(answer, &[], Timestamp::parse("2026-01-01T00:00:00Z").unwrap())
    }

    #[test]
    fn ids_are_texts_or_whole_numbers_and_keep_their_digits() {
        for (id, kept) in [
            (json!("a-1"), "a-1"),
            (json!(123), "123"),
            (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
            (json!(-7), "-7"),
        ] {
            let identity = read(&json!({"user": {"id": id, "email": "A@example.com"}})).ok().unwrap();
            assert_eq!(identity.id, kept);
            assert_eq!(identity.email.unwrap().as_str(), "a@example.com");
        }
        for id in [
            json!(null),
            json!(true),
            json!(1.5),
            json!(""),
            json!(" "),
            json!({}),
            json!([1]),
            json!("a\nb"),
            json!("x".repeat(200)),
        ] {
            assert!(read(&json!({"user": {"id": id, "email": "a@example.com"}})).is_err(), "{id}");
        }
        assert!(read(&json!([1, 2])).is_err() && read(&json!("text")).is_err());
    }

    #[test]
    fn an_address_that_is_none_is_no_answer() {
        for email in [json!(null), json!(""), json!("nobody"), json!(7)] {
            assert!(read(&json!({"user": {"id": 1, "email": email}})).is_err(), "{email}");
        }
    }
}
