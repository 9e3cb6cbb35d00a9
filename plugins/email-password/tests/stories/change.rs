//! Changing a password, and asking for it again.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Answer, Browser, SESSION_COOKIE};

use crate::{ANOTHER, EMAIL, PASSWORD, sign_in, sign_up, start, with};

async fn change(browser: &Browser, current: &str, new: &str) -> Answer {
    browser.post("/change-password", json!({"currentPassword": current, "newPassword": new})).await
}

guichet_testing::stories! {
    async fn a_change_needs_the_current_password_and_ends_other_sessions(database) {
        let server = start(&database).await;
        let (here, there) = (server.browser(), server.browser());
        sign_up(&here, EMAIL, PASSWORD).await.expect(200).json();
        sign_in(&there, EMAIL, PASSWORD).await.expect(200).json();
        change(&here, "not it at all", ANOTHER).await.refused(400, "INVALID_PASSWORD");
        change(&server.browser(), PASSWORD, ANOTHER).await.refused(401, "UNAUTHORIZED");
        let answer = change(&here, PASSWORD, ANOTHER).await.expect(200);
        assert!(answer.set_cookies().is_empty());
        assert_eq!(answer.json()["token"], Value::Null);
        assert_eq!(answer.json()["user"]["email"], EMAIL);
        assert!(here.is_in().await && !there.is_in().await);
        sign_in(&there, EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in(&there, EMAIL, ANOTHER).await.expect(200).json();
        assert_eq!(server.mails(EMAIL).await[0].subject, "Votre mot de passe a été changé");
    }

    async fn asked_to_it_renews_the_own_session_too(database) {
        let server = start(&database).await;
        let (here, there) = (server.browser(), server.browser());
        sign_up(&here, EMAIL, PASSWORD).await.expect(200).json();
        sign_in(&there, EMAIL, PASSWORD).await.expect(200).json();
        let before = here.cookie(SESSION_COOKIE);
        let body = json!({"currentPassword": PASSWORD, "newPassword": ANOTHER, "revokeOtherSessions": true});
        let token = here.post("/change-password", body).await.expect(200).json()["token"].clone();
        assert_ne!(here.cookie(SESSION_COOKIE), before);
        assert_eq!(here.get("/get-session").await.json()["session"]["token"], token);
        assert!(!there.is_in().await);
        assert_eq!(server.count("session").await, 1);
    }

    async fn other_sessions_stay_when_that_is_asked_for_or_configured(database) {
        let server = start(&database).await;
        let (here, there) = (server.browser(), server.browser());
        sign_up(&here, EMAIL, PASSWORD).await.expect(200).json();
        sign_in(&there, EMAIL, PASSWORD).await.expect(200).json();
        let body = json!({"currentPassword": PASSWORD, "newPassword": ANOTHER, "revokeOtherSessions": false});
        here.post("/change-password", body).await.expect(200).json();
        assert!(there.is_in().await);
        let server = with(&database.another().await, "revoke_sessions_on_change = false").await;
        let (here, there) = (server.browser(), server.browser());
        sign_up(&here, EMAIL, PASSWORD).await.expect(200).json();
        sign_in(&there, EMAIL, PASSWORD).await.expect(200).json();
        change(&here, PASSWORD, ANOTHER).await.expect(200).json();
        assert!(there.is_in().await);
    }

    async fn the_order_of_refusals_is_the_contracts(database) {
        let server = start(&database).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        change(&browser, "wrong", "short").await.refused(400, "PASSWORD_TOO_SHORT");
        change(&browser, &"x".repeat(129), ANOTHER).await.refused(400, "PASSWORD_TOO_LONG");
        server.execute(r#"update "account" set "password" = null"#).await;
        change(&browser, PASSWORD, ANOTHER).await.refused(400, "CREDENTIAL_ACCOUNT_NOT_FOUND");
        server.execute(r#"delete from "account""#).await;
        change(&browser, PASSWORD, ANOTHER).await.refused(400, "CREDENTIAL_ACCOUNT_NOT_FOUND");
        browser.post("/set-password", json!({"newPassword": ANOTHER})).await.refused(404, "");
    }

    async fn of_two_parallel_changes_one_succeeds(database) {
        let server = start(&database).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let (a, b) = tokio::join!(
            change(&browser, PASSWORD, "the first new one"),
            change(&browser, PASSWORD, "the second new one")
        );
        let mut both = [a.status.as_u16(), b.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 400]);
    }

    async fn a_password_can_be_asked_for_again(database) {
        let server = start(&database).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let ask = |password: String| {
            let browser = browser.clone();
            async move { browser.post("/verify-password", json!({"password": password})).await }
        };
        assert_eq!(ask(PASSWORD.into()).await.expect(200).json(), json!({"status": true}));
        for wrong in ["wrong".to_owned(), String::new(), "x".repeat(500)] {
            ask(wrong).await.refused(400, "INVALID_PASSWORD");
        }
        let body = json!({"password": PASSWORD});
        server.browser().post("/verify-password", body).await.refused(401, "UNAUTHORIZED");
    }
}
