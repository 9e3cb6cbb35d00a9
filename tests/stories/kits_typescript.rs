//! The npm package `@guichet/client` and the Next.js application that shows it. What they do is told in
//! `clients/typescript/tests` and `tests/node/next-*.mjs`; here the server beside them is started and ended.

use guichet_core::serde_json::Value;

use crate::beside::Beside;
use crate::node::Node;

const SETTINGS: &str = r#"
base_url = "SITE"
trusted_proxies = ["127.0.0.1"]
rate_limit.enabled = false
[plugins.pages]
[plugins.email-otp]
disable_sign_up = true
[plugins.email-password]
[plugins.username]
[plugins.bearer]
[plugins.revocation]
[plugins.jwt]
"#;

/// Tokens live as short as they may, so that a wait outlasts one.
const SHORT: &str = "expires_in = \"10s\"\n";
/// The token API's own live for five minutes at least.
const LONG: &str = "[plugins.token-api]\n";

fn settings(question: &Value) -> String {
    let tokens = if question["tokens"] == "short" { SHORT } else { LONG };
    SETTINGS.replace("SITE", question["site"].as_str().expect("where the application is")) + tokens
}

guichet_testing::stories! {
    /// The walk's visits name the wishes that they show, in `tests/node/next-*.mjs`.
    async fn an_application_in_next_signs_in_and_calls_its_back_ends(database) {
        Beside::new(&database, &["--demo"]).runs(Node::start("next-app.mjs", &[]), |asked| Some(settings(asked))).await;
    }
}

/// Strict types, its own tests against real servers, and nothing in its package that does not belong there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_kit_for_typescript_is_whole() {
    Node::start("kit.mjs", &[]).runs_through().await;
}
