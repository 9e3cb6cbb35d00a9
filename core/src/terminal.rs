//! What commands at the terminal share, the product's and the plugins': who is named, what is shown of a stranger's text,
//! and how a refusal is told.

mod table;

use anyhow::{Context as _, anyhow};

use crate::app::App;
use crate::email_address::EmailAddress;
use crate::error::Error;
use crate::language::Language;
use crate::store::User;

pub use table::{list, table};

/// The user who is named by e-mail address or id; an error that says how to look for them when there is none.
pub async fn person(app: &App, who: &str) -> anyhow::Result<User> {
    named(app, who).await?.ok_or_else(|| {
        let by = if who.contains('@') { "the e-mail address" } else { "the e-mail address or id" };
        let part = who.split('@').next().unwrap_or(who);
        anyhow!("no user has {by} {who:?}; look for them with `guichet user list --search {part}`")
    })
}

/// The user who is named by e-mail address or id, if there is one.
pub async fn named(app: &App, who: &str) -> anyhow::Result<Option<User>> {
    let found = match EmailAddress::parse_international(who) {
        Some(email) => app.users.by_email(&app.db, &email).await,
        None => app.users.by_id(&app.db, who).await,
    };
    found.context("the user cannot be read")
}

/// A refusal of the core's in the words that it has for people; a failure with its causes.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err calls")]
pub fn refused(error: Error) -> anyhow::Error {
    let message = error.message(Language::English).into_owned();
    match (error.cause(), error.code()) {
        (Some(cause), _) => anyhow!("{cause:#}"),
        (None, Some(code)) => anyhow!("{message} ({code})"),
        (None, None) => anyhow!("{message}"),
    }
}

/// A stranger's text as a terminal may show it: one line, without what moves the cursor or turns the direction of
/// writing, and not longer than `most` characters.
pub fn plain(text: &str, most: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut kept: Vec<char> = text.chars().filter(|&c| !c.is_control() && !turns(c)).collect();
    if kept.len() > most {
        kept.truncate(most.saturating_sub(1));
        kept.push('…');
    }
    kept.into_iter().collect()
}

/// `1 session`, `2 sessions`.
pub fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_strangers_text_cannot_write_elsewhere_on_the_terminal() {
        assert_eq!(plain("Jean\u{1b}[2J\r\n\u{202e}Dupont", 40), "Jean[2JDupont");
        assert_eq!(plain("abcdef", 4), "abc…");
    }
}
