//! The link that proves an address.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_core::serde_json::{Value, json};
use guichet_testing::TestServer;
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha512};

use crate::{EMAIL, PASSWORD, sign_up, start, with};

/// The tests' secret.
const SECRET: &str = "a-secret-of-the-tests-that-nobody-else-uses";

/// A token with any header and claims; signed with `secret` as the header's algorithm says, if it is one we have.
fn forged(secret: &str, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let tag = match header["alg"].as_str() {
        Some("HS512") => {
            let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(signed.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Some("none") => Vec::new(),
        _ => {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(signed.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn seconds(server: &TestServer) -> i64 {
    server.now().millis() / 1000
}

async fn is_proven(server: &TestServer) -> bool {
    server.number(r#"select count(*) from "user" where "emailVerified" = true"#).await == 1
}

guichet_testing::stories! {
    /// Wishes: 26.
    async fn a_link_proves_the_address_as_often_as_it_is_opened(database) {
        let server = start(&database).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let body = json!({"email": EMAIL, "callbackURL": "/welcome"});
        assert_eq!(browser.post("/send-verification-email", body).await.expect(200).json(), json!({"status": true}));
        let link = server.mailed_link(EMAIL).await;
        assert!(link.starts_with("/api/auth/verify-email?token=eyJhbGciOiJIUzI1NiJ9."), "{link}");
        assert!(link.ends_with("&callbackURL=%2Fwelcome"), "{link}");
        for _ in 0..2 {
            let opened = server.browser().open(&link).await.expect(302);
            assert_eq!(opened.header("location"), "/welcome");
            assert!(opened.set_cookies().is_empty());
            assert!(is_proven(&server).await);
        }
        assert!(browser.is_in().await, "and what the owner had stays");
        let without = link.split("&callbackURL").next().unwrap();
        assert_eq!(browser.open(without).await.expect(200).json(), json!({"status": true, "user": null}));
        let body = json!({"email": EMAIL});
        browser.post("/send-verification-email", body).await.refused(400, "EMAIL_ALREADY_VERIFIED");
    }

    async fn the_link_may_sign_in_when_that_is_configured(database) {
        let server = with(&database, "require_email_verification = true\nauto_sign_in_after_verification = true").await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let link = server.mailed_link(EMAIL).await;
        browser.open(&link).await.expect(302).set_cookies();
        assert!(browser.is_in().await);
        let another = server.browser();
        another.open(&link).await.expect(302).set_cookies();
        assert!(!another.is_in().await, "once: a proven address is no key");
    }

    async fn who_is_signed_in_already_keeps_their_session(database) {
        let server = with(&database, "auto_sign_in_after_verification = true\nsend_on_sign_up = true").await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let before = browser.cookie("better-auth.session_token").unwrap();
        let link = server.mailed_link(EMAIL).await;
        let opened = browser.open(&link).await.expect(302);
        // Their cookie is set again (contract, section 2), and is the one that they had.
        assert!(opened.set_cookies().iter().any(|cookie| cookie.name() == "better-auth.session_token"), "{opened:?}");
        assert_eq!((browser.cookie("better-auth.session_token").unwrap(), server.count("session").await), (before, 1));
    }

    async fn only_ones_own_address_can_be_asked_for_when_signed_in(database) {
        let server = start(&database).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let body = json!({"email": "other@example.com"});
        browser.post("/send-verification-email", body).await.refused(400, "EMAIL_MISMATCH");
        browser.post("/send-verification-email", json!({"email": "nope"})).await.refused(400, "VALIDATION_ERROR");
        let body = json!({"email": EMAIL, "callbackURL": "https://evil.test"});
        browser.post("/send-verification-email", body).await.refused(403, "INVALID_CALLBACK_URL");
        browser.post("/send-verification-email", json!({"email": " JEAN@example.com"})).await.expect(200).json();
    }

    async fn a_token_expires_after_an_hour(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let body = json!({"email": EMAIL, "callbackURL": "/welcome?a=b#c"});
        server.browser().post("/send-verification-email", body).await.expect(200).json();
        let link = server.mailed_link(EMAIL).await;
        server.clock.advance(Duration::from_secs(3601));
        let opened = server.browser().open(&link).await.expect(302);
        assert_eq!(opened.header("location"), "/welcome?a=b&error=TOKEN_EXPIRED#c");
        let without = link.split("&callbackURL").next().unwrap();
        server.browser().open(without).await.refused(401, "TOKEN_EXPIRED");
        assert!(!is_proven(&server).await);
    }

    // RFC 8725: the header chooses nothing.
    async fn forged_tokens_prove_nothing(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let now = seconds(&server);
        let good = json!({"email": EMAIL, "iat": now, "exp": now + 3600});
        let hs256 = json!({"alg": "HS256"});
        let tokens = [
            String::new(), "nope".to_owned(), "..".to_owned(),
            forged("another secret", &hs256, &good),
            forged("", &json!({"alg": "none"}), &good),
            forged(SECRET, &json!({"alg": "HS512"}), &good),
            forged(SECRET, &json!({"alg": "hs256"}), &good),
            forged(SECRET, &json!({"alg": "HS256", "crit": ["exp"]}), &good),
            forged(SECRET, &hs256, &json!({"iat": now, "exp": now + 3600})),
            forged(SECRET, &hs256, &json!({"email": EMAIL, "iat": now})),
            forged(SECRET, &hs256, &json!({"email": EMAIL, "exp": "9999999999"})),
            forged(SECRET, &hs256, &json!({"email": EMAIL, "exp": 1e99})),
            forged(SECRET, &hs256, &json!({"email": [EMAIL], "exp": now + 3600})),
            forged(SECRET, &hs256, &json!({"email": "no address", "exp": now + 3600})),
            forged(SECRET, &hs256, &json!({"email": EMAIL, "updateTo": "x@example.com", "exp": now + 3600})),
        ];
        for token in &tokens {
            server.browser().get(&format!("/verify-email?token={token}")).await.refused(401, "INVALID_TOKEN");
        }
        let expired = forged(SECRET, &hs256, &json!({"email": EMAIL, "exp": now - 1}));
        server.browser().get(&format!("/verify-email?token={expired}")).await.refused(401, "TOKEN_EXPIRED");
        assert!(!is_proven(&server).await);
        let token = forged(SECRET, &hs256, &good);
        server.browser().get(&format!("/verify-email?token={token}")).await.expect(200).json();
        assert!(is_proven(&server).await);
    }

    async fn what_is_missing_unknown_or_hostile_is_said(database) {
        let server = start(&database).await;
        let now = seconds(&server);
        let ghost = forged(SECRET, &json!({"alg": "HS256"}), &json!({"email": "ghost@example.com", "exp": now + 60}));
        let browser = server.browser();
        browser.get(&format!("/verify-email?token={ghost}")).await.refused(401, "USER_NOT_FOUND");
        let opened = browser.get(&format!("/verify-email?token={ghost}&callbackURL=/welcome")).await.expect(302);
        assert_eq!(opened.header("location"), "/welcome?error=USER_NOT_FOUND");
        // An address without a path gets one before its query, as browsers write it.
        let bare = browser.get(&format!("/verify-email?token={ghost}&callbackURL=http://app.localhost:5173")).await.expect(302);
        assert_eq!(bare.header("location"), "http://app.localhost:5173/?error=USER_NOT_FOUND");
        browser.get("/verify-email").await.refused(400, "VALIDATION_ERROR");
        let hostile = format!("/verify-email?token={ghost}&callbackURL=https://evil.test/");
        browser.get(&hostile).await.refused(403, "INVALID_CALLBACK_URL");
        browser.get("/verify-email?token=a&token=b").await.refused(400, "VALIDATION_ERROR");
    }
}
