//! The one door: every session comes out of [`sign_in`], whatever proved who somebody is.

use serde_json::Value as Json;

use crate::app::App;
use crate::cookie::{SESSION_DATA, SESSION_TOKEN};
use crate::db::{Tx, Value};
use crate::email_address::EmailAddress;
use crate::error::{Error, FAILED_TO_CREATE_USER, Result};
use crate::events;
use crate::hooks::{Arrival, Provision};
use crate::http::Visit;
use crate::meters;
use crate::second_factor::Factor;
use crate::session::{self, NewSession, SignedIn};
use crate::session_cache;
use crate::store::{Accounts, NewUser, User};

/// How strong a proof is (NIST SP 800-63B's authentication assurance levels).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aal {
    /// One factor.
    One,
    /// Two factors, or one that holds two (a user-verified passkey).
    Two,
}

impl Aal {
    /// Its number.
    pub fn number(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// Somebody who proved who they are and wants a session.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Who.
    pub user: User,
    /// What saw the proof: a plugin's id (`email-otp`), or `email-verification` when an address was proven on the way.
    pub method: &'static str,
    /// What was proven (RFC 8176: `otp`, `pwd`, `hwk`, …).
    pub amr: Vec<&'static str>,
    /// How strong that is.
    pub aal: Aal,
    /// Whether the session outlives the browser.
    pub remember: bool,
    /// The door they came to; `None` for the API.
    pub door: Option<String>,
    /// Whether the user was made by this very attempt.
    pub is_new: bool,
}

/// [`Attempt::method`] of who proved an address on the way ([`Attempt::by_mailbox`]).
pub const BY_MAILBOX: &str = "email-verification";

impl Attempt {
    /// Of somebody who proved to read their mailbox, by the API; the way is [`crate::pathway::Pathway::by_mailbox`].
    pub fn by_mailbox(user: User) -> Self {
        Self {
            user,
            method: BY_MAILBOX,
            amr: vec!["otp"],
            aal: Aal::One,
            remember: true,
            door: None,
            is_new: false,
        }
    }
}

/// What a hook says to an attempt.
#[derive(Debug, Clone)]
pub enum Admission {
    /// Let them in, as far as this hook is concerned.
    Granted,
    /// Something more is asked for; no session is made.
    Challenge(Challenge),
}

/// What is asked for instead of a session.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// What the API answers.
    pub answer: Json,
    /// Where a page leads.
    pub page: String,
    /// What it can be answered with, backup codes aside.
    pub factors: Vec<Factor>,
    /// Stands for it where there is no cookie that does: whoever holds it has given the first proof. Told to programs
    /// alone, never part of `answer`.
    pub name: String,
}

/// What comes out of the door.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A session; its cookie is set.
    Granted(Box<SignedIn>),
    /// More is asked for.
    Challenge(Challenge),
}

/// Admits an attempt: asks every hook, makes the session, commits `tx`, sets the cookies.
pub async fn sign_in(visit: &Visit, mut tx: Tx, attempt: Attempt) -> Result<Outcome> {
    let app = visit.app();
    if !app.pathways.iter().any(|way| way.admits(app, &attempt)) {
        return Err(Error::internal(anyhow::anyhow!(
            "a sign-in by {:?} (level {}) is no pathway that a plugin declares",
            attempt.method,
            attempt.aal.number()
        )));
    }
    // A sign-in never goes on with the session that this browser had before (session fixation).
    let previous = session::previous(visit);
    for hook in &app.hooks {
        let said = hook.before_sign_in(visit, &mut tx, &attempt).await;
        if said.is_err() {
            app.meters.sign_in(attempt.method, meters::SignIn::Refused);
        }
        if let Admission::Challenge(challenge) = said? {
            if let Some(previous) = previous {
                session::end_by_token(app, &mut tx, &previous).await?;
            }
            tx.commit().await?;
            hold_back(visit, attempt.remember);
            app.meters.sign_in(attempt.method, meters::SignIn::Challenged);
            return Ok(told(visit, attempt.method, Outcome::Challenge(challenge)));
        }
    }
    let new = NewSession {
        user: &attempt.user,
        remember: attempt.remember,
        amr: &attempt.amr,
        aal: attempt.aal.number(),
        lent: None,
    };
    let (session, token) = session::create(visit, &mut tx, new).await?;
    for hook in &app.hooks {
        hook.admitted(visit, &mut tx, &attempt, &session).await?;
    }
    if let Some(previous) = previous {
        session::end_by_token(app, &mut tx, &previous).await?;
    }
    tx.commit().await?;

    session::hand_over(visit, &token, attempt.remember);
    app.meters.sign_in(attempt.method, meters::SignIn::Granted);
    tracing::info!(
        event = "sign_in",
        request_id = visit.request_id(),
        user_id = attempt.user.id,
        organization_id = events::organization(app, Some(&session), &attempt.user),
        session_id = session.id,
        method = attempt.method,
        door = attempt.door.as_deref().unwrap_or("none"),
        new_user = attempt.is_new,
        "somebody signed in"
    );
    let signed_in = Box::new(SignedIn { session, user: attempt.user, token });
    Ok(told(visit, attempt.method, Outcome::Granted(signed_in)))
}

