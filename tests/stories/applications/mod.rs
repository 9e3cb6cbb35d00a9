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

/// Whether the cookie that the answer sets outlives the browser.
fn outlives_the_browser(answer: &Answer, name: &str) -> bool {
    let cookies = answer.set_cookies();
    let cookie = cookies.iter().find(|cookie| cookie.name() == name && !cookie.value().is_empty());
    cookie.expect("the answer sets it").max_age().is_some()
}
