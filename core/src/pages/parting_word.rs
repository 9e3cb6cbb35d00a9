//! What the next page says about what was just done, after the redirect: a signed cookie holds the key of a message for
//! a minute, so that no address can put words into our mouth, and a reload says it no second time.

use std::time::Duration;

use crate::http::Visit;

const PARTING_WORD: &str = "parting_word";
const LIFE: Duration = Duration::from_mins(1);

/// Lets the next page say the message `key`, which takes no arguments.
pub fn leave(visit: &Visit, key: &str) {
    visit.set_signed_cookie(PARTING_WORD, key, Some(LIFE));
}

/// What an earlier answer left to say, in the visit's language; an empty text when there is nothing.
pub fn take(visit: &Visit) -> String {
    if visit.cookie(PARTING_WORD).is_none() {
        return String::new();
    }
    visit.remove_cookie(PARTING_WORD);
    let key = visit.signed_cookie(PARTING_WORD).unwrap_or_default();
    let words = visit.app().templates.words();
    words.find(visit.language(), &key, &fluent_bundle::FluentArgs::new()).unwrap_or_default()
}
