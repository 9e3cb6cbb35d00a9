//! Sending a code. Known and unknown addresses get the same answer after the same work: where nothing may be sent,
//! a code that nobody has and a decoy mail are written that nobody ever sees.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::sign_in::{arrive, find_or_make};
use guichet_core::store::NewUser;

use crate::codes::{self, Claim};
use crate::mail;
use crate::options::Options;
use crate::purpose::Purpose;

/// Who asks for a code, where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) email: &'a EmailAddress,
    /// The door's name; `None` for the API.
    pub(crate) door: Option<&'a str>,
    /// What binds the code to a browser; empty for the API.
    pub(crate) binding: &'a str,
}

/// To whom a code goes.
enum Recipient {
    /// A user, or somebody who may become one by the code. Their name, perhaps empty.
    Somebody(String),
    /// Somebody whom a plugin knows: made a user along with the code.
    Newcomer(Box<NewUser>),
    /// Nobody.
    Nobody,
}

/// Sends a code, or pretends to. An error is either ours or one that the person is meant to see.
pub(crate) async fn send(visit: &Visit, options: &Options, asked: Asked<'_>) -> Result<()> {
    let recipient = recipient(visit, options, asked).await?;
    let app = visit.app();
    let code = app.keyring.random_digits(options.digits);
    let claim = Claim { binding: asked.binding, ..Claim::new(asked.purpose, asked.email, &code) };
    let name = match &recipient {
        Recipient::Somebody(name) => name.as_str(),
        Recipient::Newcomer(new) => new.name.as_str(),
        Recipient::Nobody => "",
    };
    // Rendered before the transaction, which is to be short.
    let mail = mail::with_code(visit, options, asked.purpose, asked.email, name, &code)?;
    let deadline = visit.now().plus(options.expires_in.0);
    let mut tx = app.db.begin().await?;
    match recipient {
        Recipient::Nobody => {
            codes::keep_decoy(app, options, &mut tx, claim).await?;
            app.outbox.enqueue_decoy(&mut tx, &mail, app.new_id()).await?;
        }
        other => {
            if let Recipient::Newcomer(new) = other {
                find_or_make(visit, &mut tx, *new).await?;
            }
            codes::keep(app, options, &mut tx, claim).await?;
            app.outbox.enqueue(&mut tx, &mail, app.new_id(), Some(deadline)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn recipient(visit: &Visit, options: &Options, asked: Asked<'_>) -> Result<Recipient> {
    let (user, provision) = arrive(visit, asked.email, asked.door).await?;
    let sign_in = asked.purpose == Purpose::SignIn;
    Ok(match (user, provision) {
        (_, Provision::TurnAway(Some(told))) if sign_in => return Err(told),
        (_, Provision::TurnAway(_) | Provision::MailNothing) => Recipient::Nobody,
        (Some(user), _) => Recipient::Somebody(user.name.unwrap_or_default()),
        (None, Provision::Make(new)) if sign_in => Recipient::Newcomer(Box::new(new)),
        (None, _) if sign_in && !options.disable_sign_up => Recipient::Somebody(String::new()),
        (None, _) => Recipient::Nobody,
    })
}
