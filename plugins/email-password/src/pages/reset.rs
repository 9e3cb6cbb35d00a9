//! `GET` and `POST /reset-password`: where the link in the mail leads in the end. `GET` uses nothing up. Who has set a
//! password is signed in with it, by the very function of the door: what the door asks for, it asks for here too.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_TOKEN, Result, USER_NOT_FOUND};
use guichet_core::http::{AnyFields, Query, Reply, Route, Visit, redirect};
use guichet_core::pages::{Door, Form, Trouble, context, landing, parting_word};
use guichet_core::password::PasswordClaim;
use guichet_core::sign_in::Outcome;
use guichet_core::store::User;
use http::StatusCode;

use super::{PROVEN, Page, RESET, Said, charge, door, forgot_at};
use crate::routes::names::RESET as RESET_ROUTE;
use crate::sign_in::with_password;
use crate::{EmailPassword, METHOD, reset};

guichet_core::input! {
    /// What the link brings along.
    struct Way {
        token: Option<String>,
        door: Option<String>,
    }
}

pub(super) fn routes(plugin: &Arc<EmailPassword>) -> Vec<Route> {
    vec![
        Route::get(RESET, "email-password.reset-page", show, plugin.clone())
            .page()
            .query::<Way>()
            .summary("The page to choose a new password"),
        Route::post(RESET, "email-password.reset-form", submit, plugin.clone())
            .page()
            .summary("Sets a new password, and signs in with it"),
    ]
}

async fn show(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Query(way): Query<Way>,
) -> Result<Reply> {
    let door = door(&visit, way.door.as_deref().unwrap_or_default())?;
    let token = way.token.unwrap_or_default();
    if !reset::is_good(&visit, &plugin.options, &token).await? {
        return stale(&visit, door);
    }
    form(&visit, door, StatusCode::OK, &token, &Trouble::default())
}

async fn submit(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let posted = Form(fields);
    let door = door(&visit, posted.text("door"))?;
    let (token, password) = (posted.text("token"), posted.text("password"));
    if password.is_empty() {
        let trouble = Trouble::at(&visit, "password", "email-password-new-missing");
        return form(&visit, door, StatusCode::BAD_REQUEST, token, &trouble);
    }
    let set = async {
        charge(&visit, RESET_ROUTE, &posted).await?;
        reset::set(&visit, &plugin.options, token, password).await
    };
    match set.await {
        Ok(user) => {
            let target = go_on(&plugin, &visit, door, &user, password).await?;
            redirect(StatusCode::SEE_OTHER, &target)
        }
        Err(refusal) if refusal.is(INVALID_TOKEN) || refusal.is(USER_NOT_FOUND) => stale(&visit, door),
        Err(refusal) if refusal.status().is_client_error() => {
            let trouble = Trouble::of_input(&visit, &refusal, &["password"]);
            form(&visit, door, refusal.status(), token, &trouble)
        }
        Err(failure) => Err(failure),
    }
}

/// Signs in with the new password; where that is refused, the door says that the password is set.
async fn go_on(
    plugin: &EmailPassword,
    visit: &Visit,
    door: &Door,
    user: &User,
    password: &str,
) -> Result<String> {
    if let Some(email) = EmailAddress::parse_international(&user.email).filter(|_| plugin.options.enabled) {
        let claim = PasswordClaim {
            email: &email,
            name: None,
            password,
            method: METHOD,
            remember: true,
            callback: Some(PROVEN),
            door: Some(&door.name),
        };
        match with_password(visit, &plugin.options, claim).await {
            Ok(Outcome::Granted(_)) => return Ok(landing::take(visit, door)),
            Ok(Outcome::Challenge(challenge)) => return Ok(challenge.page),
            Err(refusal) if refusal.status().is_client_error() => {}
            Err(failure) => return Err(failure),
        }
    }
    parting_word::leave(visit, "email-password-reset-done");
    Ok(door.path.clone())
}

fn form(visit: &Visit, door: &Door, status: StatusCode, token: &str, trouble: &Trouble) -> Result<Reply> {
    let app = visit.app();
    let context = context! {
        action => RESET, door => door.name, token, trouble, least => app.config.password.min_length,
    };
    let html = app.templates.render(visit.language(), "email-password/reset.html", context)?;
    // Of a token nothing but letters and digits is good, so that it stands in an address as it is.
    let path = format!("{RESET}?door={}&token={token}", door.name);
    Page { door, status, path: &path, title: "email-password-reset-title" }.answer(visit, &html)
}

fn stale(visit: &Visit, door: &Door) -> Result<Reply> {
    let page =
        Page { door, status: StatusCode::BAD_REQUEST, path: RESET, title: "core-error-expired-link-title" };
    page.say(
        visit,
        Said {
            text: "email-password-reset-stale",
            address: "",
            hint: None,
            button: "email-password-ask-again",
            href: &forgot_at(door),
            notice: String::new(),
        },
    )
}
