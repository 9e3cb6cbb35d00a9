//! `GET` and `POST /verify-email`: where links that prove an address lead in the end; says that one is on its way, and
//! sends another.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{
    Error, ErrorCode, Result, TOKEN_EXPIRED, UNAUTHORIZED, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
};
use guichet_core::http::{AnyFields, Query, Reply, Route, Visit, redirect};
use guichet_core::pages::{Door, EVERYBODY, Form, Trouble, context, landing, parting_word};
use http::StatusCode;

use super::{ASKED, PROVEN, Page, Said, VERIFY, charge, door, remember_address};
use crate::routes::names::SEND_VERIFICATION;
use crate::{EmailPassword, INVALID_USER, verification};

guichet_core::input! {
    /// What opening a link came to.
    struct Way {
        done: Option<String>,
        /// The address that an account is to have, when that was the matter.
        change: Option<String>,
        error: Option<String>,
    }
}

pub(super) fn routes(plugin: &Arc<EmailPassword>) -> Vec<Route> {
    vec![
        Route::get(VERIFY, "email-password.verify-page", show, ())
            .page()
            .query::<Way>()
            .summary("Says what the link that proves an address came to"),
        Route::post(VERIFY, "email-password.verify-form", submit, plugin.clone())
            .page()
            .summary("Mails the link that proves an address again"),
    ]
}

async fn show(visit: Visit, Query(way): Query<Way>) -> Result<Reply> {
    let door = door(&visit, EVERYBODY)?;
    let asked = visit.signed_cookie(ASKED);
    match (way.error, way.change) {
        (Some(error), Some(_)) => change_refused(&visit, door, &error),
        (Some(error), None) => {
            let key = if error == TOKEN_EXPIRED.code { "expired" } else { "stale" };
            let key = format!("email-password-verify-{key}");
            let page = Page {
                door,
                status: StatusCode::BAD_REQUEST,
                path: VERIFY,
                title: "core-error-expired-link-title",
            };
            form(&visit, page, &key, &asked.unwrap_or_default(), &Trouble::default())
        }
        (None, Some(to)) => changed(&visit, door, &to).await,
        (None, None) if way.done.is_some() => proven(&visit, door).await,
        (None, None) => waiting(&visit, door, &asked.unwrap_or_default(), &Trouble::default()),
    }
}

async fn submit(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let posted = Form(fields);
    let (door, typed) = (door(&visit, EVERYBODY)?, posted.text("email"));
    let page = |status| Page { door, status, path: VERIFY, title: "email-password-verify-title" };
    let asked = async {
        charge(&visit, SEND_VERIFICATION, &posted).await?;
        let Some(email) = EmailAddress::parse_international(typed)
            .filter(|email| crate::address::allows(&plugin.options, email))
        else {
            return Ok::<_, Error>(false);
        };
        verification::ask(&visit, &plugin.options, &email, Some(EVERYBODY), Some(PROVEN)).await?;
        remember_address(&visit, email.as_str());
        Ok(true)
    };
    let (trouble, status) = match asked.await {
        Ok(true) => {
            parting_word::leave(&visit, "email-password-sent-again");
            return redirect(StatusCode::SEE_OTHER, VERIFY);
        }
        Ok(false) => (Trouble::at(&visit, "email", "email-password-email-invalid"), StatusCode::BAD_REQUEST),
        Err(refusal) if refusal.status().is_client_error() => {
            (Trouble::of(&visit, &refusal), refusal.status())
        }
        Err(failure) => return Err(failure),
    };
    form(&visit, page(status), "email-password-verify-ask", typed, &trouble)
}

/// A link is on its way; or nothing is, and one can be had.
fn waiting(visit: &Visit, door: &Door, asked: &str, trouble: &Trouble) -> Result<Reply> {
    let page = Page { door, status: StatusCode::OK, path: VERIFY, title: "email-password-verify-title" };
    let key = if asked.is_empty() { "email-password-verify-ask" } else { "email-password-verify-sent" };
    form(visit, page, key, asked, trouble)
}

fn form(visit: &Visit, page: Page<'_>, intro: &str, email: &str, trouble: &Trouble) -> Result<Reply> {
    let templates = &visit.app().templates;
    let say = |key: &str| templates.words().plain(visit.language(), key);
    let context = context! {
        action => VERIFY, door => page.door.name, email, trouble, intro => say(intro),
        submit => say("email-password-verify-submit"), back_href => page.door.path,
        back => say("email-password-to-login"), notice => parting_word::take(visit),
    };
    let html = templates.render(visit.language(), "email-password/ask.html", context)?;
    page.answer(visit, &html)
}

async fn proven(visit: &Visit, door: &Door) -> Result<Reply> {
    let is_in = visit.signed_in().await?.is_some();
    let onward = landing::ahead(visit, door).unwrap_or_else(|| landing::signed_in(visit).to_owned());
    let page = Page { door, status: StatusCode::OK, path: PROVEN, title: "email-password-proven-title" };
    page.say(
        visit,
        Said {
            text: "email-password-proven",
            address: "",
            hint: None,
            button: if is_in { "email-password-go-on" } else { "email-password-to-login" },
            href: if is_in { &onward } else { &door.path },
            notice: String::new(),
        },
    )
}

/// The two links of a change lead to one page: the account itself tells which it was.
async fn changed(visit: &Visit, door: &Door, to: &str) -> Result<Reply> {
    let to = EmailAddress::parse_international(to);
    let current = visit.signed_in().await?.map(|signed_in| signed_in.user.email);
    let moved = to.is_some_and(|to| current.as_deref() == Some(to.as_str()));
    let page =
        Page { door, status: StatusCode::OK, path: VERIFY, title: "email-password-change-email-title" };
    page.say(
        visit,
        Said {
            text: if moved { "email-password-moved" } else { "email-password-approved" },
            address: current.as_deref().filter(|_| moved).unwrap_or_default(),
            hint: None,
            button: "email-password-to-account",
            href: visit.app().account_page.unwrap_or("/"),
            notice: String::new(),
        },
    )
}

fn change_refused(visit: &Visit, door: &Door, error: &str) -> Result<Reply> {
    let is = |code: ErrorCode| error == code.code;
    let text = if is(UNAUTHORIZED) || is(INVALID_USER) {
        "email-password-change-elsewhere"
    } else if is(USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) {
        "email-password-change-taken"
    } else {
        "email-password-change-stale"
    };
    let page = Page {
        door,
        status: StatusCode::BAD_REQUEST,
        path: VERIFY,
        title: "email-password-change-email-title",
    };
    page.say(
        visit,
        Said {
            text,
            address: "",
            hint: None,
            button: "email-password-to-account",
            href: visit.app().account_page.unwrap_or("/"),
            notice: String::new(),
        },
    )
}