/// More is asked for: until then this browser is nobody's. What it said about being remembered stays (contract,
/// section 12).
fn hold_back(visit: &Visit, remembered: bool) {
    for short in [SESSION_TOKEN, SESSION_DATA] {
        visit.remove_cookie(short);
    }
    session_cache::forget(visit);
    session::mark(visit, remembered);
}

/// Tells every hook what came out of the door.
fn told(visit: &Visit, method: &str, outcome: Outcome) -> Outcome {
    for hook in &visit.app().hooks {
        hook.after_sign_in(visit, method, &outcome);
    }
    outcome
}

/// Who stands behind an address, and what the plugins say to it: the first one with an opinion. Every plugin is
/// asked whether or not a user exists, so that both cost the same.
pub async fn arrive(
    visit: &Visit,
    email: &EmailAddress,
    door: Option<&str>,
) -> Result<(Option<User>, Provision)> {
    let app = visit.app();
    let user = app.users.by_email(&app.db, email).await?;
    let decided = provision(app, email, door, user.as_ref()).await?;
    Ok((user, decided))
}

/// As [`arrive`], for who has read the user already.
pub async fn provision(
    app: &App,
    email: &EmailAddress,
    door: Option<&str>,
    user: Option<&User>,
) -> Result<Provision> {
    let mut decided = Provision::NoOpinion;
    for hook in &app.hooks {
        let said = hook.provision(app, Arrival { email, door, user }).await?;
        if matches!(decided, Provision::NoOpinion) {
            decided = said;
        }
    }
    Ok(decided)
}

/// The user of `new.email`: made now, or found because somebody else was faster, which is success too.
/// The flag tells whether this call made it. 400 or 422 when somebody has the value of another unique column.
pub async fn find_or_make(visit: &Visit, tx: &mut Tx, new: NewUser) -> Result<(User, bool)> {
    let app = visit.app();
    let email = new.email.clone();
    let made = app.users.insert_if_new(&mut *tx, app.new_id(), new, visit.now()).await;
    if let Some(user) = made.map_err(|error| app.users.refusal(error, FAILED_TO_CREATE_USER))? {
        events::signed_up(visit, tx, &user);
        return Ok((user, true));
    }
    let user = app.users.by_email(tx, &email).await?.ok_or(crate::db::DbError::NoRow)?;
    Ok((user, false))
}

/// Somebody just proved to read the user's mailbox. When nobody had before, whoever set a password or opened a
/// session until now was not shown to own the address: all of that dies (contract, section 9).
pub async fn prove_mailbox(visit: &Visit, tx: &mut Tx, user: User) -> Result<User> {
    vouch_for_mailbox(visit.app(), tx, user).await
}

/// As [`prove_mailbox`], where the operator says so instead of a visitor.
pub async fn vouch_for_mailbox(app: &App, tx: &mut Tx, user: User) -> Result<User> {
    if user.email_verified {
        return Ok(user);
    }
    // The user first: whoever gives them a way in meanwhile waits, or is waited for and loses it again.
    let changes = vec![("emailVerified", Value::from(true))];
    let proven = app.users.update(&mut *tx, &user.id, changes, app.clock.now()).await?;
    let proven = proven.ok_or(crate::db::DbError::NoRow)?;
    Accounts::delete_of_user(&mut *tx, &user.id).await?;
    session::end_all(app, &mut *tx, &user.id, None).await?;
    for hook in &app.hooks {
        hook.mailbox_first_proven(app, &mut *tx, &user.id).await?;
    }
    // Hooks may have changed the user, too.
    Ok(app.users.by_id(tx, &user.id).await?.unwrap_or(proven))
}
