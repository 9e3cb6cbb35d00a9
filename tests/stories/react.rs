//! A React application with the official client's `useSession`, in Chromium: `tests/node/react-app`, built with Vite. What it
//! does is told in `tests/node/react.mjs`; here the server beside it is started and ended.

use std::fs;

use guichet_core::serde_json::{Value, json};
use guichet_testing::TestDatabase;

use crate::node::Node;
use crate::program::Serving;

const SETTINGS: &str = r#"
rate_limit.enabled = false
trusted_origins = ["ORIGIN"]
[plugins.email-password]
"#;

/// The real program, at one address for as long as the story lasts, however often it ends.
struct Beside<'a> {
    database: &'a TestDatabase,
    folder: tempfile::TempDir,
    server: Option<Serving>,
    listen: String,
}

impl Beside<'_> {
    fn answer(&mut self, question: &Value) -> Value {
        match question["ask"].as_str() {
            Some("start") => self.start(question["origin"].as_str()),
            Some("stop") => {
                let mut server = self.server.take().expect("it runs");
                server.terminate();
                assert!(server.ended().success());
                json!(null)
            }
            _ => panic!("nobody knows: {question}"),
        }
    }

    fn start(&mut self, origin: Option<&str>) -> Value {
        if let Some(origin) = origin {
            let file = self.folder.path().join("guichet.toml");
            fs::write(file, SETTINGS.replace("ORIGIN", origin)).unwrap();
        }
        let settings =
            [("GUICHET_DATABASE__URL", self.database.url()), ("GUICHET_LISTEN", self.listen.as_str())];
        let mut server = Serving::open(self.folder.path(), &[], &settings);
        self.listen = server.address();
        let base = server.base();
        self.server = Some(server);
        json!(base)
    }
}

guichet_testing::stories! {
    /// Wishes: 1, 55.
    async fn an_application_in_react_follows_its_session_across_tabs_and_outages(database) {
        let mut beside = Beside {
            database: &database,
            folder: tempfile::tempdir().unwrap(),
            server: None,
            listen: "127.0.0.1:0".to_owned(),
        };
        Node::start("react.mjs", &[]).answer(async |question| beside.answer(&question)).await;
    }
}
