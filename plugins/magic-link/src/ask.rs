//! Asking for a link. Known and unknown addresses get the same answer after the same work.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::hooks::Provision;
use guichet_core::http::{API_BASE, Visit, component};
use guichet_core::plugin::Configured;
use guichet_core::sign_in::{arrive, find_or_make};
use guichet_core::store::NewUser;

use crate::MagicLink;
use crate::link::{self, Meant};
use crate::mail;
use crate::options::Options;

/// Who asks, where.
pub(crate) struct Asked<'a> {
    pub(crate) meant: Meant,
    /// Where an error of the API's own link leads.
    pub(crate) error_callback: Option<&'a str>,
    /// The door's name; `None` for the API.
    pub(crate) door: Option<&'a str>,
}

/// To whom a link goes.
enum Recipient {
    Somebody(String),
    /// Somebody whom a plugin knows: made a user along with the link.
    Newcomer(Box<NewUser>),
    Nobody,
}

/// Sends a link, or pretends to; gives its token, which binds it to the browser that asked.
pub(crate) async fn send(visit: &Visit, options: &Options, asked: Asked<'_>) -> Result<String> {
    let email = asked.meant.email.clone();
    let recipient = recipient(visit, options, &email, asked.door).await?;
    let app = visit.app();
    let token = link::token(visit);
    let name = match &recipient {
        Recipient::Somebody(name) => name.clone(),
        Recipient::Newcomer(new) => new.name.clone(),
        Recipient::Nobody => String::new(),
    };
    let url = match app.door_offering(MagicLink::ID, asked.door) {
        Some(door) if !options.direct_links => app.url(&format!("{}/{token}", door.steps(MagicLink::ID))),
        _ => app.url(&direct(&token, &asked)),
    };
    let mail = mail::with_link(visit, options, email.as_str(), &name, &url)?;
    let deadline = visit.now().plus(options.expires_in.0);
    let rows = match recipient {
        Recipient::Nobody => vec![link::decoy_row(visit), app.outbox.decoy_row(&mail, app.new_id())?],
        _ => vec![
            link::row(visit, options, &token, &asked.meant),
            app.outbox.row(&mail, app.new_id(), Some(deadline))?,
        ],
    };
    match recipient {
        Recipient::Newcomer(new) => {
            let mut tx = app.db.begin().await?;
            find_or_make(visit, &mut tx, *new).await?;
            tx.write(rows).await?;
            tx.commit().await?;
        }
        _ => app.db.write(rows).await?,
    }
    Ok(token)
}

/// The API's own link.
fn direct(token: &str, asked: &Asked<'_>) -> String {
    let callback = asked.meant.callback.as_deref().unwrap_or("/");
    let mut path = format!("{API_BASE}/magic-link/verify?token={token}&callbackURL={}", component(callback));
    for (name, target) in [
        ("newUserCallbackURL", asked.meant.new_user_callback.as_deref()),
        ("errorCallbackURL", asked.error_callback),
    ] {
        if let Some(target) = target {
            path = format!("{path}&{name}={}", component(target));
        }
    }
    path
}

async fn recipient(
    visit: &Visit,
    options: &Options,
    email: &EmailAddress,
    door: Option<&str>,
) -> Result<Recipient> {
    let (user, provision) = arrive(visit, email, door).await?;
    Ok(match (user, provision) {
        (_, Provision::TurnAway(Some(told))) => return Err(told),
        (_, Provision::TurnAway(None) | Provision::MailNothing) => Recipient::Nobody,
        (Some(user), _) => Recipient::Somebody(user.name.unwrap_or_default()),
        (None, Provision::Make(new)) => Recipient::Newcomer(Box::new(new)),
        (None, _) if options.disable_sign_up => Recipient::Nobody,
        (None, _) => Recipient::Somebody(String::new()),
    })
}
