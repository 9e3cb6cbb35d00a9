//! What applications get beside sign-in: tokens instead of cookies, several sessions, JWTs.

mod access_token;
mod bearer;
mod jwt;
mod last_login_method;
mod multi_session;
mod one_time_token;

use guichet_testing::{Answer, TestDatabase, TestServer};

use crate::with;

/// With sign-in by e-mail code and by password, and these further lines.
async fn beside_sign_in(database: &TestDatabase, settings: &str) -> TestServer {
    with(database, &format!("{settings}\n[plugins.email-otp]\n[plugins.email-password]\n")).await
}

/// How many seconds a cookie of the answer lives, where it sets one; `None` in there ends with the browser.
fn life_of(answer: &Answer, name: &str) -> Option<Option<i64>> {
    let cookies = answer.set_cookies();
    let cookie = cookies.iter().find(|cookie| cookie.name() == name && !cookie.value().is_empty())?;
    Some(cookie.max_age().map(|life| life.whole_seconds()))
}
