//! Who calls, whether they may, and what the log is told of it.

use guichet_core::error::{Error, ErrorCode, Result, UNAUTHORIZED, forbidden};
use guichet_core::http::Visit;
use guichet_core::session::SignedIn;
use guichet_core::store::User;
use http::StatusCode;

use crate::Admin;
use crate::access::Permission;

/// Who is signed in; 401 with an empty body when nobody is, as the reference has it. The store is asked, never the
/// browser's cache.
pub(crate) async fn somebody(visit: &Visit) -> Result<SignedIn> {
    visit.require_stored_session().await.map_err(wordless)
}

/// The 401 of nobody's session, as the reference has it here: without a body.
pub(crate) fn wordless(error: Error) -> Error {
    if error.is(UNAUTHORIZED) { Error::empty(StatusCode::UNAUTHORIZED) } else { error }
}

impl Admin {
    /// Who is signed in and may do this; 403 with `refusal` otherwise.
    pub(crate) async fn caller(
        &self,
        visit: &Visit,
        permission: Permission,
        refusal: ErrorCode,
    ) -> Result<SignedIn> {
        let caller = somebody(visit).await?;
        self.require(&caller, permission, refusal)?;
        Ok(caller)
    }

    /// 403 with `refusal` to who may not do this. Who is in as somebody else may nothing here, whoever that is: what is
    /// done in an administrator's name is done by them.
    pub(crate) fn require(
        &self,
        caller: &SignedIn,
        permission: Permission,
        refusal: ErrorCode,
    ) -> Result<()> {
        let own = caller.session.impersonated_by().is_none();
        if own && self.access.allows(&caller.user, permission) { Ok(()) } else { Err(forbidden(refusal)) }
    }

    /// Whether a user may take the identity of other administrators.
    pub(crate) fn may_be_admins(&self, user: &User) -> bool {
        self.options.allow_impersonating_admins || self.access.allows(user, ("user", "impersonate-admins"))
    }
}

/// Says in the log who did what to whom (`docs/operating/watch.md`).
pub(crate) fn say(visit: &Visit, caller: &SignedIn, action: &'static str, user_id: &str) {
    write(visit, caller, action, user_id, None);
}

/// As [`say`], of what of theirs it was, and why.
pub(crate) fn say_why(
    visit: &Visit,
    caller: &SignedIn,
    action: &'static str,
    user_id: &str,
    (what, reason): (&str, &str),
) {
    write(visit, caller, action, user_id, Some((what, reason)));
}

fn write(visit: &Visit, caller: &SignedIn, action: &'static str, user_id: &str, why: Option<(&str, &str)>) {
    tracing::info!(
        event = "admin",
        request_id = visit.request_id(),
        action,
        admin_id = caller.user.id,
        session_id = caller.session.id,
        user_id,
        what = why.map(|(what, _)| what),
        reason = why.map(|(_, reason)| reason),
        "an administrator acted"
    );
}

/// As [`say`], at the command line.
pub(crate) fn say_operator(action: &'static str, user_id: &str) {
    tracing::info!(event = "admin", action, admin_id = "operator", user_id, "the operator acted");
}
