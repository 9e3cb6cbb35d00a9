//! A proof by code: an address belongs to a user, and the provider or the user has not proven it. Instead of a dead
//! end, a code is mailed to it; whoever reads it there is the owner of both. Bound to this browser and to this very
//! account at the provider: each proof has a code of its own, so that no other one can use it up. Wrong tries are
//! counted by address over all of them.

use std::time::Duration;

use guichet_core::db::Tx;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result};
use guichet_core::hooks::Provision;
use guichet_core::http::{Budget, Visit};
use guichet_core::keyring::digest;
use guichet_core::notice::greeting;
use guichet_core::one_time_code::{Claim, CodeStorage, OneTimeCodes, TryBudget, Use, Verdict};
use guichet_core::pages::context;
use guichet_core::sign_in::arrive;
use guichet_core::store::{NewUser, Verification, Verifications};
use secrecy::ExposeSecret;

use crate::Social;
use crate::arrival::{End, Word, link_and_enter, newcomer, refused, told};
use crate::options::Options;
use crate::pending::Pending;
use crate::vouched::Arrival;

/// Wrong tries per address.
pub(crate) const BUDGET: &str = "socialProofBudget";
/// How many codes an address is sent.
const CODES: Budget = Budget { window: Duration::from_hours(1), max: 5 };
/// The cookie's short name; it holds the proof's.
const COOKIE: &str = "social_proof";
const LIFE: Duration = Duration::from_secs(600);
const DIGITS: usize = 6;
const TRIES: u32 = 3;

/// What a code came to.
#[expect(clippy::large_enum_variant, reason = "made once a request, and taken apart at once")]
pub(crate) enum Proof {
    /// There is nothing to prove in this browser, or not any more.
    Nothing,
    /// The code is wrong.
    Wrong,
    /// Too many were, of whatever proofs of this address: none is looked at for a while.
    Spent,
    /// It is right.
    Right(End, Pending),
}

impl Options {
    fn proofs(&self) -> OneTimeCodes {
        OneTimeCodes {
            storage: CodeStorage::Hmac,
            expires_in: LIFE,
            good_at_once: 1,
            tries_per_code: TRIES,
            budget: Some(TryBudget {
                table: BUDGET,
                tries: self.tries_per_address,
                window: self.budget_window.0,
            }),
        }
    }
}

/// Where a proof's page is: at the door they came to, where that one has it, else at another.
pub(crate) fn page(visit: &Visit, door: Option<&str>) -> Option<String> {
    // Without pages there is no step to lead to.
    visit.app().door_offering(crate::ID, door).map(|door| door.steps(crate::ID))
}

/// Mails a code and remembers what it is for. 429 when the address has had its share of codes.
pub(crate) async fn begin(visit: &Visit, social: &Social, pending: &Pending) -> Result<()> {
    let (app, now) = (visit.app(), visit.now());
    app.limiter.admit_account("social.proof", "codes", &pending.email, CODES, now).await?;
    let code = app.keyring.random_digits(DIGITS);
    let name = app.keyring.random_alphanumeric(32);
    let expires_at = now.plus(LIFE);
    let row = Verification {
        id: app.new_id(),
        identifier: arrival_of(&name),
        value: app.keyring.seal(&serde_json::to_string(pending).map_err(Error::internal)?)?,
        expires_at,
    };
    let language = visit.language();
    let mail = app.templates.mail(
        language,
        "social/mail/code",
        &pending.email,
        app.templates.message(language, "social-mail-subject", &[]),
        &context! { code, minutes => LIFE.as_secs() / 60, name => greeting(&pending.name) },
    )?;
    app.db
        .write(vec![
            Verifications::row(&row, now, now),
            social.options.proofs().row(app, claim(&code_of(&name), &pending.email, &code)),
            app.outbox.row(&mail, app.new_id(), Some(expires_at))?,
        ])
        .await?;
    visit.set_signed_cookie(COOKIE, &name, Some(LIFE));
    Ok(())
}

/// The address that this browser is to prove.
pub(crate) async fn address(visit: &Visit) -> Result<Option<String>> {
    Ok(waiting(visit).await?.map(|(_, pending)| pending.email))
}

