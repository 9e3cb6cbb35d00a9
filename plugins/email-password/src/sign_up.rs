//! Signing up with a password, by API or on a page.

use guichet_core::db::Tx;
use guichet_core::error::{Error, Result, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, bad_request, unprocessable};
use guichet_core::hooks::{Provision, signed_up};
use guichet_core::http::Visit;
use guichet_core::mail::Mail;
use guichet_core::newcomer::{Profile, Said};
use guichet_core::notice;
use guichet_core::password::{Newcomer, SignedUp};
use guichet_core::sign_in::{arrive, find_or_make, sign_in};
use guichet_core::store::{Account, Accounts, Fields, NewUser, User};

use crate::address::check_address;
use crate::mail;
use crate::options::Options;
use crate::sign_in::attempt;
use crate::{EMAIL_PASSWORD_SIGN_UP_DISABLED, verification};

/// Whether people may sign up by themselves.
pub(crate) fn is_open(options: &Options) -> bool {
    options.enabled && options.sign_up
}

/// Makes a user with a password, and lets them in where the settings say so. Where they do not, a taken address gets
/// the answer of a new one, after the same work.
pub(crate) async fn sign_up(visit: &Visit, options: &Options, newcomer: Newcomer<'_>) -> Result<SignedUp> {
    let app = visit.app();
    if !is_open(options) {
        return Err(bad_request(EMAIL_PASSWORD_SIGN_UP_DISABLED));
    }
    check_address(options, &newcomer.email)?;
    app.passwords.check_new(app, newcomer.password).await?;
    let profile = Profile {
        email: newcomer.email,
        email_verified: false,
        name: newcomer.name,
        image: newcomer.image,
        said: Said::Client(newcomer.fields),
        columns: Fields::default(),
    };
    // Nobody has proven the address yet: whom a portal knows comes in by its own ways.
    let new = profile.row(visit, Provision::NoOpinion).await?;
    let (known, provision) = arrive(visit, &new.email, newcomer.door).await?;
    let turned_away = match provision {
        Provision::TurnAway(Some(told)) => return Err(told),
        other => other.is_silent(),
    };
    let discreet = !options.signs_in_on_sign_up();
    if !discreet && (known.is_some() || turned_away) {
        return Err(taken());
    }
    // Hashed for a taken address too: the answer must not come sooner.
    let hash = app.passwords.hash(newcomer.password).await?;
    let link = verification::mail(visit, options, new.email.as_str(), &new.name, newcomer.callback)?;
    let mut tx = app.db.begin().await?;
    let made = if turned_away { None } else { make(visit, &mut tx, new.clone(), &hash).await? };
    let Some(user) = made else {
        if !discreet {
            return Err(taken());
        }
        pretend(visit, options, &mut tx, known.filter(|_| !turned_away), &link).await?;
        tx.commit().await?;
        return Ok(SignedUp::Waits(Box::new(app.users.made_up(app.new_id(), new, visit.now()))));
    };
    if options.sends_on_sign_up() {
        verification::enqueue(visit, options, &mut tx, &link, Some(&user)).await?;
    }
    if discreet {
        tx.commit().await?;
        return Ok(SignedUp::Waits(Box::new(user)));
    }
    let attempt = attempt(user, newcomer.remember, newcomer.door, true);
    sign_in(visit, tx, attempt).await.map(SignedUp::Through)
}

fn taken() -> Error {
    unprocessable(USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL)
}

/// Makes the user and their password; `None` when the address is taken, were it by a moment.
async fn make(visit: &Visit, tx: &mut Tx, new: NewUser, hash: &str) -> Result<Option<User>> {
    let app = visit.app();
    let (user, is_new) = find_or_make(visit, &mut *tx, new).await?;
    if !is_new {
        return Ok(None);
    }
    let account = Account::credential(app.new_id(), &user.id, hash.to_owned(), visit.now());
    Accounts::insert(&mut *tx, &account).await?;
    signed_up(visit, tx, &user).await?;
    Ok(Some(user))
}

/// What a taken address gets instead of a user: as much work, and a mail that only its owner sees, if any.
async fn pretend(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    owner: Option<User>,
    link: &Mail,
) -> Result<()> {
    let app = visit.app();
    match owner {
        Some(owner) if options.tell_of_sign_ups => {
            notice::tell_of_stranger(visit, tx, &owner, mail::TAKEN).await
        }
        _ => Ok(tx.write(vec![app.outbox.decoy_row(link, app.new_id())?]).await?),
    }
}
