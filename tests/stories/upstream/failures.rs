//! The back end cannot tell: nobody comes in, nothing is counted, and who comes back in time does.

use std::time::{Duration, Instant};

use super::{BackEnd, Instead, PASSWORD, knowing_jean, settings, with};
use crate::{EMAIL, sign_in_by_password};
use guichet_core::serde_json::json;

/// Limits are on, and an account admits three tries.
const LIMITED: &str = "timeout = \"300ms\"\n---\n[rate_limit]\nenabled = true\n\
    [[rate_limit.rules]]\nroute = \"email-password.sign-in\"\nwindow = \"10s\"\nmax = 1000\n\
    [[rate_limit.rules]]\nroute = \"email-password.verify-password\"\nwindow = \"10s\"\nmax = 1000\n";

fn ways() -> Vec<Instead> {
    let said = |status, text: &str| Instead::Answer(status, text.to_owned());
    vec![
        Instead::Hang,
        Instead::Huge,
        Instead::Away,
        Instead::Later(429, "7"),
        said(500, ""),
        said(503, "{}"),
        // Statuses that the settings do not count among the wrong ones.
        said(404, "{}"),
        said(400, "{}"),
        // Successes that say nothing.
        said(200, "<html>Bonjour</html>"),
        said(200, ""),
        said(204, ""),
        said(200, "{}"),
        said(200, r#"{"user": {"id": null, "email": "jean@example.com"}}"#),
        said(200, r#"{"user": {"id": true, "email": "jean@example.com"}}"#),
        said(200, r#"{"user": {"id": 1.5, "email": "jean@example.com"}}"#),
        said(200, r#"{"user": {"id": "", "email": "jean@example.com"}}"#),
        said(200, r#"{"user": {"id": 1, "email": "no address"}}"#),
        said(200, r#"{"user": {"id": 1}}"#),
        said(200, r#"[{"user": {"id": 1}}]"#),
    ]
}

guichet_testing::stories! {
    /// A time-out, a 5xx, a redirect, garbage or an answer without an id is 503, which counts as no try and locks nobody
    /// out. Wishes: 2.
    async fn no_answer_lets_nobody_in_and_counts_as_no_try(database) {
        for mode in ["judge", "strangler"] {
            let back = knowing_jean().await;
            let (section, after) = LIMITED.split_once("---").unwrap();
            let more = format!("mode = \"{mode}\"\n{section}---{after}");
            let server = crate::with(
                &database,
                &settings(&back, &more).replace("[password]\n", "[password]\ntries_per_account = 3\n"),
            ).await;
            server.execute(r#"delete from "user""#).await;
            server.execute(r#"delete from "rateLimit""#).await;
            for way in ways() {
                back.set(|script| script.instead = Some(way));
                let began = Instant::now();
                let answer = sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await;
                assert!(began.elapsed() < Duration::from_secs(10));
                let seconds: u64 = answer.header("retry-after").parse().expect("it says when to come back");
                assert!((1..=300).contains(&seconds));
                answer.refused(503, "UPSTREAM_UNAVAILABLE");
            }
            assert!(!back.look(|script| script.followed), "redirects are not followed");
            assert_eq!((server.count("user").await, server.count("session").await), (0, 0));
            back.set(|script| script.instead = None);
            sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();

            // Wrong ones are counted as ever, and failures between them neither count nor forgive.
            for _ in 0..2 {
                sign_in_by_password(&server.browser(), "late@example.com", "wrong").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
            }
            back.set(|script| script.instead = Some(Instead::Answer(500, String::new())));
            for _ in 0..5 {
                sign_in_by_password(&server.browser(), "late@example.com", "wrong").await.refused(503, "UPSTREAM_UNAVAILABLE");
            }
            back.set(|script| script.instead = None);
            sign_in_by_password(&server.browser(), "late@example.com", "wrong").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
            sign_in_by_password(&server.browser(), "late@example.com", "wrong").await.refused(429, "TOO_MANY_REQUESTS");
        }
    }

    async fn a_back_end_that_is_gone_is_no_answer_either(database) {
        let mut back = knowing_jean().await;
        back.base = "http://127.0.0.1:1".to_owned();
        let server = with(&database, &back, "").await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(503, "UPSTREAM_UNAVAILABLE");
        let page = server.page_browser().header("accept-language", "fr").form(
            "/login/email-password/sign-in",
            &[("email", EMAIL), ("password", PASSWORD)],
        ).await.expect(503);
        assert!(page.text.contains("vérifiée pour le moment"), "{}", page.text);
        assert!(!page.text.contains(PASSWORD));
    }

    async fn it_says_when_to_come_back(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "").await;
        for (said, told) in [("7", "7"), ("99999", "300"), ("0", "1"), ("Thu, 01 Jan 1970 00:00:00 GMT", "5")] {
            back.set(|script| script.instead = Some(Instead::Later(503, said)));
            assert_eq!(sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.header("retry-after"), told, "{said}");
        }
    }

    async fn other_statuses_may_say_that_a_pair_is_wrong(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "wrong_statuses = [400, 404, 422]").await;
        for status in [400, 404, 422] {
            back.set(|script| script.instead = Some(Instead::Answer(status, String::new())));
            sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        }
        back.set(|script| script.instead = Some(Instead::Answer(401, String::new())));
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(503, "UPSTREAM_UNAVAILABLE");
    }

    async fn what_cannot_be_meant_refuses_the_start(database) {
        let back = BackEnd::start().await;
        for (more, named) in [
            ("mode = \"judge\"\nuntil = \"2027-01-31\"", "until"),
            ("until = \"31.1.2027\"", "until"),
            ("timeout = \"1h\"", "timeout"),
            ("wrong_statuses = []", "wrong_statuses"),
            ("wrong_statuses = [200]", "wrong_statuses"),
            ("wrong_statuses = [429]", "wrong_statuses"),
            ("body = { user = \"{identifier}\" }", "{password}"),
            ("body = { user = \"{user}\", password = \"{password}\" }", "{user}"),
            ("secret_file = \"/no/such/file\"", "secret_file"),
            ("---columns = { shoe = \"/shoe\" }", "answer.columns.shoe"),
            ("---image = \"user.image\"", "answer.image"),
            ("---[plugins.upstream.refresh]\nurl = \"ftp://x\"", "refresh.url"),
            ("---[plugins.upstream.refresh]\nurl = \"http://x/r\"\nbody = {}", "refresh_token"),
        ] {
            let started = guichet_testing::TestServer::try_with(
                &guichet::plugins::all(), &database, &settings(&back, more),
            ).await;
            let why = started.err().unwrap_or_else(|| panic!("{more} starts"));
            assert!(why.contains(named) && why.contains("plugins.upstream"), "{more}: {why}");
        }
        let alone = format!("[plugins.upstream]\nurl = \"{}/login\"", back.base);
        let why = guichet_testing::TestServer::try_with(&guichet::plugins::all(), &database, &alone).await.err().unwrap();
        assert!(why.contains("email-password"), "{why}");
    }

    async fn confirming_counts_no_failures_either(database) {
        let back = knowing_jean().await;
        let (section, after) = LIMITED.split_once("---").unwrap();
        let more = format!("mode = \"judge\"\n{section}---{after}");
        let server = with(&database, &back, &more).await;
        let browser = server.browser();
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        back.set(|script| script.instead = Some(Instead::Answer(502, String::new())));
        for _ in 0..12 {
            browser.post("/verify-password", json!({"password": PASSWORD})).await.refused(503, "UPSTREAM_UNAVAILABLE");
        }
        back.set(|script| script.instead = None);
        browser.post("/verify-password", json!({"password": PASSWORD})).await.expect(200).json();
    }
}
