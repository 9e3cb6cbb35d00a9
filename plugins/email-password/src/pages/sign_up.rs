//! `GET` and `POST /signup`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::{AnyFields, Query, Reply, Route, Visit, redirect};
use guichet_core::pages::{EVERYBODY, Form, Trouble, context, landing, parting_word};
use guichet_core::password::{Newcomer, SignedUp};
use guichet_core::sign_in::Outcome;
use http::StatusCode;

use super::{PROVEN, Page, SIGN_UP, Said, VERIFY, charge, door, remember_address};
use crate::routes::names::SIGN_UP as SIGN_UP_ROUTE;
use crate::sign_up::{is_open, sign_up};
use crate::{EMAIL_PASSWORD_SIGN_UP_DISABLED, EmailPassword};

guichet_core::input! {
    /// Where the visitor is on the way to.
    struct Way {
        callback_url as "callbackURL": Option<String>,
    }
}

pub(super) fn routes(plugin: &Arc<EmailPassword>) -> Vec<Route> {
    vec![
        Route::get(SIGN_UP, "email-password.sign-up-page", show, plugin.clone())
            .page()
            .query::<Way>()
            .summary("The page to sign up"),
        Route::post(SIGN_UP, "email-password.sign-up-form", submit, plugin.clone())
            .page()
            .summary("The form to sign up"),
    ]
}

async fn show(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Query(way): Query<Way>,
) -> Result<Reply> {
    landing::arrive(&visit, door(&visit, EVERYBODY)?, way.callback_url.as_deref())?;
    if !is_open(&plugin.options) {
        return closed(&visit);
    }
    form(&plugin, &visit, StatusCode::OK, &Form::default(), &Trouble::default())
}

async fn submit(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let posted = Form(fields);
    match attempt(&plugin, &visit, &posted).await {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(trouble)) => form(&plugin, &visit, StatusCode::BAD_REQUEST, &posted, &trouble),
        Err(refusal) if refusal.is(EMAIL_PASSWORD_SIGN_UP_DISABLED) => closed(&visit),
        Err(refusal) if refusal.status().is_client_error() => {
            let trouble = Trouble::of_input(&visit, &refusal, &["name", "email", "password"]);
            form(&plugin, &visit, refusal.status(), &posted, &trouble)
        }
        Err(failure) => Err(failure),
    }
}

async fn attempt(plugin: &EmailPassword, visit: &Visit, posted: &Form) -> Result<Result<Reply, Trouble>> {
    let options = &plugin.options;
    charge(visit, SIGN_UP_ROUTE, posted).await?;
    let (name, password) = (posted.text("name").trim(), posted.text("password"));
    let wrong = |field, key| Ok(Err(Trouble::at(visit, field, key)));
    if name.is_empty() && options.name_required && is_open(options) {
        return wrong("name", "email-password-name-missing");
    }
    let Some(email) = EmailAddress::parse_international(posted.text("email"))
        .filter(|email| crate::address::allows(options, email))
    else {
        return wrong("email", "email-password-email-invalid");
    };
    if password.is_empty() {
        return wrong("password", "email-password-new-missing");
    }
    let address = email.to_string();
    let newcomer = Newcomer {
        name: name.to_owned(),
        email,
        password,
        image: None,
        fields: &posted.0,
        callback: Some(PROVEN),
        remember: true,
        door: Some(EVERYBODY),
    };
    let target = match sign_up(visit, options, newcomer).await? {
        SignedUp::Through(Outcome::Granted(_)) => landing::take(visit, door(visit, EVERYBODY)?),
        SignedUp::Through(Outcome::Challenge(challenge)) => challenge.page,
        SignedUp::Waits(_) if options.sends_on_sign_up() => {
            remember_address(visit, &address);
            VERIFY.to_owned()
        }
        SignedUp::Waits(_) => {
            parting_word::leave(visit, "email-password-made");
            door(visit, EVERYBODY)?.path.clone()
        }
    };
    redirect(StatusCode::SEE_OTHER, &target).map(Ok)
}

fn form(
    plugin: &EmailPassword,
    visit: &Visit,
    status: StatusCode,
    posted: &Form,
    trouble: &Trouble,
) -> Result<Reply> {
    let app = visit.app();
    let door = door(visit, EVERYBODY)?;
    let context = context! {
        action => SIGN_UP, name => posted.text("name"), email => posted.text("email"), trouble,
        name_required => plugin.options.name_required, least => app.config.password.min_length,
        login_href => door.path,
    };
    let html = app.templates.render(visit.language(), "email-password/sign-up.html", context)?;
    Page { door, status, path: SIGN_UP, title: "email-password-sign-up-title" }.answer(visit, &html)
}

fn closed(visit: &Visit) -> Result<Reply> {
    let door = door(visit, EVERYBODY)?;
    let page = Page {
        door,
        status: StatusCode::FORBIDDEN,
        path: SIGN_UP,
        title: "email-password-sign-up-closed-title",
    };
    page.say(
        visit,
        Said {
            text: "email-password-sign-up-closed",
            address: "",
            hint: None,
            button: "email-password-to-login",
            href: &door.path,
            notice: String::new(),
        },
    )
}
