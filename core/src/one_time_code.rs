//! Codes that people type: kept in `verification` as `<hash or code>:<wrong tries>` (contract, section 6), compared in one
//! place. A wrong try counts twice: at each code that it might have been, and in a budget of the recipient that no new
//! code renews.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::config::Span;
use crate::db::{Db, DbError, Insert, Tx};
use crate::error::{Error, ErrorCode, INVALID_OTP, OTP_EXPIRED, TOO_MANY_ATTEMPTS, bad_request, forbidden};
use crate::keyring::{digest, equal_in_constant_time};
use crate::schema::{Column, Kind, Table};
use crate::store::{Verification, Verifications};
use crate::timestamp::Timestamp;

/// How codes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeStorage {
    /// As a keyed hash: who reads the database learns no code.
    Hmac,
    /// As they are.
    Plain,
}

impl CodeStorage {
    /// A code of `identifier` as it is kept.
    pub fn at_rest(self, app: &App, identifier: &str, code: &str) -> String {
        match self {
            Self::Plain => code.to_owned(),
            Self::Hmac => app.keyring.keyed_hash(identifier, code),
        }
    }

    /// As it may have been kept, under whichever secret: a rotation ends no code. One in plain is honoured only where
    /// codes are kept so.
    fn forms(self, app: &App, identifier: &str, code: &str) -> impl Iterator<Item = String> + use<> {
        let plain = (self == Self::Plain).then(|| code.to_owned());
        app.keyring.keyed_hashes(identifier, code).into_iter().chain(plain)
    }
}

/// How many wrong tries one recipient has, however many codes they ask for.
#[derive(Debug, Clone, Copy)]
pub struct TryBudget {
    /// The table of counts ([`TryBudget::table`]).
    pub table: &'static str,
    /// So many.
    pub tries: u32,
    /// In so long.
    pub window: Duration,
}

impl TryBudget {
    /// The fewest tries that make sense: the first one of a window stays counted although it is right, so that with one
    /// only every second right code would be taken.
    pub const FEWEST: u32 = 2;

    /// A table of counts. A row also serialises all tries of one recipient: whoever counts first goes first.
    pub fn table(name: &'static str) -> Table {
        Table::new(name)
            .column(Column::id())
            .column(Column::integer("tries").required())
            .column(Column::new("windowEndsAt", Kind::BigInteger).required().indexed())
    }

    /// Forgets counts whose window has ended.
    pub async fn clean(table: &'static str, db: &Db, now: Timestamp) -> Result<u64, DbError> {
        let sql = format!(r#"delete from "{table}" where "windowEndsAt" <= $1"#);
        db.query(&sql).bind(now.millis()).execute().await
    }

    /// Counts a try in one statement, which also makes parallel tries of one recipient wait for each other.
    async fn count(&self, tx: &mut Tx, key: &str, now: Timestamp) -> Result<i64, DbError> {
        let sql = format!(
            r#"insert into "{}" as b ("id", "tries", "windowEndsAt") values ($1, 1, $3)
               on conflict ("id") do update set
                 "tries" = case when b."windowEndsAt" <= $2 then 1 else b."tries" + 1 end,
                 "windowEndsAt" = case when b."windowEndsAt" <= $2 then $3 else b."windowEndsAt" end
               returning "tries""#,
            self.table
        );
        let ends = now.plus(self.window).millis();
        tx.query(&sql).bind(key).bind(now.millis()).bind(ends).scalar().await?.ok_or(DbError::NoRow)
    }

    /// A right code, or none to guess at, is no wrong try. The first one of a window stays counted all the same: most
    /// people type it right once, and need no statement for it; a second one makes up for it.
    async fn forgive(&self, tx: &mut Tx, key: &str, tries: i64) -> Result<(), DbError> {
        if tries <= 1 {
            return Ok(());
        }
        let sql = format!(r#"update "{}" set "tries" = "tries" - 1 where "id" = $1"#, self.table);
        tx.query(&sql).bind(key).execute().await.map(drop)
    }
}

/// How one kind of codes is kept and tried.
#[derive(Debug, Clone, Copy)]
pub struct OneTimeCodes {
    /// How they are kept.
    pub storage: CodeStorage,
    /// How long each lives.
    pub expires_in: Duration,
    /// How many of one identifier are good at once: the newest ones.
    pub good_at_once: usize,
    /// How many wrong tries each survives.
    pub tries_per_code: u32,
    /// How many the recipient has; `None` where whoever checks counts by itself, and has made parallel tries wait for each
    /// other.
    pub budget: Option<TryBudget>,
}

/// A code, and what it is for. Not to be shown.
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    /// The `identifier` of its rows: purpose and recipient.
    pub identifier: &'a str,
    /// What the budget goes by: the identifier, or the recipient alone where each code has an identifier of its own.
    pub counted_by: &'a str,
    /// The code.
    pub code: &'a str,
    /// What binds it to the browser that asked for it; empty where there is none.
    pub binding: &'a str,
}

/// What a check does to a right code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Uses it up.
    Consume,
    /// Leaves it.
    Look,
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the code.
    Right,
    /// It is not.
    Wrong,
    /// There was one, until a while ago.
    Expired,
    /// There is none.
    Unknown,
    /// Too many were wrong: of this code, or of this recipient.
    Spent,
}

