//! Passwords beside numbers: a reset by a code, and the sign-in.

use std::time::Duration;

use guichet_core::serde_json::json;
use guichet_testing::{Answer, TestServer};

use crate::{PHONE, SETTINGS, another, code, start, visitor, with};

const PASSWORD: &str = "battery staple 2";

async fn ask(server: &TestServer, phone: &str) {
    let path = "/phone-number/request-password-reset";
    let answer = server.browser().post(path, json!({"phoneNumber": phone})).await.expect(200);
    assert_eq!(answer.json(), json!({"status": true}));
}

async fn reset(server: &TestServer, code: &str, password: &str) -> Answer {
    let body = json!({"phoneNumber": PHONE, "otp": code, "newPassword": password});
    server.browser().post("/phone-number/reset-password", body).await
}

async fn sign_in(server: &TestServer, phone: &str, password: &str) -> Answer {
    server.browser().post("/sign-in/phone-number", json!({"phoneNumber": phone, "password": password})).await
}

guichet_testing::stories! {
    async fn a_code_sets_a_password_that_signs_in_and_ends_sessions(database) {
        let server = start(&database).await;
        visitor(&server, PHONE).await;
        sign_in(&server, PHONE, PASSWORD).await.refused(401, "INVALID_PHONE_NUMBER_OR_PASSWORD");
        ask(&server, PHONE).await;
        let right = code(&server, PHONE).await;
        reset(&server, &right, "short").await.refused(400, "PASSWORD_TOO_SHORT");
        // The code is looked at first, so that the rules for passwords tell nothing of it.
        reset(&server, &another(&right), "short").await.refused(400, "INVALID_OTP");
        assert_eq!(reset(&server, &right, PASSWORD).await.expect(200).json(), json!({"status": true}));
        assert_eq!(server.count("session").await, 0);
        reset(&server, &right, PASSWORD).await.refused(400, "OTP_NOT_FOUND");
        let answer = sign_in(&server, PHONE, PASSWORD).await.expect(200).json();
        assert_eq!(answer["user"]["phoneNumber"], PHONE);
        assert!(answer["token"].is_string());
        sign_in(&server, PHONE, "not the password").await.refused(401, "INVALID_PHONE_NUMBER_OR_PASSWORD");
        sign_in(&server, "+33699999999", PASSWORD).await.refused(401, "INVALID_PHONE_NUMBER_OR_PASSWORD");
        sign_in(&server, "0612345678", PASSWORD).await.refused(400, "INVALID_PHONE_NUMBER");
    }

    /// Contract, section 4: this is none of the forms that are looked at without a cookie, unless `origin_check` is
    /// `always`, as by default.
    async fn without_cookies_its_origin_is_asked_for_by_default_alone(database) {
        for (check, status) in [("always", 403), ("cookies", 401)] {
            let server = with(&database, &format!("http.origin_check = \"{check}\"\n{SETTINGS}")).await;
            let foreign = server.browser().at_origin("https://evil.test");
            let body = json!({"phoneNumber": PHONE, "password": PASSWORD});
            let _ = foreign.post("/sign-in/phone-number", body).await.expect(status);
        }
    }

    // ASVS 6.6.2.
    async fn a_code_that_proves_is_none_that_resets(database) {
        let server = start(&database).await;
        visitor(&server, PHONE).await;
        crate::send(&server.browser(), PHONE).await.expect(200).json();
        let right = code(&server, PHONE).await;
        reset(&server, &right, PASSWORD).await.refused(400, "OTP_NOT_FOUND");
    }

    async fn unknown_numbers_are_answered_alike_and_get_nothing(database) {
        let server = start(&database).await;
        ask(&server, PHONE).await;
        assert_eq!(server.count("verification").await, 1, "a decoy");
        assert!(server.mails(&format!("{PHONE}@sms.localhost")).await.is_empty());
        for _ in 0..3 {
            reset(&server, "123456", PASSWORD).await.refused(400, "INVALID_OTP");
        }
        reset(&server, "123456", PASSWORD).await.refused(403, "TOO_MANY_ATTEMPTS");
    }

    async fn a_number_admits_ten_passwords_in_ten_minutes(database) {
        let settings = format!("trusted_proxies = [\"127.0.0.1/32\"]\nrate_limit = {{ enabled = true }}\n{SETTINGS}");
        let server = with(&database, &settings).await;
        let body = json!({"phoneNumber": PHONE, "password": "a guess at it"});
        for n in 0..10 {
            let browser = server.browser().header("x-forwarded-for", &format!("203.0.113.{n}"));
            browser.post("/sign-in/phone-number", body.clone()).await.refused(401, "INVALID_PHONE_NUMBER_OR_PASSWORD");
        }
        let browser = server.browser().header("x-forwarded-for", "203.0.113.77");
        browser.post("/sign-in/phone-number", body).await.refused(429, "TOO_MANY_REQUESTS");
    }

    // ASVS 6.3.1; NIST SP 800-63B, section 3.2.2: fewer than a hundred in a row, for whoever has patience.
    async fn asvs_6_3_1_a_patient_guesser_has_ninety_passwords_a_day(database) {
        let settings = format!("trusted_proxies = [\"127.0.0.1/32\"]\nrate_limit = {{ enabled = true }}\n{SETTINGS}");
        let server = with(&database, &settings).await;
        let mut compared = 0;
        for n in 0..120 {
            let browser = server.browser().header("x-forwarded-for", &format!("203.0.113.{n}"));
            let body = json!({"phoneNumber": PHONE, "password": "a guess at it"});
            let answer = browser.post("/sign-in/phone-number", body).await;
            assert!(matches!(answer.status.as_u16(), 401 | 429), "{answer:?}");
            compared += u32::from(answer.status == 401);
            server.clock.advance(Duration::from_mins(10));
        }
        assert_eq!(compared, 90);
    }
}
