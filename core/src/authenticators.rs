//! What somebody signs in with beside a password (authenticators, by NIST SP 800-63B), for whoever takes it away from them
//! because it was lost or stolen (ASVS 6.4.4, 6.5.6). An owner removes their own on the account page.

use std::sync::Arc;

use async_trait::async_trait;

use crate::app::App;
use crate::db::Tx;
use crate::error::{AUTHENTICATOR_NOT_FOUND, Result, not_found};
use crate::notice;
use crate::session;
use crate::store::User;

/// One kind of them, as a plugin keeps it.
#[async_trait]
pub trait Authenticators: Send + Sync {
    /// The kind's name in the API and at the terminal: `two-factor`, `passkey`.
    fn kind(&self) -> &'static str;

    /// The message that names it to its owner.
    fn label(&self) -> &'static str;

    /// Whether the user has any.
    async fn are_had(&self, app: &App, user: &User) -> Result<bool>;

    /// Takes all of them away; `false` where there were none.
    async fn take_away(&self, app: &App, tx: &mut Tx, user: &User) -> Result<bool>;
}

/// Those of this kind, where a plugin keeps them.
pub fn named<'a>(app: &'a App, kind: &str) -> Option<&'a Arc<dyn Authenticators>> {
    app.authenticators.iter().find(|one| one.kind() == kind)
}

/// From whom something was taken away.
#[derive(Debug)]
pub struct Relieved {
    /// As they are now.
    pub user: User,
    /// Whether a mail tells them: one goes to a proven address alone.
    pub is_told: bool,
}

/// Takes every authenticator of one kind away from a user, ends all their sessions (the device may be in other hands), and
/// tells them by mail, in the transaction of whoever asked for it. 404 `AUTHENTICATOR_NOT_FOUND` for a user who has none,
/// and for a kind that nobody keeps. `None` when the user is gone.
pub async fn take_away(app: &App, tx: &mut Tx, user_id: &str, kind: &str) -> Result<Option<Relieved>> {
    let none = || not_found(AUTHENTICATOR_NOT_FOUND);
    let kept = named(app, kind).ok_or_else(none)?;
    let Some(user) = session::hold_user(app, tx, user_id).await? else { return Ok(None) };
    if !kept.take_away(app, tx, &user).await? {
        return Err(none());
    }
    session::end_all(app, tx, user_id, None).await?;
    let is_told = user.email_verified;
    if is_told {
        let what = app.templates.message(app.config.language, kept.label(), &[]);
        notice::tell_of_operator(app, tx, &user, "core-authenticator-removed", &what).await?;
    }
    Ok(Some(Relieved { user, is_told }))
}
