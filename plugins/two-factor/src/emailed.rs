//! Codes by e-mail as a second factor: six digits, one at a time, kept as `<hash or code>:<wrong tries>` in
//! `verification` (contract, section 6).

use guichet_core::app::App;
use guichet_core::db::{DbError, Tx};
use guichet_core::one_time_code::{Claim, OneTimeCodes, Use, Verdict};
use guichet_core::store::Verifications;

use crate::options::Options;

/// How many wrong tries a code survives.
const TRIES: u32 = 5;
const DIGITS: usize = 6;

impl Options {
    /// Over all factors, tries are counted on the account's row, which also makes parallel ones wait for each other.
    fn mailed_codes(&self) -> OneTimeCodes {
        OneTimeCodes {
            storage: self.email_codes_storage,
            expires_in: self.email_codes_expire_in.0,
            good_at_once: 1,
            tries_per_code: TRIES,
            budget: None,
        }
    }
}

/// First factors that are surely not the mailbox (RFC 8176, and `fed` for a sign-in elsewhere): beside any other one, a
/// code to it may prove nothing more.
const APART: [&str; 15] = [
    "face", "fed", "fpt", "hwk", "iris", "kba", "pin", "pop", "pwd", "retina", "sc", "sms", "swk", "tel",
    "vbm",
];

/// Whether a mailed code adds a factor to what was proven.
pub(crate) fn adds_to<'a>(amr: impl IntoIterator<Item = &'a str>) -> bool {
    amr.into_iter().any(|proof| APART.contains(&proof))
}

/// A new code.
pub(crate) fn draw(app: &App) -> String {
    app.keyring.random_digits(DIGITS)
}

/// Keeps a code for `key` (a challenge, or a user's session); an earlier one ends.
pub(crate) async fn keep(
    app: &App,
    options: &Options,
    tx: &mut Tx,
    key: &str,
    code: &str,
) -> Result<(), DbError> {
    let identifier = identifier(key);
    Verifications::delete_all(&mut *tx, &identifier).await?;
    options.mailed_codes().keep(app, tx, claim(&identifier, code)).await
}

/// Compares the newest code for `key` with what was typed: a right one is used up, a wrong try is counted. Whoever calls
/// has made parallel tries wait for each other.
pub(crate) async fn check(
    app: &App,
    options: &Options,
    tx: &mut Tx,
    key: &str,
    typed: &str,
) -> Result<Verdict, DbError> {
    options.mailed_codes().check(app, tx, claim(&identifier(key), typed), Use::Consume).await
}

fn claim<'a>(identifier: &'a str, code: &'a str) -> Claim<'a> {
    Claim { identifier, counted_by: identifier, code, binding: "" }
}

fn identifier(key: &str) -> String {
    format!("2fa-otp-{key}")
}
