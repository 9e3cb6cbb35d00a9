//! A headless Chromium with a virtual authenticator. The visits are told in `tests/node/browser-passkey.mjs`.

use guichet_testing::{TestDatabase, TestServer};

use crate::node::Node;

/// Browsers know no passkeys on an IP address.
const SETTINGS: &str = r#"
base_url = "http://localhost:$PORT"
[plugins.email-password]
[plugins.passkey]
[plugins.pages]
"#;

async fn visits(database: &TestDatabase, names: &str) {
    let server = TestServer::with(&guichet::plugins::all(), database, SETTINGS).await;
    let base = server.base().replace("127.0.0.1", "localhost");
    let browser = Node::start("browser.mjs", &[("BASE", &base), ("DOOR", "/login"), ("VISITS", names)]);
    browser.answer(async |question| panic!("nobody knows: {question}")).await;
}

guichet_testing::stories! {
    /// Wishes: 72.
    async fn a_passkey_is_added_and_opens_the_door(database) {
        visits(&database, "passkeys").await;
    }

    async fn the_pages_work_without_a_script(database) {
        visits(&database, "passkeysWithoutScript").await;
    }
}
