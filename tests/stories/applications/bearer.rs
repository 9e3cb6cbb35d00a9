//! Sessions without cookies.

use guichet_testing::{Browser, SESSION_COOKIE, TestServer};
use serde_json::{Value, json};

use super::beside_sign_in;
use crate::{EMAIL, visitor};

/// A program without cookies that sends this.
fn program(server: &TestServer, authorization: &str) -> Browser {
    server.browser().header("authorization", authorization)
}

/// Whose session it is.
async fn whose(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()["user"]["email"].clone()
}

/// Signs in, and gives the header that comes with it.
async fn set_auth_token(server: &TestServer, email: &str) -> String {
    let browser = server.browser();
    let ask = json!({"email": email, "type": "sign-in"});
    browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
    let code = server.code(email).await;
    let answer = browser.post("/sign-in/email-otp", json!({"email": email, "otp": code})).await.expect(200);
    assert!(answer.header("access-control-expose-headers").contains("set-auth-token"), "{answer:?}");
    let token = answer.header("set-auth-token").to_owned();
    assert!(token.starts_with(answer.json()["token"].as_str().unwrap()));
    token
}

guichet_testing::stories! {
    /// Wishes: 6.
    async fn the_token_of_a_sign_in_is_a_session_in_every_form_it_is_written_in(database) {
        let server = beside_sign_in(&database, "[plugins.bearer]").await;
        let token = set_auth_token(&server, EMAIL).await;
        let escaped = token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        for good in [
            format!("Bearer {token}"), format!("bearer {token}"), format!("BEARER  {token} "), format!("Bearer {escaped}"),
        ] {
            assert_eq!(whose(&program(&server, &good)).await, EMAIL, "{good}");
        }
        program(&server, &format!("Bearer {token}")).get("/list-sessions").await.expect(200).json();
        program(&server, &format!("Bearer {token}")).post("/sign-out", json!({})).await.expect(200).json();
        assert_eq!(whose(&program(&server, &format!("Bearer {token}"))).await, Value::Null);
    }

    async fn what_is_no_token_of_ours_is_as_if_it_were_not_there(database) {
        let server = beside_sign_in(&database, "[plugins.bearer]").await;
        let browser = visitor(&server, EMAIL).await;
        let raw = browser.cookie(SESSION_COOKIE).unwrap().split('.').next().unwrap().to_owned();
        for bad in [
            "", " ", "Bearer", "Bearer ", "Bearer .", "Bearer ..", "Bearer x.y", "Bearer %", "Bearer %E0%A4%A.%", "Basic abc",
            "Bearer é.é", &format!("Bearer {raw}"), &format!("Bearer {raw}."), &format!("Bearer {raw}.AAAA"),
            &format!("Bearer {}", "a.".repeat(2000)),
        ] {
            assert_eq!(whose(&program(&server, bad)).await, Value::Null, "{bad:?}");
            assert_eq!(whose(&browser.clone().header("authorization", bad)).await, EMAIL, "the cookie counts then: {bad:?}");
        }
    }

    async fn a_token_without_its_signature_is_taken_only_when_configured(database) {
        let server = beside_sign_in(&database, "[plugins.bearer]\nrequire_signature = false").await;
        let token = set_auth_token(&server, EMAIL).await;
        let raw = token.split('.').next().unwrap();
        assert_eq!(whose(&program(&server, &format!("Bearer {raw}"))).await, EMAIL);
        let unknown = program(&server, "Bearer nosuchtoken").get("/get-session").await.expect(200);
        assert_eq!((unknown.json(), unknown.set_cookies().len()), (Value::Null, 3));
        let stored = server.text(r#"select "token" from "session""#).await.unwrap();
        assert_eq!(whose(&program(&server, &format!("Bearer {stored}"))).await, Value::Null, "a hash opens nothing");
    }

    async fn the_token_goes_before_the_cookie(database) {
        let server = beside_sign_in(&database, "[plugins.bearer]").await;
        let browser = visitor(&server, EMAIL).await;
        let token = set_auth_token(&server, "anna@example.com").await;
        assert_eq!(whose(&browser.clone().header("authorization", &format!("Bearer {token}"))).await, "anna@example.com");
        assert_eq!(whose(&browser).await, EMAIL);
    }

    async fn from_a_trusted_application_it_works_and_from_elsewhere_only_as_the_settings_say(database) {
        let server = beside_sign_in(&database, "[plugins.bearer]").await;
        let token = set_auth_token(&server, EMAIL).await;
        let program = program(&server, &format!("Bearer {token}"));
        let body = json!({"token": "x"});
        program.post("/revoke-session", body.clone()).await.expect(200).json();
        program.clone().at_origin("").post("/revoke-session", body.clone()).await.expect(200).json();
        let elsewhere = program.at_origin("https://evil.test");
        elsewhere.post("/revoke-session", body).await.refused(403, "INVALID_ORIGIN");
    }

    async fn as_better_auth_does_it_a_token_without_cookies_needs_no_origin(database) {
        let settings = "http = { origin_check = \"cookies\" }\n[plugins.bearer]";
        let server = beside_sign_in(&database, settings).await;
        let token = set_auth_token(&server, EMAIL).await;
        let elsewhere = program(&server, &format!("Bearer {token}")).at_origin("https://evil.test");
        elsewhere.post("/revoke-session", json!({"token": "x"})).await.expect(200).json();
    }

    async fn beside_cors_the_header_is_named_once(database) {
        let server = beside_sign_in(&database, "[plugins.bearer]").await;
        set_auth_token(&server, EMAIL).await;
        let browser = visitor(&server, EMAIL).await;
        server.clock.advance(std::time::Duration::from_secs(2 * 86_400));
        let prolonged = browser.get("/get-session").await.expect(200);
        let named = prolonged.header("access-control-expose-headers").to_owned();
        assert_eq!(named.matches("set-auth-token").count(), 1, "{named}");
        assert!(!prolonged.header("set-auth-token").is_empty());
        assert!(browser.get("/get-session").await.header("set-auth-token").is_empty());
        assert!(browser.post("/sign-out", json!({})).await.header("set-auth-token").is_empty());
    }

    async fn without_the_plugin_nothing_of_it_is_there(database) {
        let server = beside_sign_in(&database, "").await;
        let browser = visitor(&server, EMAIL).await;
        let signed = browser.cookie(SESSION_COOKIE).unwrap();
        assert_eq!(whose(&program(&server, &format!("Bearer {signed}"))).await, Value::Null);
    }
}