impl Verdict {
    /// What whoever typed the code is told: nothing when it is right. `unknown` is for one that was never asked for.
    pub fn refusal(self, unknown: ErrorCode) -> Option<Error> {
        match self {
            Self::Right => None,
            Self::Wrong => Some(bad_request(INVALID_OTP)),
            Self::Unknown => Some(bad_request(unknown)),
            Self::Expired => Some(bad_request(OTP_EXPIRED)),
            Self::Spent => Some(forbidden(TOO_MANY_ATTEMPTS)),
        }
    }
}

/// What was meant by what somebody typed: spaces and dashes are how codes are printed.
pub fn typed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// What cannot be meant of the settings of codes that are sent to people, one text each. `budget` is the key of the setting
/// that says how many tries a recipient has, and what it says.
pub fn wrong_settings(
    digits: usize,
    expires_in: Span,
    tries_per_code: u32,
    (key, tries): (&str, u32),
) -> Vec<String> {
    let mut wrong = Vec::new();
    if !(6..=10).contains(&digits) {
        wrong.push(format!("digits = {digits}: must be 6 to 10"));
    }
    if expires_in > Span::minutes(10) || expires_in < Span::minutes(1) {
        wrong.push("expires_in must be between 1m and 10m".to_owned());
    }
    if tries_per_code == 0 {
        wrong.push("tries_per_code must be at least 1".to_owned());
    }
    if tries < TryBudget::FEWEST {
        wrong.push(format!("{key} must be at least {}", TryBudget::FEWEST));
    }
    wrong
}

impl OneTimeCodes {
    /// Keeps a new code: one row.
    pub async fn keep(&self, app: &App, tx: &mut Tx, claim: Claim<'_>) -> Result<(), DbError> {
        tx.write(vec![self.row(app, claim)]).await
    }

    /// The row of a new code, to be written together with the message that carries it.
    pub fn row(&self, app: &App, claim: Claim<'_>) -> Insert {
        let now = app.clock.now();
        let kept = bound(self.storage.at_rest(app, claim.identifier, claim.code), claim);
        let row = Verification {
            id: app.new_id(),
            identifier: claim.identifier.to_owned(),
            value: format!("{kept}:0"),
            expires_at: now.plus(self.expires_in),
        };
        Verifications::row(&row, now, now)
    }

    /// The row of what looks like a code and is none, for a recipient who gets no message, to be written together with
    /// the decoy of one: wrong tries and the end of its life are answered as for everybody, so that neither tells who has
    /// an account.
    pub fn decoy_row(&self, app: &App, claim: Claim<'_>) -> Insert {
        // Longer than any code, and told to nobody.
        let nobodys = app.keyring.random_alphanumeric(32);
        self.row(app, Claim { code: &nobodys, ..claim })
    }

    /// The row for a recipient: of a new code where they get a message (`is_real`), else of what looks like one.
    pub fn row_or_decoy(&self, app: &App, claim: Claim<'_>, is_real: bool) -> Insert {
        if is_real { self.row(app, claim) } else { self.decoy_row(app, claim) }
    }

    /// As [`OneTimeCodes::check`]. The inner refusal is answered once `tx` is committed: what was counted has to stay.
    /// `unknown` is answered for a code that was never asked for.
    pub async fn checked(
        &self,
        app: &App,
        tx: &mut Tx,
        claim: Claim<'_>,
        usage: Use,
        unknown: ErrorCode,
    ) -> Result<Result<(), Error>, DbError> {
        Ok(self.check(app, tx, claim, usage).await?.refusal(unknown).map_or(Ok(()), Err))
    }

