//! Who gets a mail that was asked for by naming an address. Whoever asks learns nothing of it: the answer is everybody's,
//! and to nobody goes a decoy, at the same price.

use crate::app::App;
use crate::db::Insert;
use crate::email_address::EmailAddress;
use crate::error::{Error, Result};
use crate::hooks::Provision;
use crate::http::Visit;
use crate::mail::Mail;
use crate::sign_in::{arrive, find_or_make, provision};
use crate::store::{NewUser, User};
use crate::timestamp::Timestamp;

/// To whom a mail goes.
#[derive(Debug)]
pub enum Recipient {
    /// A user.
    User(Box<User>),
    /// Somebody who may become one by it.
    Stranger,
    /// Somebody whom a plugin knows: made a user along with the mail.
    Newcomer(Box<NewUser>),
    /// Nobody: what is written are decoys.
    Nobody,
}

impl Recipient {
    /// Of what lets in whoever reads it. `open` says whether that makes a user where nobody has the address. An error is
    /// one of ours, or one that the person is meant to see.
    pub async fn who_comes_in(
        visit: &Visit,
        email: &EmailAddress,
        door: Option<&str>,
        open: bool,
    ) -> Result<Self> {
        Ok(match arrive(visit, email, door).await? {
            (_, Provision::TurnAway(Some(told))) => return Err(told),
            (_, said) if said.is_silent() => Self::Nobody,
            (Some(user), _) => Self::User(Box::new(user)),
            (None, Provision::Make(new)) => Self::Newcomer(Box::new(new)),
            (None, _) if open => Self::Stranger,
            (None, _) => Self::Nobody,
        })
    }

    /// Of what is for the owner of an account alone: who is turned away, and who is none, get nothing.
    pub async fn who_has_it(visit: &Visit, email: &EmailAddress, door: Option<&str>) -> Result<Self> {
        Ok(match arrive(visit, email, door).await? {
            (_, Provision::TurnAway(_) | Provision::MailNothing) | (None, _) => Self::Nobody,
            (Some(user), _) => Self::User(Box::new(user)),
        })
    }

    /// Whether what an operator sends to a user by mail reaches them: the public way would mail them, too, and the address is
    /// not one that stands for none (RFC 2606).
    pub async fn is_reached(app: &App, user: &User) -> Result<bool> {
        let Some(email) = EmailAddress::parse_international(&user.email) else { return Ok(false) };
        let said = provision(app, &email, None, Some(user)).await?;
        let turned_away = matches!(said, Provision::TurnAway(_) | Provision::MailNothing);
        Ok(!turned_away && !email.domain().ends_with(".invalid"))
    }

    /// Their name, perhaps empty.
    pub fn name(&self) -> &str {
        match self {
            Self::User(user) => user.name.as_deref().unwrap_or_default(),
            Self::Newcomer(new) => &new.name,
            Self::Stranger | Self::Nobody => "",
        }
    }

    /// The user that they are, if they are one already.
    pub fn user(&self) -> Option<&User> {
        if let Self::User(user) = self { Some(user) } else { None }
    }

    /// Only if they are a user of whom this holds; else nobody.
    #[must_use]
    pub fn only(self, holds: impl FnOnce(&User) -> bool) -> Self {
        if self.user().is_some_and(holds) { self } else { Self::Nobody }
    }

    /// Whether somebody is to get it.
    pub fn is_somebody(&self) -> bool {
        !matches!(self, Self::Nobody)
    }

    /// Writes the mail and what goes with it, real or decoys; whom a plugin knows is made in the same transaction.
    pub async fn write(self, visit: &Visit, rows: Vec<Insert>) -> Result<()> {
        let db = &visit.app().db;
        let Self::Newcomer(new) = self else { return Ok(db.write(rows).await?) };
        let mut tx = db.begin().await?;
        if let Err(refusal) = find_or_make(visit, &mut tx, *new).await {
            tx.rollback().await?;
            return unmade(visit, refusal);
        }
        tx.write(rows).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The row of a mail, which is useless after `deadline`; of its decoy where nobody is to get it.
pub fn mail_row(app: &App, mail: &Mail, is_real: bool, deadline: Timestamp) -> Result<Insert> {
    let (outbox, id) = (&app.outbox, app.new_id());
    Ok(if is_real { outbox.row(mail, id, Some(deadline))? } else { outbox.decoy_row(mail, id)? })
}

/// Somebody whom a plugin knows could not be made a user, because a value of theirs is somebody else's. Who asks has
/// proven nothing yet, and is answered as everybody: that is for the log alone. An error is one of ours.
pub fn unmade(visit: &Visit, refusal: Error) -> Result<()> {
    if !refusal.status().is_client_error() {
        return Err(refusal);
    }
    let (request_id, code) = (visit.request_id(), refusal.code());
    tracing::error!(
        request_id,
        code,
        "somebody whom a plugin knows has a value that is another user's, and no account"
    );
    Ok(())
}
