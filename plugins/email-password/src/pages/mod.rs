//! Pages beside the doors: signing up, a forgotten password, a new one, a proven address. They do what the API's routes
//! do, by the same functions and within the same limits, and are there where hosted pages are: where there is a door
//! for everybody. People come back to the door that they left, and end where its sign-in leads.

mod forgot;
mod reset;
mod sign_up;
mod verify;

use std::sync::Arc;
use std::time::Duration;

use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::http::{Reply, Route, Visit, admit_form, component, html_leading_to};
use guichet_core::pages::{Door, EVERYBODY, Form, context, landing};
use guichet_core::plugin::Configured;
use http::StatusCode;

use crate::EmailPassword;

pub(crate) const SIGN_UP: &str = "/signup";
pub(crate) const FORGOT: &str = "/forgot-password";
pub(crate) const RESET: &str = "/reset-password";
/// Where the link that proves an address leads, when a page of ours asked for it.
pub(crate) const PROVEN: &str = "/verify-email?done=1";
const VERIFY: &str = "/verify-email";

/// The cookie that remembers to which address a link went, signed.
const ASKED: &str = "email_password";
const ASKED_FOR: Duration = Duration::from_hours(1);

/// The pages, where there are any.
pub(crate) fn routes(plugin: &Arc<EmailPassword>, app: &App) -> Vec<Route> {
    if !are_on(app) {
        return Vec::new();
    }
    [sign_up::routes(plugin), forgot::routes(plugin), reset::routes(plugin), verify::routes(plugin)].concat()
}

/// Whether there are hosted pages.
pub(crate) fn are_on(app: &App) -> bool {
    app.door(EVERYBODY).is_some()
}

/// The page for a forgotten password, on the way back to a door.
pub(crate) fn forgot_at(door: &Door) -> String {
    at_door(FORGOT, door)
}

fn at_door(path: &str, door: &Door) -> String {
    if door.name == EVERYBODY { path.to_owned() } else { format!("{path}?door={}", component(&door.name)) }
}

/// The door that people came from; the one for everybody when it is not known.
fn door<'a>(visit: &'a Visit, name: &str) -> Result<&'a Door> {
    visit.app().door_offering(EmailPassword::ID, Some(name)).ok_or_else(Error::nothing_here)
}

/// Counts a form against the limits of the API's route.
async fn charge(visit: &Visit, route: &str, form: &Form) -> Result<()> {
    admit_form(visit, route, &form.0).await
}

fn remember_address(visit: &Visit, email: &str) {
    visit.set_signed_cookie(ASKED, email, Some(ASKED_FOR));
}

/// What a page is about.
#[derive(Clone, Copy)]
struct Page<'a> {
    door: &'a Door,
    status: StatusCode,
    /// Where the language switch leads.
    path: &'a str,
    /// The message that is its title.
    title: &'a str,
}

impl Page<'_> {
    fn answer(self, visit: &Visit, fragment: &str) -> Result<Reply> {
        let templates = &visit.app().templates;
        let context = context! {
            title => templates.words().plain(visit.language(), self.title), html => fragment,
            is_error => self.status.is_client_error(),
        };
        let page = templates.page(visit, "email-password/page.html", self.path, context)?;
        Ok(html_leading_to(visit, self.status, page, landing::ahead(visit, self.door).as_deref()))
    }

    /// A page that says something, with one way on.
    fn say(self, visit: &Visit, said: Said<'_>) -> Result<Reply> {
        let templates = &visit.app().templates;
        let say = |key: &str| templates.words().plain(visit.language(), key);
        let (text, button, notice) = (say(said.text), say(said.button), said.notice);
        let context = context! {
            text, address => said.address, hint => said.hint.map(say).unwrap_or_default(), button,
            href => said.href, notice,
        };
        let html = templates.render(visit.language(), "email-password/message.html", context)?;
        self.answer(visit, &html)
    }
}

/// Keys of messages, an address, and the way on.
struct Said<'a> {
    text: &'a str,
    address: &'a str,
    hint: Option<&'a str>,
    button: &'a str,
    href: &'a str,
    notice: String,
}
