//! The one place where a second factor is checked: at a sign-in that waits, or inside a session.
//!
//! The first statement counts a try on the account's row, so that parallel tries of one account queue up, whatever the
//! factor and however many sign-ins are open. What was only counted is taken back by rolling back; what has to stay,
//! wrong tries and ended challenges, is committed before it is answered.

use guichet_core::db::Tx;
use guichet_core::error::{
    Error, ErrorCode, Result, SESSION_NOT_FRESH, bad_request, forbidden, unauthorized,
};
use guichet_core::http::Visit;
use guichet_core::one_time_code::Verdict;
use guichet_core::second_factor::Factor;
use guichet_core::session::SignedIn;
use guichet_core::sign_in::Outcome;
use guichet_core::store::User;
use http::StatusCode;

use crate::challenge::{self, Challenge, Try};
use crate::enrolment::{self, Enrolment};
use crate::{
    ACCOUNT_TEMPORARILY_LOCKED, BACKUP_CODES_NOT_ENABLED, INVALID_BACKUP_CODE, INVALID_CODE,
    INVALID_TWO_FACTOR_COOKIE, OTP_HAS_EXPIRED, TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE, TOTP_NOT_ENABLED,
    TwoFactor, backup, emailed, is_on, totp,
};

fn not_enabled(factor: Factor) -> ErrorCode {
    if factor == Factor::BackupCode { BACKUP_CODES_NOT_ENABLED } else { TOTP_NOT_ENABLED }
}

fn wrong(factor: Factor) -> ErrorCode {
    if factor == Factor::BackupCode { INVALID_BACKUP_CODE } else { INVALID_CODE }
}

/// Whose second factor.
pub(crate) enum Subject {
    /// Of who is signed in.
    Session(Box<SignedIn>),
    /// Of who signs in.
    Challenge(Challenge),
}

impl Subject {
    /// Who is signed in, else who waits; 401 for nobody.
    pub(crate) async fn of(visit: &Visit) -> Result<Self> {
        match visit.signed_in().await? {
            Some(signed_in) => Ok(Self::Session(Box::new(signed_in))),
            None => Challenge::of(visit).await.map(Self::Challenge),
        }
    }

    /// Their user's id.
    pub(crate) fn user_id(&self) -> &str {
        match self {
            Self::Session(signed_in) => &signed_in.user.id,
            Self::Challenge(challenge) => &challenge.user_id,
        }
    }

    /// What a mailed code is for (contract, section 6).
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Session(signed_in) => format!("{}!{}", signed_in.user.id, signed_in.session.id),
            Self::Challenge(challenge) => challenge.id.clone(),
        }
    }
}

/// What was given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) factor: Factor,
    pub(crate) code: &'a str,
    /// Whether the device is to be trusted; inside a session it means nothing.
    pub(crate) trust: bool,
    /// Whether the sign-in goes on waiting: the code is only checked, and used up.
    pub(crate) only_check: bool,
}

/// What a right code led to.
pub(crate) enum Verified {
    /// The sign-in is through.
    Through(Outcome),
    /// The session is stronger now, or was all along.
    InSession {
        /// The session's token.
        token: String,
        /// Who it is.
        user: Box<User>,
    },
    /// The sign-in still waits.
    Waiting(Box<User>),
}

impl TwoFactor {
    /// Checks a code and does what a right one leads to. Exactly one of any number of parallel right tries succeeds.
    pub(crate) async fn verify(&self, visit: &Visit, subject: Subject, given: Given<'_>) -> Result<Verified> {
        self.may_switch_on(visit, &subject, given.factor).await?;
        let mut tx = visit.app().db.begin().await?;
        match self.check(visit, &mut tx, &subject, given).await? {
            Err(refusal) => {
                tx.commit().await?;
                Err(refusal)
            }
            Ok(row) => match subject {
                Subject::Challenge(challenge) => self.go_on(visit, tx, &challenge, &row, given).await,
                Subject::Session(signed_in) => self.step_up(visit, tx, *signed_in, &row, given).await,
            },
        }
    }

    /// A mailed code inside a session switches the second factor on: asked before the transaction, which is to be short.
    async fn may_switch_on(&self, visit: &Visit, subject: &Subject, factor: Factor) -> Result<()> {
        match subject {
            Subject::Session(signed_in) if factor == Factor::Otp && !is_on(&signed_in.user) => {
                self.may_use_email_codes(visit, signed_in).await?;
                if visit.is_fresh(&signed_in.session) { Ok(()) } else { Err(forbidden(SESSION_NOT_FRESH)) }
            }
            _ => Ok(()),
        }
    }

