//! Whose user it is: accounts that were here before, and people who claim other people's addresses.

use super::{PASSWORD, kept, knowing_jean, with};
use crate::{EMAIL, sign_in_by_password, try_sign_up};
use guichet_core::serde_json::json;

guichet_testing::stories! {
    async fn who_was_here_before_is_linked_and_told(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "").await;
        let id = server.user(EMAIL).await.id;
        let user = sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json()["user"].clone();
        assert_eq!(user["id"], id);
        let mails = server.mails(EMAIL).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].subject.contains("mot de passe existant"), "{}", mails[0].subject);
    }

    async fn without_trust_only_addresses_that_both_sides_have_proven_are_linked(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "trusts_email = false\n---email_verified = \"/user/verified\"").await;
        server.user(EMAIL).await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!((server.count("account").await, server.count("session").await), (0, 0));
        back.set(|script| script.people[0].2["user"]["verified"] = true.into());
        server.execute(r#"update "user" set "emailVerified" = false"#).await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        server.execute(r#"update "user" set "emailVerified" = true"#).await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        // Somebody new is made in any case, with an address that is as proven as it says.
        back.knows("new@example.com", PASSWORD, json!({"user": {"id": 9, "email": "new@example.com"}}));
        let user = sign_in_by_password(&server.browser(), "new@example.com", PASSWORD).await.expect(200).json()["user"].clone();
        assert_eq!(user["emailVerified"], false);
    }

    async fn who_signed_up_with_somebody_elses_address_keeps_nobody_out(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "").await;
        let squatter = server.browser();
        try_sign_up(&squatter, EMAIL, "mine alone 1").await.expect(200).json();
        sign_in_by_password(&squatter, EMAIL, "mine alone 1").await.expect(200).json();
        assert_eq!(back.asked(), 0, "a right password that is kept here is told to nobody");
        sign_in_by_password(&server.browser(), EMAIL, "wrong password").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert!(squatter.is_in().await);

        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert!(!squatter.is_in().await, "what was opened without a proof has ended");
        sign_in_by_password(&squatter, EMAIL, "mine alone 1").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        let asked = back.asked();
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!((back.asked(), server.count("user").await), (asked, 1));
    }

    async fn a_password_that_was_changed_here_decides_by_whatever_name_one_comes(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "").await;
        let browser = server.browser();
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let change = json!({"currentPassword": PASSWORD, "newPassword": "a better password"});
        browser.post("/change-password", change).await.expect(200).json();
        // The address was changed here too; there, the old pair is still right.
        server.execute(r#"update "user" set "email" = 'new@example.com'"#).await;
        let before = kept(&server).await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!(kept(&server).await, before, "the old password does not come back");
        sign_in_by_password(&server.browser(), "new@example.com", PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in_by_password(&server.browser(), "new@example.com", "a better password").await.expect(200).json();
        assert_eq!(server.count("user").await, 1);
    }

    async fn ids_are_kept_as_they_were_when_the_settings_say_so(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "user_id = \"upstream\"").await;
        let user = sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json()["user"].clone();
        assert_eq!(user["id"], "123");
        // An id that is another user's here makes nobody, and lets nobody in.
        back.knows("other@example.com", PASSWORD, json!({"user": {"id": "123", "email": "other@example.com"}}));
        server.execute(r#"delete from "account" where "providerId" = 'upstream'"#).await;
        sign_in_by_password(&server.browser(), "other@example.com", PASSWORD).await.refused(503, "UPSTREAM_UNAVAILABLE");
        assert_eq!(server.count("user").await, 1);
    }
}
