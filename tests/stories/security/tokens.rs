//! Tokens: each for one thing, in answers that nobody keeps.

use guichet_core::http::RouteKind;
use guichet_testing::SESSION_COOKIE;
use serde_json::json;

use super::{OPEN, all_on, ask};
use crate::{EMAIL, sign_up, visitor};

guichet_testing::stories! {
    // ASVS 9.2.2: whatever one kind of token is, it is none of another.
    async fn asvs_9_2_2_no_token_stands_for_another(database) {
        let own = "[user]\ndelete_account = true\n[plugins.email-password]\nsend_on_sign_up = true\n";
        let server = all_on(&database, own).await;
        let browser = sign_up(&server, EMAIL).await;
        let proof = server.mailed_link(EMAIL).await.split("token=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        server.browser().post("/request-password-reset", json!({"email": EMAIL, "redirectTo": "/r"})).await.expect(200).json();
        let reset = server.mailed_link(EMAIL).await.strip_prefix("/api/auth/reset-password/").unwrap().split('?').next().unwrap().to_owned();
        browser.post("/delete-user", json!({})).await.expect(200).json();
        let deletion = server.mailed_link(EMAIL).await.split("token=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let text = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        let once = text(browser.get("/one-time-token/generate").await.expect(200).json()["token"].clone());
        let jwt = text(browser.get("/token").await.expect(200).json()["token"].clone());
        let session = text(browser.get("/get-session").await.json()["session"]["token"].clone());
        let signed = server.app.keyring.sign(&session);
        let page = server.page_browser();
        page.page("/login?callbackURL=/client").await.expect(200).set_cookies();
        let landing = page.cookie("better-auth.landing").unwrap();
        let all = [("proof", proof), ("reset", reset), ("deletion", deletion), ("once", once), ("jwt", jwt), ("session", session), ("signed", signed), ("landing", landing)];
        for (kind, token) in &all {
            let escaped: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
            if *kind != "proof" {
                server.browser().get(&format!("/verify-email?token={escaped}")).await.refused(401, "INVALID_TOKEN");
            }
            if *kind != "reset" {
                let body = json!({"newPassword": "another one 3", "token": token});
                server.browser().post("/reset-password", body).await.refused(400, "INVALID_TOKEN");
            }
            if *kind != "deletion" {
                browser.get(&format!("/delete-user/callback?token={escaped}")).await.refused(404, "INVALID_TOKEN");
                browser.post("/delete-user", json!({"token": token})).await.refused(404, "INVALID_TOKEN");
            }
            if *kind != "once" {
                server.browser().post("/one-time-token/verify", json!({"token": token})).await.expect(400).json();
            }
            if *kind != "signed" {
                let by_header = server.browser().header("authorization", &format!("Bearer {token}"));
                assert!(!by_header.is_in().await, "{kind}");
                let by_cookie = server.browser();
                by_cookie.set_cookie(SESSION_COOKIE, &escaped);
                assert!(!by_cookie.is_in().await, "{kind}");
                by_cookie.set_cookie(SESSION_COOKIE, token);
                assert!(!by_cookie.is_in().await, "{kind}");
            }
        }
        assert!(browser.is_in().await, "nothing was used up");
    }

    // RFC 9700, ASVS 14.3.2: no cache keeps what carries a credential, or says who somebody is.
    async fn rfc_9700_answers_of_the_api_are_kept_nowhere(database) {
        let server = all_on(&database, OPEN).await;
        let browser = sign_up(&server, EMAIL).await;
        let secret = browser.get("/get-session").await.json()["session"]["token"].as_str().unwrap().to_owned();
        let mut carried = 0;
        for route in server.routes.iter().filter(|route| route.method == "GET") {
            let answer = ask(&browser, route, &serde_json::Map::new()).await;
            carried += usize::from(answer.text.contains(&secret));
            if route.kind == RouteKind::Root && !route.name.contains("mailbox") {
                assert!(!answer.text.contains(&secret));
                continue;
            }
            let public = route.name == "jwt.jwks";
            assert_eq!(answer.header("cache-control").contains("no-store"), !public, "{route:?} {answer:?}");
        }
        assert!(carried >= 3, "sessions are told in several places: {carried}");
        server.browser().post("/request-password-reset", json!({"email": EMAIL, "redirectTo": "/r"})).await.expect(200).json();
        let opened = server.browser().open(&server.mailed_link(EMAIL).await).await.expect(302);
        assert!(opened.header("location").contains("token="));
        assert_eq!(opened.header("cache-control"), "no-store");
        for route in server.routes.iter().filter(|route| route.method == "POST" && matches!(route.kind, RouteKind::Api | RouteKind::Program)) {
            let answer = ask(&server.browser(), route, &serde_json::Map::new()).await;
            assert!(answer.header("cache-control").contains("no-store"), "{route:?} {answer:?}");
        }
    }

    // Better Auth #9993 and its sisters: what was used, or whose owner moved on, is used up.
    async fn asvs_6_5_1_links_and_tokens_are_good_once(database) {
        let server = all_on(&database, OPEN).await;
        let browser = sign_up(&server, EMAIL).await;
        let ask_reset = async || {
            server.browser().post("/request-password-reset", json!({"email": EMAIL, "redirectTo": "/r"})).await.expect(200).json();
            server.mailed_link(EMAIL).await.strip_prefix("/api/auth/reset-password/").unwrap().split('?').next().unwrap().to_owned()
        };
        let token = ask_reset().await;
        let all = futures_util::future::join_all((0..20).map(|n| {
            let body = json!({"newPassword": format!("another one {n}"), "token": token});
            let browser = server.browser();
            async move { browser.post("/reset-password", body).await.status.as_u16() }
        })).await;
        assert_eq!(all.iter().filter(|&&status| status == 200).count(), 1, "{all:?}");
        assert!(all.iter().all(|status| matches!(status, 200 | 400)), "{all:?}");
        assert!(!browser.is_in().await);
        let opened = server.browser().get(&format!("/reset-password/{token}?callbackURL=/r")).await.expect(302);
        assert!(opened.header("location").contains("error=INVALID_TOKEN"));
    }

    // ASVS 9.1.2, 9.2.3: what a service gets to check.
    async fn asvs_9_2_3_a_jwt_names_its_algorithm_key_issuer_and_audience(database) {
        use base64::Engine as _;
        let server = all_on(&database, "").await;
        let browser = visitor(&server, EMAIL).await;
        let token = browser.get("/token").await.expect(200).json()["token"].as_str().unwrap().to_owned();
        let part = |n: usize| {
            let part = token.split('.').nth(n).unwrap();
            let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()
        };
        let (head, claims) = (part(0), part(1));
        assert_eq!(head["alg"], "EdDSA");
        for header in ["jku", "jwk", "x5u", "x5c"] {
            assert!(head.get(header).is_none(), "{head}");
        }
        let keys = server.browser().get("/jwks").await.expect(200).json();
        assert!(keys["keys"].as_array().unwrap().iter().any(|key| key["kid"] == head["kid"]));
        assert!(keys["keys"][0].get("d").is_none());
        assert_eq!([&claims["iss"], &claims["aud"]], [server.base(), server.base()]);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
    }
}
