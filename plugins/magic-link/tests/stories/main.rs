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

/// The newest link that was mailed to an address, from the root.
async fn link(server: &TestServer, to: &str) -> String {
    let text = server.mails(to).await[0].text.clone();
    let word = text.split_whitespace().find(|word| word.starts_with(server.base())).unwrap();
    word.strip_prefix(server.base()).unwrap().to_owned()
}

async fn follow(browser: &Browser, link: &str) -> Answer {
    browser.get(link.strip_prefix("/api/auth").unwrap()).await
}

async fn asked(server: &TestServer, browser: &Browser) -> String {
    ask(browser, json!({"email": EMAIL, "callbackURL": "/home"})).await.expect(200).json();
    link(server, EMAIL).await
}
