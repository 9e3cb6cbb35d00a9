//! Changing one's password, or setting a first one, by API or on a page.

use guichet_core::db::Tx;
use guichet_core::error::{CREDENTIAL_ACCOUNT_NOT_FOUND, INVALID_PASSWORD, Result, bad_request};
use guichet_core::http::Visit;
use guichet_core::notice;
use guichet_core::password::Tries;
use guichet_core::session::{self, SignedIn};
use guichet_core::store::{Account, Accounts};

use crate::PASSWORD_ALREADY_SET;
use crate::mail;
use crate::options::Options;
use crate::routes::names::CHANGE_PASSWORD;

/// What somebody wants.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    pub(crate) current: &'a str,
    pub(crate) new: &'a str,
    /// Whether to end every session, and to begin the own one anew; by default the settings say.
    pub(crate) revoke: Option<bool>,
}

/// Changes the password, and gives the token of the session that was begun anew, if it was; its cookie is set.
pub(crate) async fn change(
    visit: &Visit,
    options: &Options,
    signed_in: &SignedIn,
    wanted: Change<'_>,
) -> Result<Option<String>> {
    let (app, user) = (visit.app(), &signed_in.user);
    app.passwords.check_new(app, wanted.new).await?;
    app.passwords.check_presented(wanted.current)?;
    let account = Accounts::credential(&app.db, &user.id).await?;
    let old = account
        .and_then(Account::into_credential)
        .ok_or_else(|| bad_request(CREDENTIAL_ACCOUNT_NOT_FOUND))?;
    let tries = Tries::count(visit, &user.email).await?;
    if !app.passwords.compare(visit, &tries, &old, wanted.current).await? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    tries.forgive(visit).await?;
    let new = app.passwords.hash(wanted.new).await?;
    let tells =
        options.tell_of_changes && mail::is_welcome(visit, CHANGE_PASSWORD, "notice", &user.email).await?;
    let mut tx = app.db.begin().await?;
    // Only what was compared is replaced: a reset that came in between wins.
    if !Accounts::replace_password(&mut tx, &old.account_id, &old.hash, &new, visit.now()).await? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    let token = end_sessions(visit, options, &mut tx, signed_in, wanted.revoke).await?;
    if tells {
        notice::tell(visit, &mut tx, user, mail::CHANGED, "").await?;
    }
    tx.commit().await?;
    if let Some(token) = &token {
        session::keep(visit, token);
    }
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "a password was changed");
    Ok(token)
}

/// Sets the first password of somebody who has none. Whoever calls has seen that the sign-in is recent.
pub(crate) async fn set_first(
    visit: &Visit,
    options: &Options,
    signed_in: &SignedIn,
    new: &str,
) -> Result<()> {
    let (app, user) = (visit.app(), &signed_in.user);
    app.passwords.check_new(app, new).await?;
    let hash = app.passwords.hash(new).await?;
    let now = visit.now();
    let mut tx = app.db.begin().await?;
    // Touching the user first makes two of them wait for each other.
    app.users.touch(&mut tx, &user.id, now).await?;
    // Whoever proved the mailbox while this was being hashed has ended it.
    session::hold(visit, &mut tx, signed_in).await?;
    if Accounts::has_password(&mut tx, &user.id).await? {
        return Err(bad_request(PASSWORD_ALREADY_SET));
    }
    Accounts::put_password(&mut tx, app.new_id(), &user.id, hash, now).await?;
    if options.tell_of_changes {
        notice::tell(visit, &mut tx, user, mail::CHANGED, "").await?;
    }
    tx.commit().await?;
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "a first password was set");
    Ok(())
}

/// Asked to, ends every session and begins a new one, whose token it gives. Not asked, ends the others by default.
async fn end_sessions(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    signed_in: &SignedIn,
    asked: Option<bool>,
) -> Result<Option<String>> {
    let app = visit.app();
    let user = &signed_in.user;
    match asked {
        Some(true) => {
            // In this order: a session that was ended meanwhile has no successor.
            let (new, token) =
                session::renew_stronger(visit, &mut *tx, signed_in, &[], signed_in.session.aal).await?;
            session::end_all(app, tx, &user.id, Some(&new.id)).await?;
            Ok(Some(token))
        }
        None if options.revoke_sessions_on_change => {
            session::end_all(app, tx, &user.id, Some(&signed_in.session.id)).await?;
            Ok(None)
        }
        _ => Ok(None),
    }
}
