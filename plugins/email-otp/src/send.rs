//! Sending a code. Known and unknown addresses get the same answer after the same work.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::sign_in::{arrive, find_or_make};
use guichet_core::store::NewUser;

use crate::letter::Letter;
use crate::options::Options;
use crate::purpose::Purpose;

/// Who asks for a code, where.
#[derive(Clone, Copy)]
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
    let name = match &recipient {
        Recipient::Somebody(name) => name.as_str(),
        Recipient::Newcomer(new) => new.name.as_str(),
        Recipient::Nobody => "",
    };
    let Asked { purpose, email, binding, door: _ } = asked;
    let is_real = !matches!(recipient, Recipient::Nobody);
    let rows = Letter { purpose, email, binding, name, is_real, new_address: None }.rows(visit, options)?;
    let Recipient::Newcomer(new) = recipient else { return Ok(app.db.write(rows).await?) };
    let mut tx = app.db.begin().await?;
    find_or_make(visit, &mut tx, *new).await?;
    tx.write(rows).await?;
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
