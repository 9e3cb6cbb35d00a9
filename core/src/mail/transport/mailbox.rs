//! The mailbox of development and tests: keeps mails in memory and shows them on the terminal.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use regex::Regex;

use super::{Letter, SendError, Transport};

const KEPT: usize = 200;

/// The newest 200 mails.
#[derive(Default)]
pub struct Mailbox {
    letters: Mutex<VecDeque<Letter>>,
    prints: bool,
}

impl Mailbox {
    /// A mailbox that prints nothing, for tests.
    pub fn new() -> Self {
        Self::default()
    }

    /// A mailbox that shows each mail on standard error, for development.
    pub fn printing() -> Self {
        Self { prints: true, ..Self::default() }
    }

    /// Every mail that is kept, newest first.
    pub fn list(&self) -> Vec<Letter> {
        self.letters().iter().rev().cloned().collect()
    }

    /// The mail with this outbox id.
    pub fn get(&self, id: &str) -> Option<Letter> {
        self.letters().iter().find(|letter| letter.id == id).cloned()
    }

    /// A mail is never half written, so a panic elsewhere does not spoil the list.
    fn letters(&self) -> MutexGuard<'_, VecDeque<Letter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Transport for Mailbox {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        {
            let mut letters = self.letters();
            // As a mail server does that sees a Message-ID again.
            letters.retain(|known| known.id != letter.id);
            letters.push_back(letter.clone());
            if letters.len() > KEPT {
                letters.pop_front();
            }
        }
        if self.prints {
            // Development goes on when the terminal is gone.
            let _ = std::io::stderr().lock().write_all(framed(letter).as_bytes());
        }
        Ok(())
    }
}

static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b[0-9]{6,10}\b").ok());
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"https?://[^\s<>"]+"#).ok());

/// What the mail is about: the first code of its text (six to ten digits), or else the first link.
pub fn highlight(text: &str) -> Option<&str> {
    let link = LINK.as_ref()?.find(text);
    // Digits inside a link are a part of it, not a code.
    let code = CODE.as_ref()?.find_iter(text).find(|c| link.is_none_or(|l| !l.range().contains(&c.start())));
    code.or(link).map(|found| found.as_str())
}

fn framed(letter: &Letter) -> String {
    let mut lines = vec![format!("to       {}", letter.to), format!("subject  {}", letter.subject)];
    if let Some(found) = highlight(&letter.text) {
        lines.push(format!("         {found}"));
    }
    let mut block = "┌─ mail ───────────────────────────\n".to_owned();
    for line in lines {
        // The terminal obeys control characters.
        block.push_str("│ ");
        block.extend(line.chars().filter(|c| !c.is_control()));
        block.push('\n');
    }
    block.push_str("└──────────────────────────────────\n");
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::transport::letter;

    #[tokio::test]
    async fn the_newest_mails_are_kept_and_the_newest_comes_first() {
        let mailbox = Mailbox::new();
        for number in 0..250 {
            mailbox.send(&Letter { id: number.to_string(), ..letter("alice@example.fr") }).await.unwrap();
        }
        let ids: Vec<_> = mailbox.list().into_iter().map(|l| l.id).collect();
        assert_eq!((ids.len(), ids[0].as_str(), ids[199].as_str()), (200, "249", "50"));
        assert!(mailbox.get("249").is_some() && mailbox.get("49").is_none());
    }

    #[test]
    fn the_code_or_the_link_is_found() {
        assert_eq!(highlight("Votre code : 123456.\nIl vaut 10 minutes."), Some("123456"));
        assert_eq!(highlight("Ouvrez https://x.fr/v?token=a1 ."), Some("https://x.fr/v?token=a1"));
        assert_eq!(highlight("Ouvrez https://x.fr/123456/v"), Some("https://x.fr/123456/v"));
        assert_eq!(highlight("Votre code : 12345678."), Some("12345678"));
        assert_eq!(highlight("12345 ou 12345678901"), None);
    }

    #[test]
    fn the_terminal_shows_a_short_block_and_obeys_nothing_in_it() {
        let sneaky = Letter { subject: "Bonjour\u{1b}[2J\n".into(), ..letter("alice@example.fr") };
        let block = framed(&sneaky);
        assert!(block.contains("alice@example.fr") && block.contains("123456") && !block.contains('\u{1b}'));
        assert_eq!(block.lines().count(), 5);
    }
}
