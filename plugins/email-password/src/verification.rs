//! The link that proves an address: a token of its own, which nothing in the database is needed to read.

use guichet_core::db::Tx;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, bad_request};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::mail::Mail;
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::arrive;
use guichet_core::store::User;

use crate::address::check_address;
use crate::mail::{self, Link};
use crate::options::Options;
use crate::{EMAIL_ALREADY_VERIFIED, EMAIL_MISMATCH, links};

/// The mail with the link. `name` may be empty.
pub(crate) fn mail(
    visit: &Visit,
    options: &Options,
    email: &str,
    name: &str,
    callback: Option<&str>,
) -> Result<Mail> {
    let claims: Map<String, Value> = [("email".to_owned(), Value::from(email))].into_iter().collect();
    let life = options.verification_expires_in.0;
    let token = visit.app().keyring.sign_token(claims, visit.now(), life);
    let url = links::verification(visit, &token, callback);
    mail::with_link(visit, Link { purpose: "verification", url: &url, life, new_address: "" }, email, name)
}

/// Somebody wants the link for `email`. Who is signed in gets it for their own address alone; to others nothing tells
/// whether it is known, or already proven.
pub(crate) async fn ask(
    visit: &Visit,
    options: &Options,
    email: &EmailAddress,
    door: Option<&str>,
    callback: Option<&str>,
) -> Result<()> {
    check_address(options, email)?;
    if let Some(signed_in) = visit.signed_in().await? {
        if signed_in.user.email != email.as_str() {
            return Err(bad_request(EMAIL_MISMATCH));
        }
        if signed_in.user.email_verified {
            return Err(bad_request(EMAIL_ALREADY_VERIFIED));
        }
        return send(visit, options, &signed_in.user, callback).await;
    }
    let (user, provision) = arrive(visit, email, door).await?;
    let welcome = !matches!(provision, Provision::TurnAway(_) | Provision::MailNothing);
    let user = user.filter(|user| !user.email_verified && welcome);
    if let Some(user) = user {
        return send(visit, options, &user, callback).await;
    }
    // As much work, for nobody.
    let app = visit.app();
    let mail = mail(visit, options, email.as_str(), "", callback)?;
    let mut tx = app.db.begin().await?;
    enqueue(visit, options, &mut tx, &mail, None).await?;
    Ok(tx.commit().await?)
}

/// Sends the link in a transaction of its own.
pub(crate) async fn send(
    visit: &Visit,
    options: &Options,
    user: &User,
    callback: Option<&str>,
) -> Result<()> {
    let mail = mail(visit, options, &user.email, user.name.as_deref().unwrap_or_default(), callback)?;
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    enqueue(visit, options, &mut tx, &mail, Some(user)).await?;
    Ok(tx.commit().await?)
}

/// Writes the mail, unless a plugin sends a proof of its own instead; it is useless once its link is. For nobody, a decoy.
pub(crate) async fn enqueue(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    mail: &Mail,
    user: Option<&User>,
) -> Result<()> {
    let app = visit.app();
    if let Some(email) = EmailAddress::parse_international(&mail.to) {
        for hook in &app.hooks {
            if hook.proves_address(visit, tx, &email, user).await? {
                return Ok(());
            }
        }
    }
    if user.is_none() {
        return Ok(app.outbox.enqueue_decoy(tx, mail, app.new_id()).await?);
    }
    let deadline = visit.now().plus(options.verification_expires_in.0);
    Ok(app.outbox.enqueue(tx, mail, app.new_id(), Some(deadline)).await?)
}
