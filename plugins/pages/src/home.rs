//! `GET /`: where redirects end that were given no other place. The errors of links come here as `?error=`, by the
//! contract; the door shows them.

use guichet_core::error::Result;
use guichet_core::http::{Query, Reply, Route, Visit, component, redirect};
use http::StatusCode;

use crate::{LOGIN, signed_in};

guichet_core::input! {
    /// What went wrong, if anything.
    struct Problem {
        error: Option<String>,
    }
}

pub(crate) fn route() -> Route {
    Route::get("/", "pages.home", lead, ())
        .page()
        .query::<Problem>()
        .summary("Leads to the door, or to who is signed in")
}

async fn lead(visit: Visit, Query(problem): Query<Problem>) -> Result<Reply> {
    let target = match problem.error.filter(|code| !code.is_empty()) {
        Some(code) => format!("{LOGIN}?error={}", component(&code)),
        None if visit.signed_in().await?.is_some() => signed_in::PATH.to_owned(),
        None => LOGIN.to_owned(),
    };
    redirect(StatusCode::SEE_OTHER, &target)
}
