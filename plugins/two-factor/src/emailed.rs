//! Codes by e-mail as a second factor: six digits, one at a time, kept as `<hash or code>:<wrong tries>` in
//! `verification` (contract, section 6).

use guichet_core::app::App;
use guichet_core::db::{DbError, Tx};
use guichet_core::store::{Verification, Verifications};

use crate::options::Options;

/// How many wrong tries a code survives.
const TRIES: u32 = 5;
const DIGITS: usize = 6;

/// The code that may be compared, before it is.
pub(crate) enum Kept {
    /// One is alive.
    Alive(Code),
    /// None was asked for, or it has ended.
    None,
    /// Too many were wrong, and the code is gone.
    Spent,
}

/// A code as it is kept.
pub(crate) struct Code {
    id: String,
    identifier: String,
    kept: String,
    tries: u32,
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
    let (now, identifier) = (app.clock.now(), identifier(key));
    Verifications::delete_all(&mut *tx, &identifier).await?;
    let kept = options.email_codes_storage.at_rest(app, &identifier, code);
    let row = Verification {
        id: app.new_id(),
        identifier,
        value: format!("{kept}:0"),
        expires_at: now.plus(options.email_codes_expire_in.0),
    };
    Verifications::insert(tx, &row, now).await
}

/// The newest code for `key`. Whoever calls has made parallel tries wait for each other.
pub(crate) async fn find(app: &App, tx: &mut Tx, key: &str) -> Result<Kept, DbError> {
    let identifier = identifier(key);
    let rows = Verifications::of(&mut *tx, &identifier).await?;
    let newest = rows.first().filter(|row| row.expires_at > app.clock.now());
    let Some((row, (kept, tries))) = newest.and_then(|row| Some((row, row.value.rsplit_once(':')?))) else {
        return Ok(Kept::None);
    };
    let tries = tries.parse().unwrap_or(TRIES);
    if tries >= TRIES {
        Verifications::delete_all(tx, &identifier).await?;
        return Ok(Kept::Spent);
    }
    Ok(Kept::Alive(Code { id: row.id.clone(), kept: kept.to_owned(), tries, identifier }))
}

impl Code {
    /// Compares it with what was typed: a right one is used up, a wrong try is counted.
    pub(crate) async fn try_with(
        self,
        app: &App,
        options: &Options,
        tx: &mut Tx,
        typed: &str,
    ) -> Result<bool, DbError> {
        let right = options.email_codes_storage.is_that(app, &self.identifier, typed, &self.kept);
        if right {
            Verifications::delete_all(tx, &self.identifier).await?;
        } else {
            let value = format!("{}:{}", self.kept, self.tries + 1);
            Verifications::set_value(tx, &self.id, &value, app.clock.now()).await?;
        }
        Ok(right)
    }
}

fn identifier(key: &str) -> String {
    format!("2fa-otp-{key}")
}
