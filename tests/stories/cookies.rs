//! Cookies exactly as the contract has them.

use crate::{EMAIL, start, visitor, with};
use guichet_testing::SESSION_COOKIE;
use serde_json::json;

guichet_testing::stories! {
    /// Wishes: 36.
    async fn the_session_cookie_is_the_contracts(database) {
        let server = start(&database).await;
        let browser = server.browser();
        let ask = json!({"email": EMAIL, "type": "sign-in"});
        browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
        let code = server.code(EMAIL).await;
        let answer = browser.post("/sign-in/email-otp", json!({"email": EMAIL, "otp": code})).await.expect(200);
        let cookies = answer.set_cookies();
        assert_eq!(cookies.len(), 1);
        let cookie = &cookies[0];
        assert_eq!(cookie.name(), SESSION_COOKIE);
        assert_eq!((cookie.path(), cookie.http_only(), cookie.secure(), cookie.domain()), (Some("/"), Some(true), None, None));
        assert_eq!(cookie.same_site().unwrap().to_string(), "Lax");
        assert_eq!(cookie.max_age().unwrap().whole_seconds(), 604_800);
        let value = cookie.value().replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let (token, signature) = value.rsplit_once('.').unwrap();
        assert_eq!((token.len(), signature.len()), (32, 44));
        assert_eq!(answer.header("cache-control"), "no-store");
    }

    async fn behind_a_tls_proxy_cookies_are_secure_by_the_base_url_alone(database) {
        let server = with(&database, "base_url = \"https://auth.example.test\"\nallow_insecure = true").await;
        let browser = server.browser();
        let browser = browser.at_origin("https://auth.example.test");
        crate::sign_in(&server, &browser, EMAIL).await;
        let cookie = browser.cookie("__Secure-better-auth.session_token");
        assert!(cookie.is_some());
        assert!(browser.is_in().await);
        let page = browser.page("/login").await;
        assert!(page.header("strict-transport-security").starts_with("max-age="));
    }

    async fn quotes_around_a_cookie_and_neighbours_are_survived(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let value = browser.cookie(SESSION_COOKIE).unwrap();
        let other = server.browser().header("cookie", &format!("a=b; better-auth.session_token=\"{value}\"; c"));
        assert!(other.is_in().await);
    }
}
