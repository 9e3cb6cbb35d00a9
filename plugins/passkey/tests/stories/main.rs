//! Stories of passkeys, on both databases, with an authenticator in software.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod manage;
mod page;
mod registration;
mod registration_refused;
mod settings;
mod sign_in;
mod sign_in_refused;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_passkey::Passkey;
use guichet_testing::authenticator::Authenticator;
use guichet_testing::{Answer, Browser, Credulous, TestDatabase, TestServer};

const EMAIL: &str = "jean@example.com";
const OTHER: &str = "marie@example.com";

async fn start(database: &TestDatabase) -> TestServer {
    with(database, "").await
}

/// Starts with these lines in the plugin's section, and two users.
async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    let server = try_with(database, settings).await.unwrap();
    server.user(EMAIL).await;
    server.user(OTHER).await;
    server
}

async fn try_with(database: &TestDatabase, settings: &str) -> Result<TestServer, String> {
    let plugins = [Credulous::registration(), Registration::of::<Passkey>()];
    let settings = format!("[plugins.credulous]\n[plugins.passkey]\n{settings}");
    TestServer::try_with(&plugins, database, &settings).await
}

/// A browser in which somebody is signed in.
async fn entered(server: &TestServer, email: &str) -> Browser {
    let browser = server.page_browser();
    let _ = browser.post("/sign-in/credulous", json!({"email": email})).await.expect(200);
    browser
}

async fn register_options(browser: &Browser) -> Value {
    browser.get("/passkey/generate-register-options").await.expect(200).json()
}

async fn sign_in_options(browser: &Browser) -> Value {
    browser.get("/passkey/generate-authenticate-options").await.expect(200).json()
}

/// Registers what the authenticator says to new options.
async fn register(browser: &Browser, authenticator: &Authenticator) -> Answer {
    let options = register_options(browser).await;
    let response = authenticator.create(&options);
    browser.post("/passkey/verify-registration", json!({"response": response, "name": "Laptop"})).await
}

async fn send(browser: &Browser, response: &Value) -> Answer {
    browser.post("/passkey/verify-authentication", json!({"response": response})).await
}

/// Signs in with what the authenticator says to new options.
async fn sign_in(browser: &Browser, authenticator: &mut Authenticator) -> Answer {
    let options = sign_in_options(browser).await;
    send(browser, &authenticator.get(&options)).await
}

/// Somebody's passkey, registered.
async fn owned(server: &TestServer, email: &str) -> Authenticator {
    let authenticator = Authenticator::es256(server.base());
    let _ = register(&entered(server, email).await, &authenticator).await.expect(200);
    authenticator
}