/// Tries a code; a right one does what the callback does, had both sides proven the address.
pub(crate) async fn check(visit: &Visit, social: &Social, typed: &str) -> Result<Proof> {
    let Some((name, pending)) = waiting(visit).await? else { return Ok(Proof::Nothing) };
    let Some(email) = EmailAddress::parse_international(&pending.email) else { return Ok(Proof::Nothing) };
    let app = visit.app();
    // Before the transaction: a business database may be slow.
    let entry = entry(visit, social, &pending, &email).await?;
    let (codes, identifier) = (social.options.proofs(), code_of(&name));
    let mut tx = app.db.begin().await?;
    match codes.check(app, &mut tx, claim(&identifier, &pending.email, typed), Use::Consume).await? {
        Verdict::Right => end(visit, &mut tx, &name).await?,
        // A code without tries left is deleted below: these are the address's.
        Verdict::Spent => {
            tx.commit().await?;
            return Ok(Proof::Spent);
        }
        Verdict::Wrong if codes.is_open(app, &mut tx, &identifier).await? => {
            tx.commit().await?;
            return Ok(Proof::Wrong);
        }
        Verdict::Wrong | Verdict::Expired | Verdict::Unknown => {
            end(visit, &mut tx, &name).await?;
            tx.commit().await?;
            return Ok(Proof::Nothing);
        }
    }
    let came_to = match entry {
        Ok((arrival, new)) => {
            link_and_enter(visit, social, tx, &arrival, &email, new, Word::Mailbox).await.or_else(told)?
        }
        Err(refused) => {
            tx.rollback().await?;
            refused
        }
    };
    if matches!(came_to, End::Refused { .. }) {
        // What refuses undoes its transaction. The code was right all the same, and is used up.
        let mut tx = app.db.begin().await?;
        end(visit, &mut tx, &name).await?;
        tx.commit().await?;
    }
    Ok(Proof::Right(came_to, pending))
}

/// Who comes in by a right code, and who is made when nobody has the address (any more). Asked again as at the arrival:
/// time has passed.
async fn entry<'a>(
    visit: &Visit,
    social: &'a Social,
    pending: &Pending,
    email: &EmailAddress,
) -> Result<std::result::Result<(Arrival<'a>, Option<NewUser>), End>> {
    let Some(provider) = social.find(&pending.provider) else {
        return Ok(Err(refused("oauth_provider_not_found")));
    };
    let arrival = pending.proven(provider, email);
    let new = match arrive(visit, email, pending.door.as_deref()).await? {
        (Some(_), Provision::NoOpinion | Provision::Make(_) | Provision::MailNothing) => None,
        (_, provision) => match newcomer(visit, social, &arrival, email, provision).await? {
            Ok(new) => Some(new),
            Err(end) => return Ok(Err(end)),
        },
    };
    Ok(Ok((arrival, new)))
}

/// The proof that this browser's cookie names, and what waits for it.
async fn waiting(visit: &Visit) -> Result<Option<(String, Pending)>> {
    let Some(name) = visit.signed_cookie(COOKIE) else { return Ok(None) };
    let (app, identifier) = (visit.app(), arrival_of(&name));
    let sealed = Verifications::look(&app.db, &identifier, visit.now()).await?;
    let opened = sealed.and_then(|sealed| app.keyring.open(&sealed).ok());
    let pending = opened.and_then(|pending| serde_json::from_str(pending.expose_secret()).ok());
    Ok(pending.map(|pending| (name, pending)))
}

/// The proof is over, right or not.
async fn end(visit: &Visit, tx: &mut Tx, name: &str) -> Result<()> {
    for identifier in [arrival_of(name), code_of(name)] {
        Verifications::delete_all(&mut *tx, &identifier).await?;
    }
    visit.remove_cookie(COOKIE);
    Ok(())
}

fn claim<'a>(identifier: &'a str, email: &'a str, code: &'a str) -> Claim<'a> {
    Claim { identifier, counted_by: email, code, binding: "" }
}

fn arrival_of(name: &str) -> String {
    format!("social-proof-{}", digest(name))
}

fn code_of(name: &str) -> String {
    format!("social-code-{}", digest(name))
}
