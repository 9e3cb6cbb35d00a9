//! Forgotten passwords.

use std::time::Duration;

use futures_util::future::join_all;
use guichet_core::serde_json::json;

use crate::{ANOTHER, EMAIL, PASSWORD, reset, reset_token, sign_in, sign_up, start, with};

guichet_testing::stories! {
    async fn a_link_leads_to_the_application_and_its_token_resets_once(database) {
        let server = start(&database).await;
        let elsewhere = server.browser();
        sign_up(&elsewhere, EMAIL, PASSWORD).await.expect(200).json();
        let body = json!({"email": " JEAN@example.com", "redirectTo": "/reset?step=2"});
        let answer = server.browser().post("/request-password-reset", body).await.expect(200).json();
        assert_eq!(answer["message"], "If this email exists in our system, check your email for the reset link");
        let link = server.mailed_link(EMAIL).await;
        // A scanner opens links before people do; that uses nothing up.
        for _ in 0..3 {
            let opened = server.browser().open(&link).await.expect(302);
            let begin = format!("{}/reset?step=2&token=", server.base());
            assert!(opened.header("location").starts_with(&begin), "{}", opened.header("location"));
        }
        let token = link.trim_start_matches("/api/auth/reset-password/").split('?').next().unwrap().to_owned();
        assert!(token.len() == 24 && token.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(reset(&server, &token, ANOTHER).await.expect(200).json(), json!({"status": true}));
        reset(&server, &token, "a third one here").await.refused(400, "INVALID_TOKEN");
        let opened = server.browser().open(&link).await.expect(302);
        assert_eq!(opened.header("location"), format!("{}/reset?step=2&error=INVALID_TOKEN", server.base()));
        sign_in(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in(&server.browser(), EMAIL, ANOTHER).await.expect(200).json();
        assert!(!elsewhere.is_in().await, "sessions from before are over");
        assert_eq!(server.mails(EMAIL).await[0].subject, "Votre mot de passe a été changé");
    }

    async fn the_database_holds_no_token_that_could_be_used(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let token = reset_token(&server, EMAIL).await;
        let kept = server.text(r#"select "identifier" from "verification""#).await.unwrap();
        assert!(kept.starts_with("reset-password:") && !kept.contains(&token), "{kept}");
        let stolen = kept.trim_start_matches("reset-password:");
        reset(&server, stolen, ANOTHER).await.refused(400, "INVALID_TOKEN");
        reset(&server, &token, ANOTHER).await.expect(200).json();
    }

    async fn tokens_that_better_auth_wrote_in_plain_are_honoured(database) {
        let server = with(&database, "reset_tokens = \"plain\"").await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let token = reset_token(&server, EMAIL).await;
        let kept = server.text(r#"select "identifier" from "verification""#).await.unwrap();
        assert_eq!(kept, format!("reset-password:{token}"));
        let server = start(&database).await;
        reset(&server, &token, ANOTHER).await.expect(200).json();
    }

    // Better Auth #8067: parallel use of one token succeeded twice.
    async fn of_a_hundred_parallel_resets_with_one_token_exactly_one_succeeds(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let token = reset_token(&server, EMAIL).await;
        let answers = join_all((0..100).map(|n| {
            let (server, token) = (&server, &token);
            async move { (n, reset(server, token, &format!("new password {n}")).await.status.as_u16()) }
        }))
        .await;
        let good: Vec<_> = answers.iter().filter(|(_, status)| *status == 200).collect();
        assert_eq!(good.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|(_, status)| matches!(status, 200 | 400)), "{answers:?}");
        sign_in(&server.browser(), EMAIL, &format!("new password {}", good[0].0)).await.expect(200).json();
        assert_eq!(server.count("account").await, 1);
    }

    async fn two_links_that_were_asked_for_are_both_good_and_make_one_account(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        server.execute(r#"delete from "account""#).await;
        let first = reset_token(&server, EMAIL).await;
        let second = reset_token(&server, EMAIL).await;
        let (a, b) = tokio::join!(reset(&server, &first, PASSWORD), reset(&server, &second, PASSWORD));
        assert_eq!((a.status.as_u16(), b.status.as_u16()), (200, 200));
        assert_eq!(server.count("account").await, 1);
        sign_in(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
    }

    async fn a_link_expires_after_an_hour(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let token = reset_token(&server, EMAIL).await;
        server.clock.advance(Duration::from_secs(3601));
        reset(&server, &token, ANOTHER).await.refused(400, "INVALID_TOKEN");
        let opened = server.browser().get(&format!("/reset-password/{token}?callbackURL=/reset")).await.expect(302);
        assert!(opened.header("location").ends_with("/reset?error=INVALID_TOKEN"));
    }

    async fn links_lead_only_where_they_may(database) {
        let server = start(&database).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "redirectTo": "https://evil.test/"});
        browser.post("/request-password-reset", body).await.refused(403, "INVALID_REDIRECT_URL");
        browser.get("/reset-password/nope?callbackURL=https://evil.test/").await.refused(403, "INVALID_CALLBACK_URL");
        browser.get("/reset-password/nope?callbackURL=//evil.test/").await.refused(403, "INVALID_CALLBACK_URL");
        browser.get("/reset-password/nope").await.refused(400, "VALIDATION_ERROR");
        let opened = browser.get("/reset-password/nope?callbackURL=").await.expect(302);
        let error = format!("{}/api/auth/error?error=INVALID_TOKEN", server.base());
        assert_eq!(opened.header("location"), error);
        let opened = browser.get("/reset-password/nope?callbackURL=http://app.localhost:5173/x").await.expect(302);
        assert_eq!(opened.header("location"), "http://app.localhost:5173/x?error=INVALID_TOKEN");
    }

    // A host header must not steer the link (Better Auth #4763 and its kin).
    async fn the_link_is_built_from_the_configuration_alone(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let browser = server.browser().header("x-forwarded-host", "evil.test").header("forwarded", "host=evil.test");
        browser.post("/request-password-reset", json!({"email": EMAIL})).await.expect(200).json();
        assert!(!server.mails(EMAIL).await[0].text.contains("evil.test"));
        assert!(server.mailed_link(EMAIL).await.ends_with("?callbackURL="));
    }

    async fn a_token_may_stand_in_the_query_and_must_stand_somewhere(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let browser = server.browser();
        let new = json!({"newPassword": ANOTHER});
        browser.post("/reset-password", new.clone()).await.refused(400, "INVALID_TOKEN");
        browser.post("/reset-password?token=nope", new.clone()).await.refused(400, "INVALID_TOKEN");
        let token = reset_token(&server, EMAIL).await;
        browser.post(&format!("/reset-password?token={token}"), new).await.expect(200).json();
        sign_in(&browser, EMAIL, ANOTHER).await.expect(200).json();
    }

    // Pre-hijacking: what an unproven account had dies when its address is proven.
    async fn a_reset_proves_the_address_and_ends_what_a_stranger_had_set_up(database) {
        let server = start(&database).await;
        let thief = server.browser();
        sign_up(&thief, EMAIL, PASSWORD).await.expect(200).json();
        server
            .execute(r#"insert into "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
                select 'x', 'thief', 'github', "id", "createdAt", "updatedAt" from "user""#)
            .await;
        let token = reset_token(&server, EMAIL).await;
        reset(&server, &token, ANOTHER).await.expect(200).json();
        assert!(!thief.is_in().await);
        assert_eq!(server.count("account").await, 1);
        let user = sign_in(&server.browser(), EMAIL, ANOTHER).await.expect(200).json()["user"].clone();
        assert_eq!(user["emailVerified"], true);
    }

    async fn the_users_end_ends_their_links(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let token = reset_token(&server, EMAIL).await;
        server.execute(r#"delete from "user""#).await;
        reset(&server, &token, ANOTHER).await.refused(400, "USER_NOT_FOUND");
        reset(&server, &token, ANOTHER).await.refused(400, "INVALID_TOKEN");
    }
}
