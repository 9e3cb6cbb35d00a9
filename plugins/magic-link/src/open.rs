//! Opening a link: uses its token up and goes through the door.

use guichet_core::error::Result;
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::sign_in::{Aal, Attempt, Outcome, arrive, find_or_make, prove_mailbox, sign_in};
use guichet_core::store::{Fields, NewUser};

use crate::link::{self, Meant};
use crate::options::Options;

/// What came of it.
pub(crate) enum Opened {
    /// The token is not good (any more).
    Unknown,
    /// Nobody has that address, and nobody is made here.
    Closed,
    /// They went through the door.
    Through {
        /// A session, or a challenge.
        outcome: Outcome,
        /// What the link was for.
        meant: Box<Meant>,
        /// Whether the user was made by it.
        is_new: bool,
    },
}

/// Opens the link of a token. `door` is the door at which it is opened; `None` for the API.
pub(crate) async fn open(
    visit: &Visit,
    options: &Options,
    token: &str,
    door: Option<&str>,
) -> Result<Opened> {
    // Looked at first, so that the plugins can be asked before the transaction; used up within it.
    let Some(meant) = link::look(visit, token).await? else { return Ok(Opened::Unknown) };
    let (_, provision) = arrive(visit, &meant.email, door).await?;
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    let Some(meant) = link::consume(visit, &mut tx, token).await? else { return Ok(Opened::Unknown) };
    if let Provision::TurnAway(told) = provision {
        tx.commit().await?;
        return told.map_or(Ok(Opened::Unknown), Err);
    }
    let known = app.users.by_email(&mut tx, &meant.email).await?;
    let (user, is_new) = if let Some(user) = known {
        (user, false)
    } else {
        let new = match provision {
            Provision::Make(new) => new,
            _ if options.disable_sign_up => {
                tx.commit().await?;
                return Ok(Opened::Closed);
            }
            _ => newcomer(visit, &meant).await?,
        };
        find_or_make(visit, &mut tx, NewUser { email_verified: true, ..new }).await?
    };
    let user = prove_mailbox(visit, &mut tx, user).await?;
    let attempt = Attempt {
        user,
        method: "magic-link",
        amr: vec!["otp"],
        aal: Aal::One,
        remember: true,
        door: door.map(str::to_owned),
        is_new,
    };
    let outcome = sign_in(visit, tx, attempt).await?;
    Ok(Opened::Through { outcome, meant: Box::new(meant), is_new })
}

async fn newcomer(visit: &Visit, meant: &Meant) -> Result<NewUser> {
    let mut extra = Fields::default();
    for hook in &visit.app().hooks {
        hook.before_user_write(visit, None, &mut extra).await?;
    }
    Ok(NewUser {
        email: meant.email.clone(),
        email_verified: true,
        name: meant.name.clone(),
        image: None,
        extra,
    })
}
