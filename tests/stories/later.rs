//! What is switched on later, on a database with people in it: nobody is signed out, and nobody is asked for what they
//! do not have.

use guichet_testing::{Browser, SESSION_COOKIE, TestDatabase, TestServer};
use serde_json::{Value, json};

use crate::security::everything;
use crate::{EMAIL, PASSWORD, sign_up, visitor, with};

const FEW: &str = "[plugins.email-otp]\n[plugins.email-password]\n";

/// Two people on a server with codes and passwords alone: one by code, one by password; then the server with everything,
/// on the same database, and their browsers there.
async fn everything_comes(database: &TestDatabase) -> (TestServer, Browser, Browser) {
    let server = with(database, FEW).await;
    let by_code = visitor(&server, EMAIL).await.cookie(SESSION_COOKIE).unwrap();
    let browser = sign_up(&server, "anna@example.com").await;
    let by_password = browser.cookie(SESSION_COOKIE).unwrap();
    server.stop().await;
    let server = with(database, &everything("")).await;
    let back = |cookie: &str| {
        let browser = server.browser();
        browser.set_cookie(SESSION_COOKIE, cookie);
        browser
    };
    let (one, other) = (back(&by_code), back(&by_password));
    (server, one, other)
}

async fn email(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()["user"]["email"].clone()
}

guichet_testing::stories! {
    /// Every plugin at once: providers, tokens, second factors. Wishes: 13, 14.
    async fn whatever_is_switched_on_later_signs_nobody_out(database) {
        let (server, one, other) = everything_comes(&database).await;
        assert_eq!((email(&one).await, email(&other).await), (json!(EMAIL), json!("anna@example.com")));
        one.get("/list-sessions").await.expect(200).json();
        assert_eq!(server.count("session").await, 2);
        one.post("/sign-out", json!({})).await.expect(200).json();
        assert_eq!((email(&one).await, email(&other).await), (Value::Null, json!("anna@example.com")));
    }

    /// Wishes: 15.
    async fn a_second_factor_asks_nobody_who_has_none(database) {
        let (server, _, other) = everything_comes(&database).await;
        assert_eq!(server.count("twoFactor").await, 0, "the tables are there, and empty");
        let body = json!({"email": "anna@example.com", "password": PASSWORD});
        let entry = server.browser().post("/sign-in/email", body.clone()).await.expect(200).json();
        assert!(entry["token"].is_string() && entry.get("twoFactorRedirect").is_none(), "{entry}");
        // Until one of them enrols; the other goes on as before.
        let begun = other.post("/two-factor/enable", json!({"password": PASSWORD})).await.expect(200).json();
        assert!(begun["totpURI"].as_str().unwrap().starts_with("otpauth://totp/"));
        let entry = server.browser().post("/sign-in/email", body).await.expect(200).json();
        assert!(entry["token"].is_string(), "an enrolment that was not finished asks for nothing: {entry}");
    }

    /// Wishes: 61.
    async fn a_plugins_routes_come_and_go_with_it(database) {
        let routes = [
            ("POST", "/api/auth/sign-in/username"), ("POST", "/api/auth/two-factor/enable"), ("GET", "/api/auth/jwks"),
            ("GET", "/api/auth/passkey/generate-authenticate-options"), ("POST", "/api/auth/sign-in/social"),
        ];
        let ask = async |server: &TestServer, (method, path): (&str, &str)| {
            let (kind, body) = if method == "POST" { (Some("application/json"), Some("{}".to_owned())) } else { (None, None) };
            server.browser().request(method.parse().unwrap(), path, kind, body).await.status.as_u16()
        };
        let server = with(&database, FEW).await;
        for route in routes {
            assert_eq!(ask(&server, route).await, 404, "{route:?}");
        }
        server.stop().await;
        let server = with(&database, &everything("")).await;
        for route in routes {
            assert_ne!(ask(&server, route).await, 404, "{route:?}");
        }
        server.browser().get("/jwks").await.expect(200).json();
        server.stop().await;
        // What it brought is gone again; the people are not.
        let server = with(&database, FEW).await;
        assert_eq!(ask(&server, routes[2]).await, 404);
        assert_eq!(email(&visitor(&server, EMAIL).await).await, EMAIL);
    }
}
