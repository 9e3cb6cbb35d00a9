//! `GET /error`: where a browser lands when something in a redirect went wrong.

use http::StatusCode;

use crate::config::ErrorPage;
use crate::error::Result;
use crate::http::{API_BASE, Query, Reply, Route, Visit, html, redirect};
use crate::pages::context;

crate::input! {
    /// What went wrong, as the redirect says.
    struct Problem {
        error: Option<String>,
        error_description: Option<String>,
    }
}

pub(super) fn route() -> Route {
    Route::get("/error", "core.error", show, ())
        .summary("Shows what went wrong in a redirect")
        .query::<Problem>()
}

/// What stands in the address is a stranger's text: a code is shown only in this form.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 100
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"'_-".contains(&b))
}

async fn show(visit: Visit, Query(problem): Query<Problem>) -> Result<Reply> {
    let code = problem.error.as_deref().filter(|code| is_code(code)).unwrap_or("UNKNOWN");
    if visit.app().config.http.error_page == ErrorPage::Redirect {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("error", code);
        if let Some(description) = &problem.error_description {
            query.append_pair("error_description", description);
        }
        return redirect(StatusCode::FOUND, &format!("/?{}", query.finish()));
    }
    let templates = &visit.app().templates;
    let language = visit.language();
    let title = templates.words().plain(language, "core-error-bad-request-title");
    let message = templates.words().plain(language, "core-error-bad-request-message");
    let page = templates.page(
        &visit,
        "error.html",
        &format!("{API_BASE}/error"),
        context! { code, title, message, request_id => "", home => visit.app().main_door().map(|door| &door.path) },
    )?;
    Ok(html(StatusCode::OK, page))
}
