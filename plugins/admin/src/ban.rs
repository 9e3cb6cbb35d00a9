//! Bans: how one begins, ends, and what it says.

use guichet_core::app::App;
use guichet_core::db::{DbError, Tx, Value};
use guichet_core::error::{Error, Result, forbidden};
use guichet_core::session;
use guichet_core::store::User;
use guichet_core::timestamp::Timestamp;
use http::StatusCode;

use crate::{Admin, BAN_EXPIRES, BAN_REASON, BANNED, BANNED_USER};

/// How somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// As everybody.
    Free,
    /// Banned until a moment that has passed.
    Over,
    /// Banned.
    Banned,
}

pub(crate) fn standing(user: &User, now: Timestamp) -> Standing {
    if user.extra.get(BANNED).and_then(Value::as_bool) != Some(true) {
        return Standing::Free;
    }
    match user.extra.get(BAN_EXPIRES).and_then(Value::as_timestamp) {
        Some(end) if end < now => Standing::Over,
        _ => Standing::Banned,
    }
}

/// What a ban says.
pub(crate) struct Ban {
    pub(crate) reason: String,
    /// Its end; `None` for ever.
    pub(crate) until: Option<Timestamp>,
}

/// Bans somebody and ends their sessions, with what else lets their devices in; `None` when they are gone. A session that
/// is being made meanwhile ends too, or is refused.
pub(crate) async fn ban(app: &App, tx: &mut Tx, user_id: &str, ban: Ban) -> Result<Option<User>> {
    if session::hold_user(app, &mut *tx, user_id).await?.is_none() {
        return Ok(None);
    }
    let changes =
        vec![(BANNED, true.into()), (BAN_REASON, ban.reason.into()), (BAN_EXPIRES, ban.until.into())];
    let banned = app.users.update(&mut *tx, user_id, changes, app.clock.now()).await?;
    session::end_all(app, tx, user_id, None).await?;
    Ok(banned)
}

/// Lifts a ban; `None` when nobody has that id.
pub(crate) async fn lift(app: &App, tx: &mut Tx, user_id: &str) -> Result<Option<User>, DbError> {
    let changes =
        vec![(BANNED, false.into()), (BAN_REASON, Value::Text(None)), (BAN_EXPIRES, Value::Timestamp(None))];
    app.users.update(tx, user_id, changes, app.clock.now()).await
}

impl Admin {
    /// What a banned person is told who proved to be them.
    pub(crate) fn refusal(&self) -> Error {
        match &self.options.banned_message {
            Some(message) => Error::worded(StatusCode::FORBIDDEN, BANNED_USER.code, message.as_str()),
            None => forbidden(BANNED_USER),
        }
    }
}
