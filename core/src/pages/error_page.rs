//! The page that a person sees when something was refused or failed.

use fluent_bundle::FluentArgs;
use minijinja::context;

use super::RenderError;
use crate::error::{Answer, Error, INVALID_ORIGIN, MISSING_OR_NULL_ORIGIN, SERVICE_UNAVAILABLE};
use crate::http::Visit;

/// Renders it, in the visit's language.
pub fn error_page(visit: &Visit, error: &Error) -> Result<String, RenderError> {
    let kind = match error.status().as_u16() {
        400 | 415 | 422 => "-bad-request",
        401 | 403 => "-forbidden",
        404 => "-not-found",
        405 => "-method",
        413 => "-too-large",
        429 => "-too-many",
        503 => "-unavailable",
        _ => "",
    };
    let foreign = error.is(INVALID_ORIGIN) || error.is(MISSING_OR_NULL_ORIGIN);
    let kind = if foreign { "-origin" } else { kind };
    let templates = &visit.app().templates;
    let language = visit.language();
    let mut args = FluentArgs::new();
    args.set("seconds", error.retry_after_seconds().unwrap_or_default());
    let say = |part: &str| templates.words().text(language, &format!("core-error{kind}-{part}"), &args);
    // A failure of ours is found in the log by the request's id; a refusal needs none.
    let request_id = if error.cause().is_some() { visit.request_id() } else { "" };
    let message = match error.answer() {
        Answer::Coded(_) | Answer::Told(..) if kind.is_empty() && error.status().is_client_error() => {
            error.message(language).into_owned()
        }
        // Whoever gives the reason a code of its own has words for it.
        Answer::Coded(code) if kind == "-unavailable" && **code != SERVICE_UNAVAILABLE => {
            error.message(language).into_owned()
        }
        _ => say("message"),
    };
    templates.page(
        visit,
        "error.html",
        "/",
        context! { code => error.code().unwrap_or_default(), title => say("title"), message, request_id, home => visit.app().main_door().map(|door| &door.path) },
    )
}
