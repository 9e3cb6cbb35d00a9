//! A refresh token that is used again later, and what ends all of them.

use std::time::Duration;

use futures_util::future::join_all;
use http::Method;
use serde_json::json;

use super::{ask, login, me, pair, refresh, refused, register, start};
use crate::{EMAIL, PASSWORD, sign_in_by_password};

const LATER: Duration = Duration::from_secs(31);

guichet_testing::stories! {
    /// Whoever is left with the old one was robbed, or is the thief: both are out, once, and the person is told once.
    /// Wishes: 82.
    async fn a_token_that_is_used_again_later_ends_its_session_and_the_person_is_told(database) {
        let server = start(&database).await;
        let (_, first) = pair(&register(&server).await);
        let elsewhere = pair(&login(&server, EMAIL, PASSWORD).await.expect(200).json());
        let (access, second) = pair(&refresh(&server, &first).await.expect(200).json());
        server.clock.advance(LATER);
        let answers = join_all((0..10).map(|_| refresh(&server, &first))).await;
        for answer in answers {
            refused(answer, 401, "INVALID_REFRESH_TOKEN");
        }
        refused(refresh(&server, &second).await, 401, "INVALID_REFRESH_TOKEN");
        refused(me(&server, &access).await, 401, "INVALID_ACCESS_TOKEN");
        let mails = server.mails(EMAIL).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(mails[0].subject.contains("précaution") && mails[0].text.contains("changez votre mot de passe"), "{:?}", mails[0]);
        // What to do is said once: they have to sign in again, whoever it was.
        assert!(mails[0].text.contains("Reconnectez-vous") && !mails[0].text.contains("rien à faire"), "{}", mails[0].text);
        // Another sign-in of theirs goes on.
        let _ = refresh(&server, &elsewhere.1).await.expect(200);
        assert_eq!(server.count("session").await, 1);
    }

    /// Thief and owner in either order: the copy is found out by whoever comes second.
    async fn a_copy_that_was_used_first_is_found_out_by_its_owner(database) {
        let server = start(&database).await;
        let (_, copied) = pair(&register(&server).await);
        let (_, of_the_thief) = pair(&refresh(&server, &copied).await.expect(200).json());
        server.clock.advance(LATER);
        let (_, of_the_thief) = pair(&refresh(&server, &of_the_thief).await.expect(200).json());
        refused(refresh(&server, &copied).await, 401, "INVALID_REFRESH_TOKEN");
        refused(refresh(&server, &of_the_thief).await, 401, "INVALID_REFRESH_TOKEN");
        assert_eq!((server.count("session").await, server.count("refreshToken").await), (0, 0));
    }

    /// Every way of ending sessions ends tokens.
    async fn tokens_end_with_what_ends_sessions(database) {
        let server = start(&database).await;
        register(&server).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "password": PASSWORD});
        browser.post("/sign-in/email", body).await.expect(200).json();
        let enter = || async { pair(&login(&server, EMAIL, PASSWORD).await.expect(200).json()) };

        let (access, token) = enter().await;
        browser.post("/revoke-other-sessions", json!({})).await.expect(200).json();
        refused(refresh(&server, &token).await, 401, "INVALID_REFRESH_TOKEN");
        refused(me(&server, &access).await, 401, "INVALID_ACCESS_TOKEN");

        let (_, token) = enter().await;
        let body = json!({"currentPassword": PASSWORD, "newPassword": "battery staple 2", "revokeOtherSessions": true});
        browser.post("/change-password", body).await.expect(200).json();
        refused(refresh(&server, &token).await, 401, "INVALID_REFRESH_TOKEN");
        refused(login(&server, EMAIL, PASSWORD).await, 401, "INVALID_CREDENTIALS");

        let (_, token) = pair(&login(&server, EMAIL, "battery staple 2").await.expect(200).json());
        browser.post("/request-password-reset", json!({"email": EMAIL, "redirectTo": "/r"})).await.expect(200).json();
        let mail = server.mails(EMAIL).await.first().unwrap().text.clone();
        let reset = mail.split("/reset-password/").nth(1).unwrap().split('?').next().unwrap();
        browser.post("/reset-password", json!({"newPassword": "third one here 3", "token": reset})).await.expect(200).json();
        refused(refresh(&server, &token).await, 401, "INVALID_REFRESH_TOKEN");

        let (access, token) = pair(&login(&server, EMAIL, "third one here 3").await.expect(200).json());
        server.execute(r#"delete from "user""#).await;
        refused(refresh(&server, &token).await, 401, "INVALID_REFRESH_TOKEN");
        refused(me(&server, &access).await, 401, "INVALID_ACCESS_TOKEN");
        assert_eq!(server.count("refreshToken").await, 0);
    }

    /// The person sees the sign-in of a program where they see their devices, and ends it there.
    async fn a_device_that_is_ended_on_the_own_page_takes_its_tokens_along(database) {
        let server = start(&database).await;
        register(&server).await;
        let browser = server.browser();
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let (_, token) = pair(&login(&server, EMAIL, PASSWORD).await.expect(200).json());
        let sessions = browser.get("/list-sessions").await.expect(200).json();
        let newest = sessions.as_array().unwrap().last().unwrap();
        browser.post("/revoke-session", json!({"token": newest["token"]})).await.expect(200).json();
        refused(refresh(&server, &token).await, 401, "INVALID_REFRESH_TOKEN");
    }

    async fn what_is_long_over_is_deleted(database) {
        let server = start(&database).await;
        let (_, token) = pair(&register(&server).await);
        for _ in 0..3 {
            let _ = refresh(&server, &token).await.expect(200);
        }
        server.clock.advance(Duration::from_secs(31 * 86_400));
        guichet_core::session::clean(&server.app, server.now()).await.unwrap();
        assert_eq!((server.count("session").await, server.count("refreshToken").await), (0, 0));
        let _ = ask(&server, Method::GET, "/auth/me", "x").await.expect(401);
    }
}
