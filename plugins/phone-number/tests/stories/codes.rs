//! Codes: once, for a while, for one number.

use std::time::Duration;

use futures_util::future::join_all;
use guichet_core::serde_json::json;

use crate::{PHONE, SETTINGS, another, code, send, start, verify, verify_with, with};

guichet_testing::stories! {
    async fn a_code_makes_a_user_and_signs_in_once(database) {
        let server = start(&database).await;
        let browser = server.browser();
        assert_eq!(send(&browser, PHONE).await.expect(200).json(), json!({"message": "code sent"}));
        let right = code(&server, PHONE).await;
        verify(&browser, PHONE, &another(&right)).await.refused(400, "INVALID_OTP");
        let answer = verify(&browser, PHONE, &right).await.expect(200).json();
        assert_eq!(answer["status"], true);
        assert_eq!(answer["user"]["email"], "33612345678@phone.test");
        assert_eq!((&answer["user"]["phoneNumber"], &answer["user"]["phoneNumberVerified"]), (&json!(PHONE), &json!(true)));
        assert_eq!(answer["user"]["emailVerified"], false);
        assert_eq!(browser.get("/get-session").await.json()["user"]["phoneNumber"], PHONE);
        verify(&server.browser(), PHONE, &right).await.refused(400, "OTP_NOT_FOUND");

        // The next time it is the same user; and no session where none is wanted.
        send(&browser, PHONE).await.expect(200).json();
        let right = code(&server, PHONE).await;
        let other = server.browser();
        let answer = verify_with(&other, PHONE, &right, json!({"disableSession": true})).await.expect(200).json();
        assert_eq!(answer["token"], json!(null));
        assert!(!other.is_in().await);
        assert_eq!(server.count("user").await, 1);
    }

    async fn the_database_holds_no_code_unless_it_is_told_to(database) {
        let server = start(&database).await;
        send(&server.browser(), PHONE).await.expect(200).json();
        let right = code(&server, PHONE).await;
        let kept = server.text(r#"select "value" from "verification""#).await.unwrap();
        assert!(!kept.contains(&right) && kept.ends_with(":0"), "{kept}");
    }

    async fn three_wrong_tries_end_a_code_and_ten_a_number(database) {
        let server = start(&database).await;
        let browser = server.browser();
        send(&browser, PHONE).await.expect(200).json();
        let right = code(&server, PHONE).await;
        for _ in 0..3 {
            verify(&browser, PHONE, &another(&right)).await.refused(400, "INVALID_OTP");
        }
        verify(&browser, PHONE, &right).await.refused(403, "TOO_MANY_ATTEMPTS");
        verify(&browser, PHONE, &right).await.refused(400, "OTP_NOT_FOUND");
        // New codes buy no more than ten tries.
        let mut wrong = 4;
        while wrong < 10 {
            send(&browser, PHONE).await.expect(200).json();
            let right = code(&server, PHONE).await;
            for _ in 0..2 {
                verify(&browser, PHONE, &another(&right)).await.refused(400, "INVALID_OTP");
                wrong += 1;
            }
        }
        send(&browser, PHONE).await.expect(200).json();
        let right = code(&server, PHONE).await;
        verify(&browser, PHONE, &right).await.refused(403, "TOO_MANY_ATTEMPTS");
        server.clock.advance(Duration::from_secs(3601));
        send(&browser, PHONE).await.expect(200).json();
        verify(&browser, PHONE, &code(&server, PHONE).await).await.expect(200).json();
    }

    async fn a_code_lives_five_minutes_and_a_new_one_ends_it(database) {
        let server = start(&database).await;
        let browser = server.browser();
        send(&browser, PHONE).await.expect(200).json();
        let first = code(&server, PHONE).await;
        send(&browser, PHONE).await.expect(200).json();
        let second = code(&server, PHONE).await;
        if first != second {
            verify(&browser, PHONE, &first).await.refused(400, "INVALID_OTP");
        }
        server.clock.advance(Duration::from_secs(300));
        verify(&browser, PHONE, &second).await.refused(400, "OTP_EXPIRED");
        verify(&browser, PHONE, &second).await.refused(400, "OTP_NOT_FOUND");
    }

    async fn of_many_parallel_tries_of_a_right_code_exactly_one_succeeds(database) {
        let server = start(&database).await;
        send(&server.browser(), PHONE).await.expect(200).json();
        let right = code(&server, PHONE).await;
        let tries = join_all((0..30).map(|_| {
            let (browser, right) = (server.browser(), right.clone());
            async move { verify(&browser, PHONE, &right).await }
        }))
        .await;
        assert_eq!(tries.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(server.count("session").await, 1);
        assert_eq!(server.count("user").await, 1);
    }

    // ASVS 6.6.1.
    async fn what_is_no_number_is_refused_and_prefixes_keep_messages_at_home(database) {
        let server = with(&database, &format!("{SETTINGS}prefixes = [\"+33\"]\n")).await;
        for bad in ["", "0612345678", "+33 612345678", "+0612345678", "jean@example.com", "+44612345678"] {
            send(&server.browser(), bad).await.refused(400, "INVALID_PHONE_NUMBER");
        }
        verify(&server.browser(), "0612345678", "123456").await.refused(400, "INVALID_PHONE_NUMBER");
        assert_eq!(server.count("mailOutbox").await, 0);
    }

    async fn a_number_gets_five_messages_an_hour_whoever_asks(database) {
        let settings = format!("trusted_proxies = [\"127.0.0.1/32\"]\nrate_limit = {{ enabled = true }}\n{SETTINGS}");
        let server = with(&database, &settings).await;
        let from = |n: usize| server.browser().header("x-forwarded-for", &format!("203.0.113.{n}"));
        for n in 0..5 {
            send(&from(n), PHONE).await.expect(200).json();
        }
        send(&from(9), PHONE).await.refused(429, "TOO_MANY_REQUESTS");
        send(&from(10), "+33612345679").await.expect(200).json();
    }
}
