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
mod way_in;

use std::time::Duration;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::json;
use guichet_known_devices::KnownDevices;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

use way_in::WayIn;

const EMAIL: &str = "jean@example.com";
const COOKIE: &str = "better-auth.known_device";
const DEVICES: &str = r#"select count(*) from "knownDevice""#;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const DAY: Duration = Duration::from_hours(24);

async fn start(database: &TestDatabase) -> TestServer {
    with(database, "").await
}

/// With these settings beside the plugins.
async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    let plugins = [Registration::of::<WayIn>(), Registration::of::<KnownDevices>()];
    let settings = format!("{settings}\n[plugins.way-in]\n[plugins.known-devices]");
    let server = TestServer::with(&plugins, database, &settings).await;
    server.user(EMAIL).await;
    server
}

/// A browser that nobody used yet.
fn firefox(server: &TestServer) -> Browser {
    server.browser().header("user-agent", FIREFOX)
}

async fn enter(browser: &Browser, email: &str) -> Answer {
    browser.post("/sign-in/way-in", json!({"email": email})).await.expect(200)
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
