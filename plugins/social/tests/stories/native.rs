//! Native apps: an ID token that they got themselves (security.md A2: foreign issuer, wrong audience ⇒ 401).

use std::time::Duration;

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Answer, Browser, TestServer};

use crate::{EMAIL, claims, user, with};
use guichet_testing::provider::{Fake, jwt};

fn token(claims: &Value) -> String {
    jwt(&json!({"alg": "EdDSA", "kid": "k1"}), claims, true)
}

async fn send(browser: &Browser, token: &str, more: Value) -> Answer {
    let mut body = json!({"provider": "fake", "idToken": {"token": token}});
    for (key, value) in more.as_object().unwrap() {
        body["idToken"][key] = value.clone();
    }
    browser.post("/sign-in/social", body).await
}

fn honest(server: &TestServer, fake: &Fake) -> Value {
    claims(server, fake, "n1", "s1", EMAIL)
}

guichet_testing::stories! {
    /// Wishes: 49.
    async fn a_good_token_signs_in(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let good = token(&honest(&server, &fake));
        let answer = send(&browser, &good, json!({"nonce": "n1"})).await.expect(200).json();
        assert_eq!(answer["redirect"], false);
        assert_eq!(answer["user"]["email"], EMAIL);
        assert!(answer["token"].is_string());
        assert_eq!(user(&browser).await["id"], answer["user"]["id"]);
        assert_eq!(server.count("account").await, 1);
    }

    /// Wishes: 50.
    async fn an_access_token_may_come_along(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let good = token(&honest(&server, &fake));
        let more = json!({"nonce": "n1", "accessToken": "the-access-token"});
        send(&browser, &good, more).await.expect(200).json();
        let id = browser.get("/list-accounts").await.expect(200).json()[0]["id"].clone();
        let tokens = browser.post("/get-access-token", json!({"accountId": id})).await.expect(200).json();
        assert_eq!(tokens["accessToken"], "the-access-token");
    }

    // Supabase CVE-2026-31813, Zitadel CVE-2026-55669.
    async fn others_do_not(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let good = honest(&server, &fake);
        for (key, value) in [
            ("iss", json!("https://evil.test")),
            ("aud", json!("another-app")),
            ("exp", json!(server.now().seconds() - 100)),
            ("exp", json!("never")),
            ("iat", json!(server.now().seconds() - 4000)),
            ("iat", Value::Null),
        ] {
            let mut claims = good.clone();
            claims[key] = value.clone();
            send(&browser, &token(&claims), json!({"nonce": "n1"})).await.refused(401, "INVALID_TOKEN");
        }
        send(&browser, &token(&good), json!({"nonce": "n2"})).await.refused(401, "INVALID_TOKEN");
        send(&browser, &jwt(&json!({"alg": "EdDSA", "kid": "k1"}), &good, false), json!({})).await.refused(401, "INVALID_TOKEN");
        for broken in ["", "x", "x.y.z", "a.b", "é.é.é"] {
            send(&browser, broken, json!({})).await.refused(401, "INVALID_TOKEN");
        }
        let mut nobody = good.clone();
        nobody["sub"] = "".into();
        send(&browser, &token(&nobody), json!({})).await.refused(401, "FAILED_TO_GET_USER_INFO");
        for body in [json!({"provider": "fake", "idToken": "x"}), json!({"provider": "fake", "idToken": {}})] {
            browser.post("/sign-in/social", body).await.refused(400, "VALIDATION_ERROR");
        }
        assert_eq!((server.count("user").await, server.count("session").await), (0, 0));
        server.clock.advance(Duration::from_secs(7200));
        send(&browser, &token(&good), json!({"nonce": "n1"})).await.refused(401, "INVALID_TOKEN");
    }

    // PocketBase CVE-2026-44166.
    async fn the_body_says_neither_the_address_nor_who_is_linked(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        server.user("victim@example.com").await;
        let browser = server.browser();
        let good = token(&honest(&server, &fake));
        let more = json!({"user": {"email": "victim@example.com", "name": {"firstName": "Mallory"}}});
        let answer = send(&browser, &good, more).await.expect(200).json();
        assert_eq!(answer["user"]["email"], EMAIL);
        assert_eq!(answer["user"]["name"], "Jean Dupont");
    }

    async fn an_address_that_is_not_proven_on_both_sides_is_not_linked(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        server.user(EMAIL).await;
        let mut unverified = honest(&server, &fake);
        unverified["email_verified"] = "true".into();
        let refused = send(&server.browser(), &token(&unverified), json!({})).await;
        assert_eq!(refused.json(), json!({"code": "OAUTH_LINK_ERROR", "message": "account not linked"}));
        refused.refused(401, "OAUTH_LINK_ERROR");
        assert_eq!(server.mails(EMAIL).await.len(), 0);
        send(&server.browser(), &token(&honest(&server, &fake)), json!({})).await.expect(200).json();
    }

    async fn a_provider_may_be_closed_to_them(database) {
        let fake = Fake::start().await;
        let closed = crate::settings(&fake, "").replacen("client_secret", "id_token_sign_in = false\nclient_secret", 1);
        let server = TestServer::with(&crate::plugins(), &database, &closed).await;
        let good = token(&honest(&server, &fake));
        send(&server.browser(), &good, json!({})).await.refused(404, "ID_TOKEN_NOT_SUPPORTED");
    }

    async fn a_signed_in_user_links_with_one(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        send(&browser, &token(&honest(&server, &fake)), json!({})).await.expect(200).json();
        let link = |claims: Value| json!({"provider": "other", "idToken": {"token": token(&claims)}});
        let mut second = honest(&server, &fake);
        second["sub"] = "s2".into();
        let mut foreign = second.clone();
        foreign["email"] = "other@example.com".into();
        browser.post("/link-social", link(foreign)).await.refused(401, "LINKING_DIFFERENT_EMAILS_NOT_ALLOWED");
        let mut unverified = second.clone();
        unverified["email_verified"] = 1.into();
        browser.post("/link-social", link(unverified)).await.refused(401, "LINKING_NOT_ALLOWED");
        let done = browser.post("/link-social", link(second.clone())).await.expect(200).json();
        assert_eq!(done, json!({"url": "", "status": true, "redirect": false}));
        browser.post("/link-social", link(second.clone())).await.expect(200).json();
        assert_eq!(server.count("account").await, 2);
        server.browser().post("/link-social", link(second.clone())).await.refused(401, "UNAUTHORIZED");

        let stranger = server.browser();
        let mut other = honest(&server, &fake);
        (other["sub"], other["email"]) = ("s3".into(), "stranger@example.com".into());
        send(&stranger, &token(&other), json!({})).await.expect(200).json();
        stranger.post("/link-social", link(second)).await.refused(409, "SOCIAL_ACCOUNT_ALREADY_LINKED");
    }
}
