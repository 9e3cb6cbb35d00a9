//! Stories of sign-in by a mailed link, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod api;
mod page;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_magic_link::MagicLink;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

const EMAIL: &str = "jean@example.com";
const DIRECT: &str = "plugins.magic-link = { direct_links = true }";

async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    TestServer::with(&[Registration::of::<MagicLink>()], database, settings).await
}

async fn ask(browser: &Browser, body: Value) -> Answer {
    browser.post("/sign-in/magic-link", body).await
}

async fn asked(server: &TestServer, browser: &Browser) -> String {
    ask(browser, json!({"email": EMAIL, "callbackURL": "/home"})).await.expect(200).json();
    server.mailed_link(EMAIL).await
}
