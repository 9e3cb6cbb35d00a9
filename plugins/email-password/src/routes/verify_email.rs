//! `GET /verify-email`: where the link that proves an address leads. It works as often as it is opened, and proves
//! the same each time. The links of a change of address lead here too.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::db::Value;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{ErrorCode, INVALID_TOKEN, Result, TOKEN_EXPIRED, USER_NOT_FOUND, unauthorized};
use guichet_core::http::{Query, Reply, Route, Shape, Visit, json};
use guichet_core::keyring::TokenRefused;
use guichet_core::serde_json::json as object;
use guichet_core::session;
use guichet_core::sign_in::{Attempt, Outcome, sign_in};
use guichet_core::store::User;

use super::names::VERIFY_EMAIL;
use crate::new_address::{Change, Followed, follow};
use crate::pages::PROVEN;
use crate::{EmailPassword, links};

guichet_core::input! {
    /// The token, and where to go on.
    struct VerifyEmail {
        token: String,
        callback_url as "callbackURL": Option<String>,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::get("/verify-email", VERIFY_EMAIL, handle, plugin)
        .summary("Proves an address by the link that was mailed to it")
        .query::<VerifyEmail>()
        .answers(Shape::object(&[
            ("status", Shape::yes(), true),
            ("user", Shape::named("User").or_null(), true),
        ]))
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Query(query): Query<VerifyEmail>,
) -> Result<Reply> {
    links::check(&visit, query.callback_url.as_deref())?;
    let callback = links::for_people(&visit, query.callback_url.as_deref(), PROVEN);
    let refused = |code: ErrorCode| match callback {
        Some(callback) => links::with_error(callback, code),
        None => Err(unauthorized(code)),
    };
    let (email, change) = match claimed(&visit, &query.token) {
        Ok(claimed) => claimed,
        Err(code) => return refused(code),
    };
    let app = visit.app();
    let Some(user) = app.users.by_email(&app.db, &email).await? else { return refused(USER_NOT_FOUND) };
    let answer = if let Some(change) = change {
        match follow(&visit, &plugin.options, user, change, callback).await? {
            Followed::Refused(code) => return refused(code),
            Followed::Approved => object!({"status": true}),
            Followed::Changed(user) => object!({"status": true, "user": app.users.json(&user)}),
        }
    } else {
        if !user.email_verified {
            prove(&plugin, &visit, user).await?;
        }
        object!({"status": true, "user": null})
    };
    match callback {
        Some(callback) => links::found(callback),
        None => json(&answer),
    }
}

/// The address that a token was made for, and the change of address that it is about, if it is.
fn claimed(visit: &Visit, token: &str) -> Result<(EmailAddress, Option<Change>), ErrorCode> {
    let claims = visit.app().keyring.read_token(token, visit.now()).map_err(|refusal| match refusal {
        TokenRefused::Expired => TOKEN_EXPIRED,
        TokenRefused::Invalid => INVALID_TOKEN,
    })?;
    let email = claims
        .get("email")
        .and_then(|email| EmailAddress::parse_international(email.as_str()?))
        .ok_or(INVALID_TOKEN)?;
    Ok((email, Change::read(&claims)?))
}

async fn prove(plugin: &EmailPassword, visit: &Visit, user: User) -> Result<()> {
    let app = visit.app();
    let signs_in = plugin.options.auto_sign_in_after_verification;
    let current = if signs_in { visit.signed_in().await? } else { None };
    let mut tx = app.db.begin().await?;
    let changes = vec![("emailVerified", Value::from(true))];
    let Some(user) = app.users.update(&mut tx, &user.id, changes, visit.now()).await? else { return Ok(()) };
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "an address was proven");
    let own = current.filter(|current| current.user.id == user.id);
    if !signs_in || own.is_some() {
        tx.commit().await?;
        if let Some(own) = own {
            // Their cookie is set again (contract, section 2).
            session::keep(visit, &own.token);
        }
        return Ok(());
    }
    let attempt = Attempt::by_mailbox(user);
    match sign_in(visit, tx, attempt).await? {
        // A challenge is answered where they sign in next.
        Outcome::Granted(_) | Outcome::Challenge(_) => Ok(()),
    }
}
