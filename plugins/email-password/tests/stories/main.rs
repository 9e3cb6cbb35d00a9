//! Stories of passwords, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod change;
mod enumeration;
mod hashes;
mod limits;
mod meanwhile;
mod new_address;
mod page;
mod reset;
mod rules;
mod sign_in;
mod sign_up;
mod verification;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::json;
use guichet_email_password::EmailPassword;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

const EMAIL: &str = "jean@example.com";
const PASSWORD: &str = "correct horse 1";
const ANOTHER: &str = "battery staple 2";

async fn start(database: &TestDatabase) -> TestServer {
    with(database, "").await
}

/// Starts with these lines in the plugin's section; lines before a `---` are the configuration's own.
async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    let (own, plugins) = settings.split_once("---").unwrap_or(("", settings));
    // A queue that holds a whole race.
    let password = if own.contains("[password]") { "" } else { "[password]\nqueue = 500\n" };
    let settings = format!("{own}\n{password}\n[plugins.email-password]\n{plugins}");
    TestServer::with(&[Registration::of::<EmailPassword>()], database, &settings).await
}

async fn sign_up(browser: &Browser, email: &str, password: &str) -> Answer {
    browser.post("/sign-up/email", json!({"email": email, "password": password, "name": "Jean"})).await
}

async fn sign_in(browser: &Browser, email: &str, password: &str) -> Answer {
    browser.post("/sign-in/email", json!({"email": email, "password": password})).await
}

/// Asks for a reset and gives the token that is mailed.
async fn reset_token(server: &TestServer, email: &str) -> String {
    let body = json!({"email": email, "redirectTo": "/reset"});
    server.browser().post("/request-password-reset", body).await.expect(200).json();
    let link = server.mailed_link(email).await;
    let rest = link.strip_prefix("/api/auth/reset-password/").expect("a reset link");
    rest.split('?').next().expect("a token").to_owned()
}

async fn reset(server: &TestServer, token: &str, password: &str) -> Answer {
    server.browser().post("/reset-password", json!({"newPassword": password, "token": token})).await
}
