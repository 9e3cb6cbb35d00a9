//! Tokens of links: kept in `verification`, hashed or in plain, good once and for a while. Codes that people type are in
//! [`crate::one_time_code`].

use std::time::Duration;

use crate::app::App;
use crate::config::TokenStorage;
use crate::db::{DbError, Insert};
use crate::keyring::digest;
use crate::store::{On, Verification, Verifications};
use crate::timestamp::Timestamp;

/// Of what tokens are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// `[a-zA-Z]`: 5.7 bits each.
    Letters,
    /// `[a-zA-Z0-9]`: 5.95 bits each.
    LettersAndDigits,
}

const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// How long the hash of a token is. None is as long: a hash that was read in the database is no token in plain.
const HASH: usize = 43;

/// How one kind of tokens is made and kept. Both forms of storage are honoured, so that a change of the setting ends none.
#[derive(Debug, Clone, Copy)]
pub struct LinkTokens {
    /// What a token is made of.
    pub alphabet: Alphabet,
    /// How long it is.
    pub length: usize,
    /// What stands before the hash of a token in its `identifier`.
    pub hashed_as: &'static str,
    /// What stands before a token in plain (Better Auth's form).
    pub plain_as: &'static str,
    /// How new ones are kept.
    pub storage: TokenStorage,
    /// How long each lives.
    pub expires_in: Duration,
}

impl LinkTokens {
    /// A new token.
    pub fn draw(&self, app: &App) -> String {
        match self.alphabet {
            Alphabet::Letters => app.keyring.random_from(LETTERS, self.length),
            Alphabet::LettersAndDigits => app.keyring.random_alphanumeric(self.length),
        }
    }

    /// The row of a new token, which says `value` to whoever presents it.
    pub fn row(&self, app: &App, token: &str, value: String) -> Insert {
        let now = app.clock.now();
        let identifier = match self.storage {
            TokenStorage::Hashed => self.hashed(token),
            TokenStorage::Plain => self.plain(token),
        };
        let expires_at = now.plus(self.expires_in);
        Verifications::row(&Verification { id: app.new_id(), identifier, value, expires_at }, now, now)
    }

    /// The row for a recipient: of a new token where somebody gets the mail, and then of what it says; else of as much as
    /// that, `octets`, for nobody.
    pub fn row_or_decoy(&self, app: &App, token: &str, value: Option<String>, octets: usize) -> Insert {
        match value {
            Some(value) => self.row(app, token, value),
            None => Verifications::decoy(app, octets),
        }
    }

    /// What a live token says; it stays. `None` also for what cannot be a token.
    pub async fn look(
        &self,
        on: impl Into<On<'_>>,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<String>, DbError> {
        let Some([hashed, plain]) = self.identifiers(token) else { return Ok(None) };
        Verifications::look_either(on, [&hashed, &plain], now).await
    }

    /// As [`LinkTokens::look`], and uses it up: exactly one of any number of callers gets what it says.
    pub async fn consume(
        &self,
        on: impl Into<On<'_>>,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<String>, DbError> {
        let Some([hashed, plain]) = self.identifiers(token) else { return Ok(None) };
        Verifications::consume_either(on, [&hashed, &plain], now).await
    }

    fn hashed(&self, token: &str) -> String {
        format!("{}{}", self.hashed_as, digest(token))
    }

    fn plain(&self, token: &str) -> String {
        format!("{}{token}", self.plain_as)
    }

    /// Both forms in which a token may be kept; none for what cannot be a token.
    fn identifiers(&self, token: &str) -> Option<[String; 2]> {
        debug_assert_ne!(self.length, HASH, "a hash would pass as a token in plain");
        let fits = |octet: u8| match self.alphabet {
            Alphabet::Letters => octet.is_ascii_alphabetic(),
            Alphabet::LettersAndDigits => octet.is_ascii_alphanumeric(),
        };
        let is_one = token.len() == self.length && token.bytes().all(fits);
        is_one.then(|| [self.hashed(token), self.plain(token)])
    }
}
