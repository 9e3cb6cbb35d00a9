//! The page of one's own account: `GET /account`, and `GET` and `POST /account/{section}/{action}`. Sections are the
//! page's own (who one is, where one is signed in, the end of the account) and the plugins'.

mod deletion;
mod profile;
mod sessions;

use std::collections::BTreeSet;
use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::http::{
    AnyFields, PathPair, Reply, Route, Visit, admit_form, component, html, html_leading_to, redirect,
};
use guichet_core::pages::{AccountSection, AccountStep, Form, context, parting_word};
use guichet_core::session::SignedIn;
use http::StatusCode;

/// The page's path.
pub(crate) const PATH: &str = "/account";
const DELETED: &str = "/account-deleted";

pub(crate) fn routes() -> Vec<Route> {
    let step = format!("{PATH}/{{section}}/{{action}}");
    vec![
        Route::get(PATH, "pages.account", overview, ()).page().summary("The own account"),
        Route::get(step.clone(), "pages.account.step", show, ()).page().summary("A step in the own account"),
        Route::post(step, "pages.account.submit", submit, ()).page().summary("A form in the own account"),
        Route::get(DELETED, "pages.account-deleted", deleted, ())
            .page()
            .summary("Says that the account was deleted"),
    ]
}

/// Who one is comes first, what cannot be undone last.
fn sections(app: &App) -> Vec<Arc<dyn AccountSection>> {
    let mut all: Vec<Arc<dyn AccountSection>> = vec![Arc::new(profile::Profile)];
    all.extend(app.account_sections.iter().cloned());
    all.push(Arc::new(sessions::Sessions));
    all.push(Arc::new(deletion::Deletion));
    all
}

/// Two sections of one id would answer for each other.
pub(crate) fn check_sections(app: &App) -> anyhow::Result<()> {
    let mut ids = BTreeSet::new();
    for section in sections(app) {
        anyhow::ensure!(ids.insert(section.id()), "two sections of /account have the id {:?}", section.id());
    }
    Ok(())
}

fn action(section: &dyn AccountSection) -> String {
    format!("{PATH}/{}", section.id())
}

/// Where one signs in, to come back to `path`.
fn door(path: &str) -> String {
    format!("/login?callbackURL={}", component(path))
}

async fn overview(visit: Visit) -> Result<Reply> {
    let Some(signed_in) = visit.signed_in().await? else {
        return redirect(StatusCode::SEE_OTHER, &door(PATH));
    };
    let mut shown = Vec::new();
    for section in sections(visit.app()) {
        if let Some(html) = section.overview(&visit, &signed_in, &action(&*section)).await? {
            shown.push(context! { id => section.id(), html });
        }
    }
    let user = &signed_in.user;
    let context = context! {
        sections => shown, notice => parting_word::take(&visit), sign_out_action => "/sign-out",
        person => user.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&user.email),
    };
    let page = visit.app().templates.page(&visit, "pages/account.html", PATH, context)?;
    Ok(html_leading_to(&visit, StatusCode::OK, page, None))
}

async fn show(visit: Visit, PathPair(id, name): PathPair) -> Result<Reply> {
    let section = find(&visit, &id)?;
    let path = format!("{}/{name}", action(&*section));
    let Some(signed_in) = visit.signed_in().await? else {
        return redirect(StatusCode::SEE_OTHER, &door(&path));
    };
    let step = if section.needs_fresh(&name) && !visit.is_fresh(&signed_in.session) {
        AccountStep::SignInAgain
    } else {
        section.show(&visit, &signed_in, &action(&*section), &name).await?
    };
    answer(&visit, &*section, &name, &path, step)
}

async fn submit(visit: Visit, PathPair(id, name): PathPair, AnyFields(fields): AnyFields) -> Result<Reply> {
    let section = find(&visit, &id)?;
    let Some(signed_in) = visit.signed_in().await? else {
        return redirect(StatusCode::SEE_OTHER, &door(PATH));
    };
    // As the API has it: who is in as somebody else changes their profile at the most.
    if section.id() != profile::ID {
        signed_in.require_owner()?;
    }
    let form = Form(fields);
    let step = if section.needs_fresh(&name) && !visit.is_fresh(&signed_in.session) {
        AccountStep::SignInAgain
    } else {
        perform(&visit, &*section, &signed_in, &name, &form).await?
    };
    answer(&visit, &*section, &name, PATH, step)
}

/// Charges the limits of the API, and does what is asked.
async fn perform(
    visit: &Visit,
    section: &dyn AccountSection,
    signed_in: &SignedIn,
    name: &str,
    form: &Form,
) -> Result<AccountStep> {
    let action = action(section);
    if let Some((route, fields)) = section.as_route(signed_in, name, form)
        && let Err(refusal) = admit_form(visit, route, &fields).await
    {
        return section.limited(visit, signed_in, &action, name, refusal).await;
    }
    section.submit(visit, signed_in, &action, name, form).await
}

fn find(visit: &Visit, id: &str) -> Result<Arc<dyn AccountSection>> {
    sections(visit.app()).into_iter().find(|section| section.id() == id).ok_or_else(Error::nothing_here)
}

/// `back` is where a new sign-in leads, when one is asked for.
fn answer(
    visit: &Visit,
    section: &dyn AccountSection,
    name: &str,
    back: &str,
    step: AccountStep,
) -> Result<Reply> {
    match step {
        AccountStep::Show { html, status } => page(visit, section, name, &html, status),
        AccountStep::SignInAgain => {
            let templates = &visit.app().templates;
            let context = context! { login_href => door(back) };
            let html = templates.render(visit.language(), "pages/account/again.html", context)?;
            page(visit, section, name, &html, StatusCode::FORBIDDEN)
        }
        AccountStep::Next(name) => redirect(StatusCode::SEE_OTHER, &format!("{}/{name}", action(section))),
        AccountStep::Done(key) => {
            parting_word::leave(visit, key);
            redirect(StatusCode::SEE_OTHER, PATH)
        }
        AccountStep::Elsewhere(target) => redirect(StatusCode::SEE_OTHER, &target),
    }
}

/// A step's own page.
fn page(
    visit: &Visit,
    section: &dyn AccountSection,
    name: &str,
    fragment: &str,
    status: StatusCode,
) -> Result<Reply> {
    let path = format!("{}/{}", action(section), component(name));
    let context = context! { html => fragment, is_error => status.is_client_error(), account_href => PATH };
    let page = visit.app().templates.page(visit, "pages/account/step.html", &path, context)?;
    Ok(html_leading_to(visit, status, page, None))
}

async fn deleted(visit: Visit) -> Result<Reply> {
    let page = visit.app().templates.page(&visit, "pages/account/deleted.html", DELETED, context! {})?;
    Ok(html(StatusCode::OK, page))
}
