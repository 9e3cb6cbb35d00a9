//! Whether a session outlives its browser: what the browser is told of it, wherever it is handed one.

use crate::cookie::DONT_REMEMBER;
use crate::http::Visit;

/// Hands a session's token to the browser, for as long as the session lives or, when it is not to `remember`, for as long as
/// the browser does.
pub(crate) fn hand_over(visit: &Visit, token: &str, remember: bool) {
    visit.set_session_cookie(token, remember);
    mark(visit, remember);
}

/// Says to the browser whether its session outlives it. A mark that an earlier session left would keep this one from being
/// prolonged.
pub(crate) fn mark(visit: &Visit, remember: bool) {
    if !remember {
        visit.set_signed_cookie(DONT_REMEMBER, "true", None);
    } else if visit.cookie(DONT_REMEMBER).is_some() {
        visit.remove_cookie(DONT_REMEMBER);
    }
}
