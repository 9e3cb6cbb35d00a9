//! Opening a link: uses its token up and goes through the door.

use guichet_core::error::Result;
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::newcomer::{Profile, Said};
use guichet_core::sign_in::{Aal, Attempt, Outcome, arrive, find_or_make, prove_mailbox, sign_in};
use guichet_core::store::Fields;

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
    let Some(meant) = link::look(visit, options, token).await? else { return Ok(Opened::Unknown) };
    let (_, provision) = arrive(visit, &meant.email, door).await?;
    let (turned_away, provision) = match provision {
        Provision::TurnAway(told) => (Some(told), Provision::NoOpinion),
        other => (None, other),
    };
    let closed = options.disable_sign_up && !matches!(provision, Provision::Make(_));
    let new = newcomer(&meant).row(visit, provision).await;
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    let Some(meant) = link::consume(visit, options, &mut tx, token).await? else {
        return Ok(Opened::Unknown);
    };
    if let Some(told) = turned_away {
        tx.commit().await?;
        return told.map_or(Ok(Opened::Unknown), Err);
    }
    let (user, is_new) = match app.users.by_email(&mut tx, &meant.email).await? {
        Some(user) => (user, false),
        None if closed => {
            tx.commit().await?;
            return Ok(Opened::Closed);
        }
        // Refused, the link stays as it is.
        None => find_or_make(visit, &mut tx, new?).await?,
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

/// What a link knows of somebody new.
fn newcomer(meant: &Meant) -> Profile<'static> {
    Profile {
        email: meant.email.clone(),
        email_verified: true,
        name: meant.name.clone(),
        image: None,
        said: Said::Nothing,
        columns: Fields::default(),
    }
}
