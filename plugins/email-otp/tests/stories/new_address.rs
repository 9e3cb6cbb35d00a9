//! Changing one's address by codes.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

use crate::{EMAIL, another, send, sign_in, start, with};

const NEXT: &str = "jeanne@example.com";

async fn ready(database: &TestDatabase, settings: &str) -> (TestServer, Browser) {
    let server = with(database, &format!("plugins.email-otp = {{ change_email = true{settings} }}")).await;
    let browser = server.browser();
    enter(&server, &browser, EMAIL).await;
    (server, browser)
}

async fn enter(server: &TestServer, browser: &Browser, email: &str) {
    send(browser, email).await.expect(200).json();
    sign_in(browser, email, &server.code(email).await).await.expect(200).json();
}

async fn ask(browser: &Browser, body: Value) -> Answer {
    browser.post("/email-otp/request-email-change", body).await
}

async fn change(browser: &Browser, code: &str) -> Answer {
    browser.post("/email-otp/change-email", json!({"newEmail": NEXT, "otp": code})).await
}

async fn email(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()["user"]["email"].clone()
}

guichet_testing::stories! {
    async fn both_addresses_prove_a_change(database) {
        let (server, browser) = ready(&database, "").await;
        let refused = ask(&browser, json!({"newEmail": NEXT})).await.expect(400);
        assert_eq!(refused.json(), json!({"message": "OTP is required to verify current email"}));
        let old = json!({"email": EMAIL, "type": "email-verification"});
        browser.post("/email-otp/send-verification-otp", old).await.expect(200).json();
        let code = server.code(EMAIL).await;
        ask(&browser, json!({"newEmail": NEXT, "otp": another(&code)})).await.refused(400, "INVALID_OTP");
        assert!(server.mails(NEXT).await.is_empty());
        ask(&browser, json!({"newEmail": "Jeanne@Example.com", "otp": code})).await.expect(200).json();
        let code = server.code(NEXT).await;
        change(&browser, &another(&code)).await.refused(400, "INVALID_OTP");
        let changed = change(&browser, &code).await.expect(200);
        assert_eq!(changed.json(), json!({"success": true}));
        assert_eq!(changed.set_cookies().len(), 1);
        assert_eq!(email(&browser).await, NEXT);
        let same = change(&browser, &code).await.expect(400);
        assert_eq!(same.json(), json!({"message": "Email is the same"}));
    }

    async fn a_code_is_for_one_address_of_one_user(database) {
        let (server, browser) = ready(&database, ", confirm_old_address = false").await;
        ask(&browser, json!({"newEmail": NEXT})).await.expect(200).json();
        let code = server.code(NEXT).await;
        let other = server.browser();
        enter(&server, &other, "other@example.com").await;
        change(&other, &code).await.refused(400, "INVALID_OTP");
        sign_in(&server.browser(), NEXT, &code).await.refused(400, "INVALID_OTP");
        let elsewhere = json!({"newEmail": "third@example.com", "otp": code});
        browser.post("/email-otp/change-email", elsewhere).await.refused(400, "INVALID_OTP");
        change(&browser, &code).await.expect(200).json();
    }

    async fn a_taken_address_answers_the_same_and_gets_no_mail(database) {
        let (server, browser) = ready(&database, ", confirm_old_address = false").await;
        ask(&browser, json!({"newEmail": NEXT})).await.expect(200).json();
        let code = server.code(NEXT).await;
        enter(&server, &server.browser(), NEXT).await;
        let taken = change(&browser, &code).await.expect(400);
        assert_eq!(taken.json(), json!({"message": "Email already in use"}));
        let before = server.mails(NEXT).await.len();
        ask(&browser, json!({"newEmail": NEXT})).await.expect(200).json();
        assert_eq!(server.mails(NEXT).await.len(), before);
        assert_eq!(email(&browser).await, EMAIL);
    }

    async fn it_is_off_until_it_is_configured(database) {
        let server = start(&database).await;
        let browser = server.browser();
        change(&browser, "123456").await.refused(401, "UNAUTHORIZED");
        ask(&browser, json!({"newEmail": NEXT})).await.refused(401, "UNAUTHORIZED");
        enter(&server, &browser, EMAIL).await;
        let off = json!({"message": "Change email with OTP is disabled"});
        assert_eq!(change(&browser, "123456").await.expect(400).json(), off);
        assert_eq!(ask(&browser, json!({"newEmail": NEXT})).await.expect(400).json(), off);
    }
}