    /// The inner error is answered once `tx` is committed; the outer one rolls it back.
    async fn check(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        subject: &Subject,
        given: Given<'_>,
    ) -> Result<std::result::Result<Enrolment, Error>> {
        let (app, options, now) = (visit.app(), &self.options, visit.now());
        let row = self.counted(visit, tx, subject.user_id(), given.factor).await?;
        let secret = usable(visit, &row, subject, given.factor)?;
        // A code that is none, or has no tries left, is no try of the sign-in.
        let mailed = match given.factor {
            Factor::Otp => match emailed::check(app, options, tx, &subject.key(), given.code).await? {
                verdict @ (Verdict::Right | Verdict::Wrong) => verdict == Verdict::Right,
                Verdict::Expired | Verdict::Unknown => return Err(bad_request(OTP_HAS_EXPIRED)),
                Verdict::Spent => {
                    enrolment::uncount(tx, &row.id).await?;
                    return Ok(Err(bad_request(TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE)));
                }
            },
            Factor::Totp | Factor::BackupCode => false,
        };
        let mut counter = None;
        if let Subject::Challenge(challenge) = subject {
            match challenge.begin_try(tx, options, now).await? {
                Try::Open(row) => counter = Some(row),
                Try::Gone => return Err(unauthorized(INVALID_TWO_FACTOR_COOKIE)),
                Try::Spent => {
                    challenge.end(visit, tx).await?;
                    enrolment::uncount(tx, &row.id).await?;
                    return Ok(Err(bad_request(TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE)));
                }
            }
        }
        let right = match given.factor {
            Factor::Otp => mailed,
            Factor::Totp => self.is_step(visit, tx, &row, &secret, given.code).await?,
            Factor::BackupCode => self.is_backup_code(visit, tx, &row, given.code).await?,
        };
        if right {
            enrolment::forgive(tx, &row.id).await?;
            return Ok(Ok(row));
        }
        if let Some(counter) = counter {
            challenge::count_wrong(tx, &counter, now).await?;
        }
        if enrolment::fail(tx, options, &row, now).await? {
            self.tell_of_lock(visit, tx, &row.user_id).await?;
        }
        Ok(Err(unauthorized(wrong(given.factor))))
    }

    /// The account's row with this try counted; 429 while it is locked.
    async fn counted(&self, visit: &Visit, tx: &mut Tx, user_id: &str, factor: Factor) -> Result<Enrolment> {
        let now = visit.now();
        if let Some(row) = enrolment::count(tx, user_id, now).await? {
            return Ok(row);
        }
        match enrolment::of(&mut *tx, user_id).await? {
            Some(row) => {
                let left =
                    now.until(row.locked_until(now).unwrap_or(now)).max(std::time::Duration::from_secs(1));
                let refusal = Error::coded(StatusCode::TOO_MANY_REQUESTS, ACCOUNT_TEMPORARILY_LOCKED);
                Err(refusal.retry_after(left))
            }
            None if factor == Factor::Otp => {
                enrolment::ensure(visit.app(), tx, user_id).await?;
                enrolment::count(tx, user_id, now).await?.ok_or_else(|| bad_request(OTP_HAS_EXPIRED))
            }
            None => Err(bad_request(not_enabled(factor))),
        }
    }

    async fn is_step(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        row: &Enrolment,
        secret: &str,
        code: &str,
    ) -> Result<bool> {
        let after = row.last_step.filter(|_| self.options.accept_once);
        let Some(step) = totp::step_of(secret, code, visit.now(), after) else { return Ok(false) };
        enrolment::keep_step(tx, &row.id, step.max(row.last_step.unwrap_or(step))).await?;
        Ok(true)
    }

    async fn is_backup_code(&self, visit: &Visit, tx: &mut Tx, row: &Enrolment, code: &str) -> Result<bool> {
        let app = visit.app();
        let storage = self.options.backup_codes;
        let Some(left) = backup::without(app, storage, &row.user_id, &row.backup_codes, code)? else {
            return Ok(false);
        };
        enrolment::set_codes(tx, &row.id, &left).await?;
        if let Some(user) = app.users.by_id(&mut *tx, &row.user_id).await? {
            let left = backup::left(app, &left)?.to_string();
            self.tell(visit, tx, &user, "two-factor-backup-used", &left).await?;
        }
        Ok(true)
    }

    /// Many wrong codes after a right first factor: somebody else may know that one (ASVS 6.3.5).
    async fn tell_of_lock(&self, visit: &Visit, tx: &mut Tx, user_id: &str) -> Result<()> {
        let request_id = visit.request_id();
        tracing::warn!(
            request_id,
            user_id,
            event = "two-factor.locked",
            "too many wrong codes locked an account"
        );
        if let Some(user) = visit.app().users.by_id(&mut *tx, user_id).await? {
            self.tell(visit, tx, &user, "two-factor-locked", "").await?;
        }
        Ok(())
    }
}

/// Refuses a factor that this account does not have (yet); gives the authenticator's secret.
fn usable(visit: &Visit, row: &Enrolment, subject: &Subject, factor: Factor) -> Result<String> {
    let may_enrol = match subject {
        Subject::Session(_) => true,
        Subject::Challenge(challenge) => challenge.first.enrols,
    };
    let enrolling = may_enrol && factor == Factor::Totp;
    if factor == Factor::Otp {
        return Ok(String::new());
    }
    let secret = row.secret(visit.app())?.filter(|_| row.is_confirmed() || enrolling);
    secret.ok_or_else(|| bad_request(not_enabled(factor)))
}
