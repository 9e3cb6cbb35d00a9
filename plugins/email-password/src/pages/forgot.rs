//! `GET` and `POST /forgot-password`, and `GET /forgot-password/sent`: the same for known and unknown addresses.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result};
use guichet_core::http::{AnyFields, Query, Reply, Route, Visit, redirect};
use guichet_core::pages::{Door, Form, Trouble, context};
use http::StatusCode;

use super::{ASKED, FORGOT, Page, RESET, Said, at_door, charge, door, remember_address};
use crate::routes::names::REQUEST_RESET;
use crate::{EmailPassword, reset};

const SENT: &str = "/forgot-password/sent";

guichet_core::input! {
    /// Which door people came from.
    struct Way {
        door: Option<String>,
    }
}

pub(super) fn routes(plugin: &Arc<EmailPassword>) -> Vec<Route> {
    vec![
        Route::get(FORGOT, "email-password.forgot-page", show, ())
            .page()
            .query::<Way>()
            .summary("The page for a forgotten password"),
        Route::post(FORGOT, "email-password.forgot-form", submit, plugin.clone())
            .page()
            .summary("Mails a link that resets the password"),
        Route::get(SENT, "email-password.forgot-sent", sent, ())
            .page()
            .query::<Way>()
            .summary("Says that a link was mailed"),
    ]
}

async fn show(visit: Visit, Query(way): Query<Way>) -> Result<Reply> {
    let door = door(&visit, way.door.as_deref().unwrap_or_default())?;
    form(&visit, door, StatusCode::OK, "", &Trouble::default())
}

async fn submit(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let posted = Form(fields);
    let (door, typed) = (door(&visit, posted.text("door"))?, posted.text("email"));
    let asked = async {
        charge(&visit, REQUEST_RESET, &posted).await?;
        let Some(email) = EmailAddress::parse_international(typed)
            .filter(|email| crate::address::allows(&plugin.options, email))
        else {
            return Ok::<_, Error>(false);
        };
        let callback = at_door(RESET, door);
        reset::ask(&visit, &plugin.options, &email, Some(&door.name), Some(&callback)).await?;
        remember_address(&visit, email.as_str());
        Ok(true)
    };
    match asked.await {
        Ok(true) => redirect(StatusCode::SEE_OTHER, &at_door(SENT, door)),
        Ok(false) => {
            let trouble = Trouble::at(&visit, "email", "email-password-email-invalid");
            form(&visit, door, StatusCode::BAD_REQUEST, typed, &trouble)
        }
        Err(refusal) if refusal.status().is_client_error() => {
            form(&visit, door, refusal.status(), typed, &Trouble::of(&visit, &refusal))
        }
        Err(failure) => Err(failure),
    }
}

async fn sent(visit: Visit, Query(way): Query<Way>) -> Result<Reply> {
    let door = door(&visit, way.door.as_deref().unwrap_or_default())?;
    let again = at_door(FORGOT, door);
    let Some(address) = visit.signed_cookie(ASKED) else { return redirect(StatusCode::SEE_OTHER, &again) };
    let path = at_door(SENT, door);
    let page = Page { door, status: StatusCode::OK, path: &path, title: "email-password-sent-title" };
    page.say(
        &visit,
        Said {
            text: "email-password-forgot-sent",
            address: &address,
            hint: Some("email-password-sent-hint"),
            button: "email-password-ask-again",
            href: &again,
            notice: String::new(),
        },
    )
}

fn form(visit: &Visit, door: &Door, status: StatusCode, email: &str, trouble: &Trouble) -> Result<Reply> {
    let templates = &visit.app().templates;
    let say = |key: &str| templates.words().plain(visit.language(), key);
    let context = context! {
        action => FORGOT, door => door.name, email, trouble, intro => say("email-password-forgot-intro"),
        submit => say("email-password-forgot-submit"), back_href => door.path,
        back => say("email-password-to-login"),
    };
    let html = templates.render(visit.language(), "email-password/ask.html", context)?;
    let path = at_door(FORGOT, door);
    Page { door, status, path: &path, title: "email-password-forgot-title" }.answer(visit, &html)
}
