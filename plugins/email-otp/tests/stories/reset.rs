//! A new password by a code.

use guichet_core::serde_json::json;
use guichet_core::store::Accounts;
use guichet_testing::{Answer, TestServer};

use crate::{EMAIL, another, send, sign_in, start, with};

const PASSWORD: &str = "battery staple 2";

async fn ask(server: &TestServer, email: &str) {
    let path = "/email-otp/request-password-reset";
    let answer = server.browser().post(path, json!({"email": email})).await.expect(200);
    assert_eq!(answer.json(), json!({"success": true}));
}

async fn reset(server: &TestServer, code: &str, password: &str) -> Answer {
    let body = json!({"email": EMAIL, "otp": code, "password": password});
    server.browser().post("/email-otp/reset-password", body).await
}

/// Whether the user has this password.
#[expect(clippy::disallowed_methods, reason = "a test is no try")]
async fn has(server: &TestServer, password: &str) -> bool {
    let id = server.text(r#"select "id" from "user""#).await.unwrap();
    server.app.passwords.is_right(&server.app, Some(&id), password).await.unwrap()
}

guichet_testing::stories! {
    async fn a_code_sets_a_password_once_and_ends_every_session(database) {
        let server = start(&database).await;
        let browser = server.browser();
        send(&browser, EMAIL).await.expect(200).json();
        sign_in(&browser, EMAIL, &server.code(EMAIL).await).await.expect(200).json();
        ask(&server, "Jean@Example.com").await;
        let code = server.code(EMAIL).await;
        reset(&server, &code, "short").await.refused(400, "PASSWORD_TOO_SHORT");
        reset(&server, &another(&code), PASSWORD).await.refused(400, "INVALID_OTP");
        assert_eq!(reset(&server, &code, PASSWORD).await.expect(200).json(), json!({"success": true}));
        assert!(has(&server, PASSWORD).await, "an account was made to hold it");
        assert_eq!(server.count("session").await, 0);
        reset(&server, &code, PASSWORD).await.refused(400, "INVALID_OTP");

        server.browser().post("/forget-password/email-otp", json!({"email": EMAIL})).await.expect(200).json();
        let code = server.code(EMAIL).await;
        let (one, two) = tokio::join!(reset(&server, &code, "first of two"), reset(&server, &code, "second of two"));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
        assert_eq!(server.count("account").await, 1);
    }

    async fn a_reset_proves_the_address_and_ends_what_an_unproven_owner_had(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        sign_in(&server.browser(), EMAIL, &server.code(EMAIL).await).await.expect(200).json();
        server.execute(r#"update "user" set "emailVerified" = false"#).await;
        server
            .execute(
                r#"insert into "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
                   select 'link', 's', 'elsewhere', "id", "createdAt", "updatedAt" from "user""#,
            )
            .await;
        ask(&server, EMAIL).await;
        reset(&server, &server.code(EMAIL).await, PASSWORD).await.expect(200).json();
        assert_eq!(server.number(r#"select count(*) from "user" where "emailVerified" = true"#).await, 1);
        assert!(Accounts::by_id(&server.app.db, "link").await.unwrap().is_none());
        assert!(has(&server, PASSWORD).await);
    }

    async fn sessions_may_stay_as_in_better_auth(database) {
        let server = with(&database, "plugins.email-otp = { revoke_sessions_on_reset = false }").await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        sign_in(&server.browser(), EMAIL, &server.code(EMAIL).await).await.expect(200).json();
        server.execute(r#"update "user" set "emailVerified" = false"#).await;
        ask(&server, EMAIL).await;
        reset(&server, &server.code(EMAIL).await, PASSWORD).await.expect(200).json();
        assert_eq!(server.count("session").await, 1);
        assert_eq!(server.number(r#"select count(*) from "user" where "emailVerified" = true"#).await, 1);
    }

    async fn an_unknown_address_is_answered_alike_and_gets_nothing(database) {
        let server = start(&database).await;
        ask(&server, EMAIL).await;
        ask(&server, "no address").await;
        assert!(server.mails(EMAIL).await.is_empty());
        reset(&server, "123456", PASSWORD).await.refused(400, "INVALID_OTP");
        let body = json!({"email": "no address", "otp": "123456", "password": PASSWORD});
        server.browser().post("/email-otp/reset-password", body).await.refused(400, "INVALID_OTP");
    }

    async fn guesses_end_with_the_code(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        sign_in(&server.browser(), EMAIL, &server.code(EMAIL).await).await.expect(200).json();
        ask(&server, EMAIL).await;
        let code = server.code(EMAIL).await;
        for _ in 0..3 {
            reset(&server, &another(&code), PASSWORD).await.refused(400, "INVALID_OTP");
        }
        reset(&server, &code, PASSWORD).await.refused(403, "TOO_MANY_ATTEMPTS");
    }
}
