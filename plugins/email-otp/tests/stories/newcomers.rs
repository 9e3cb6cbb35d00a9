//! What somebody new must say, and may not.

use std::time::Duration;

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Answer, Browser};

use crate::{EMAIL, another, send, sign_in, with};

const COMPANY: &str =
    "[[user.fields]]\nname = \"company\"\ninput = true\nrequired = true\n[plugins.email-otp]\n";
const BADGE: &str = "[[user.fields]]\nname = \"badge\"\ninput = true\nunique = true\n[plugins.email-otp]\n";

async fn sign_in_as(browser: &Browser, email: &str, code: &str, more: Value) -> Answer {
    let mut body = json!({"email": email, "otp": code});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    browser.post("/sign-in/email-otp", body).await
}

guichet_testing::stories! {
    async fn a_required_field_is_asked_for_and_the_code_stays_good(database) {
        let server = with(&database, COMPANY).await;
        let browser = server.browser();
        send(&browser, EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        // More often than a code has tries: who has the right one does not guess.
        for _ in 0..5 {
            let answer = sign_in(&browser, EMAIL, &code).await;
            assert_eq!(answer.json()["message"], "company is required");
            answer.refused(400, "MISSING_FIELD");
        }
        assert_eq!(server.count("user").await, 0);
        assert_eq!(server.count("session").await, 0);
        sign_in_as(&browser, EMAIL, &code, json!({"company": [5]})).await.refused(400, "VALIDATION_ERROR");
        let made = sign_in_as(&browser, EMAIL, &code, json!({"company": "Zola"})).await.expect(200).json();
        assert_eq!(made["user"]["company"], "Zola");
        sign_in_as(&browser, EMAIL, &code, json!({"company": "Zola"})).await.refused(400, "INVALID_OTP");
    }

    async fn a_wrong_code_does_not_tell_whether_anybody_is_asked_for_a_field(database) {
        let server = with(&database, COMPANY).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        sign_in_as(&server.browser(), EMAIL, &code, json!({"company": "Zola"})).await.expect(200).json();
        // The newest mail is the newest by the clock.
        server.clock.advance(Duration::from_secs(1));
        let new = "anna@example.com";
        for email in [EMAIL, new] {
            send(&server.browser(), email).await.expect(200).json();
            let wrong = another(&server.code(email).await);
            sign_in(&server.browser(), email, &wrong).await.refused(400, "INVALID_OTP");
        }
        // Who exists is asked for nothing.
        sign_in(&server.browser(), EMAIL, &server.code(EMAIL).await).await.expect(200).json();
    }

    async fn what_clients_may_not_set_and_what_is_taken_is_refused_and_the_code_stays_good(database) {
        let server = with(&database, &format!("[[user.fields]]\nname = \"clientId\"\n{BADGE}")).await;
        let badge = json!({"badge": "24601"});
        for email in [EMAIL, "anna@example.com"] {
            let browser = server.browser();
            send(&browser, email).await.expect(200).json();
            let code = server.code(email).await;
            sign_in_as(&browser, email, &code, json!({"clientId": "42"})).await.refused(400, "FIELD_NOT_ALLOWED");
            let answer = sign_in_as(&browser, email, &code, badge.clone()).await;
            if email == EMAIL {
                answer.expect(200).json();
            } else {
                answer.refused(422, "FAILED_TO_CREATE_USER");
                sign_in_as(&browser, email, &code, json!({"badge": "24602"})).await.expect(200).json();
            }
        }
    }
}
