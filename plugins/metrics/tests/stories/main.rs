//! Stories of what is counted, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use guichet_core::plugin::Registration;
use guichet_metrics::Metrics;
use guichet_testing::{Answer, TestDatabase, TestServer};

const TOKEN: &str = "a-token-of-the-tests-that-is-long-enough";

async fn start(database: &TestDatabase, section: &str) -> Result<TestServer, String> {
    let settings = format!("[plugins.metrics]\n{section}");
    TestServer::try_with(&[Registration::of::<Metrics>()], database, &settings).await
}

async fn look(server: &TestServer, authorization: &str) -> Answer {
    let browser = server.browser().at_origin("").header("authorization", authorization);
    browser.request("GET".parse().unwrap(), "/metrics", None, None).await
}

/// The value of a line.
async fn value(server: &TestServer, line: &str) -> Option<i64> {
    let text = look(server, &format!("Bearer {TOKEN}")).await.expect(200).text;
    text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' ')?.parse().ok())
}

guichet_testing::stories! {
    async fn the_token_alone_opens_it(database) {
        let server = start(&database, &format!("token = {TOKEN:?}")).await.unwrap();
        let shown = look(&server, &format!("bearer {TOKEN}")).await.expect(200);
        assert_eq!(shown.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        assert_eq!(shown.header("cache-control"), "no-store");
        for bad in ["", "Bearer", "Bearer ", "Bearer x", TOKEN, &format!("Basic {TOKEN}"), &format!("Bearer {TOKEN}x"), &format!("Bearer {}", &TOKEN[1..])] {
            look(&server, bad).await.refused(401, "UNAUTHORIZED");
        }
    }

    async fn it_is_never_open(database) {
        for (section, said) in [
            ("", "token (or token_file) is missing"),
            ("token = \"short\"", "at least 32 characters"),
            ("token_file = \"/nowhere/token\"", "/nowhere/token cannot be read"),
            (&*format!("token = {TOKEN:?}\ntoken_file = \"x\""), "not both"),
        ] {
            let refused = start(&database, section).await.err().unwrap();
            assert!(refused.contains(said) && !refused.contains(TOKEN), "{refused}");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        // What no header carries would be a 401 for everybody.
        for text in [format!("{TOKEN} \n"), format!("\u{feff}{TOKEN}"), format!("é{TOKEN}")] {
            std::fs::write(file.path(), text).unwrap();
            let refused = start(&database, &format!("token_file = {:?}", file.path())).await.err().unwrap();
            assert!(refused.contains("printable ASCII"), "{refused}");
        }
        std::fs::write(file.path(), format!("{TOKEN}\n")).unwrap();
        let server = start(&database, &format!("token_file = {:?}", file.path())).await.unwrap();
        look(&server, &format!("Bearer {TOKEN}")).await.expect(200).header("x");
        let server = TestServer::with(&[Registration::of::<Metrics>()], &database, "plugins = {}").await;
        assert_eq!(look(&server, &format!("Bearer {TOKEN}")).await.status, 404);
    }

    async fn requests_are_counted_by_route_and_status(database) {
        let server = start(&database, &format!("token = {TOKEN:?}")).await.unwrap();
        for _ in 0..3 {
            server.browser().get("/ok").await.expect(200).json();
        }
        server.browser().get("/list-sessions").await.refused(401, "UNAUTHORIZED");
        server.browser().get("/a-strangers-text").await.expect(404).header("x");
        assert_eq!(value(&server, r#"guichet_requests_total{route="core.ok",status="2xx"}"#).await, Some(3));
        assert_eq!(value(&server, r#"guichet_requests_total{route="core.list-sessions",status="4xx"}"#).await, Some(1));
        assert_eq!(value(&server, r#"guichet_requests_total{route="none",status="4xx"}"#).await, Some(1));
        assert_eq!(value(&server, r#"guichet_refusals_total{code="UNAUTHORIZED",route="core.list-sessions"}"#).await, Some(1));
        let text = look(&server, &format!("Bearer {TOKEN}")).await.text;
        assert!(!text.contains("strangers-text"), "{text}");
        assert!(text.contains("# TYPE guichet_requests_total counter"), "{text}");
    }

    async fn what_is_at_work_is_shown(database) {
        let server = start(&database, &format!("token = {TOKEN:?}")).await.unwrap();
        for line in [
            r#"guichet_database_connections{state="busy"}"#, r#"guichet_database_connections{state="idle"}"#,
            r#"guichet_password_hashes{state="running"}"#, r#"guichet_password_hashes{state="waiting"}"#, "guichet_mails_waiting",
        ] {
            assert!(value(&server, line).await.is_some_and(|count| (0..=11).contains(&count)), "{line}");
        }
    }
}
