//! Stories of phone numbers, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod codes;
mod messages;
mod passwords;
mod settings;
mod unproven;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_phone_number::PhoneNumber;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

const PHONE: &str = "+33612345678";
const SETTINGS: &str = "[plugins.phone-number]\nsign_up_email = \"{digits}@phone.test\"\n";

async fn start(database: &TestDatabase) -> TestServer {
    with(database, SETTINGS).await
}

async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    TestServer::with(&[Registration::of::<PhoneNumber>()], database, settings).await
}

async fn send(browser: &Browser, phone: &str) -> Answer {
    browser.post("/phone-number/send-otp", json!({"phoneNumber": phone})).await
}

/// The newest code that a number got.
async fn code(server: &TestServer, phone: &str) -> String {
    server.code(&format!("{phone}@sms.localhost")).await
}

async fn verify_with(browser: &Browser, phone: &str, code: &str, more: Value) -> Answer {
    let mut body = json!({"phoneNumber": phone, "code": code});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    browser.post("/phone-number/verify", body).await
}

async fn verify(browser: &Browser, phone: &str, code: &str) -> Answer {
    verify_with(browser, phone, code, json!({})).await
}

/// A browser that is signed in by `phone`.
async fn visitor(server: &TestServer, phone: &str) -> Browser {
    let browser = server.browser();
    send(&browser, phone).await.expect(200).json();
    verify(&browser, phone, &code(server, phone).await).await.expect(200).json();
    browser
}

/// A code that is not `code`.
fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}
