//! Stories of known devices, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod browsers;
mod programs;

use std::time::Duration;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::json;
use guichet_known_devices::KnownDevices;
use guichet_testing::{Answer, Browser, Credulous, TestDatabase, TestServer};

const EMAIL: &str = "jean@example.com";
const COOKIE: &str = "better-auth.known_device";
const DEVICES: &str = r#"select count(*) from "knownDevice""#;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const DAY: Duration = Duration::from_hours(24);
/// The plugins' sections; the last one goes on.
const SECTIONS: &str = "[plugins.credulous]\naccount_page = true\nprograms = true\n[plugins.known-devices]";

fn plugins() -> [Registration; 2] {
    [Credulous::registration(), Registration::of::<KnownDevices>()]
}

async fn start(database: &TestDatabase) -> TestServer {
    with(database, "").await
}

/// With these settings beside the plugins.
async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    let settings = format!("{settings}\n{SECTIONS}");
    let server = TestServer::with(&plugins(), database, &settings).await;
    server.user(EMAIL).await;
    server
}

/// A browser that nobody used yet.
fn firefox(server: &TestServer) -> Browser {
    server.browser().header("user-agent", FIREFOX)
}

async fn enter(browser: &Browser, email: &str) -> Answer {
    browser.post("/sign-in/credulous", json!({"email": email})).await.expect(200)
}

/// How many mails there are to an address.
async fn told(server: &TestServer, email: &str) -> usize {
    server.mails(email).await.len()
}

/// Jean, who signed in once.
async fn with_jean(database: &TestDatabase) -> (TestServer, Browser) {
    let server = start(database).await;
    let browser = firefox(&server);
    enter(&browser, EMAIL).await;
    (server, browser)
}
