//! A sign-in that waits for its second factor. Its rows are Better Auth's (contract, section 6): `2fa-<20>` with the
//! user's id, `2fa-attempts-…` with a count; what the first step knew of the sign-in stands in a row of its own.

use guichet_core::app::App;
use guichet_core::db::{DbError, Tx};
use guichet_core::error::{Error, Result, unauthorized};
use guichet_core::http::Visit;
use guichet_core::keyring::RandomName;
use guichet_core::plugin::Configured;
use guichet_core::second_factor::Factor;
use guichet_core::serde_json::json;
use guichet_core::sign_in::{self, Attempt};
use guichet_core::store::{User, Verification, Verifications};
use guichet_core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::enrolment::Enrolment;
use crate::options::Options;
use crate::{INVALID_TWO_FACTOR_CHALLENGE, INVALID_TWO_FACTOR_COOKIE, TwoFactor, emailed};

/// The cookie that holds the challenge's name, signed.
pub(crate) const COOKIE: &str = "two_factor";
/// The page where a sign-in that enrols goes on.
pub(crate) const SET_UP: &str = "set-up";
const NAME: RandomName = RandomName { prefix: "2fa-", length: 20 };

/// A sign-in that waits.
#[derive(Debug, Clone)]
pub(crate) struct Challenge {
    /// `2fa-<20>`.
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) first: FirstStep,
}

/// What the first step knew.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FirstStep {
    pub(crate) amr: Vec<String>,
    pub(crate) remember: bool,
    pub(crate) door: Option<String>,
    pub(crate) is_new: bool,
    /// Whether an authenticator is set up first: they must have one, and have none.
    #[serde(default)]
    pub(crate) enrols: bool,
}

/// What a sign-in waits for.
#[derive(Clone, Copy)]
pub(crate) enum Wanted<'a> {
    /// One of these factors, or a backup code.
    OneOf(&'a [Factor]),
    /// An authenticator that is set up now, and its first code.
    Enrolment,
}

/// Whether another code may be tried.
pub(crate) enum Try {
    /// Yes; this row counts it.
    Open(Verification),
    /// The challenge has ended.
    Gone,
    /// Too many were wrong.
    Spent,
}

/// Which factors a challenge can be answered with, backup codes aside.
pub(crate) fn factors(options: &Options, row: &Enrolment, app: &App, amr: &[&str]) -> Result<Vec<Factor>> {
    let mut factors = Vec::new();
    if row.is_confirmed() && row.secret(app)?.is_some() {
        factors.push(Factor::Totp);
    }
    if options.email_codes && emailed::adds_to(amr.iter().copied()) {
        factors.push(Factor::Otp);
    }
    Ok(factors)
}

/// Opens a challenge in `tx` and hands its cookie to the browser.
pub(crate) async fn open(
    plugin: &TwoFactor,
    visit: &Visit,
    tx: &mut Tx,
    attempt: &Attempt,
    wanted: Wanted<'_>,
) -> Result<sign_in::Challenge> {
    let (factors, enrols) = match wanted {
        Wanted::OneOf(factors) => (factors, false),
        Wanted::Enrolment => (&[][..], true),
    };
    let (app, now, life) = (visit.app(), visit.now(), plugin.options.challenge_expires_in.0);
    let id = NAME.draw(&app.keyring);
    let first = FirstStep {
        amr: attempt.amr.iter().map(|&proof| proof.to_owned()).collect(),
        remember: attempt.remember,
        door: attempt.door.clone(),
        is_new: attempt.is_new,
        enrols,
    };
    let first = serde_json::to_string(&first).map_err(Error::internal)?;
    let rows =
        [(id.clone(), attempt.user.id.clone()), (attempts(&id), "0".to_owned()), (details(&id), first)];
    for (identifier, value) in rows {
        let row = Verification { id: app.new_id(), identifier, value, expires_at: now.plus(life) };
        Verifications::insert(&mut *tx, &row, now).await?;
    }
    visit.set_signed_cookie(COOKIE, &id, Some(life));
    let name = app.keyring.sign(&id);
    // A later step is open at every door.
    let door = attempt.door.as_deref().and_then(|door| app.door(door)).or_else(|| app.main_door());
    let steps = door.map_or_else(|| format!("/{}", TwoFactor::ID), |door| door.steps(TwoFactor::ID));
    let step = match factors.first() {
        _ if enrols => SET_UP,
        Some(&Factor::Otp) => "email",
        _ => "code",
    };
    let methods: Vec<&str> = factors.iter().map(|factor| factor.text()).collect();
    let answer = if enrols {
        json!({"twoFactorRedirect": true, "twoFactorMethods": methods, "twoFactorEnrolment": true})
    } else {
        json!({"twoFactorRedirect": true, "twoFactorMethods": methods})
    };
    Ok(sign_in::Challenge { answer, page: format!("{steps}/{step}"), factors: factors.to_vec(), name })
}

