//! The npm package `@guichet/client` and the Next.js application that shows it. What they do is told in
//! `clients/typescript/tests` and `tests/node/next-*.mjs`; here the server beside them is started and ended.

use std::fs;

use guichet_core::serde_json::{Value, json};
use guichet_testing::TestDatabase;

use crate::node::Node;
use crate::program::Serving;

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

/// The real program with the demo's portal, at one address for as long as the story lasts.
struct Beside<'a> {
    database: &'a TestDatabase,
    folder: tempfile::TempDir,
    server: Option<Serving>,
    listen: String,
}

impl Beside<'_> {
    fn answer(&mut self, question: &Value) -> Value {
        match question["ask"].as_str() {
            Some("start") => {
                let tokens = if question["tokens"] == "short" { SHORT } else { LONG };
                self.start(question["site"].as_str().expect("where the application is"), tokens)
            }
            Some("stop") => {
                let mut server = self.server.take().expect("it runs");
                server.terminate();
                assert!(server.ended().success());
                json!(null)
            }
            _ => panic!("nobody knows: {question}"),
        }
    }

    fn start(&mut self, site: &str, tokens: &str) -> Value {
        let file = self.folder.path().join("guichet.toml");
        fs::write(file, SETTINGS.replace("SITE", site) + tokens).unwrap();
        let settings =
            [("GUICHET_DATABASE__URL", self.database.url()), ("GUICHET_LISTEN", self.listen.as_str())];
        let mut server = Serving::open(self.folder.path(), &["--demo"], &settings);
        self.listen = server.address();
        self.server = Some(server);
        json!(format!("http://{}", self.listen))
    }
}

guichet_testing::stories! {
    /// The walk's visits name the wishes that they show, in `tests/node/next-*.mjs`.
    async fn an_application_in_next_signs_in_and_calls_its_back_ends(database) {
        let mut beside = Beside {
            database: &database,
            folder: tempfile::tempdir().unwrap(),
            server: None,
            listen: "127.0.0.1:0".to_owned(),
        };
        Node::start("next-app.mjs", &[]).answer(async |question| beside.answer(&question)).await;
    }
}

/// Strict types, its own tests against real servers, and nothing in its package that does not belong there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_kit_for_typescript_is_whole() {
    Node::start("kit.mjs", &[]).answer(async |question| panic!("nothing is asked: {question}")).await;
}
