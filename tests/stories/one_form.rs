//! Every way in leads through one door: one form of session, of user and of refusal, whatever proved who somebody is.

use std::collections::BTreeSet;

use guichet_testing::authenticator::Authenticator;
use guichet_testing::provider::{Fake, jwt};
use guichet_testing::{Answer, Browser, SESSION_COOKIE, TestDatabase, TestServer};
use serde_json::{Value, json};

use crate::{EMAIL, PASSWORD, with};

const NAME: &str = "jean_d";

const WAYS: [&str; 6] = ["password", "name", "code", "link", "provider", "passkey"];

async fn start(database: &TestDatabase, fake: &Fake) -> TestServer {
    let settings = format!(
        "[plugins.email-otp]\n[plugins.email-password]\n[plugins.username]\n[plugins.passkey]\n[plugins.magic-link]\n\
         direct_links = true\n[plugins.social]\n[[plugins.social.generic]]\nid = \"fake\"\nclient_id = \"client\"\n\
         client_secret = \"s\"\ndiscovery_url = \"{}/.well-known/openid-configuration\"\n",
        fake.issuer
    );
    with(database, &settings).await
}

/// Somebody with a password, a name and a proven address, and their passkey.
async fn somebody(server: &TestServer) -> Authenticator {
    let browser = server.page_browser();
    let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean", "username": NAME});
    browser.post("/sign-up/email", body).await.expect(200).json();
    server.execute(r#"update "user" set "emailVerified" = true"#).await;
    let options = browser.get("/passkey/generate-register-options").await.expect(200).json();
    let authenticator = Authenticator::es256(server.base());
    let body = json!({"response": authenticator.create(&options), "name": "Laptop"});
    browser.post("/passkey/verify-registration", body).await.expect(200).json();
    authenticator
}

/// The last request of a sign-in; `right` says whether the proof is good.
async fn last(
    server: &TestServer,
    fake: &Fake,
    own: &mut Authenticator,
    browser: &Browser,
    (way, right): (&str, bool),
) -> Answer {
    match way {
        "password" | "name" => {
            let password = if right { PASSWORD } else { "not the one 2" };
            let (path, key, who) = match way {
                "name" => ("/sign-in/username", "username", NAME),
                _ => ("/sign-in/email", "email", EMAIL),
            };
            browser.post(path, json!({key: who, "password": password})).await
        }
        "code" => {
            let ask = json!({"email": EMAIL, "type": "sign-in"});
            browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
            let code = server.code(EMAIL).await;
            let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
            let otp = if right { code } else { wrong };
            browser.post("/sign-in/email-otp", json!({"email": EMAIL, "otp": otp})).await
        }
        "link" => {
            browser.post("/sign-in/magic-link", json!({"email": EMAIL})).await.expect(200).json();
            let text = server.mails(EMAIL).await[0].text.clone();
            let token =
                text.split("token=").nth(1).unwrap().split(['&', ' ', '\n']).next().unwrap().to_owned();
            let token = if right { token } else { token.to_lowercase() + "x" };
            browser.get(&format!("/magic-link/verify?token={token}")).await
        }
        "provider" => {
            let now = server.now().seconds();
            let claims = json!({"iss": fake.issuer, "aud": "client", "sub": "s1", "iat": now, "exp": now + 600,
                "email": EMAIL, "email_verified": true, "name": "Jean"});
            let token = jwt(&json!({"alg": "EdDSA", "kid": "k1"}), &claims, right);
            browser.post("/sign-in/social", json!({"provider": "fake", "idToken": {"token": token}})).await
        }
        _ => {
            let options = browser.get("/passkey/generate-authenticate-options").await.expect(200).json();
            own.forged = !right;
            let response = own.get(&options);
            own.forged = false;
            browser.post("/passkey/verify-authentication", json!({"response": response})).await
        }
    }
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

guichet_testing::stories! {
    /// Wishes: 9, 56.
    async fn every_way_in_gives_one_form_of_session(database) {
        let fake = Fake::start().await;
        let server = start(&database, &fake).await;
        let mut own = somebody(&server).await;
        let mut seen: Vec<(BTreeSet<String>, BTreeSet<String>, BTreeSet<String>)> = Vec::new();
        for way in WAYS {
            let browser = server.page_browser();
            let answer = last(&server, &fake, &mut own, &browser, (way, true)).await;
            assert_eq!(answer.status, 200, "{way}: {answer:?}");
            let names: Vec<String> = answer.set_cookies().iter().map(|cookie| cookie.name().to_owned()).collect();
            assert!(names.contains(&SESSION_COOKIE.to_owned()), "{way}: {names:?}");
            let answer = answer.json();
            let shown = browser.get("/get-session").await.expect(200).json();
            assert_eq!((&shown["user"]["email"], &shown["user"]["name"]), (&json!(EMAIL), &json!("Jean")), "{way}");
            assert_eq!(answer["user"]["id"], shown["user"]["id"], "{way}");
            let token = answer.get("token").unwrap_or(&answer["session"]["token"]);
            assert_eq!(*token, shown["session"]["token"], "{way}");
            seen.push((keys(&shown["session"]), keys(&shown["user"]), keys(&answer["user"])));
        }
        assert_eq!(seen.len(), WAYS.len());
        seen.dedup();
        assert_eq!(seen.len(), 1, "{seen:#?}");
        for key in ["id", "email", "emailVerified", "name"] {
            assert!(seen[0].1.contains(key), "{key}");
        }
        assert_eq!(server.count("user").await, 1);
    }

    /// Wishes: 9, 28.
    async fn every_way_in_refuses_in_one_form(database) {
        let fake = Fake::start().await;
        let server = start(&database, &fake).await;
        let mut own = somebody(&server).await;
        for way in WAYS {
            let browser = server.page_browser();
            let answer = last(&server, &fake, &mut own, &browser, (way, false)).await;
            if way == "link" {
                // A link is opened in a browser, which is led to where the code can be shown.
                assert!(answer.header("location").ends_with("?error=INVALID_TOKEN"), "{answer:?}");
            } else {
                assert!(answer.status.is_client_error(), "{way}: {answer:?}");
                let body = answer.json();
                assert_eq!(keys(&body), keys(&json!({"code": "", "message": ""})), "{way}: {body}");
                assert!(body["code"].as_str().unwrap().bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{body}");
                assert!(body["message"].as_str().unwrap().len() > 5, "{body}");
            }
            assert!(answer.set_cookies().iter().all(|cookie| cookie.name() != SESSION_COOKIE), "{way}");
            assert!(!browser.is_in().await, "{way}");
        }
    }
}
