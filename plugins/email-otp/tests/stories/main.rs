//! Stories of sign-in by e-mail code, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod api;
mod limits;
mod meanwhile;
mod new_address;
mod newcomers;
mod page;
mod races;
mod reset;
mod settings;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::json;
use guichet_email_otp::EmailOtp;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

const EMAIL: &str = "jean@example.com";

fn plugins() -> Vec<Registration> {
    vec![Registration::of::<EmailOtp>()]
}

async fn start(database: &TestDatabase) -> TestServer {
    with(database, "plugins.email-otp = {}").await
}

async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    TestServer::with(&plugins(), database, settings).await
}

async fn send(browser: &Browser, email: &str) -> Answer {
    browser.post("/email-otp/send-verification-otp", json!({"email": email, "type": "sign-in"})).await
}

async fn sign_in(browser: &Browser, email: &str, code: &str) -> Answer {
    browser.post("/sign-in/email-otp", json!({"email": email, "otp": code})).await
}

/// A code that is not `code`.
fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}
