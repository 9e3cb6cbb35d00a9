//! Stories of the second factor, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod backup_codes;
mod budget;
mod changes;
mod emailed;
mod hosted;
mod page;
mod races;
mod required;
mod sign_in;
mod trusted;

use std::time::Duration;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_core::store::{Account, Accounts};
use guichet_testing::totp::{code_at, code_now, next_code, secret_in, spelled};
use guichet_testing::{Answer, Browser, Credulous, TestDatabase, TestServer};
use guichet_two_factor::TwoFactor;

use hosted::Hosted;

const EMAIL: &str = "jean@example.com";
const PASSWORD: &str = "correct horse battery";

async fn start(database: &TestDatabase) -> TestServer {
    with(database, "").await
}

/// With these settings of the plugin.
async fn with(database: &TestDatabase, options: &str) -> TestServer {
    with_settings(database, &format!("[plugins.two-factor]\n{options}")).await
}

/// With these settings, whose first section is the plugin's.
async fn with_settings(database: &TestDatabase, settings: &str) -> TestServer {
    try_with_settings(database, settings).await.unwrap()
}

async fn try_with_settings(database: &TestDatabase, settings: &str) -> Result<TestServer, String> {
    let plugins = [Credulous::registration(), Registration::of::<Hosted>(), Registration::of::<TwoFactor>()];
    let settings = format!("[plugins.credulous]\n[plugins.hosted]\n{settings}");
    TestServer::try_with(&plugins, database, &settings).await
}

/// Somebody with a password and a second factor.
struct Person {
    /// Where they enrolled; signed in.
    browser: Browser,
    email: String,
    secret: Vec<u8>,
    codes: Vec<String>,
}

impl Person {
    /// A code that was not used yet: the clock goes on by one step.
    fn code(&self, server: &TestServer) -> String {
        next_code(server, &self.secret)
    }

    /// A code that is right in no step near by.
    fn wrong(&self, server: &TestServer) -> String {
        let near: Vec<String> =
            (-3..=3).map(|offset| code_at(&self.secret, server.now().seconds() + offset * 30)).collect();
        (0..1_000_000).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).unwrap()
    }

    /// A browser in which their sign-in waits for the second factor.
    async fn waiting(&self, server: &TestServer) -> Browser {
        let browser = server.browser();
        let answer = first(&browser, &self.email).await.expect(200).json();
        assert_eq!(answer["twoFactorRedirect"], true, "{answer}");
        browser
    }
}

/// The first step: a password.
async fn first(browser: &Browser, email: &str) -> Answer {
    first_by(browser, email, "pwd").await
}

async fn first_by(browser: &Browser, email: &str, amr: &str) -> Answer {
    browser.post("/sign-in/credulous", json!({"email": email, "amr": amr})).await
}

async fn totp(browser: &Browser, code: &str) -> Answer {
    browser.post("/two-factor/verify-totp", json!({"code": code})).await
}

async fn backup(browser: &Browser, code: &str) -> Answer {
    browser.post("/two-factor/verify-backup-code", json!({"code": code})).await
}

async fn session(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()
}

/// A user with a password.
async fn user(server: &TestServer, email: &str) {
    let user = server.user(email).await;
    let hash = server.app.passwords.hash(PASSWORD).await.unwrap();
    let account = Account::credential(server.app.new_id(), &user.id, hash, server.now());
    Accounts::insert(&server.app.db, &account).await.unwrap();
}

/// Begins to enrol, without confirming.
async fn begun(server: &TestServer, browser: &Browser) -> (Vec<u8>, Vec<String>) {
    let answer = browser.post("/two-factor/enable", json!({"password": PASSWORD})).await.expect(200).json();
    let codes = answer["backupCodes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_owned());
    let _ = server;
    (secret_in(answer["totpURI"].as_str().unwrap()), codes.collect())
}

/// Somebody new who has enrolled an authenticator.
async fn enrolled(server: &TestServer, email: &str) -> Person {
    user(server, email).await;
    let browser = server.browser();
    let _ = first(&browser, email).await.expect(200);
    let (secret, codes) = begun(server, &browser).await;
    let _ = totp(&browser, &code_now(server, &secret)).await.expect(200);
    Person { browser, email: email.to_owned(), secret, codes }
}
