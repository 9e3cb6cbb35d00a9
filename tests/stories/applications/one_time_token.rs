//! A session carried elsewhere, once.

use std::time::Duration;

use futures_util::future::join_all;
use guichet_testing::{Browser, SESSION_COOKIE};
use serde_json::{Value, json};

use super::{beside_sign_in, outlives_the_browser};
use crate::{EMAIL, visitor};

const PLUGIN: &str = "[plugins.one-time-token]";
const VERIFY: &str = "/one-time-token/verify";

async fn token(browser: &Browser) -> String {
    let answer = browser.get("/one-time-token/generate").await.expect(200).json();
    answer["token"].as_str().unwrap().to_owned()
}

guichet_testing::stories! {
    async fn it_signs_another_browser_in_once(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let token = token(&visitor(&server, EMAIL).await).await;
        let other = server.browser();
        let answer = other.post(VERIFY, json!({"token": token})).await.expect(200).json();
        assert_eq!(answer["user"]["email"], EMAIL);
        assert_eq!(other.get("/get-session").await.json()["user"]["email"], EMAIL);
        let again = server.browser().post(VERIFY, json!({"token": token})).await.expect(400);
        assert_eq!(again.json(), json!({"message": "Invalid token"}));
    }

    // As at a sign-in: no session stays behind that nobody holds.
    async fn the_session_that_the_browser_had_ends(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let jean = visitor(&server, EMAIL).await;
        let other = visitor(&server, "anna@example.com").await;
        let before = other.cookie(SESSION_COOKIE).unwrap();
        other.post(VERIFY, json!({"token": token(&jean).await})).await.expect(200).json();
        let old = server.browser();
        old.set_cookie(SESSION_COOKIE, &before);
        assert!(!old.is_in().await);
        assert_eq!(server.count("session").await, 1);
        // Brought back to where it comes from, it goes on.
        jean.post(VERIFY, json!({"token": token(&jean).await})).await.expect(200).json();
        for browser in [&jean, &other] {
            assert_eq!(browser.get("/get-session").await.json()["user"]["email"], EMAIL);
        }
    }

    async fn with_several_in_a_browser_the_one_before_stays(database) {
        let server = beside_sign_in(&database, &format!("{PLUGIN}\n[plugins.multi-session]")).await;
        let jean = visitor(&server, EMAIL).await;
        let other = visitor(&server, "anna@example.com").await;
        other.post(VERIFY, json!({"token": token(&jean).await})).await.expect(200).json();
        let list = other.get("/multi-session/list-device-sessions").await.expect(200).json();
        assert_eq!(list.as_array().map(Vec::len), Some(2));
        assert_eq!(other.get("/get-session").await.json()["user"]["email"], EMAIL);
    }

    async fn one_that_is_not_remembered_is_not_elsewhere_either(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let body = json!({"email": EMAIL, "password": "correct horse 1", "name": "Jean", "rememberMe": false});
        let short = server.browser();
        short.post("/sign-up/email", body).await.expect(200).json();
        let other = server.browser();
        let answer = other.post(VERIFY, json!({"token": token(&short).await})).await.expect(200);
        assert!(!outlives_the_browser(&answer, SESSION_COOKIE));
        assert!(other.cookie("better-auth.dont_remember").is_some());
        // And one that is, is remembered even in a browser that forgets.
        let long = visitor(&server, "anna@example.com").await;
        let answer = other.post(VERIFY, json!({"token": token(&long).await})).await.expect(200);
        assert!(outlives_the_browser(&answer, SESSION_COOKIE));
        assert_eq!(other.cookie("better-auth.dont_remember"), None);
    }

    async fn of_a_hundred_at_once_one_gets_in(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let token = token(&visitor(&server, EMAIL).await).await;
        let all = join_all((0..100).map(|_| {
            let (browser, token) = (server.browser(), token.clone());
            async move { browser.post(VERIFY, json!({"token": token})).await.status.as_u16() }
        }))
        .await;
        assert_eq!(all.iter().filter(|status| **status == 200).count(), 1, "{all:?}");
        assert!(all.iter().all(|status| matches!(status, 200 | 400)), "{all:?}");
    }

    async fn who_reads_the_database_can_use_nothing_of_it(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = visitor(&server, EMAIL).await;
        let token = token(&browser).await;
        let row = r#"from "verification" where "identifier" like 'one-time-token:%'"#;
        let identifier = server.text(&format!(r#"select "identifier" {row}"#)).await.unwrap();
        let value = server.text(&format!(r#"select "value" {row}"#)).await.unwrap();
        let session = browser.cookie(SESSION_COOKIE).unwrap();
        assert!(!identifier.contains(&token) && !session.contains(&value) && !value.contains(&session[..32]));
        let hash = identifier.strip_prefix("one-time-token:").unwrap();
        server.browser().post(VERIFY, json!({"token": hash})).await.expect(400).json();
    }

    async fn in_plain_it_is_kept_as_better_auth_does(database) {
        let server = beside_sign_in(&database, "[plugins.one-time-token]\nstorage = \"plain\"").await;
        let browser = visitor(&server, EMAIL).await;
        let token = token(&browser).await;
        let value = server.text(&format!(r#"select "value" from "verification" where "identifier" = 'one-time-token:{token}'"#)).await;
        assert_eq!(browser.cookie(SESSION_COOKIE).unwrap().split('.').next(), value.as_deref());
        server.browser().post(VERIFY, json!({"token": token})).await.expect(200).json();
    }

    async fn it_ends_soon_and_with_its_session(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = visitor(&server, EMAIL).await;
        let (late, orphan) = (token(&browser).await, token(&browser).await);
        server.clock.advance(Duration::from_secs(179));
        browser.post("/sign-out", json!({})).await.expect(200).json();
        let answer = server.browser().post(VERIFY, json!({"token": orphan})).await.expect(400);
        assert_eq!(answer.json()["message"], "Session not found");
        server.clock.advance(Duration::from_secs(2));
        let answer = server.browser().post(VERIFY, json!({"token": late})).await.expect(400);
        assert_eq!(answer.json()["message"], "Invalid token");
        let again = visitor(&server, EMAIL).await;
        let tired = token(&again).await;
        server.execute(r#"update "session" set "expiresAt" = "createdAt""#).await;
        let answer = server.browser().post(VERIFY, json!({"token": tired})).await.expect(400);
        assert_eq!(answer.json()["message"], "Session expired");
        server.browser().get("/one-time-token/generate").await.refused(401, "UNAUTHORIZED");
        server.browser().post(VERIFY, json!({"token": Value::Null})).await.refused(400, "VALIDATION_ERROR");
    }
}
