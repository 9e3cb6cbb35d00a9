//! `[password]`

use schemars::JsonSchema;
use serde::Deserialize;

/// Rules for passwords, and how they are kept.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordOptions {
    /// The fewest characters of a new password.
    pub min_length: usize,
    /// The most characters of a password (at least 64; NIST SP 800-63B, section 3.1.1.2).
    pub max_length: usize,
    /// What a character is: `code-points` of the NFC form, or `utf-16` units as typed (parity).
    pub count: Count,
    /// Whether the most common passwords are refused; `false` is parity.
    pub refuse_common: bool,
    /// Words that no password may contain, in any case: the company's name, the product's.
    pub context_words: Vec<String>,
    /// How new passwords are kept: `argon2id`, or `scrypt` in Better Auth's form, which Better Auth can go on
    /// reading (parity). Hashes of other forms are replaced when their owner signs in.
    pub algorithm: Algorithm,
    /// How many passwords are hashed at once; 0 takes the number of processors, at most 2. Each takes 19 MiB.
    pub parallel: usize,
    /// How many wait for their turn; who comes when it is full is told to come back.
    pub queue: usize,
    /// How many wrong passwords an account admits in ten minutes (2 at least), from wherever they come and at
    /// whatever door.
    pub tries_per_account: u32,
    /// How many in a day (2 to 99; NIST SP 800-63B, section 3.2.2). A right one forgives all before it.
    pub tries_per_account_and_day: u32,
}

/// How new passwords are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// RFC 9106: 19 MiB, two passes, one lane, as a PHC text.
    Argon2id,
    /// Better Auth's: `hex(salt):hex(key)`, N = 16384, r = 16, p = 1.
    Scrypt,
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Count {
    /// Code points after NFC.
    #[serde(rename = "code-points")]
    CodePoints,
    /// UTF-16 units, as JavaScript counts.
    #[serde(rename = "utf-16")]
    Utf16,
}

impl Default for PasswordOptions {
    fn default() -> Self {
        Self {
            min_length: 8,
            max_length: 128,
            count: Count::CodePoints,
            refuse_common: true,
            context_words: Vec::new(),
            algorithm: Algorithm::Argon2id,
            parallel: 0,
            queue: 128,
            tries_per_account: 10,
            tries_per_account_and_day: 90,
        }
    }
}

/// The longest password that can be allowed, in characters.
const LONGEST: usize = 4096;

impl PasswordOptions {
    /// What cannot be meant: the key, and what it must be.
    pub(crate) fn wrong(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if self.min_length == 0 {
            wrong.push(("min_length", "must be at least 1".to_owned()));
        }
        if !(64.max(self.min_length)..=LONGEST).contains(&self.max_length) {
            let text = format!("must be 64 to {LONGEST}, and no less than min_length");
            wrong.push(("max_length", text));
        }
        if self.context_words.iter().any(|word| word.trim().chars().count() < 3) {
            let text = "must be words of three letters and more: shorter ones are in too many passwords";
            wrong.push(("context_words", text.to_owned()));
        }
        // With one, a right password would lock its account: the first try stays counted.
        if self.tries_per_account < 2 {
            wrong.push(("tries_per_account", "must be at least 2".to_owned()));
        }
        if !(2..100).contains(&self.tries_per_account_and_day) {
            wrong.push(("tries_per_account_and_day", "must be 2 to 99".to_owned()));
        }
        wrong
    }

    pub(super) fn at_once(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(2);
        if self.parallel == 0 { processors() } else { self.parallel }
    }
}
