//! `GET /reset-password/{token}`: where the link in the mail leads. It goes on to the application's page with the
//! token, and uses nothing up: programs that look at mails open links too.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{INVALID_TOKEN, Result};
use guichet_core::http::{PathId, Query, Reply, Route, Visit};

use crate::{EmailPassword, links, pages, reset};

const NAME: &str = "email-password.open-reset-link";

guichet_core::input! {
    /// The application's page.
    struct Way {
        callback_url as "callbackURL": String,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::get("/reset-password/{token}", NAME, handle, plugin)
        .summary("Redirects to the application's page with the token of a reset, or with an error")
        .query::<Way>()
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    PathId(token): PathId,
    Query(way): Query<Way>,
) -> Result<Reply> {
    links::check(&visit, Some(&way.callback_url))?;
    let Some(callback) = links::for_people(&visit, Some(&way.callback_url), pages::RESET) else {
        return links::error_page(&visit);
    };
    if reset::is_good(&visit, &plugin.options, &token).await? {
        links::absolute(&visit, callback, "token", &token)
    } else {
        links::absolute(&visit, callback, "error", INVALID_TOKEN.code)
    }
}
