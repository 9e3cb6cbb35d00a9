//! What the settings say, and what they cannot say.

use crate::*;
use guichet_testing::authenticator::{Authenticator, PRESENT};

/// A server under a host name, which trusts an application and a pattern of others.
async fn at_localhost(database: &TestDatabase, settings: &str) -> TestServer {
    let plugins = [Credulous::registration(), Registration::of::<Passkey>()];
    let own = "base_url = \"http://localhost:4000\"\n\
               trusted_origins = [\"http://app.localhost:5173\", \"http://*.localhost:5173\", \"https://evil.test\"]";
    let settings = format!("{own}\n[plugins.credulous]\n[plugins.passkey]\n{settings}");
    let server = TestServer::with(&plugins, database, &settings).await;
    server.user(EMAIL).await;
    server
}

/// Registers a passkey on a page of that origin.
async fn made_at(server: &TestServer, origin: &str, status: u16) {
    let browser = server.page_browser().at_origin("http://localhost:4000");
    let _ = browser.post("/sign-in/credulous", json!({"email": EMAIL})).await.expect(200);
    let mut authenticator = Authenticator::es256(origin);
    "localhost".clone_into(&mut authenticator.rp_id);
    let answer = register(&browser, &authenticator).await;
    assert_eq!(answer.status.as_u16(), status, "{origin}: {answer:?}");
}

guichet_testing::stories! {
    async fn settings_that_cannot_be_are_refused_at_start(database) {
        for (settings, key) in [
            ("rp_id = \"example.com\"", "rp_id"),
            ("origins = [\"https://badexample.com\"]", "origins"),
            ("origins = [\"*\"]", "origins"),
            ("challenge_expires_in = \"1h\"", "challenge_expires_in"),
            ("user_verification = \"discouraged\"", "user_verification"),
            ("unknown = 1", "unknown"),
        ] {
            let Err(told) = try_with(&database, settings).await else { panic!("{settings} is taken") };
            assert!(told.contains("[plugins.passkey]") && told.contains(key), "{settings}: {told}");
        }
    }

    async fn further_origins_are_taken_whole(database) {
        let server = at_localhost(&database, "origins = [\"http://localhost:5173\", \"http://app.localhost:5173\"]").await;
        for (origin, status) in [
            ("http://app.localhost:5173", 200), ("http://localhost:5173", 200), ("http://localhost:4000", 200),
            ("http://localhost:5174", 500), ("http://app.localhost:4000", 500), ("http://xlocalhost:5173", 500),
        ] {
            made_at(&server, origin, status).await;
        }
    }

    async fn trusted_origins_are_taken_whole_and_patterns_are_not(database) {
        let server = at_localhost(&database, "").await;
        for (origin, status) in [
            ("http://app.localhost:5173", 200), ("http://localhost:4000", 200), ("http://any.localhost:5173", 500),
            ("http://localhost:5173", 500), ("https://evil.test", 500),
        ] {
            made_at(&server, origin, status).await;
        }
    }

    async fn no_further_origins_can_be_said(database) {
        let server = at_localhost(&database, "origins = []").await;
        made_at(&server, "http://localhost:4000", 200).await;
        made_at(&server, "http://app.localhost:5173", 500).await;
    }

    async fn a_touch_is_enough_where_the_settings_say_so(database) {
        let server = with(&database, "user_verification = \"preferred\"").await;
        let browser = entered(&server, EMAIL).await;
        let mut authenticator = Authenticator::es256(server.base());
        authenticator.flags = PRESENT;
        let _ = register(&browser, &authenticator).await.expect(200);
        let _ = sign_in(&server.page_browser(), &mut authenticator).await.expect(200);
    }

    async fn the_mails_can_be_left_to_others(database) {
        let server = with(&database, "tell_of_changes = false").await;
        let _ = owned(&server, EMAIL).await;
        assert!(server.mails(EMAIL).await.is_empty());
    }
}