    /// Checks a code. Exactly one of any number of parallel right tries gets [`Verdict::Right`] when `usage` consumes.
    /// The caller commits `tx` whatever the verdict: what was counted has to stay. Only after a right one may it roll back
    /// instead, which leaves the code good.
    pub async fn check(
        &self,
        app: &App,
        tx: &mut Tx,
        claim: Claim<'_>,
        usage: Use,
    ) -> Result<Verdict, DbError> {
        let Some(budget) = self.budget else { return self.compare(app, tx, claim, usage).await };
        let key = digest(claim.counted_by);
        let tries = budget.count(tx, &key, app.clock.now()).await?;
        if tries > i64::from(budget.tries) {
            return Ok(Verdict::Spent);
        }
        let verdict = self.compare(app, tx, claim, usage).await?;
        if matches!(verdict, Verdict::Right | Verdict::Expired | Verdict::Unknown) {
            budget.forgive(tx, &key, tries).await?;
        }
        Ok(verdict)
    }

    /// Whether another try makes sense: a code lives, and has tries left.
    pub async fn is_open(&self, app: &App, tx: &mut Tx, identifier: &str) -> Result<bool, DbError> {
        let now = app.clock.now();
        let rows: Vec<_> =
            Verifications::of(tx, identifier).await?.into_iter().map(|row| (row, now)).collect();
        let mut codes = rows.iter().take(self.good_at_once).filter_map(Code::read);
        Ok(codes.any(|code| code.row.expires_at > now && code.tries < self.tries_per_code))
    }

    async fn compare(
        &self,
        app: &App,
        tx: &mut Tx,
        claim: Claim<'_>,
        usage: Use,
    ) -> Result<Verdict, DbError> {
        let now = app.clock.now();
        let rows = match usage {
            // All of them at once, and what a wrong try leaves is put back.
            Use::Consume => Verifications::take_all(&mut *tx, claim.identifier).await?,
            Use::Look => {
                let rows = Verifications::of(&mut *tx, claim.identifier).await?;
                rows.into_iter().map(|row| (row, now)).collect()
            }
        };
        let none = rows.is_empty();
        let codes = rows.iter().take(self.good_at_once).filter_map(Code::read);
        let live: Vec<Code<'_>> = codes.filter(|code| code.row.expires_at > now).collect();
        let spent = |code: &Code<'_>| code.tries >= self.tries_per_code;
        if live.iter().all(spent) {
            if usage == Use::Look && !none {
                Verifications::delete_all(&mut *tx, claim.identifier).await?;
            }
            if !live.is_empty() {
                return Ok(Verdict::Spent);
            }
            return Ok(if none { Verdict::Unknown } else { Verdict::Expired });
        }
        if live.iter().any(|code| !spent(code) && self.is_right(app, claim, code.kept)) {
            return Ok(Verdict::Right);
        }
        // A wrong guess was a guess at each of them.
        for code in live {
            let value = format!("{}:{}", code.kept, code.tries + 1);
            match usage {
                Use::Consume => {
                    let row = Verification { value, ..code.row.clone() };
                    Verifications::put_back(&mut *tx, &row, code.made, now).await?;
                }
                Use::Look => Verifications::set_value(&mut *tx, &code.row.id, &value, now).await?,
            }
        }
        Ok(Verdict::Wrong)
    }

    fn is_right(&self, app: &App, claim: Claim<'_>, kept: &str) -> bool {
        let mut forms = self.storage.forms(app, claim.identifier, claim.code);
        forms.any(|form| equal_in_constant_time(&bound(form, claim), kept))
    }
}

/// The value of a row without its count: the code, and the binding's hash behind a `~` when there is one.
fn bound(kept: String, claim: Claim<'_>) -> String {
    if claim.binding.is_empty() { kept } else { format!("{kept}~{}", digest(claim.binding)) }
}

/// A row's value, taken apart.
struct Code<'a> {
    row: &'a Verification,
    made: Timestamp,
    kept: &'a str,
    tries: u32,
}

impl<'a> Code<'a> {
    fn read((row, made): &'a (Verification, Timestamp)) -> Option<Self> {
        let (kept, tries) = row.value.rsplit_once(':')?;
        Some(Self { row, made: *made, kept, tries: tries.parse().ok()? })
    }
}
