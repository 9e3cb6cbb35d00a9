//! A door's pages: `GET {path}`, and `GET` and `POST {path}/{method}/{action}`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Error, INVALID_TOKEN, Result, TOKEN_EXPIRED};
use guichet_core::http::{
    AnyFields, PathPair, Query, Reply, Route, Visit, admit_form, component, html_leading_to, redirect,
};
use guichet_core::pages::{Door, Form, SignInForm, Step, context, landing, parting_word};
use http::StatusCode;

guichet_core::input! {
    /// Where the visitor is on the way to, and what went wrong before.
    struct Way {
        callback_url as "callbackURL": Option<String>,
        error: Option<String>,
    }
}

#[derive(Clone)]
struct At {
    door: Arc<Door>,
}

pub(crate) fn routes(door: &Door) -> Vec<Route> {
    let at = At { door: Arc::new(door.clone()) };
    let (path, name) = (&door.path, &door.name);
    let step = format!("{path}/{{method}}/{{action}}");
    vec![
        Route::get(path.clone(), format!("pages.{name}"), first, at.clone())
            .page()
            .query::<Way>()
            .summary("The first page of a door"),
        Route::get(step.clone(), format!("pages.{name}.step"), show, at.clone())
            .page()
            .summary("A later step of a sign-in method"),
        Route::post(step, format!("pages.{name}.submit"), submit, at)
            .page()
            .summary("A form of a sign-in method"),
    ]
}

async fn first(State(at): State<At>, visit: Visit, Query(way): Query<Way>) -> Result<Reply> {
    landing::arrive(&visit, &at.door, way.callback_url.as_deref())?;
    let target = way.callback_url.filter(|target| !target.is_empty());
    let mut forms = Vec::new();
    let begins = |form: &&Arc<dyn SignInForm>| form.begins() && at.door.offers(form.id());
    for form in visit.app().forms.iter().filter(begins) {
        let fragment = form.first(&visit, &at.door, &at.door.steps(form.id())).await?;
        forms.push((form.id(), fragment));
    }
    let code = way.error.filter(|code| !code.is_empty());
    let error = code.as_deref().map(|code| words_of(&visit, code)).unwrap_or_default();
    // Another language says the same.
    let path = match &code {
        Some(code) => format!("{}?error={}", at.door.path, component(code)),
        None => at.door.path.clone(),
    };
    let page = Page { forms, status: StatusCode::OK, path: &path, target, error };
    page.answer(&visit, &at.door)
}

async fn show(State(at): State<At>, visit: Visit, PathPair(method, name): PathPair) -> Result<Reply> {
    let form = find(&visit, &at.door, &method)?;
    let step = form.show(&visit, &at.door, &at.door.steps(form.id()), &name).await?;
    answer(&visit, &at.door, form.id(), &name, step)
}

async fn submit(
    State(at): State<At>,
    visit: Visit,
    PathPair(method, name): PathPair,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let form = find(&visit, &at.door, &method)?;
    let (posted, action) = (Form(fields), at.door.steps(form.id()));
    let step = match charge(&visit, &*form, &name, &posted).await {
        Ok(()) => form.submit(&visit, &at.door, &action, &name, &posted).await?,
        Err(refusal) => form.limited(&visit, &at.door, &action, &name, &posted, refusal).await?,
    };
    answer(&visit, &at.door, form.id(), &name, step)
}

/// The limits of the API hold on its pages.
async fn charge(visit: &Visit, form: &dyn SignInForm, name: &str, posted: &Form) -> Result<()> {
    let Some((route, fields)) = form.as_route(visit, name, posted) else { return Ok(()) };
    admit_form(visit, route, &fields).await
}

fn find(visit: &Visit, door: &Door, method: &str) -> Result<Arc<dyn SignInForm>> {
    let open = |form: &&Arc<dyn SignInForm>| form.id() == method && (!form.begins() || door.offers(method));
    let offered = visit.app().forms.iter().find(open);
    offered.cloned().ok_or_else(Error::nothing_here)
}

fn answer(visit: &Visit, door: &Door, method: &'static str, name: &str, step: Step) -> Result<Reply> {
    match step {
        Step::Show { html, status } => {
            let path = format!("{}/{}", door.steps(method), component(name));
            let forms = vec![(method, html)];
            Page { forms, status, path: &path, target: None, error: String::new() }.answer(visit, door)
        }
        Step::Next(name) => redirect(StatusCode::SEE_OTHER, &format!("{}/{name}", door.steps(method))),
        Step::Restart => redirect(StatusCode::SEE_OTHER, &door.path),
        Step::Elsewhere(path) => redirect(StatusCode::SEE_OTHER, &path),
        // 303, so that no browser posts the code to the application (RFC 9700, section 4.12).
        Step::SignedIn(_) => redirect(StatusCode::SEE_OTHER, &landing::take(visit, door)),
    }
}

/// What the code of a redirect means to a person. Anybody can write one into a link, so that none is shown as it is.
fn words_of(visit: &Visit, code: &str) -> String {
    let own = || visit.app().forms.iter().find_map(|form| form.words_of(code));
    let key = if [INVALID_TOKEN.code, TOKEN_EXPIRED.code].contains(&code) {
        "pages-login-bad-link"
    } else {
        own().unwrap_or("pages-login-failed")
    };
    visit.app().templates.words().plain(visit.language(), key)
}

/// A door's page, with what its methods show.
struct Page<'a> {
    forms: Vec<(&'static str, String)>,
    status: StatusCode,
    /// Where it stands: the language switch leads there, so that a step is not lost by choosing.
    path: &'a str,
    /// Where this very visit was told to lead.
    target: Option<String>,
    /// What went wrong before, in words.
    error: String,
}

impl Page<'_> {
    fn answer(self, visit: &Visit, door: &Door) -> Result<Reply> {
        let language = visit.language();
        let forms: Vec<_> = self.forms.into_iter().map(|(id, html)| context! { id, html }).collect();
        let context = context! {
            door => context! {
                name => door.name, title => door.title.text(language), intro => door.intro.text(language),
            },
            forms, notice => parting_word::take(visit), error => self.error,
        };
        let html = visit.app().templates.page(visit, "pages/login.html", self.path, context)?;
        let target = self.target.or_else(|| landing::ahead(visit, door));
        Ok(html_leading_to(visit, self.status, html, target.as_deref()))
    }
}