impl Challenge {
    /// The one that this browser holds; 401 when there is none.
    pub(crate) async fn of(visit: &Visit) -> Result<Self> {
        Self::find(visit).await?.ok_or_else(|| unauthorized(INVALID_TWO_FACTOR_COOKIE))
    }

    /// As [`Challenge::of`]; `None` when there is none.
    pub(crate) async fn find(visit: &Visit) -> Result<Option<Self>> {
        let Some(id) = visit.signed_cookie(COOKIE).filter(|id| NAME.is_one(id)) else { return Ok(None) };
        let name = id.clone();
        let found = Self::of_id(visit, id).await?;
        // As the reference: of one that has expired the cookie goes, of one that was used up it stays.
        if found.is_none() && !Verifications::of(&visit.app().db, &name).await?.is_empty() {
            visit.remove_cookie(COOKIE);
        }
        Ok(found)
    }

    /// Whoever has to set an authenticator up before they are in, in a browser where nobody is.
    pub(crate) async fn that_enrols(visit: &Visit) -> Result<Option<User>> {
        if visit.signed_in().await?.is_some() {
            return Ok(None);
        }
        let waiting = Self::find(visit).await?.filter(|waiting| waiting.first.enrols);
        match waiting {
            Some(waiting) => Ok(visit.app().users.by_id(&visit.app().db, &waiting.user_id).await?),
            None => Ok(None),
        }
    }

    /// The one that a program names ([`sign_in::Challenge::name`]); 401 when there is none.
    pub(crate) async fn named(visit: &Visit, name: &str) -> Result<Self> {
        let id = visit.app().keyring.verify(name).filter(|id| NAME.is_one(id)).map(str::to_owned);
        let found = match id {
            Some(id) => Self::of_id(visit, id).await?,
            None => None,
        };
        found.ok_or_else(|| unauthorized(INVALID_TWO_FACTOR_CHALLENGE))
    }

    async fn of_id(visit: &Visit, id: String) -> Result<Option<Self>> {
        let (app, now) = (visit.app(), visit.now());
        let Some(user_id) = Verifications::look(&app.db, &id, now).await? else { return Ok(None) };
        let details = details(&id);
        let first = Verifications::look(&app.db, &details, now).await?;
        // Better Auth writes no such row: its challenges follow a password, and the browser knows whether to remember.
        let first = first.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(|| FirstStep {
            amr: vec!["pwd".to_owned()],
            remember: !visit.is_unremembered(),
            door: None,
            is_new: false,
            enrols: false,
        });
        Ok(Some(Self { id, user_id, first }))
    }

    /// Whether another code may be tried. Whoever calls has made parallel tries of the account wait for each other.
    pub(crate) async fn begin_try(
        &self,
        tx: &mut Tx,
        options: &Options,
        now: Timestamp,
    ) -> Result<Try, DbError> {
        let alive = Verifications::look(&mut *tx, &self.id, now).await?;
        let counted = Verifications::of(tx, &attempts(&self.id)).await?;
        Ok(match (alive, counted.into_iter().next()) {
            (Some(user_id), Some(row)) if user_id == self.user_id => {
                let tries = row.value.parse().unwrap_or(options.tries_per_challenge);
                if tries < options.tries_per_challenge { Try::Open(row) } else { Try::Spent }
            }
            _ => Try::Gone,
        })
    }

    /// Ends it, whether it was answered or not.
    pub(crate) async fn end(&self, visit: &Visit, tx: &mut Tx) -> Result<(), DbError> {
        for identifier in [&self.id, &attempts(&self.id), &details(&self.id), &format!("2fa-otp-{}", self.id)]
        {
            Verifications::delete_all(&mut *tx, identifier).await?;
        }
        visit.remove_cookie(COOKIE);
        Ok(())
    }
}

/// Counts a wrong code.
pub(crate) async fn count_wrong(tx: &mut Tx, row: &Verification, now: Timestamp) -> Result<(), DbError> {
    let tries: u32 = row.value.parse().unwrap_or(0);
    Verifications::set_value(tx, &row.id, &(tries + 1).to_string(), now).await
}

/// Ends every challenge of a user, and what Better Auth kept of their trusted devices: rows whose value is the user's id.
pub(crate) async fn end_all(tx: &mut Tx, user_id: &str) -> Result<(), DbError> {
    tx.query(
        r#"delete from "verification" where "value" = $1
           and ("identifier" like '2fa-%' or "identifier" like 'trust-device-%')"#,
    )
    .bind(user_id)
    .execute()
    .await
    .map(drop)
}

fn attempts(id: &str) -> String {
    format!("2fa-attempts-{id}")
}

fn details(id: &str) -> String {
    format!("2fa-first-step-{id}")
}
