//! How an account ends: by a link that is mailed and works once, in the browser that is signed in; or at once.

use crate::app::App;
use crate::config::UserOptions;
use crate::db::Tx;
use crate::error::{
    CREDENTIAL_ACCOUNT_NOT_FOUND, Error, INVALID_PASSWORD, INVALID_TOKEN, Result, SESSION_EXPIRED,
    bad_request, not_found,
};
use crate::http::{API_BASE, Budget, Visit, component};
use crate::link_token::{Alphabet, LinkTokens};
use crate::pages::{context, href};
use crate::session::{self, SignedIn};
use crate::store::{Accounts, User, Verifications};

/// 32 of `[a-zA-Z0-9]`: 190 bits.
const LENGTH: usize = 32;
const MAIL: &str = "mail/delete-account";

/// What somebody gives who wants their account deleted; empty texts are nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish<'a> {
    /// Their password.
    pub password: &'a str,
    /// The token of a mailed link.
    pub token: &'a str,
    /// Where a mailed link leads in the end.
    pub callback: Option<&'a str>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// The account is gone, and this browser signed out.
    Deleted,
    /// A link is on its way that confirms it.
    Mailed,
}

/// Deletes the account, or mails the link that does. 404 where the settings do not allow it, 400 `INVALID_PASSWORD`,
/// `CREDENTIAL_ACCOUNT_NOT_FOUND`, or `SESSION_EXPIRED` when neither password nor a recent sign-in stands for it.
pub async fn ask(visit: &Visit, signed_in: &SignedIn, wish: Wish<'_>) -> Result<Farewell> {
    signed_in.require_owner()?;
    let options = &visit.app().config.user;
    if !options.delete_account {
        return Err(Error::empty(http::StatusCode::NOT_FOUND));
    }
    if !wish.password.is_empty() {
        check_password(visit, signed_in, wish.password).await?;
    }
    if !wish.token.is_empty() {
        by_token(visit, &signed_in.user, wish.token).await?;
        return Ok(Farewell::Deleted);
    }
    if options.delete_by_mail {
        send(visit, &signed_in.user, wish.callback).await?;
        return Ok(Farewell::Mailed);
    }
    if wish.password.is_empty() && !visit.is_fresh(&signed_in.session) {
        return Err(bad_request(SESSION_EXPIRED));
    }
    let tx = visit.app().db.begin().await?;
    delete(visit, tx, &signed_in.user).await?;
    Ok(Farewell::Deleted)
}

async fn check_password(visit: &Visit, signed_in: &SignedIn, password: &str) -> Result<()> {
    let app = visit.app();
    app.passwords.check_presented(password)?;
    let user = &signed_in.user;
    if !Accounts::has_password(&app.db, &user.id).await? && !app.passwords.are_elsewhere(app) {
        return Err(bad_request(CREDENTIAL_ACCOUNT_NOT_FOUND));
    }
    if !app.passwords.confirm(visit, user, password).await? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    Ok(())
}

fn tokens(options: &UserOptions) -> LinkTokens {
    LinkTokens {
        alphabet: Alphabet::LettersAndDigits,
        length: LENGTH,
        hashed_as: "delete-account-",
        plain_as: "delete-account-",
        storage: options.delete_tokens,
        expires_in: options.delete_expires_in.0,
    }
}

/// Mails the link to the account's address.
async fn send(visit: &Visit, user: &User, callback: Option<&str>) -> Result<()> {
    let app = visit.app();
    let options = &app.config.user;
    // Its address may be somebody's who never made the account.
    app.limiter.admit_account("core.delete-user", "mails", &user.id, Budget::MAILS, visit.now()).await?;
    let tokens = tokens(options);
    let token = tokens.draw(app);
    let callback = component(callback.filter(|callback| !callback.is_empty()).unwrap_or("/"));
    let url = app.url(&format!("{API_BASE}/delete-user/callback?token={token}&callbackURL={callback}"));
    let href = href(&url);
    let hours = options.delete_expires_in.0.as_secs() / 3600;
    let subject = app.templates.message(visit.language(), "core-delete-account-subject", &[]);
    let mail =
        app.templates.mail(visit.language(), MAIL, &user.email, subject, &context! { url, href, hours })?;
    let row = tokens.row(app, &token, user.id.clone());
    let deadline = visit.now().plus(tokens.expires_in);
    Ok(app.db.write(vec![row, app.outbox.row(&mail, app.new_id(), Some(deadline))?]).await?)
}

/// Uses a token of `user`'s up and deletes them; 404 `INVALID_TOKEN` when it is not theirs, or not good (any more).
/// Somebody else's token is not used up.
pub(crate) async fn by_token(visit: &Visit, user: &User, token: &str) -> Result<()> {
    let refused = || not_found(INVALID_TOKEN);
    let (app, now) = (visit.app(), visit.now());
    let tokens = tokens(&app.config.user);
    let owner = tokens.look(&app.db, token, now).await?;
    if owner.as_ref() != Some(&user.id) {
        return Err(refused());
    }
    let mut tx = app.db.begin().await?;
    tokens.consume(&mut tx, token, now).await?.ok_or_else(refused)?;
    delete(visit, tx, user).await
}

/// Deletes a user with everything that is theirs, commits, and makes this browser forget the session.
async fn delete(visit: &Visit, mut tx: Tx, user: &User) -> Result<()> {
    remove(visit.app(), &mut tx, user).await?;
    tx.commit().await?;
    visit.remove_session_cookies();
    tracing::info!(
        event = "account_deleted",
        request_id = visit.request_id(),
        user_id = user.id,
        organization_id = crate::events::organization(visit.app(), None, user),
        "an account was deleted by its owner"
    );
    Ok(())
}

/// Deletes a user with everything that is theirs, whoever asked for it.
pub async fn remove(app: &App, tx: &mut Tx, user: &User) -> Result<()> {
    // Tables that were made elsewhere may refer to users without deleting along.
    session::end_all(app, &mut *tx, &user.id, None).await?;
    for hook in &app.hooks {
        hook.before_user_delete(app, &mut *tx, user).await?;
    }
    Accounts::delete_of_user(&mut *tx, &user.id).await?;
    Verifications::delete_of_value(&mut *tx, &user.id).await?;
    app.users.delete(tx, &user.id).await?;
    Ok(())
}
