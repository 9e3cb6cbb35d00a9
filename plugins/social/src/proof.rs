//! A proof by code: an address belongs to a user, and the provider or the user has not proven it. Instead of a dead
//! end, a code is mailed to it; whoever reads it there is the owner of both. Bound to this browser and to this very
//! account at the provider, so that no other one can use it up.

use std::time::Duration;

use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result, bad_request};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::keyring::{digest, equal_in_constant_time};
use guichet_core::notice::greeting;
use guichet_core::pages::context;
use guichet_core::sign_in::{arrive, find_or_make, prove_mailbox};
use guichet_core::store::{Accounts, Fields, NewUser, Verification, Verifications};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::arrival::{Arrival, End, Strength, add, refused, tell, through, told};
use crate::person::Person;
use crate::tokens::Tokens;
use crate::{INVALID_SOCIAL_CODE, Social, routes};

/// The cookie's short name.
const COOKIE: &str = "social_proof";
const LIFE: Duration = Duration::from_secs(600);
const DIGITS: usize = 6;
const TRIES: u64 = 3;

/// An arrival that waits for its proof. Kept sealed: it holds tokens.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pending {
    provider: String,
    subject: String,
    name: String,
    image: Option<String>,
    pub(crate) email: String,
    tokens: Tokens,
    strength: Strength,
    /// Where they are led afterwards.
    pub(crate) callback_url: String,
    pub(crate) new_user_url: Option<String>,
    pub(crate) door: Option<String>,
}

/// What a code came to.
#[expect(clippy::large_enum_variant, reason = "made once a request, and taken apart at once")]
pub(crate) enum Proof {
    /// There is nothing to prove in this browser, or not any more.
    Nothing,
    /// The code is wrong.
    Wrong,
    /// It is right.
    Right(End, Pending),
}

impl Pending {
    pub(crate) fn of(arrival: &Arrival<'_>, email: &EmailAddress) -> Self {
        Self {
            provider: arrival.provider.id().to_owned(),
            subject: arrival.person.subject.clone(),
            name: arrival.person.name.clone(),
            image: arrival.person.image.clone(),
            email: email.to_string(),
            tokens: arrival.tokens.clone(),
            strength: arrival.strength.clone(),
            callback_url: String::new(),
            new_user_url: None,
            door: arrival.door.clone(),
        }
    }
}

/// Where a proof's page is: at the door they came to, else at the first that has one.
pub(crate) fn page(visit: &Visit, door: Option<&str>) -> Option<String> {
    let app = visit.app();
    // Without pages there is no step to lead to.
    let offers = |door: &&guichet_core::pages::Door| door.offers(crate::ID);
    let door =
        door.and_then(|name| app.door(name)).filter(offers).or_else(|| app.doors.iter().find(offers))?;
    Some(format!("{}/{}", door.path, crate::ID))
}

