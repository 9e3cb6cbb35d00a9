//! How sessions live and end.

use guichet_testing::SESSION_COOKIE;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{EMAIL, sign_in, start, visitor, with};

const DAY: Duration = Duration::from_secs(86_400);

guichet_testing::stories! {
    async fn a_session_that_is_used_is_prolonged_once_a_day(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let first = browser.get("/get-session").await;
        assert!(first.set_cookies().is_empty());
        server.clock.advance(DAY + Duration::from_secs(1));
        let prolonged = browser.get("/get-session").await;
        assert_eq!(prolonged.set_cookies().len(), 1);
        assert_ne!(first.json()["session"]["expiresAt"], prolonged.json()["session"]["expiresAt"]);
        assert!(browser.get("/get-session").await.set_cookies().is_empty());
    }

    /// Wishes: 58.
    async fn an_unused_session_ends_after_a_week_and_its_row_goes(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        server.clock.advance(7 * DAY);
        let answer = browser.get("/get-session").await.expect(200);
        assert_eq!(answer.json(), Value::Null);
        assert_eq!(answer.set_cookies().len(), 3, "the three deletions of the contract");
        assert_eq!(server.count("session").await, 0);
        browser.get("/list-sessions").await.refused(401, "UNAUTHORIZED");
    }

    // ASVS 7.3.2: the absolute end cannot be slid.
    async fn however_much_it_is_used_a_session_has_an_absolute_end(database) {
        let server = with(&database, r#"session = { absolute = "10d" }"#).await;
        let browser = visitor(&server, EMAIL).await;
        for _ in 0..9 {
            server.clock.advance(DAY);
            assert!(browser.is_in().await);
        }
        server.clock.advance(DAY);
        assert!(!browser.is_in().await);
    }

    // They share statements; nobody is shown who was asked for beside them.
    async fn many_who_ask_at_once_each_see_themselves(database) {
        let server = start(&database).await;
        let mut browsers = Vec::new();
        for n in 0..24 {
            let email = format!("person{n}@example.com");
            browsers.push((email.clone(), visitor(&server, &email).await));
        }
        let (_, ended) = browsers.pop().unwrap();
        let its = r#"delete from "session" where "userId" = (select "id" from "user" where "email" = 'person23@example.com')"#;
        assert_eq!(server.execute(its).await, 1);
        for _ in 0..3 {
            let asked = browsers.iter().map(|(email, browser)| async move {
                assert_eq!(browser.get("/get-session").await.json()["user"]["email"], email.as_str());
            });
            let stranger = server.browser();
            let strangers = [&ended, &stranger];
            let nobody = strangers.map(|browser| browser.get("/get-session"));
            let (_, nobody) = futures_util::future::join(
                futures_util::future::join_all(asked),
                futures_util::future::join_all(nobody),
            ).await;
            assert!(nobody.iter().all(|answer| answer.json() == Value::Null));
        }
    }

    /// Wishes: 58.
    async fn a_forged_or_changed_cookie_is_nobody(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let good = browser.cookie(SESSION_COOKIE).unwrap();
        let (token, signature) = good.split_once('.').unwrap();
        let other = if token.starts_with('x') { 'y' } else { 'x' };
        for bad in [
            String::new(), token.to_owned(), format!("{token}."), format!("{other}{}.{signature}", &token[1..]),
            "%E0%A4%A".to_owned(), format!("{token}.{}", signature.replace('A', "B") + "x"),
        ] {
            let stranger = server.browser();
            stranger.set_cookie(SESSION_COOKIE, &bad);
            let answer = stranger.get("/get-session").await.expect(200);
            assert_eq!(answer.json(), Value::Null, "{bad}");
        }
        let stranger = server.browser();
        stranger.set_cookie(&format!("__Secure-{SESSION_COOKIE}"), &good);
        assert!(!stranger.is_in().await, "a https name on http");
    }

    // A hash that leaks from the database must not itself open a session.
    async fn the_stored_hash_is_not_a_token(database) {
        let server = start(&database).await;
        visitor(&server, EMAIL).await;
        let stored = server.text(r#"select "token" from "session""#).await.unwrap();
        let thief = server.browser();
        thief.set_cookie(SESSION_COOKIE, &server.app.keyring.sign(&stored).replace('+', "%2B").replace('=', "%3D"));
        assert!(!thief.is_in().await);
    }

    async fn a_session_that_better_auth_wrote_in_plain_is_honoured_and_rewritten(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let token = browser.get("/get-session").await.json()["session"]["token"].as_str().unwrap().to_owned();
        server.execute(&format!(r#"update "session" set "token" = '{token}'"#)).await;
        assert!(browser.is_in().await);
        assert!(server.text(r#"select "token" from "session""#).await.unwrap().starts_with("sha256$"));
        assert!(browser.is_in().await);
    }

    async fn other_devices_are_listed_by_handles_that_only_revoke(database) {
        let server = start(&database).await;
        let here = visitor(&server, EMAIL).await;
        let there = visitor(&server, EMAIL).await;
        let own = here.get("/get-session").await.json()["session"]["token"].clone();
        let list = here.get("/list-sessions").await.expect(200).json();
        let list = list.as_array().unwrap();
        assert_eq!(list.len(), 2);
        let handle = list.iter().map(|s| &s["token"]).find(|token| **token != own).unwrap().as_str().unwrap();
        let thief = server.browser();
        thief.set_cookie(SESSION_COOKIE, &server.app.keyring.sign(handle).replace('+', "%2B").replace('=', "%3D"));
        assert!(!thief.is_in().await);
        let stranger = visitor(&server, "eve@example.com").await;
        stranger.post("/revoke-session", json!({"token": handle})).await.expect(200).json();
        assert!(there.is_in().await, "somebody else's handle does nothing");
        here.post("/revoke-session", json!({"token": handle})).await.expect(200).json();
        assert!(!there.is_in().await);
        assert!(here.is_in().await);
    }

    async fn signing_out_elsewhere_and_everywhere(database) {
        let server = start(&database).await;
        let (one, two) = (visitor(&server, EMAIL).await, visitor(&server, EMAIL).await);
        one.post("/revoke-other-sessions", json!({})).await.expect(200).json();
        assert!(!two.is_in().await);
        one.post("/revoke-sessions", json!({})).await.expect(200).json();
        assert!(!one.is_in().await);
        one.post("/revoke-sessions", json!({})).await.refused(401, "UNAUTHORIZED");
    }

    /// Wishes: 53, 54.
    async fn signing_out_ends_the_session_and_forgets_the_cookies(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let copy = server.browser();
        copy.set_cookie(SESSION_COOKIE, &browser.cookie(SESSION_COOKIE).unwrap());
        assert_eq!(browser.post("/sign-out", json!({})).await.expect(200).json(), json!({"success": true}));
        assert_eq!(browser.cookie(SESSION_COOKIE), None);
        assert!(!copy.is_in().await);
        browser.post("/sign-out", json!({})).await.expect(200).json();
    }

    // ASVS 7.2.4: a sign-in makes a new token, and the old one of that browser dies.
    async fn a_sign_out_with_a_malformed_body_is_refused_and_ends_nothing(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        for (body, said) in [
            (json!({"disableRedirect": "x"}), "[body.disableRedirect] Invalid input: expected boolean, received string"),
            (json!([]), "[body] Invalid input: expected object, received array"),
        ] {
            let refused = browser.post("/sign-out", body).await.expect(400).json();
            assert_eq!((&refused["code"], &refused["message"]), (&json!("VALIDATION_ERROR"), &json!(said)));
        }
        assert!(browser.is_in().await);
    }

    async fn a_sign_in_never_goes_on_with_the_session_that_was_there(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let old = browser.cookie(SESSION_COOKIE).unwrap();
        sign_in(&server, &browser, EMAIL).await;
        assert_ne!(browser.cookie(SESSION_COOKIE).unwrap(), old);
        let thief = server.browser();
        thief.set_cookie(SESSION_COOKIE, &old);
        assert!(!thief.is_in().await);
    }

    async fn a_list_of_sessions_needs_a_recent_sign_in(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        server.clock.advance(DAY);
        browser.get("/list-sessions").await.refused(403, "SESSION_NOT_FRESH");
    }

    async fn get_session_by_post_is_refused_as_by_the_reference(database) {
        let server = start(&database).await;
        let answer = server.browser().post("/get-session", json!({})).await;
        answer.refused(405, "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED");
    }

    async fn a_new_secret_signs_and_the_old_one_still_verifies(database) {
        let old = "an-old-secret-of-the-tests-with-length-enough";
        let server = with(&database, &format!("secret = {old:?}")).await;
        let browser = visitor(&server, EMAIL).await;
        let cookie = browser.cookie(SESSION_COOKIE).unwrap();
        server.stop().await;
        let both = format!("secrets = \"2:a-new-secret-of-the-tests-with-length-enough,1:{old}\"");
        let server = with(&database, &both).await;
        let browser = server.browser();
        browser.set_cookie(SESSION_COOKIE, &cookie);
        assert!(browser.is_in().await);
    }
}
