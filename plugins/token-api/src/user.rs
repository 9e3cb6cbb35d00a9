//! A user as this dialect has them: every column that may leave the server, in snake case.

use guichet_core::app::App;
use guichet_core::serde_json::{Map, Value};
use guichet_core::store::User;

use crate::Options;

/// Beyond it, programs in JavaScript round (`Number.MAX_SAFE_INTEGER`).
const LARGEST: i64 = (1 << 53) - 1;

/// `{id, name, email, email_verified, …}`.
pub(crate) fn json(options: &Options, app: &App, user: &User) -> Value {
    let Value::Object(shown) = app.users.json(user) else { return Value::Null };
    let mut told: Map<String, Value> = shown.into_iter().map(|(name, value)| (snake(&name), value)).collect();
    if let Some(number) = number(&user.id).filter(|_| options.numeric_ids) {
        told.insert("id".to_owned(), number.into());
    }
    Value::Object(told)
}

/// The number that an id is, when it is written as numbers are: an `007` stays a text.
fn number(id: &str) -> Option<i64> {
    let number: i64 = id.parse().ok()?;
    ((0..=LARGEST).contains(&number) && number.to_string() == id).then_some(number)
}

/// `emailVerified` → `email_verified`.
pub(crate) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && after_small {
            snake.push('_');
        }
        after_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{number, snake};

    #[test]
    fn names_are_in_snake_case() {
        for (name, snaked) in [
            ("id", "id"),
            ("emailVerified", "email_verified"),
            ("displayUsername", "display_username"),
            ("already_snake", "already_snake"),
            ("Surname", "surname"),
            ("clientId", "client_id"),
            ("credentialID", "credential_id"),
        ] {
            assert_eq!(snake(name), snaked);
        }
    }

    #[test]
    fn only_what_is_written_as_a_number_is_one() {
        assert_eq!(number("123"), Some(123));
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("9007199254740991"), Some(9_007_199_254_740_991));
        for id in ["", "007", "+1", "-1", "1.0", "1e3", "9007199254740992", " 1", "0198c2f0-aaaa", "١٢٣"] {
            assert_eq!(number(id), None, "{id:?}");
        }
    }
}
