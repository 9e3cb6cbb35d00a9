//! Signing in.

use guichet_testing::SESSION_COOKIE;
use std::time::Duration;

use guichet_core::serde_json::{Value, json};

use crate::{ANOTHER, EMAIL, PASSWORD, sign_in, sign_up, start};

guichet_testing::stories! {
    /// Wishes: 30.
    async fn the_answer_has_the_contracts_form(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let answer = sign_in(&server.browser(), EMAIL, PASSWORD).await.expect(200);
        assert_eq!(answer.header("location"), "");
        let answer = answer.json();
        assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["redirect", "token", "user"]);
        assert_eq!(answer["redirect"], false);
    }

    /// Wishes: 34.
    async fn a_return_address_is_answered_with_status_200(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        for target in ["/dashboard", "http://app.localhost:5173/in?x=1"] {
            let body = json!({"email": EMAIL, "password": PASSWORD, "callbackURL": target});
            let answer = server.browser().post("/sign-in/email", body).await.expect(200);
            assert_eq!(answer.header("location"), target);
            assert_eq!((&answer.json()["redirect"], &answer.json()["url"]), (&json!(true), &json!(target)));
        }
        let body = json!({"email": EMAIL, "password": PASSWORD, "callbackURL": "/été"});
        let answer = server.browser().post("/sign-in/email", body).await.expect(200);
        assert_eq!(answer.header("location"), "/%C3%A9t%C3%A9");
        for target in ["https://evil.test/", "//evil.test", "javascript:alert(1)"] {
            let body = json!({"email": EMAIL, "password": PASSWORD, "callbackURL": target});
            server.browser().post("/sign-in/email", body).await.refused(403, "INVALID_CALLBACK_URL");
        }
    }

    /// Wishes: 32.
    async fn who_is_remembered_gets_a_cookie_that_outlives_the_browser(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        for more in [json!({}), json!({"rememberMe": true})] {
            let mut body = json!({"email": EMAIL, "password": PASSWORD});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let cookies = server.browser().post("/sign-in/email", body).await.expect(200).set_cookies();
            assert_eq!(cookies.len(), 1, "{cookies:?}");
            assert_eq!(cookies[0].max_age().unwrap().whole_days(), 7);
        }
    }

    /// Wishes: 35.
    async fn a_server_needs_no_origin_and_gets_every_cookie(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let program = server.browser().at_origin("");
        let body = json!({"email": EMAIL, "password": PASSWORD, "rememberMe": false});
        let answer = program.post("/sign-in/email", body).await.expect(200);
        let names: Vec<String> = answer.set_cookies().iter().map(|cookie| cookie.name().to_owned()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        for name in [SESSION_COOKIE, "better-auth.dont_remember"] {
            assert!(names.iter().any(|found| found == name), "{names:?}");
        }
        assert_eq!(answer.json()["user"]["email"], EMAIL);
        assert!(program.is_in().await, "and who has the cookies is in");
    }

    /// Wishes: 33.
    async fn who_is_not_remembered_gets_a_cookie_that_ends_with_the_browser(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let browser = server.browser();
        let body = json!({"email": EMAIL, "password": PASSWORD, "rememberMe": false});
        let answer = browser.post("/sign-in/email", body).await.expect(200);
        let cookies = answer.set_cookies();
        assert_eq!(cookies.len(), 2);
        assert!(cookies.iter().all(|cookie| cookie.max_age().is_none()), "{cookies:?}");
        server.clock.advance(Duration::from_hours(25));
        assert!(!browser.is_in().await, "and the session lives a day");
    }

    /// Wishes: 31.
    async fn every_wrong_pair_gets_the_same_answer(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        sign_up(&server.browser(), "b@example.com", PASSWORD).await.expect(200).json();
        server
            .execute(r#"update "account" set "password" = null where "userId" = (select "id" from "user" where "email" = 'b@example.com')"#)
            .await;
        let wrong = [(EMAIL, ANOTHER), (EMAIL, "x"), (EMAIL, ""), ("nobody@example.com", PASSWORD), ("b@example.com", PASSWORD)];
        let mut answers = Vec::new();
        for (email, password) in wrong {
            let answer = sign_in(&server.browser(), email, password).await;
            assert!(answer.set_cookies().is_empty());
            answers.push((answer.status, answer.text));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(answers[0].0, 401);
        assert!(answers[0].1.contains("INVALID_EMAIL_OR_PASSWORD"));
    }

    async fn what_is_no_address_or_too_long_is_said(database) {
        let server = start(&database).await;
        for bad in ["nope", "", "a@b", "a b@c.test", "a@[127.0.0.1]", "\"q\"@c.test"] {
            sign_in(&server.browser(), bad, PASSWORD).await.refused(400, "INVALID_EMAIL");
        }
        sign_in(&server.browser(), EMAIL, &"x".repeat(129)).await.refused(400, "PASSWORD_TOO_LONG");
        sign_in(&server.browser(), EMAIL, "nul\0inside").await.refused(400, "VALIDATION_ERROR");
        let answer = server.browser().post("/sign-in/email", json!({"email": 1, "password": Value::Null})).await;
        assert_eq!(
            answer.json()["message"],
            "[body.email] Invalid input: expected string, received number; \
             [body.password] Invalid input: expected string, received null"
        );
    }

    async fn an_address_with_an_accent_signs_in_unless_that_is_switched_off(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), "amélie@example.com", PASSWORD).await.expect(200).json();
        sign_in(&server.browser(), "AME\u{301}LIE@example.com", PASSWORD).await.expect(200).json();
        let server = crate::with(&database.another().await, "international_addresses = false").await;
        sign_up(&server.browser(), "amélie@example.com", PASSWORD).await.refused(400, "VALIDATION_ERROR");
        sign_in(&server.browser(), "amélie@example.com", PASSWORD).await.refused(400, "INVALID_EMAIL");
    }

    async fn a_new_sign_in_ends_the_browsers_earlier_session(database) {
        let server = start(&database).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let before = browser.cookie(SESSION_COOKIE);
        sign_in(&browser, EMAIL, PASSWORD).await.expect(200).json();
        assert_ne!(browser.cookie(SESSION_COOKIE), before);
        assert_eq!(server.count("session").await, 1);
    }
}
