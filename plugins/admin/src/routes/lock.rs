//! `POST /admin/ban-user` and `POST /admin/unban-user`

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use guichet_core::error::{Result, USER_NOT_FOUND, bad_request, not_found};
use guichet_core::http::{Body, Issues, Reply, Route, Visit, json};
use guichet_core::timestamp::Timestamp;

use super::{Whom, shown, with_user};
use crate::ban::{self, Ban};
use crate::caller::say;
use crate::input::{Coerced, Number};
use crate::{Admin, YOU_ARE_NOT_ALLOWED_TO_BAN_USERS, YOU_CANNOT_BAN_YOURSELF};

/// Longer than this is for ever (100 years), and is to be said so by no end.
const LONGEST: f64 = 100.0 * 365.25 * 86_400.0;

guichet_core::input! {
    /// Who is banned, why, and for how long.
    struct BanUser {
        /// The user's id.
        user_id as "userId": Coerced,
        /// Why.
        ban_reason as "banReason": Option<String>,
        /// For how many seconds; for ever when it is 0, or not said.
        ban_expires_in as "banExpiresIn": Option<Number>,
    }
}

pub(super) fn ban(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/ban-user", "admin.ban-user", begin, plugin)
        .needs_session()
        .summary("Bans a user, and ends every session of theirs")
        .body::<BanUser>()
        .answers(with_user())
}

pub(super) fn unban(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/unban-user", "admin.unban-user", end, plugin)
        .needs_session()
        .summary("Lifts a ban")
        .body::<Whom>()
        .answers(with_user())
}

async fn begin(State(plugin): State<Arc<Admin>>, visit: Visit, Body(body): Body<BanUser>) -> Result<Reply> {
    let caller = plugin.caller(&visit, ("user", "ban"), YOU_ARE_NOT_ALLOWED_TO_BAN_USERS).await?;
    let (app, id) = (visit.app(), &body.user_id.0);
    let gone = || not_found(USER_NOT_FOUND);
    app.users.by_id(&app.db, id).await?.ok_or_else(gone)?;
    if *id == caller.user.id {
        return Err(bad_request(YOU_CANNOT_BAN_YOURSELF));
    }
    let reason = body.ban_reason.filter(|reason| !reason.is_empty());
    let said = Ban {
        reason: reason.unwrap_or_else(|| plugin.options.default_ban_reason.clone()),
        until: plugin.until(visit.now(), body.ban_expires_in)?,
    };
    let mut tx = app.db.begin().await?;
    let user = ban::ban(app, &mut tx, id, said).await?.ok_or_else(gone)?;
    tx.commit().await?;
    say(&visit, &caller, "ban-user", id);
    json(&shown(app, &user))
}

impl Admin {
    /// The end of a ban of so many seconds from now on.
    fn until(&self, now: Timestamp, seconds: Option<Number>) -> Result<Option<Timestamp>> {
        let Some(Number(seconds)) = seconds.filter(|seconds| seconds.0 != 0.0) else {
            return Ok(self.options.default_ban_expires_in.map(|span| now.plus(span.0)));
        };
        if seconds.abs() > LONGEST {
            let mut issues = Issues::default();
            issues.note("body.banExpiresIn", format!("Too big: expected number to be <={LONGEST}"));
            return Err(issues.into_error());
        }
        let span = Duration::from_secs_f64(seconds.abs());
        Ok(Some(if seconds < 0.0 { now.minus(span) } else { now.plus(span) }))
    }
}

async fn end(State(plugin): State<Arc<Admin>>, visit: Visit, Body(body): Body<Whom>) -> Result<Reply> {
    let caller = plugin.caller(&visit, ("user", "ban"), YOU_ARE_NOT_ALLOWED_TO_BAN_USERS).await?;
    let (app, id) = (visit.app(), &body.user_id.0);
    let mut tx = app.db.begin().await?;
    let user = ban::lift(app, &mut tx, id).await?.ok_or_else(|| not_found(USER_NOT_FOUND))?;
    tx.commit().await?;
    say(&visit, &caller, "unban-user", id);
    json(&shown(app, &user))
}
