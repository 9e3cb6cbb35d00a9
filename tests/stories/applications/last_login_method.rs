//! The cookie that names the last method.

use std::time::Duration;

use serde_json::json;

use super::beside_sign_in;
use crate::{EMAIL, visitor};

const COOKIE: &str = "better-auth.last_used_login_method";

guichet_testing::stories! {
    async fn scripts_can_read_how_one_last_signed_in(database) {
        let server = beside_sign_in(&database, "[plugins.last-login-method]").await;
        let browser = visitor(&server, EMAIL).await;
        assert_eq!(browser.cookie(COOKIE).as_deref(), Some("email-otp"));
        let body = json!({"email": "anna@example.com", "password": "correct horse 1", "name": "Anna"});
        let answer = browser.post("/sign-up/email", body).await.expect(200);
        let cookie = answer.set_cookies().into_iter().find(|cookie| cookie.name() == COOKIE).unwrap();
        assert_eq!(cookie.value(), "email");
        assert_ne!(cookie.http_only(), Some(true));
        assert!(cookie.to_string().contains("Max-Age=2592000"), "{cookie}");
    }

    async fn on_https_it_is_secure_and_has_the_same_name(database) {
        let settings = "base_url = \"https://login.example.fr\"\n[plugins.last-login-method]";
        let server = beside_sign_in(&database, settings).await;
        let browser = server.browser();
        let ask = json!({"email": EMAIL, "type": "sign-in"});
        browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
        let code = server.code(EMAIL).await;
        let answer = browser.post("/sign-in/email-otp", json!({"email": EMAIL, "otp": code})).await.expect(200);
        let cookie = answer.set_cookies().into_iter().find(|cookie| cookie.name() == COOKIE).unwrap();
        assert_eq!(cookie.secure(), Some(true));
    }

    async fn what_fails_and_what_only_prolongs_leaves_it_alone(database) {
        let server = beside_sign_in(&database, "[plugins.last-login-method]").await;
        let browser = visitor(&server, EMAIL).await;
        let wrong = json!({"email": EMAIL, "password": "wrong horse 1"});
        let answer = browser.post("/sign-in/email", wrong).await;
        assert!(answer.set_cookies().iter().all(|cookie| cookie.name() != COOKIE));
        server.clock.advance(Duration::from_secs(2 * 86_400));
        let prolonged = browser.get("/get-session").await.expect(200);
        assert_eq!(prolonged.set_cookies().len(), 1);
    }
}
