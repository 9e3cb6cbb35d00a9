//! How sessions end before their time. Whatever ends one says so to the plugins in the same transaction: what was signed
//! for it while it lived ends with it.

use super::{is_named, of_token};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::events;
use crate::hooks::{Leaving, Revoked};
use crate::http::Visit;
use crate::store::{Ended, Session, User};

/// Ends one of a user's sessions, named by token or handle; what is unknown or somebody else's is left alone. Gives its
/// id when there was one.
pub async fn end_one(visit: &Visit, user_id: &str, given: &str) -> Result<Option<String>> {
    let app = visit.app();
    let sessions = app.sessions.of_user(&app.db, user_id, visit.now()).await?;
    let Some(session) = sessions.iter().find(|session| is_named(app, session, given)) else {
        return Ok(None);
    };
    let mut tx = app.db.begin().await?;
    end_by_id(app, &mut tx, &session.id).await?;
    tx.commit().await?;
    Ok(Some(session.id.clone()))
}

/// Ends the session of this id, and gives whether there was one; `tx` is the caller's.
pub async fn end_by_id(app: &App, tx: &mut Tx, id: &str) -> Result<bool> {
    let ended = app.sessions.delete(&mut *tx, id).await?;
    let was_there = !ended.is_empty();
    revoked(app, tx, ended).await?;
    Ok(was_there)
}

/// Ends the session of this token, when there is one; `tx` is the caller's.
pub async fn end_by_token(app: &App, tx: &mut Tx, token: &str) -> Result<()> {
    let ended = app.sessions.delete_by_token(&mut *tx, token).await?;
    revoked(app, tx, ended).await
}

async fn revoked(app: &App, tx: &mut Tx, ended: Vec<Ended>) -> Result<()> {
    for Ended { id, user_id } in ended {
        let revoked = Revoked { user_id: &user_id, sessions: &[id], all: false };
        for hook in &app.hooks {
            hook.sessions_revoked(app, &mut *tx, revoked).await?;
        }
    }
    Ok(())
}

/// Ends every session of a user but `except` (a session's id), and what else lets their devices in without proof.
pub async fn end_all(app: &App, tx: &mut Tx, user_id: &str, except: Option<&str>) -> Result<()> {
    let ended = app.sessions.delete_of_user(&mut *tx, user_id, except).await?;
    let sessions: Vec<String> = ended.into_iter().map(|ended| ended.id).collect();
    for hook in &app.hooks {
        let revoked = Revoked { user_id, sessions: &sessions, all: except.is_none() };
        hook.sessions_revoked(app, &mut *tx, revoked).await?;
    }
    for hook in &app.hooks {
        hook.sessions_ended(app, &mut *tx, user_id).await?;
    }
    Ok(())
}

/// Takes a user's row for `tx` alone, to shut them out: a session that is being made for them meanwhile is made before this
/// returns, and ends with the others, or waits and sees what `tx` wrote ([`crate::hooks::Hooks::session_made`]). Their
/// sessions' rows are taken first, in the order in which who prolongs one takes the two. `None` when there is no such user.
pub async fn hold_user(app: &App, tx: &mut Tx, user_id: &str) -> Result<Option<User>> {
    app.sessions.hold_of_user(&mut *tx, user_id).await?;
    Ok(app.users.hold_alone(tx, user_id).await?)
}

/// Ends the sessions of everybody, as [`end_all`] does for one (ASVS 7.4.5); gives how many users there are. A
/// transaction holds some of them at a time: others sign in and out meanwhile.
pub async fn end_everybodys(app: &App) -> Result<usize> {
    const AT_ONCE: u32 = 200;
    let (mut last, mut users) = (None::<String>, 0);
    loop {
        let ids = app.users.ids_after(&app.db, last.as_deref(), AT_ONCE).await?;
        let Some(end) = ids.last() else { return Ok(users) };
        let mut tx = app.db.begin().await?;
        for id in &ids {
            end_all(app, &mut tx, id, None).await?;
        }
        tx.commit().await?;
        users += ids.len();
        last = Some(end.clone());
    }
}

/// The token of the session that this browser has, where it ends when the browser gets another one.
pub(crate) fn previous(visit: &Visit) -> Option<String> {
    let app = visit.app();
    let kept = |token: &String| app.hooks.iter().any(|hook| hook.keeps_session(visit, token));
    visit.session_token().filter(|_| app.config.session.end_previous).filter(|token| !kept(token))
}

/// Ends the session that this browser holds, if any, and makes it forget the cookies.
pub async fn end(visit: &Visit) -> Result<()> {
    for hook in &visit.app().hooks {
        hook.before_sign_out(visit).await?;
    }
    if let Some(token) = visit.session_token() {
        let mut tx = visit.app().db.begin().await?;
        end_by_token(visit.app(), &mut tx, &token).await?;
        tx.commit().await?;
    }
    visit.remove_session_cookies();
    Ok(())
}

/// Says in the log that somebody ended their own session (`docs/operating/watch.md`).
pub fn say_signed_out(visit: &Visit, session: &Session, user: &User) {
    tracing::info!(
        event = "sign_out",
        request_id = visit.request_id(),
        user_id = user.id,
        organization_id = events::organization(visit.app(), Some(session), user),
        session_id = session.id,
        "somebody signed out"
    );
}

/// As [`end`]; gives the address at which a plugin wants the sign-out to go on. That it finds none, or fails to, keeps
/// nobody signed in.
pub async fn end_everywhere(visit: &Visit, leaving: &Leaving) -> Result<Option<String>> {
    let signed_in = match visit.session_token() {
        Some(token) => of_token(visit, &token).await?,
        None => None,
    };
    end(visit).await?;
    let Some(signed_in) = signed_in else { return Ok(None) };
    say_signed_out(visit, &signed_in.session, &signed_in.user);
    for hook in &visit.app().hooks {
        match hook.signs_out_at(visit, &signed_in, leaving).await {
            Ok(None) => {}
            Ok(found) => return Ok(found),
            Err(error) => visit.log_failure(&error),
        }
    }
    Ok(None)
}