/// Mails a code and remembers what it is for. 429 when the address has had its share of codes.
pub(crate) async fn begin(visit: &Visit, pending: &Pending) -> Result<()> {
    let (app, now) = (visit.app(), visit.now());
    let email: Map<String, Json> = [("email".to_owned(), pending.email.clone().into())].into_iter().collect();
    app.limiter.admit_as(routes::CALLBACK, visit.address(), &email, now).await?;
    let code = app.keyring.random_digits(DIGITS);
    let name = app.keyring.random_alphanumeric(32);
    let sealed = app.keyring.seal(&serde_json::to_string(pending).map_err(Error::internal)?)?;
    let kept = app.keyring.keyed_hash(&purpose(&name), &code);
    let expires_at = now.plus(LIFE);
    let row = Verification {
        id: app.new_id(),
        identifier: identifier(&name),
        value: json!({"code": kept, "tries": 0, "sealed": sealed}).to_string(),
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
    let mut tx = app.db.begin().await?;
    Verifications::insert(&mut tx, &row, now).await?;
    app.outbox.enqueue(&mut tx, &mail, app.new_id(), Some(expires_at)).await?;
    tx.commit().await?;
    visit.set_signed_cookie(COOKIE, &name, Some(LIFE));
    Ok(())
}

/// The address that this browser is to prove.
pub(crate) async fn address(visit: &Visit) -> Result<Option<String>> {
    let Some(name) = visit.signed_cookie(COOKIE) else { return Ok(None) };
    let identifier = identifier(&name);
    let value = Verifications::look(&visit.app().db, [&identifier, &identifier], visit.now()).await?;
    Ok(value.and_then(|value| open(visit, &value)).map(|(_, _, pending)| pending.email))
}

/// Tries a code. The row is held from the first statement on, so that parallel tries of one proof queue up.
pub(crate) async fn check(visit: &Visit, social: &Social, typed: &str) -> Result<Proof> {
    let Some(name) = visit.signed_cookie(COOKIE) else { return Ok(Proof::Nothing) };
    let (app, now) = (visit.app(), visit.now());
    let identifier = identifier(&name);
    let look = Verifications::look(&app.db, [&identifier, &identifier], now).await?;
    let Some((_, _, pending)) = look.and_then(|value| open(visit, &value)) else { return Ok(Proof::Nothing) };
    let Some(email) = EmailAddress::parse_international(&pending.email) else { return Ok(Proof::Nothing) };
    let provider = social.find(&pending.provider);
    // Before the transaction: a business database may be slow.
    let (_, provision) = arrive(visit, &email, pending.door.as_deref()).await?;

    let mut tx = app.db.begin().await?;
    let Some(row) = Verifications::hold(&mut tx, &identifier, now).await? else { return Ok(Proof::Nothing) };
    let Some((kept, tries, _)) = open(visit, &row.value) else { return Ok(Proof::Nothing) };
    let right = app
        .keyring
        .keyed_hashes(&purpose(&name), typed)
        .iter()
        .any(|hash| equal_in_constant_time(hash, &kept));
    if !right {
        let tries = tries + 1;
        if tries >= TRIES {
            Verifications::take(&mut tx, &row.id).await?;
            tx.commit().await?;
            visit.remove_cookie(COOKIE);
            return Ok(Proof::Nothing);
        }
        let mut value: Json = serde_json::from_str(&row.value).map_err(Error::internal)?;
        if let Some(object) = value.as_object_mut() {
            object.insert("tries".to_owned(), tries.into());
        }
        Verifications::set_value(&mut tx, &row.id, &value.to_string(), now).await?;
        tx.commit().await?;
        return Ok(Proof::Wrong);
    }
    Verifications::take(&mut tx, &row.id).await?;
    visit.remove_cookie(COOKIE);
    let Some(provider) = provider else {
        tx.commit().await?;
        return Ok(Proof::Right(refused("oauth_provider_not_found"), pending));
    };
    let new = match provision {
        Provision::TurnAway(error) => {
            tx.commit().await?;
            let end = told(error.unwrap_or_else(|| bad_request(INVALID_SOCIAL_CODE)))?;
            return Ok(Proof::Right(end, pending));
        }
        Provision::Make(new) => NewUser { email_verified: true, ..new },
        Provision::NoOpinion | Provision::MailNothing => NewUser {
            email: email.clone(),
            email_verified: true,
            name: pending.name.clone(),
            image: pending.image.clone(),
            extra: Fields::default(),
        },
    };
    let person = Person {
        subject: pending.subject.clone(),
        email: Some(email),
        email_verified: true,
        name: pending.name.clone(),
        image: pending.image.clone(),
        data: Map::new(),
    };
    let arrival = Arrival {
        provider,
        person,
        tokens: pending.tokens.clone(),
        strength: pending.strength.clone(),
        request_sign_up: false,
        door: pending.door.clone(),
    };
    let (user, is_new) = find_or_make(visit, &mut tx, new).await?;
    // Whoever set a password or opened a session before was not shown to own the address: that dies.
    let user = prove_mailbox(visit, &mut tx, user).await?;
    let end = match Accounts::by_key(&mut tx, provider.id(), &pending.subject).await? {
        Some(account) if account.user_id != user.id => {
            tx.commit().await?;
            refused("account_already_linked_to_different_user")
        }
        known => {
            if known.is_none() {
                add(visit, social, &mut tx, &arrival, &user).await?;
                tell(visit, social, &mut tx, provider, &user).await?;
            }
            through(visit, tx, &arrival, user, is_new).await.or_else(told)?
        }
    };
    Ok(Proof::Right(end, pending))
}

fn identifier(name: &str) -> String {
    format!("social-proof-{}", digest(name))
}

fn purpose(name: &str) -> String {
    format!("social-proof:{name}")
}

fn open(visit: &Visit, value: &str) -> Option<(String, u64, Pending)> {
    let value: Json = serde_json::from_str(value).ok()?;
    let sealed = value.get("sealed")?.as_str()?;
    let pending = serde_json::from_str(visit.app().keyring.open(sealed).ok()?.expose_secret()).ok()?;
    Some((value.get("code")?.as_str()?.to_owned(), value.get("tries")?.as_u64()?, pending))
}
