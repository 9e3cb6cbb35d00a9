//! Sessions that are lent: somebody who may is in the product as somebody else, and it is written into the session.
//!
//! Such a session ends when it was said to, whatever its holder does; it is never fresh, so that it changes nothing about
//! how its user signs in; and nobody gets another one from it.

use std::time::Duration;

use super::remembered::mark;
use super::{NewSession, SignedIn, create, hold};
use crate::cookie::{DONT_REMEMBER, SESSION_TOKEN};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::http::Visit;
use crate::schema::Column;
use crate::store::{IMPERSONATED_BY, User};

/// The cookie in which a browser keeps its own session meanwhile.
const OWN: &str = "admin_session";

/// What somebody is lent.
pub struct Lent<'a> {
    /// As whom they are in.
    pub user: &'a User,
    /// For how long.
    pub life: Duration,
}

impl Lent<'_> {
    /// The column of `session` that says so: for the schema of the plugin that lends.
    pub fn column() -> Column {
        Column::text(IMPERSONATED_BY).indexed().returned()
    }
}

/// Lends a session to who is signed in, as strong as their own, which they come back to by [`give_back`]; commits `tx` and
/// sets the cookies. Whether they may is the caller's matter, and the plugins' ([`crate::hooks::Hooks::session_made`]).
/// 403 to who is in a lent one; 401 when their own ended meanwhile; 500 where no plugin declares [`Lent::column`]: a session
/// that does not say that it is lent would be its user's own.
pub async fn lend(visit: &Visit, mut tx: Tx, to: &SignedIn, lent: Lent<'_>) -> Result<SignedIn> {
    let app = visit.app();
    if !app.sessions.know_lent_ones() {
        let column = format_args!("session.{IMPERSONATED_BY}");
        return Err(Error::internal(anyhow::anyhow!(
            "a session was to be lent, but no plugin declares {column}"
        )));
    }
    to.require_owner()?;
    // Until the end of `tx`: who ends the own session ends what is lent by it, and has to find it.
    hold(visit, &mut tx, to).await?;
    let amr: Vec<&str> = to.session.proofs().collect();
    let new = NewSession {
        user: lent.user,
        remember: false,
        amr: &amr,
        aal: to.session.aal,
        lent: Some((&to.user.id, lent.life)),
    };
    let (session, token) = create(visit, &mut tx, new).await?;
    tx.commit().await?;
    let remembered = if visit.is_unremembered() { "true" } else { "" };
    visit.remove_session_cookies();
    let life = app.config.session.expires_in.0;
    visit.set_signed_cookie(OWN, &format!("{}:{remembered}", to.token), Some(life));
    // Behind the deletions of what was there, as the reference has it.
    for (short, value) in [(DONT_REMEMBER, "true"), (SESSION_TOKEN, token.as_str())] {
        visit.renew_cookie(app.cookies.cookie(short, &app.keyring.sign(value), None));
    }
    Ok(SignedIn { session, user: lent.user.clone(), token })
}

/// Ends the lent session of this browser, and gives it back its own: `None`, and nothing is done, when that has ended, or
/// the browser has none.
pub async fn give_back(visit: &Visit, lent: &SignedIn) -> Result<Option<SignedIn>> {
    let (app, borrower) = (visit.app(), lent.session.impersonated_by());
    let Some(kept) = visit.signed_cookie(OWN) else { return Ok(None) };
    let (token, remembered) = kept.split_once(':').unwrap_or((&kept, ""));
    let own = super::of_token(visit, token).await?;
    let Some(own) = own.filter(|own| Some(own.user.id.as_str()) == borrower) else { return Ok(None) };
    let mut tx = app.db.begin().await?;
    super::end_by_id(app, &mut tx, &lent.session.id).await?;
    tx.commit().await?;
    visit.set_session_cookie(token, remembered.is_empty());
    // The mark of the lent one stays in a browser that remembers its own, as the reference leaves it: until the next sign-in
    // that session is not prolonged.
    if !remembered.is_empty() {
        mark(visit, false);
    }
    visit.remove_cookie(OWN);
    Ok(Some(own))
}
