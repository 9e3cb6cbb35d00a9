//! Tokens of reset links: 24 of `[a-zA-Z0-9]` (142 bits), kept hashed, good once and for as long as `reset_expires_in`.

use guichet_core::app::App;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_TOKEN, Result, USER_GETS_NO_MAIL, USER_NOT_FOUND, bad_request};
use guichet_core::http::Visit;
use guichet_core::link_token::{Alphabet, LinkTokens};
use guichet_core::password::reset::{self, Ending, Mailbox, Reset, require_kept_here};
use guichet_core::recipient::{Recipient, mail_row};
use guichet_core::store::User;

use crate::address::check_address;
use crate::links;
use crate::mail::{self, Link};
use crate::options::Options;

fn tokens(options: &Options) -> LinkTokens {
    LinkTokens {
        alphabet: Alphabet::LettersAndDigits,
        length: 24,
        hashed_as: "reset-password:",
        plain_as: "reset-password:",
        storage: options.reset_tokens,
        expires_in: options.reset_expires_in.0,
    }
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
    let recipient = Recipient::who_has_it(visit, email, door).await?;
    let (app, tokens) = (visit.app(), tokens(options));
    let token = tokens.draw(app);
    let (life, url) = (tokens.expires_in, links::reset(app, &token, callback));
    let link = Link { purpose: "reset", url: &url, life, new_address: "" };
    let mail = mail::with_link(visit, link, email.as_str(), recipient.name())?;
    let whose = recipient.user().map(|user| user.id.clone());
    let row = tokens.row_or_decoy(app, &token, whose, 32);
    let mail = mail_row(app, &mail, recipient.is_somebody(), visit.now().plus(life))?;
    recipient.write(visit, vec![row, mail]).await
}

/// An operator wants a user to choose a password: mails them the link, in the configured language. Nothing of theirs
/// changes until they do.
pub(crate) async fn send(app: &App, options: &Options, user: &User, callback: Option<&str>) -> Result<()> {
    require_kept_here(app)?;
    if !Recipient::is_reached(app, user).await? {
        return Err(bad_request(USER_GETS_NO_MAIL));
    }
    let tokens = tokens(options);
    let token = tokens.draw(app);
    let url = links::reset(app, &token, callback);
    let link = Link { purpose: "reset", url: &url, life: tokens.expires_in, new_address: "" };
    let name = user.name.as_deref().unwrap_or_default();
    let mail = mail::in_language(&app.templates, app.config.language, link, &user.email, name)?;
    let row = tokens.row(app, &token, user.id.clone());
    let mail = mail_row(app, &mail, true, app.clock.now().plus(tokens.expires_in))?;
    Ok(app.db.write(vec![row, mail]).await?)
}

/// Whether a token is good; it stays.
pub(crate) async fn is_good(visit: &Visit, options: &Options, token: &str) -> Result<bool> {
    Ok(tokens(options).look(&visit.app().db, token, visit.now()).await?.is_some())
}

/// Sets the password of a token's user, and gives them. 400 for a password that nobody may set (the token stays good:
/// who mistypes may try again), `INVALID_TOKEN` for a link that is not good (any more), `USER_NOT_FOUND`.
pub(crate) async fn set(visit: &Visit, options: &Options, token: &str, password: &str) -> Result<User> {
    let app = visit.app();
    app.passwords.check_new(app, password).await?;
    // Looked at before the hash, which is dear, and used up after it, in the transaction that sets the password.
    if !is_good(visit, options, token).await? {
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
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    let Some(user_id) = tokens(options).consume(&mut tx, token, visit.now()).await? else {
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
