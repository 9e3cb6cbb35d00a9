//! The link that proves an address: a token of its own, which nothing in the database is needed to read.

use guichet_core::db::Tx;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, bad_request};
use guichet_core::hooks::proves_address;
use guichet_core::http::Visit;
use guichet_core::mail::Mail;
use guichet_core::recipient::{Recipient, mail_row};
use guichet_core::serde_json::{Map, Value};
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
    let recipient = Recipient::who_has_it(visit, email, door).await?.only(|user| !user.email_verified);
    deliver(visit, options, email.as_str(), recipient.user(), callback).await
}

/// Sends the link in a transaction of its own.
pub(crate) async fn send(
    visit: &Visit,
    options: &Options,
    user: &User,
    callback: Option<&str>,
) -> Result<()> {
    deliver(visit, options, &user.email, Some(user), callback).await
}

/// To nobody, after the same work.
async fn deliver(
    visit: &Visit,
    options: &Options,
    email: &str,
    user: Option<&User>,
    callback: Option<&str>,
) -> Result<()> {
    let name = user.and_then(|user| user.name.as_deref()).unwrap_or_default();
    let mail = mail(visit, options, email, name, callback)?;
    let mut tx = visit.app().db.begin().await?;
    enqueue(visit, options, &mut tx, &mail, user).await?;
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
    if let Some(email) = EmailAddress::parse_international(&mail.to)
        && proves_address(visit, tx, &email, user).await?
    {
        return Ok(());
    }
    let deadline = visit.now().plus(options.verification_expires_in.0);
    Ok(tx.write(vec![mail_row(app, mail, user.is_some(), deadline)?]).await?)
}
