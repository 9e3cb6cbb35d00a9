//! What the log tells of people, for whoever counts: one line with `event`, `user_id` and `organization_id`, and no address
//! or name. `docs/operating/watch.md` lists them.

use crate::app::App;
use crate::db::Tx;
use crate::http::Visit;
use crate::store::{Session, User};

/// A user was made in `tx`: said once it is committed, and not where it is not.
pub fn signed_up(visit: &Visit, tx: &mut Tx, user: &User) {
    let (visit, user) = (visit.clone(), user.clone());
    tx.after_commit(move || {
        tracing::info!(
            event = "sign_up",
            request_id = visit.request_id(),
            user_id = user.id,
            organization_id = organization(visit.app(), None, &user),
            "a user was made"
        );
    });
}

/// For whom the owner of a session acts, by the columns that are declared to say so
/// ([`crate::schema::Column::acts_for`]): as the session says (an active organization), else the user (a portal's client);
/// empty when neither does.
pub(crate) fn organization<'a>(app: &App, session: Option<&'a Session>, user: &'a User) -> &'a str {
    let named = |table| app.schema.acting(table);
    let active = session.and_then(|session| session.extra.text(named("session")?));
    active.or_else(|| user.extra.text(named("user")?)).unwrap_or_default()
}
