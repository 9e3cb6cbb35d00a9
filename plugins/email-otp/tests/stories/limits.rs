//! How often somebody may knock.

use std::time::Duration;

use crate::{EMAIL, send, with};

const ON: &str = "plugins.email-otp = {}\nrate_limit = { enabled = true }";

guichet_testing::stories! {
    /// Wishes: 125.
    async fn the_fourth_mail_in_a_minute_is_refused_and_says_when_to_come_back(database) {
        let server = with(&database, ON).await;
        let browser = server.browser();
        for _ in 0..3 {
            send(&browser, EMAIL).await.expect(200).json();
        }
        let answer = send(&browser, EMAIL).await;
        let seconds: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&seconds));
        assert_eq!(answer.header("x-retry-after"), answer.header("retry-after"));
        answer.refused(429, "TOO_MANY_REQUESTS");
        assert_eq!(server.mails(EMAIL).await.len(), 3);
        server.clock.advance(Duration::from_secs(60));
        send(&browser, EMAIL).await.expect(200).json();
    }

    /// Wishes: 125.
    async fn the_fourth_try_in_a_minute_is_refused_too(database) {
        let server = with(&database, ON).await;
        for n in 0..3 {
            let email = format!("n{n}@example.com");
            crate::sign_in(&server.browser(), &email, "123456").await.refused(400, "INVALID_OTP");
        }
        crate::sign_in(&server.browser(), "n3@example.com", "123456").await.refused(429, "TOO_MANY_REQUESTS");
        server.clock.advance(Duration::from_secs(60));
        crate::sign_in(&server.browser(), "n3@example.com", "123456").await.refused(400, "INVALID_OTP");
    }

    // Better Auth #10203: the client's own X-Forwarded-For bought it a new budget.
    async fn a_client_cannot_buy_a_new_budget_by_naming_another_address(database) {
        let server = with(&database, ON).await;
        for n in 0..3 {
            let browser = server.browser().header("x-forwarded-for", &format!("203.0.113.{n}"));
            send(&browser, EMAIL).await.expect(200).json();
        }
        let browser = server.browser().header("x-forwarded-for", "203.0.113.99");
        send(&browser, EMAIL).await.refused(429, "TOO_MANY_REQUESTS");
    }

    async fn one_recipient_has_a_budget_whatever_the_addresses_that_ask(database) {
        let settings = format!("{ON}\ntrusted_proxies = [\"127.0.0.1\"]");
        let settings = settings.replace("[\"127.0.0.1\"]", "[\"127.0.0.1/32\"]");
        let server = with(&database, &settings).await;
        let mut answers = Vec::new();
        for n in 0..12 {
            let browser = server.browser().header("x-forwarded-for", &format!("203.0.113.{n}"));
            answers.push(send(&browser, EMAIL).await.status.as_u16());
        }
        assert_eq!(answers.iter().filter(|&&status| status == 200).count(), 10, "{answers:?}");
        assert_eq!(server.mails(EMAIL).await.len(), 10);
    }

    // Better Auth GHSA-x732-6j76-qmhm: another spelling of a path dodged its limit.
    async fn other_spellings_of_a_path_lead_nowhere(database) {
        let server = with(&database, ON).await;
        let body = r#"{"email":"jean@example.com","type":"sign-in"}"#;
        for path in [
            "/api/auth//email-otp/send-verification-otp", "/api/auth/./email-otp/send-verification-otp%2f",
            "/api/auth/email-otp/send-verification-otp/", "/api/auth/Email-OTP/send-verification-otp",
            "/api/auth/email-otp/send-verification-otp;x", "/api/auth/email-otp/%73end-verification-otp",
        ] {
            let answer = server
                .browser()
                .request("POST".parse().unwrap(), path, Some("application/json"), Some(body.to_owned()))
                .await;
            assert_eq!(answer.status, 404, "{path}");
            assert!(answer.text.is_empty());
        }
        assert!(server.mailbox.list().is_empty());
    }
}
