//! What the log tells of people is what happened.

use std::io::Write;
use std::sync::{Arc, Mutex};

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, UNAUTHORIZED, unauthorized};
use guichet_core::http::{Body, Reply, Route, Visit, success};
use guichet_core::plugin::{Configured, Plugin, Registration};
use guichet_core::serde_json::json;
use guichet_core::sign_in::find_or_make;
use guichet_core::store::{Fields, NewUser};
use guichet_testing::{TestDatabase, TestServer};
use schemars::JsonSchema;
use serde::Deserialize;

/// Makes somebody, and may think better of it.
struct Fickle;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Options {}

guichet_core::input! {
    /// Who.
    struct Who {
        email: EmailAddress,
        stays: bool,
    }
}

impl Configured for Fickle {
    type Options = Options;
    const ID: &'static str = "fickle";

    fn new(_: Options, _: &Config) -> std::result::Result<Self, String> {
        Ok(Self)
    }
}

impl Plugin for Fickle {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![Route::post("/fickle", "fickle.make", make, ()).body::<Who>()]
    }
}

async fn make(visit: Visit, Body(who): Body<Who>) -> Result<Reply> {
    let mut tx = visit.app().db.begin().await?;
    let new = NewUser {
        email: who.email,
        email_verified: false,
        name: String::new(),
        image: None,
        extra: Fields::default(),
    };
    find_or_make(&visit, &mut tx, new).await?;
    if !who.stays {
        return Err(unauthorized(UNAUTHORIZED));
    }
    tx.commit().await?;
    success()
}

/// What was written of the log.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(part)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn sign_ups(&self) -> usize {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap().matches("sign_up").count()
    }
}

/// On this thread alone, with the server: what the log is told can be read.
#[tokio::test]
async fn who_was_made_and_taken_back_did_not_sign_up() {
    // With a single subscriber, tracing asks the thread that comes first whether a line is wanted at all, and remembers its
    // no: that thread is another test's, which has none.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    for database in [TestDatabase::sqlite(), TestDatabase::postgres().await] {
        let written = Written::default();
        let writer = written.clone();
        let log = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let _guard = tracing::subscriber::set_default(log);
        let plugins = [Registration::of::<Fickle>()];
        let server = TestServer::with(&plugins, &database, "plugins.fickle = {}").await;
        let fickle = async |stays: bool| {
            server.browser().post("/fickle", json!({"email": "jean@example.com", "stays": stays})).await
        };
        fickle(false).await.refused(401, "UNAUTHORIZED");
        assert_eq!((server.number(r#"select count(*) from "user""#).await, written.sign_ups()), (0, 0));
        let _ = fickle(true).await.expect(200);
        assert_eq!((server.number(r#"select count(*) from "user""#).await, written.sign_ups()), (1, 1));
        let _ = fickle(true).await.expect(200);
        assert_eq!(written.sign_ups(), 1, "found, not made");
    }
}
