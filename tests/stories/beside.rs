//! The real program beside a program of `tests/node`, which says when it starts and stops.

use std::fs;

use guichet_core::serde_json::{Value, json};
use guichet_testing::TestDatabase;

use crate::node::Node;
use crate::program::Serving;

/// The program, at one address for as long as the story lasts, however often it ends.
pub(crate) struct Beside<'a> {
    database: &'a TestDatabase,
    arguments: &'a [&'a str],
    folder: tempfile::TempDir,
    server: Option<Serving>,
    listen: String,
}

impl<'a> Beside<'a> {
    /// On this database, with these arguments of `serve`. It does not run yet.
    pub(crate) fn new(database: &'a TestDatabase, arguments: &'a [&'a str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { database, arguments, folder, server: None, listen: "127.0.0.1:0".to_owned() }
    }

    /// Runs `node` to its good end and does what it asks: `start`, with the settings that the question asks for
    /// (`None`: as before), is answered by the address; `stop` is a graceful end.
    pub(crate) async fn runs(mut self, node: Node, settings: impl Fn(&Value) -> Option<String>) {
        node.answer(async |question| match question["ask"].as_str() {
            Some("start") => self.start(settings(&question)),
            Some("stop") => self.stop(),
            _ => panic!("nobody knows: {question}"),
        })
        .await;
    }

    fn start(&mut self, settings: Option<String>) -> Value {
        if let Some(settings) = settings {
            fs::write(self.folder.path().join("guichet.toml"), settings).unwrap();
        }
        let settings =
            [("GUICHET_DATABASE__URL", self.database.url()), ("GUICHET_LISTEN", self.listen.as_str())];
        let mut server = Serving::open(self.folder.path(), self.arguments, &settings);
        self.listen = server.address();
        self.server = Some(server);
        json!(format!("http://{}", self.listen))
    }

    fn stop(&mut self) -> Value {
        let mut server = self.server.take().expect("it runs");
        server.terminate();
        assert!(server.ended().success());
        Value::Null
    }
}
