//! Asking for a link. Known and unknown addresses get the same answer after the same work.

use guichet_core::error::Result;
use guichet_core::http::{API_BASE, Visit, component};
use guichet_core::plugin::Configured;
use guichet_core::recipient::{Recipient, mail_row};

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

/// Sends a link, or pretends to; gives its token, which binds it to the browser that asked.
pub(crate) async fn send(visit: &Visit, options: &Options, asked: Asked<'_>) -> Result<String> {
    let email = &asked.meant.email;
    let recipient = Recipient::who_comes_in(visit, email, asked.door, !options.disable_sign_up).await?;
    let app = visit.app();
    let token = link::tokens(options).draw(app);
    let url = match app.door_offering(MagicLink::ID, asked.door) {
        Some(door) if !options.direct_links => app.url(&format!("{}/{token}", door.steps(MagicLink::ID))),
        _ => app.url(&direct(&token, &asked)),
    };
    let mail = mail::with_link(visit, options, email.as_str(), recipient.name(), &url)?;
    let deadline = visit.now().plus(options.expires_in.0);
    let says = recipient.is_somebody().then(|| asked.meant.text());
    let row = link::tokens(options).row_or_decoy(app, &token, says, 60);
    let mail = mail_row(app, &mail, recipient.is_somebody(), deadline)?;
    recipient.write(visit, vec![row, mail]).await?;
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
