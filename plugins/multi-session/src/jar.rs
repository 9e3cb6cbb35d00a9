//! The browser's own sessions, as its signed cookies have them.

use guichet_core::cookie::SESSION_TOKEN;
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::keyring::equal_in_constant_time;
use guichet_core::session::{self, SignedIn};

/// The short name of the cookie of a session.
pub(crate) fn name(token: &str) -> String {
    format!("{SESSION_TOKEN}_multi-{}", token.to_ascii_lowercase())
}

/// The tokens in the jar. A signed cookie under another session's name is not believed.
pub(crate) fn tokens(visit: &Visit) -> Vec<String> {
    visit
        .signed_cookies(&name(""))
        .into_iter()
        .filter(|(rest, token)| token.to_ascii_lowercase() == *rest)
        .map(|(_, token)| token)
        .collect()
}

/// The live sessions in the jar.
pub(crate) async fn sessions(visit: &Visit) -> Result<Vec<SignedIn>> {
    let mut live = Vec::new();
    for token in tokens(visit) {
        live.extend(session::of_token(visit, &token).await?);
    }
    Ok(live)
}

/// The token in the jar that `given` names: as it is, or by the handle that the list gave.
pub(crate) async fn named(visit: &Visit, given: &str) -> Result<Option<String>> {
    let tokens = tokens(visit);
    if let Some(token) = tokens.iter().find(|token| equal_in_constant_time(token, given)) {
        return Ok(Some(token.clone()));
    }
    let sessions = sessions(visit).await?;
    let by_handle =
        |one: &SignedIn| equal_in_constant_time(&session::handle(visit.app(), &one.session), given);
    Ok(sessions.into_iter().find(by_handle).map(|found| found.token))
}
