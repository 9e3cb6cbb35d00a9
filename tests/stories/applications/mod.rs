//! What applications get beside sign-in: tokens instead of cookies, several sessions, JWTs.

mod access_token;
mod bearer;
mod jwt;
mod last_login_method;
mod multi_session;
mod one_time_token;

use guichet_testing::{TestDatabase, TestServer};

use crate::with;

/// With sign-in by e-mail code and by password, and these further lines.
async fn beside_sign_in(database: &TestDatabase, settings: &str) -> TestServer {
    with(database, &format!("{settings}\n[plugins.email-otp]\n[plugins.email-password]\n")).await
}
