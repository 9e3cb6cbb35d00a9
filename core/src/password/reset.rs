//! A new password without the old one: for who proved otherwise to be the user, or whom an administrator gives one.

use crate::app::App;
use crate::db::{Tx, Value};
use crate::error::{PASSWORD_MANAGED_ELSEWHERE, Result, bad_request};
use crate::http::Visit;
use crate::notice;
use crate::session;
use crate::sign_in::prove_mailbox;
use crate::store::{Accounts, User};

/// Refuses where no password is kept here: 400 `PASSWORD_MANAGED_ELSEWHERE`. Whoever sends a link or a code that sets one
/// asks this first, whoever it is for: what could set nothing is not sent.
pub fn require_kept_here(app: &App) -> Result<()> {
    if app.passwords.are_elsewhere(app) { Err(bad_request(PASSWORD_MANAGED_ELSEWHERE)) } else { Ok(()) }
}

/// What a proof says of the user's mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailbox {
    /// Nothing.
    Unseen,
    /// They read it; what was set up before stays (parity).
    Seen,
    /// They read it, and what an unproven owner had set up ends ([`prove_mailbox`]).
    Proven,
}

/// Which of the user's sessions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending<'a> {
    /// None.
    Nothing,
    /// All of them.
    All,
    /// All but the one with this id.
    AllBut(&'a str),
}

/// A password that is about to be set. Not to be shown.
pub struct Reset<'a> {
    /// Whose.
    pub user_id: &'a str,
    /// Its hash ([`super::Passwords::hash`]), made outside of the transaction.
    pub hash: String,
    /// What the proof says of their mailbox.
    pub mailbox: Mailbox,
    /// Which sessions end.
    pub ending: Ending<'a>,
    /// The words of the mail that tells them ([`notice::tell`]), where one does.
    pub notice: Option<&'a str>,
}

/// Sets it, in the transaction that used the proof up. `None` when the user is gone.
pub async fn set(visit: &Visit, tx: &mut Tx, reset: Reset<'_>) -> Result<Option<User>> {
    let Reset { user_id, hash, mailbox, ending, notice } = reset;
    let (app, now) = (visit.app(), visit.now());
    // Touching the user first makes two resets of one user wait for each other.
    let seen = (mailbox == Mailbox::Seen).then(|| ("emailVerified", Value::from(true)));
    let changes = seen.into_iter().collect();
    let Some(mut user) = app.users.update(&mut *tx, user_id, changes, now).await? else { return Ok(None) };
    if mailbox == Mailbox::Proven {
        user = prove_mailbox(visit, tx, user).await?;
    }
    Accounts::put_password(&mut *tx, app.new_id(), user_id, hash, now).await?;
    match ending {
        Ending::Nothing => {}
        Ending::All => session::end_all(app, tx, user_id, None).await?,
        Ending::AllBut(own) => session::end_all(app, tx, user_id, Some(own)).await?,
    }
    if let Some(key) = notice {
        notice::tell(visit, tx, &user, key, "").await?;
    }
    Ok(Some(user))
}
