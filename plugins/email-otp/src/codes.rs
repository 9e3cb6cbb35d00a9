//! Codes at rest, and the one place where a code is checked.

use guichet_core::app::App;
use guichet_core::config::Span;
use guichet_core::db::{Db, DbError, FromRow, Row, Tx};
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result, bad_request, forbidden};
use guichet_core::keyring::{digest, equal_in_constant_time};
use guichet_core::schema::{Column, Kind, Table};
use guichet_core::store::{Verification, Verifications};
use guichet_core::timestamp::Timestamp;

use crate::options::{CodeStorage, Options};
use crate::purpose::Purpose;
use crate::{INVALID_OTP, OTP_EXPIRED, TOO_MANY_ATTEMPTS};

/// Wrong tries per address. A row also serialises all tries of one address: whoever counts first goes first.
pub(crate) fn tables() -> Vec<Table> {
    vec![
        Table::new("emailOtpBudget")
            .column(Column::id())
            .column(Column::integer("tries").required())
            .column(Column::new("windowEndsAt", Kind::BigInteger).required().indexed()),
    ]
}

/// What a check does to a right code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Uses it up.
    Consume,
    /// Leaves it.
    Look,
}

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) email: &'a EmailAddress,
    pub(crate) code: &'a str,
    /// What binds the code to the browser that asked for it; empty for the API, which has no browser.
    pub(crate) binding: &'a str,
    /// The address that the account is to have, where the code changes it; it went there.
    pub(crate) new_address: Option<&'a EmailAddress>,
}

impl<'a> Claim<'a> {
    /// A claim of the API, for the address that the code went to.
    pub(crate) fn new(purpose: Purpose, email: &'a EmailAddress, code: &'a str) -> Self {
        Self { purpose, email, code, binding: "", new_address: None }
    }

    fn identifier(&self) -> String {
        self.purpose.identifier(self.email, self.new_address)
    }
}

/// A right code, or a refusal that must be answered after the transaction is committed: the count has to stay.
pub(crate) type Verdict = std::result::Result<(), Error>;

/// Keeps a new code: one row; with it, older ones than the last few of its purpose go.
pub(crate) async fn keep(app: &App, options: &Options, tx: &mut Tx, claim: Claim<'_>) -> Result<(), DbError> {
    let now = app.clock.now();
    let row = Verification {
        id: app.new_id(),
        identifier: claim.identifier(),
        value: format!("{}:0", at_rest(app, options, claim)),
        expires_at: now.plus(options.expires_in.0),
    };
    Verifications::insert(tx, &row, now).await
}

/// Keeps what looks like a code and is none, for an address that gets no mail: wrong tries and the end of its life are
/// answered as for everybody, so that neither tells who has an account.
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

/// The value of a row without its count: `<hash>` or `<code>`, and the binding's hash behind a `~` when there is one.
fn at_rest(app: &App, options: &Options, claim: Claim<'_>) -> String {
    let kept = match options.storage {
        CodeStorage::Plain => claim.code.to_owned(),
        CodeStorage::Hmac => app.keyring.keyed_hash(&claim.identifier(), claim.code),
    };
    with_binding(kept, claim)
}

fn with_binding(kept: String, claim: Claim<'_>) -> String {
    if claim.binding.is_empty() { kept } else { format!("{kept}~{}", digest(claim.binding)) }
}

/// Counts a try in one statement, which also makes parallel tries of one address wait for each other.
const COUNT_TRY: &str = r#"
insert into "emailOtpBudget" as b ("id", "tries", "windowEndsAt") values ($1, 1, $3)
on conflict ("id") do update set
  "tries" = case when b."windowEndsAt" <= $2 then 1 else b."tries" + 1 end,
  "windowEndsAt" = case when b."windowEndsAt" <= $2 then $3 else b."windowEndsAt" end
returning "tries""#;

/// Forgets counts whose window has ended.
pub(crate) async fn clean(db: &Db, now: Timestamp) -> Result<u64, DbError> {
    db.query(r#"delete from "emailOtpBudget" where "windowEndsAt" <= $1"#).bind(now.millis()).execute().await
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
    let identifier = claim.identifier();
    let key = digest(&identifier);
    let Span(window) = options.budget_window;
    let Tries(tries) =
        tx.query(COUNT_TRY).bind(&key).bind(now.millis()).bind(now.plus(window).millis()).one().await?;
    if tries > i64::from(options.tries_per_address) {
        return Ok(Err(forbidden(TOO_MANY_ATTEMPTS)));
    }
    let rows = Verifications::of(&mut *tx, &identifier).await?;
    let codes: Vec<Code<'_>> = rows.iter().take(options.codes_kept).filter_map(Code::read).collect();
    let live: Vec<&Code<'_>> = codes.iter().filter(|code| code.row.expires_at > now).collect();
    if live.is_empty() {
        forgive(tx, &key, tries).await?;
        return Ok(Err(if Verifications::delete_all(tx, &identifier).await? > 0 {
            bad_request(OTP_EXPIRED)
        } else {
            bad_request(INVALID_OTP)
        }));
    }
    let usable: Vec<&&Code<'_>> = live.iter().filter(|code| code.tries < options.tries_per_code).collect();
    if usable.is_empty() {
        Verifications::delete_all(tx, &identifier).await?;
        return Ok(Err(forbidden(TOO_MANY_ATTEMPTS)));
    }
    if usable.iter().any(|code| code.is_right(app, options, claim)) {
        if usage == Use::Consume {
            Verifications::delete_all(&mut *tx, &identifier).await?;
        }
        forgive(tx, &key, tries).await?;
        return Ok(Ok(()));
    }
    // A wrong guess was a guess at each of them.
    for code in live {
        let value = format!("{}:{}", code.kept, code.tries + 1);
        Verifications::set_value(&mut *tx, &code.row.id, &value, now).await?;
    }
    Ok(Err(bad_request(INVALID_OTP)))
}

/// A right code, or none to guess at, is no wrong try. The first one of a window stays counted all the same: most
/// people type it right once, and need no statement for it; a second one makes up for it.
async fn forgive(tx: &mut Tx, key: &str, tries: i64) -> Result<(), DbError> {
    if tries <= 1 {
        return Ok(());
    }
    tx.query(r#"update "emailOtpBudget" set "tries" = "tries" - 1 where "id" = $1"#)
        .bind(key)
        .execute()
        .await
        .map(drop)
}

/// A row's value, taken apart.
struct Code<'a> {
    row: &'a Verification,
    kept: &'a str,
    tries: u32,
}

impl<'a> Code<'a> {
    fn read(row: &'a Verification) -> Option<Self> {
        let (kept, tries) = row.value.rsplit_once(':')?;
        Some(Self { row, kept, tries: tries.parse().ok()? })
    }

    /// Whatever way it was kept, and under whichever secret: a change of settings ends no code.
    fn is_right(&self, app: &App, options: &Options, claim: Claim<'_>) -> bool {
        let plain = (options.storage == CodeStorage::Plain).then(|| claim.code.to_owned());
        app.keyring
            .keyed_hashes(&claim.identifier(), claim.code)
            .into_iter()
            .chain(plain)
            .any(|kept| equal_in_constant_time(&with_binding(kept, claim), self.kept))
    }
}
