//! Codes at rest, and the one place where a code is checked.

use guichet_core::app::App;
use guichet_core::db::{Db, DbError, FromRow, Row, Tx};
use guichet_core::error::{Error, Result, bad_request, forbidden};
use guichet_core::keyring::{digest, equal_in_constant_time};
use guichet_core::schema::{Column, Kind, Table};
use guichet_core::store::{Verification, Verifications};
use guichet_core::timestamp::Timestamp;

use crate::number::PhoneNumber;
use crate::options::{CodeStorage, Options};
use crate::{INVALID_OTP, OTP_EXPIRED, OTP_NOT_FOUND, TOO_MANY_ATTEMPTS};

/// Wrong tries per number. A row also makes parallel tries of one number wait for each other.
pub(crate) fn table() -> Table {
    Table::new("phoneNumberBudget")
        .column(Column::id())
        .column(Column::integer("tries").required())
        .column(Column::new("windowEndsAt", Kind::BigInteger).required().indexed())
}

/// What a code is for. A code for one purpose is never right for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Proves the number: signs in, or adds it to an account.
    Verify,
    /// Sets a new password.
    Reset,
}

impl Purpose {
    /// The `identifier` of its rows (contract, section 6).
    fn identifier(self, number: &PhoneNumber) -> String {
        match self {
            Self::Verify => number.as_str().to_owned(),
            Self::Reset => format!("{}-request-password-reset", number.as_str()),
        }
    }
}

/// What a check does to a right code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Uses it up.
    Consume,
    /// Leaves it.
    Look,
}

/// What is checked, or kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) number: &'a PhoneNumber,
    pub(crate) code: &'a str,
}

/// A right code, or a refusal that must be answered after the transaction is committed: the count has to stay.
pub(crate) type Verdict = std::result::Result<(), Error>;

/// Keeps a new code in the place of older ones.
pub(crate) async fn keep(app: &App, options: &Options, tx: &mut Tx, claim: Claim<'_>) -> Result<(), DbError> {
    let (now, identifier) = (app.clock.now(), claim.purpose.identifier(claim.number));
    let kept = match options.storage {
        CodeStorage::Plain => claim.code.to_owned(),
        CodeStorage::Hmac => app.keyring.keyed_hash(&identifier, claim.code),
    };
    Verifications::delete_all(&mut *tx, &identifier).await?;
    let value = format!("{kept}:0");
    let row =
        Verification { id: app.new_id(), identifier, value, expires_at: now.plus(options.expires_in.0) };
    Verifications::insert(tx, &row, now).await
}

/// Keeps what looks like a code and is none, for a number that gets no message: wrong tries and the end of its life are
/// answered as for everybody.
pub(crate) async fn keep_decoy(
    app: &App,
    options: &Options,
    tx: &mut Tx,
    claim: Claim<'_>,
) -> Result<(), DbError> {
    // Longer than any code, and told to nobody.
    let nobodys = app.keyring.random_alphanumeric(32);
    keep(app, options, tx, Claim { code: &nobodys, ..claim }).await
}

/// Counts a try in one statement, which also makes parallel tries of one number wait for each other.
const COUNT_TRY: &str = r#"
insert into "phoneNumberBudget" as b ("id", "tries", "windowEndsAt") values ($1, 1, $3)
on conflict ("id") do update set
  "tries" = case when b."windowEndsAt" <= $2 then 1 else b."tries" + 1 end,
  "windowEndsAt" = case when b."windowEndsAt" <= $2 then $3 else b."windowEndsAt" end
returning "tries""#;

/// Forgets counts whose window has ended.
pub(crate) async fn clean(db: &Db, now: Timestamp) -> Result<u64, DbError> {
    db.query(r#"delete from "phoneNumberBudget" where "windowEndsAt" <= $1"#)
        .bind(now.millis())
        .execute()
        .await
}

struct Tries(i64);

impl FromRow for Tries {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self(row.get("tries")?))
    }
}

/// Checks a code. Exactly one of any number of parallel right tries gets a right verdict when `usage` consumes.
/// The caller commits `tx` in either case.
pub(crate) async fn check(
    app: &App,
    options: &Options,
    tx: &mut Tx,
    claim: Claim<'_>,
    usage: Use,
) -> Result<Verdict> {
    let now = app.clock.now();
    let identifier = claim.purpose.identifier(claim.number);
    let key = digest(&identifier);
    let ends = now.plus(options.budget_window.0).millis();
    let Tries(tries) = tx.query(COUNT_TRY).bind(&key).bind(now.millis()).bind(ends).one().await?;
    if tries > i64::from(options.tries_per_number) {
        return Ok(Err(forbidden(TOO_MANY_ATTEMPTS)));
    }
    let rows = Verifications::of(&mut *tx, &identifier).await?;
    let newest = rows.first().and_then(|row| Some((row, row.value.rsplit_once(':')?)));
    let Some((row, (kept, wrong))) = newest else {
        forgive(tx, &key).await?;
        return Ok(Err(bad_request(OTP_NOT_FOUND)));
    };
    if row.expires_at <= now {
        forgive(&mut *tx, &key).await?;
        Verifications::delete_all(tx, &identifier).await?;
        return Ok(Err(bad_request(OTP_EXPIRED)));
    }
    // What cannot be read counts as spent.
    let wrong = wrong.parse().unwrap_or(u32::MAX);
    if wrong >= options.tries_per_code {
        Verifications::delete_all(tx, &identifier).await?;
        return Ok(Err(forbidden(TOO_MANY_ATTEMPTS)));
    }
    if !is_right(app, options, &identifier, claim.code, kept) {
        let value = format!("{kept}:{}", wrong + 1);
        Verifications::set_value(tx, &row.id, &value, now).await?;
        return Ok(Err(bad_request(INVALID_OTP)));
    }
    if usage == Use::Consume {
        Verifications::delete_all(&mut *tx, &identifier).await?;
    }
    forgive(tx, &key).await?;
    Ok(Ok(()))
}

/// A right code, or none to guess at, is no wrong try.
async fn forgive(tx: &mut Tx, key: &str) -> Result<(), DbError> {
    tx.query(r#"update "phoneNumberBudget" set "tries" = "tries" - 1 where "id" = $1"#)
        .bind(key)
        .execute()
        .await
        .map(drop)
}

/// Whatever way it was kept, and under whichever secret; plain ones only where the settings keep them so.
fn is_right(app: &App, options: &Options, identifier: &str, code: &str, kept: &str) -> bool {
    let plain = (options.storage == CodeStorage::Plain).then(|| code.to_owned());
    let mut all = app.keyring.keyed_hashes(identifier, code).into_iter().chain(plain);
    all.any(|one| equal_in_constant_time(&one, kept))
}
