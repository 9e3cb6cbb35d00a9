//! `POST /sign-up/email`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::db::{DbError, Tx};
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result, bad_request};
use guichet_core::hooks::Provision;
use guichet_core::http::{AnyFields, Body, Input, NonEmpty, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as object;
use guichet_core::sign_in::{Outcome, arrive, find_or_make, sign_in};
use guichet_core::store::{Account, Accounts, NewUser, User, take_new_input};
use http::StatusCode;

use super::check_address;
use crate::links::given;
use crate::mail::{self, Notice};
use crate::options::Options;
use crate::sign_in::attempt;
use crate::{
    EMAIL_PASSWORD_SIGN_UP_DISABLED, EmailPassword, FAILED_TO_CREATE_USER,
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, verification,
};

pub(crate) const NAME: &str = "email-password.sign-up";

guichet_core::input! {
    /// Who somebody is; additional user fields too.
    struct SignUp {
        name: Option<String>,
        email: EmailAddress,
        password: NonEmpty,
        image: Option<String>,
        callback_url as "callbackURL": Option<String>,
        remember_me as "rememberMe": Option<bool>, ..
    }
}

guichet_core::input! {
    /// As [`SignUp`], with a name.
    struct NamedSignUp {
        name: String,
        email: EmailAddress,
        password: NonEmpty,
        image: Option<String>,
        callback_url as "callbackURL": Option<String>,
        remember_me as "rememberMe": Option<bool>, ..
    }
}

impl From<NamedSignUp> for SignUp {
    fn from(named: NamedSignUp) -> Self {
        Self {
            name: Some(named.name),
            email: named.email,
            password: named.password,
            image: named.image,
            callback_url: named.callback_url,
            remember_me: named.remember_me,
        }
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    let route = if plugin.options.name_required {
        Route::post("/sign-up/email", NAME, handle::<NamedSignUp>, plugin).body::<NamedSignUp>()
    } else {
        Route::post("/sign-up/email", NAME, handle::<SignUp>, plugin).body::<SignUp>()
    };
    route
        .or_form()
        .from_sign_in_forms()
        .summary("Makes a user with a password; takes additional user fields")
        .answers(Shape::object(&[
            ("token", Shape::text().or_null(), true),
            ("user", Shape::named("User"), true),
        ]))
}

async fn handle<T: Input + Into<SignUp>>(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<T>,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let (options, app) = (&plugin.options, visit.app());
    if !options.enabled || !options.sign_up {
        return Err(bad_request(EMAIL_PASSWORD_SIGN_UP_DISABLED));
    }
    let input: SignUp = input.into();
    let NonEmpty(password) = &input.password;
    check_address(options, &input.email)?;
    app.passwords.check_new(app, password).await?;
    let columns: Vec<_> = app.users.extra_columns().cloned().collect();
    let mut extra = take_new_input(&columns, &fields)?;
    for hook in &app.hooks {
        hook.before_user_write(&visit, None, &mut extra).await?;
    }
    let new = NewUser {
        email: input.email.clone(),
        email_verified: false,
        name: input.name.unwrap_or_default(),
        image: input.image,
        extra,
    };
    let (known, provision) = arrive(&visit, &new.email, None).await?;
    let turned_away = match provision {
        Provision::TurnAway(Some(told)) => return Err(told),
        other => matches!(other, Provision::TurnAway(None)),
    };
    let discreet = !options.signs_in_on_sign_up();
    if !discreet && (known.is_some() || turned_away) {
        return Err(taken());
    }
    // Hashed for a taken address too: the answer must not come sooner.
    let hash = app.passwords.hash(password).await?;
    let callback = given(input.callback_url.as_deref());
    let name = new.name.clone();
    let link = verification::mail(&visit, options, new.email.as_str(), &name, callback)?;
    let mut tx = app.db.begin().await?;
    let made = if turned_away { None } else { make(&visit, &mut tx, new.clone(), &hash).await? };
    let Some(user) = made else {
        if !discreet {
            return Err(taken());
        }
        pretend(&visit, options, &mut tx, known.filter(|_| !turned_away), &link).await?;
        tx.commit().await?;
        let nobody = app.users.made_up(app.new_id(), new, visit.now());
        return json(&object!({"token": null, "user": app.users.json(&nobody)}));
    };
    if options.sends_on_sign_up() {
        verification::enqueue(&visit, options, &mut tx, &link, Some(&user)).await?;
    }
    if discreet {
        tx.commit().await?;
        return json(&object!({"token": null, "user": app.users.json(&user)}));
    }
    match sign_in(&visit, tx, attempt(user, input.remember_me != Some(false), None, true)).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => json(&challenge.answer),
    }
}

fn taken() -> Error {
    Error::coded(StatusCode::UNPROCESSABLE_ENTITY, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL)
}

/// Makes the user and their password; `None` when the address is taken, were it by a moment.
async fn make(visit: &Visit, tx: &mut Tx, new: NewUser, hash: &str) -> Result<Option<User>> {
    let app = visit.app();
    let (user, is_new) = find_or_make(visit, &mut *tx, new).await.map_err(|error| refused(visit, error))?;
    if !is_new {
        return Ok(None);
    }
    let account = Account::credential(app.new_id(), &user.id, hash.to_owned(), visit.now());
    Accounts::insert(&mut *tx, &account).await?;
    for hook in &app.hooks {
        hook.signed_up(visit, tx, &user).await?;
    }
    Ok(Some(user))
}

/// Another unique column (a configured field that clients may set) is taken.
fn refused(visit: &Visit, error: Error) -> Error {
    let cause = error.cause().and_then(|cause| cause.downcast_ref::<DbError>());
    match cause.and_then(|cause| visit.app().users.violated(cause)) {
        Some(column) => column.taken.map_or_else(
            || Error::coded(StatusCode::UNPROCESSABLE_ENTITY, FAILED_TO_CREATE_USER),
            bad_request,
        ),
        None => error,
    }
}

/// What a taken address gets instead of a user: as much work, and a mail that only its owner sees, if any.
async fn pretend(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    owner: Option<User>,
    link: &guichet_core::mail::Mail,
) -> Result<()> {
    let app = visit.app();
    match owner {
        Some(owner) if options.tell_of_sign_ups => mail::tell(visit, tx, Notice::SignUp, &owner).await,
        _ => Ok(app.outbox.enqueue_decoy(tx, link, app.new_id()).await?),
    }
}
