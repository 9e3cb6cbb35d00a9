//! What the log tells of people, for whoever counts: one line with `event`, `user_id` and `organization_id`, and no address
//! or name. `docs/operating/watch.md` lists them.

use crate::db::Tx;
use crate::http::Visit;
use crate::store::{Session, User};

/// The columns that say for whom somebody acts: Better Auth's active organization, and the client of a portal.
const ACTIVE_ORGANIZATION: &str = "activeOrganizationId";
const CLIENT: &str = "clientId";

/// A user was made in `tx`: said once it is committed, and not where it is not.
pub fn signed_up(visit: &Visit, tx: &mut Tx, user: &User) {
    let (visit, user) = (visit.clone(), user.clone());
    tx.after_commit(move || {
        tracing::info!(
            event = "sign_up",
            request_id = visit.request_id(),
            user_id = user.id,
            organization_id = organization(None, &user),
            "a user was made"
        );
    });
}

/// For whom the owner of a session acts: its active organization, else the user's client; empty when there is neither.
pub(crate) fn organization<'a>(session: Option<&'a Session>, user: &'a User) -> &'a str {
    let active = session.and_then(|session| session.extra.text(ACTIVE_ORGANIZATION));
    active.or_else(|| user.extra.text(CLIENT)).unwrap_or_default()
}
