//! A proven number: it signs in, makes a user, or is added to who is signed in.

use guichet_core::db::{DbError, Tx};
use guichet_core::error::{
    Error, FAILED_TO_CREATE_USER, INVALID_OTP, Result, SESSION_NOT_FRESH, USER_NOT_FOUND, bad_request,
    forbidden, unauthorized, unprocessable,
};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::newcomer::{Profile, Said};
use guichet_core::serde_json::{Map, Value};
use guichet_core::session::{self, SignedIn};
use guichet_core::sign_in::{Outcome, find_or_make, sign_in};
use guichet_core::store::{Fields, NewUser, User};

use crate::codes::{self, Claim};
use crate::number::PhoneNumber;
use crate::options::Options;
use crate::send::is_proven;
use crate::sign_in::attempt;
use crate::{NUMBER, PHONE_NUMBER_EXIST, VERIFIED, tell};
use guichet_core::one_time_code::Use;

/// What a right code is to do.
pub(crate) struct Wish<'a> {
    pub(crate) number: &'a PhoneNumber,
    pub(crate) claim: Claim<'a>,
    /// Whether no session is wanted.
    pub(crate) disable_session: bool,
    /// Everything that was sent: additional fields of somebody new are taken from it.
    pub(crate) fields: &'a Map<String, Value>,
}

/// What came of it.
pub(crate) enum Proven {
    /// They came through the door.
    Through(Outcome),
    /// The number is proven; no session was wanted.
    Only(User),
}

/// Checks the code, and signs in who has the number; who is new is made a user where the settings say so.
pub(crate) async fn by_code(visit: &Visit, options: &Options, wish: Wish<'_>) -> Result<Proven> {
    // Before the transaction: who may add it to their account, and what somebody new is to be.
    let signed_in = visit.signed_in().await?;
    let new = match newcomer(options, &wish) {
        Some(profile) => Some(profile.row(visit, Provision::NoOpinion).await),
        None => None,
    };
    let mut tx = checked(visit, options, wish.claim).await?;
    let own = signed_in.as_ref().map(|signed_in| signed_in.user.id.as_str());
    let (user, is_new) = match claimed(visit, &mut tx, wish.number, own).await? {
        Some(user) => (user, false),
        None => match new {
            Some(Ok(new)) => make(visit, &mut tx, new).await?,
            Some(Err(refusal)) => {
                // The code was right and stays good: what is missing or refused can be sent with it.
                tx.rollback().await?;
                return Err(refusal);
            }
            None => {
                // It is used up, as the reference has it.
                tx.commit().await?;
                return Err(bad_request(INVALID_OTP));
            }
        },
    };
    if wish.disable_session {
        tx.commit().await?;
        return Ok(Proven::Only(user));
    }
    sign_in(visit, tx, attempt(user, "sms", true, is_new)).await.map(Proven::Through)
}

/// Checks the code, and adds the number to who is signed in, in the place of another one. It will sign in and reset the
/// password, so it takes a recent sign-in (ASVS 7.5.1): a stolen session alone opens no further way in.
pub(crate) async fn add(
    visit: &Visit,
    options: &Options,
    number: &PhoneNumber,
    claim: Claim<'_>,
) -> Result<(SignedIn, User)> {
    let app = visit.app();
    let signed_in = visit.signed_in().await?;
    if signed_in.as_ref().is_some_and(|signed_in| !visit.is_fresh(&signed_in.session)) {
        return Err(forbidden(SESSION_NOT_FRESH));
    }
    let mut tx = checked(visit, options, claim).await?;
    let Some(signed_in) = signed_in else {
        tx.commit().await?;
        return Err(unauthorized(USER_NOT_FOUND));
    };
    let own = signed_in.user.id.as_str();
    let holder = app.users.by_unique(&mut tx, NUMBER, number.as_str()).await?;
    // Whoever it is: one's own is proven already (contract, section 20).
    let is_had = holder.is_some_and(|holder| is_proven(&holder));
    if is_had || claimed(visit, &mut tx, number, Some(own)).await?.is_some_and(|user| user.id != own) {
        tx.commit().await?;
        return Err(bad_request(PHONE_NUMBER_EXIST));
    }
    session::hold(visit, &mut tx, &signed_in).await?;
    let changes = vec![(NUMBER, number.as_str().into()), (VERIFIED, true.into())];
    let updated = app.users.update(&mut tx, own, changes, visit.now()).await;
    let user = updated.map_err(|error| taken(visit, error))?.ok_or_else(|| unauthorized(USER_NOT_FOUND))?;
    tell::of(visit, &mut tx, options, &user, "phone-number-added", number.as_str()).await?;
    tx.commit().await?;
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "a phone number was added");
    Ok((signed_in, user))
}

/// A transaction in which the code was right and is used up; a refusal is told once its count is committed.
async fn checked(visit: &Visit, options: &Options, claim: Claim<'_>) -> Result<Tx> {
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    match codes::check(app, options, &mut tx, claim, Use::Consume).await? {
        Ok(()) => Ok(tx),
        Err(refusal) => {
            tx.commit().await?;
            Err(refusal)
        }
    }
}

/// Who has the number, now that somebody proved it. A user who has it unproven did not show that it is theirs, unless
/// they are who is signed in (`own`): it is taken from them, so that nobody prepares an account for somebody else's
/// number.
async fn claimed(
    visit: &Visit,
    tx: &mut Tx,
    number: &PhoneNumber,
    own: Option<&str>,
) -> Result<Option<User>> {
    let users = &visit.app().users;
    let Some(user) = users.by_unique(&mut *tx, NUMBER, number.as_str()).await? else { return Ok(None) };
    if is_proven(&user) {
        return Ok(Some(user));
    }
    let is_own = own == Some(user.id.as_str());
    let changes = if is_own {
        vec![(VERIFIED, true.into())]
    } else {
        tracing::info!(
            request_id = visit.request_id(),
            user_id = user.id,
            "an unproven phone number was taken away"
        );
        vec![(NUMBER, guichet_core::db::Value::Text(None)), (VERIFIED, false.into())]
    };
    let user = users.update(tx, &user.id, changes, visit.now()).await?;
    Ok(user.filter(|_| is_own))
}

/// What is known of somebody new; `None` where nobody signs up by phone.
fn newcomer<'a>(options: &Options, wish: &Wish<'a>) -> Option<Profile<'a>> {
    let mut columns = Fields::default();
    columns.set(NUMBER, wish.number.as_str());
    columns.set(VERIFIED, true);
    Some(Profile {
        email: options.address_of(wish.number)?,
        email_verified: false,
        name: wish.number.as_str().to_owned(),
        image: None,
        said: Said::Client(wish.fields),
        columns,
    })
}

/// Makes them; the address that stands for the number must not be somebody's.
async fn make(visit: &Visit, tx: &mut Tx, new: NewUser) -> Result<(User, bool)> {
    let made = find_or_make(visit, tx, new).await?;
    if made.1 { Ok(made) } else { Err(unprocessable(FAILED_TO_CREATE_USER)) }
}

/// Somebody was faster with the number.
fn taken(visit: &Visit, error: DbError) -> Error {
    match visit.app().users.violated(&error) {
        Some(_) => bad_request(PHONE_NUMBER_EXIST),
        None => error.into(),
    }
}
