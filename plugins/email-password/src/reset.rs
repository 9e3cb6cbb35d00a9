//! Tokens of reset links: 24 of `[a-zA-Z0-9]` (142 bits), kept hashed, good once and for as long as `reset_expires_in`.

use guichet_core::config::TokenStorage;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_TOKEN, Result, USER_NOT_FOUND, bad_request};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::keyring::digest;
use guichet_core::password::reset::{self, Ending, Mailbox, Reset, require_kept_here};
use guichet_core::sign_in::arrive;
use guichet_core::store::{User, Verification, Verifications};

use crate::address::check_address;
use crate::links;
use crate::mail::{self, Link};
use crate::options::Options;

const LENGTH: usize = 24;

fn in_plain(token: &str) -> String {
    format!("reset-password:{token}")
}

/// Both forms in which a token may be kept; none for what cannot be a token. The forms differ in length, so that a
/// hash that was read in the database is no token in plain.
fn identifiers(token: &str) -> Option<[String; 2]> {
    let is_one = token.len() == LENGTH && token.bytes().all(|b| b.is_ascii_alphanumeric());
    is_one.then(|| [in_plain(&digest(token)), in_plain(token)])
}

/// Somebody forgot the password of `email`: mails them the link. Nothing tells whether the address is known.
pub(crate) async fn ask(
    visit: &Visit,
    options: &Options,
    email: &EmailAddress,
    door: Option<&str>,
    callback: Option<&str>,
) -> Result<()> {
    check_address(options, email)?;
    require_kept_here(visit.app())?;
    let (user, provision) = arrive(visit, email, door).await?;
    let user = user.filter(|_| !matches!(provision, Provision::TurnAway(_) | Provision::MailNothing));
    send(visit, options, user.as_ref(), email.as_str(), callback).await
}

/// Mails a link to `user`; to nobody when there is none, after the same work.
async fn send(
    visit: &Visit,
    options: &Options,
    user: Option<&User>,
    email: &str,
    callback: Option<&str>,
) -> Result<()> {
    let app = visit.app();
    let token = app.keyring.random_alphanumeric(LENGTH);
    let life = options.reset_expires_in.0;
    let url = links::reset(visit, &token, callback);
    let name = user.and_then(|user| user.name.as_deref()).unwrap_or_default();
    let mail =
        mail::with_link(visit, Link { purpose: "reset", url: &url, life, new_address: "" }, email, name)?;
    let kept = match options.reset_tokens {
        TokenStorage::Hashed => in_plain(&digest(&token)),
        TokenStorage::Plain => in_plain(&token),
    };
    let now = visit.now();
    let row = match user {
        Some(user) => Verification {
            id: app.new_id(),
            identifier: kept,
            value: user.id.clone(),
            expires_at: now.plus(life),
        },
        None => Verification {
            id: app.new_id(),
            identifier: "decoy".to_owned(),
            value: app.new_id(),
            expires_at: now,
        },
    };
    let mut tx = app.db.begin().await?;
    Verifications::insert(&mut tx, &row, now).await?;
    match user {
        Some(_) => app.outbox.enqueue(&mut tx, &mail, app.new_id(), Some(now.plus(life))).await?,
        None => app.outbox.enqueue_decoy(&mut tx, &mail, app.new_id()).await?,
    }
    Ok(tx.commit().await?)
}

/// Whether a token is good; it stays.
pub(crate) async fn is_good(visit: &Visit, token: &str) -> Result<bool> {
    let Some([hashed, plain]) = identifiers(token) else { return Ok(false) };
    let found = Verifications::look(&visit.app().db, [&hashed, &plain], visit.now()).await?;
    Ok(found.is_some())
}

/// Sets the password of a token's user, and gives them. 400 for a password that nobody may set (the token stays good:
/// who mistypes may try again), `INVALID_TOKEN` for a link that is not good (any more), `USER_NOT_FOUND`.
pub(crate) async fn set(visit: &Visit, options: &Options, token: &str, password: &str) -> Result<User> {
    let app = visit.app();
    app.passwords.check_new(app, password).await?;
    // Looked at before the hash, which is dear, and used up after it, in the transaction that sets the password.
    if !is_good(visit, token).await? {
        return Err(bad_request(INVALID_TOKEN));
    }
    let hash = app.passwords.hash(password).await?;
    match finish(visit, options, token, hash).await? {
        None => Err(bad_request(INVALID_TOKEN)),
        Some(None) => Err(bad_request(USER_NOT_FOUND)),
        Some(Some(user)) => Ok(user),
    }
}

/// Uses a token up and sets the password of its user, in one transaction. `None` when the token is not good (any
/// more); `Some(None)` when its user is gone.
async fn finish(visit: &Visit, options: &Options, token: &str, hash: String) -> Result<Option<Option<User>>> {
    let Some([hashed, plain]) = identifiers(token) else { return Ok(None) };
    let app = visit.app();
    let now = visit.now();
    let mut tx = app.db.begin().await?;
    let Some(user_id) = Verifications::consume(&mut tx, [&hashed, &plain], now).await? else {
        return Ok(None);
    };
    let reset = Reset {
        user_id: &user_id,
        hash,
        mailbox: if options.reset_proves_email { Mailbox::Proven } else { Mailbox::Unseen },
        ending: if options.revoke_sessions_on_reset { Ending::All } else { Ending::Nothing },
        notice: options.tell_of_changes.then_some(mail::CHANGED),
    };
    let user = reset::set(visit, &mut tx, reset).await?;
    tx.commit().await?;
    if user.is_some() {
        tracing::info!(request_id = visit.request_id(), user_id, "a password was reset");
    }
    Ok(Some(user))
}
