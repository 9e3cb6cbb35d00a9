//! How many passwords may be tried, and what a storm of them does.

use std::time::Duration;

use futures_util::future::join_all;
use guichet_core::serde_json::json;
use guichet_testing::TestServer;

use crate::{ANOTHER, EMAIL, PASSWORD, sign_in, sign_up, start, with};

/// Limits by address are wide, so that those by account show.
const ON: &str = r#"
trusted_proxies = ["127.0.0.1/32"]
[rate_limit]
enabled = true
[[rate_limit.rules]]
route = "email-password.sign-in"
window = "10s"
max = 100000
[[rate_limit.rules]]
route = "email-password.change-password"
window = "10s"
max = 100000
---"#;

async fn statuses(server: &TestServer, email: &str, count: usize) -> Vec<u16> {
    join_all((0..count).map(|n| {
        let browser = server.browser().header("x-forwarded-for", &format!("203.0.{}.{}", n / 250, n % 250));
        let email = email.to_owned();
        async move { sign_in(&browser, &email, &format!("wrong password {n}")).await.status.as_u16() }
    }))
    .await
}

guichet_testing::stories! {
    // Keycloak CVE-2024-4629: parallel logins slipped past the detector.
    async fn of_two_hundred_parallel_wrong_passwords_ten_are_evaluated_whatever_the_addresses(database) {
        let server = with(&database, ON).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        for email in [EMAIL, "nobody@example.com"] {
            let all = statuses(&server, email, 200).await;
            assert_eq!(all.iter().filter(|&&status| status == 401).count(), 10, "{all:?}");
            assert_eq!(all.iter().filter(|&&status| status == 429).count(), 190, "{all:?}");
        }
        let locked = sign_in(&server.browser(), EMAIL, PASSWORD).await;
        assert!(!locked.header("retry-after").is_empty());
        locked.refused(429, "TOO_MANY_REQUESTS");
        server.clock.advance(Duration::from_mins(10));
        sign_in(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
    }

    async fn a_patient_guesser_has_fewer_than_a_hundred_tries(database) {
        let server = with(&database, ON).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let mut evaluated = 0;
        for _ in 0..12 {
            evaluated += statuses(&server, EMAIL, 12).await.iter().filter(|&&status| status == 401).count();
            server.clock.advance(Duration::from_mins(11));
        }
        assert_eq!(evaluated, 90);
    }

    async fn a_right_password_forgives_the_wrong_ones_before(database) {
        let server = with(&database, ON).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        for _ in 0..4 {
            assert!(statuses(&server, EMAIL, 9).await.iter().all(|&status| status == 401));
            sign_in(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        }
    }

    async fn every_route_that_asks_for_the_password_counts_together(database) {
        let server = with(&database, ON).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        for _ in 0..5 {
            browser.post("/verify-password", json!({"password": "wrong"})).await.refused(400, "INVALID_PASSWORD");
            let body = json!({"currentPassword": "wrong", "newPassword": ANOTHER});
            browser.post("/change-password", body).await.refused(400, "INVALID_PASSWORD");
        }
        let right = json!({"password": PASSWORD});
        browser.post("/verify-password", right).await.refused(429, "TOO_MANY_REQUESTS");
        let body = json!({"currentPassword": PASSWORD, "newPassword": ANOTHER});
        browser.post("/change-password", body).await.refused(429, "TOO_MANY_REQUESTS");
        sign_in(&server.browser(), EMAIL, PASSWORD).await.refused(429, "TOO_MANY_REQUESTS");
    }

    async fn mails_have_a_budget_for_each_recipient(database) {
        let server = with(&database, ON).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let mut statuses = Vec::new();
        for n in 0..12 {
            let browser = server.browser().header("x-forwarded-for", &format!("203.0.113.{n}"));
            statuses.push(browser.post("/request-password-reset", json!({"email": EMAIL})).await.status.as_u16());
        }
        assert_eq!(statuses.iter().filter(|&&status| status == 200).count(), 10, "{statuses:?}");
        assert_eq!(server.mails(EMAIL).await.len(), 10);
        for _ in 0..3 {
            server.browser().post("/send-verification-email", json!({"email": "x@example.com"})).await.expect(200).json();
        }
        let body = json!({"email": "x@example.com"});
        server.browser().post("/send-verification-email", body).await.refused(429, "TOO_MANY_REQUESTS");
    }

    // The pool is bounded: who cannot be served is told so at once, and nobody else feels it.
    async fn a_storm_of_sign_ins_is_told_to_come_back_and_others_do_not_feel_it(database) {
        let server = with(&database, "[password]\nparallel = 1\nqueue = 2\n---").await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let storm = join_all((0..40).map(|_| {
            let browser = server.browser();
            async move { sign_in(&browser, EMAIL, PASSWORD).await }
        }));
        let (answers, session) = tokio::join!(storm, browser.get("/get-session"));
        session.expect(200).json();
        let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
        assert!(!refused.is_empty());
        assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 503)));
        assert!(refused.iter().all(|answer| answer.header("retry-after") == "2"));
        assert_eq!(refused[0].code(), "SERVICE_UNAVAILABLE");
    }

    async fn without_limits_nobody_is_counted(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert!(statuses(&server, EMAIL, 15).await.iter().all(|&status| status == 401));
        assert_eq!(server.count("rateLimit").await, 0);
    }
}
