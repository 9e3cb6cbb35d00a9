//! One person, one account; and nothing of a former owner.

use serde_json::{Value, json};

use super::{OPEN, all_on};
use crate::social::{self, Fake, begin, come_back};
use crate::{EMAIL, PASSWORD, sign_in, sign_in_by_password, sign_up, try_sign_up};

guichet_testing::stories! {
    // Better Auth GHSA-g38m-r43w-p2q7, #10239; PocketBase CVE-2024-38351: registered first by somebody else.
    async fn bb_10239_proof_of_the_mailbox_ends_what_a_stranger_set_up(database) {
        let server = all_on(&database, "").await;
        let thief = sign_up(&server, EMAIL).await;
        let once = thief.get("/one-time-token/generate").await.expect(200).json()["token"].clone();
        let bearer = thief.get("/get-session").await.expect(200).json()["session"]["token"].clone();
        let owner = server.browser();
        sign_in(&server, &owner, EMAIL).await;
        assert!(!thief.is_in().await);
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        server.browser().post("/one-time-token/verify", json!({"token": once})).await.expect(400).json();
        let signed = server.app.keyring.sign(bearer.as_str().unwrap());
        let by_header = server.browser().header("authorization", &format!("Bearer {signed}"));
        assert!(!by_header.is_in().await);
        assert_eq!(owner.get("/list-accounts").await.expect(200).json(), json!([]));
        assert!(owner.is_in().await);
    }

    // The same, for ways in that a stranger added themselves: an account elsewhere, and a phone number.
    async fn cve_2024_38351_ways_in_that_a_stranger_added_end_with_the_proof(database) {
        let fake = Fake::start().await;
        let phone = "[plugins.phone-number]\nsign_up_email = \"{digits}@phone.test\"\n";
        let server = social::with(&database, &fake, phone).await;
        let thief = server.browser();
        let url = begin(&thief).await;
        assert_eq!(come_back(&server, &fake, &thief, &url, ("thief", EMAIL, false)).await, "/home");
        let by_sms = async |browser: &guichet_testing::Browser, add: bool| {
            let number = "+33612345678";
            server.clock.advance(std::time::Duration::from_secs(1));
            browser.post("/phone-number/send-otp", json!({"phoneNumber": number})).await.expect(200).json();
            let code = server.code(&format!("{number}@sms.localhost")).await;
            let body = json!({"phoneNumber": number, "code": code, "updatePhoneNumber": add});
            browser.post("/phone-number/verify", body).await.expect(200).json()
        };
        let added = by_sms(&thief, true).await;
        assert_eq!((&added["user"]["email"], &added["user"]["emailVerified"]), (&json!(EMAIL), &json!(false)));

        let owner = server.browser();
        sign_in(&server, &owner, EMAIL).await;
        let own = owner.get("/get-session").await.json()["user"].clone();
        assert_eq!((&own["id"], &own["phoneNumber"]), (&added["user"]["id"], &Value::Null));
        assert_eq!(owner.get("/list-accounts").await.expect(200).json(), json!([]));
        assert!(!thief.is_in().await);
        let url = begin(&thief).await;
        let end = come_back(&server, &fake, &thief, &url, ("thief", EMAIL, false)).await;
        assert_eq!(end, "/login/social/code", "the mailbox is asked");
        assert!(!thief.is_in().await);
        assert_ne!(by_sms(&thief, false).await["user"]["id"], own["id"], "somebody new");
    }

    // Zitadel CVE-2026-55670: who comes next inherits nothing.
    async fn cve_2026_55670_a_new_account_with_an_old_address_inherits_nothing(database) {
        let server = all_on(&database, "[user]\ndelete_account = true\ndelete_by_mail = false\n").await;
        let old = sign_up(&server, EMAIL).await;
        let once = old.get("/one-time-token/generate").await.expect(200).json()["token"].clone();
        server.browser().post("/request-password-reset", json!({"email": EMAIL, "redirectTo": "/r"})).await.expect(200).json();
        let reset = server.mailed_link(EMAIL).await;
        let reset = reset.strip_prefix("/api/auth/reset-password/").unwrap().split('?').next().unwrap().to_owned();
        let elsewhere = server.browser();
        sign_in_by_password(&elsewhere, EMAIL, PASSWORD).await.expect(200).json();
        old.post("/delete-user", json!({"password": PASSWORD})).await.expect(200).json();
        try_sign_up(&server.browser(), EMAIL, "another one 3").await.expect(200).json();
        assert!(!elsewhere.is_in().await && !old.is_in().await);
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        let body = json!({"newPassword": "third of them 3", "token": reset});
        server.browser().post("/reset-password", body).await.refused(400, "INVALID_TOKEN");
        server.browser().post("/one-time-token/verify", json!({"token": once})).await.expect(400).json();
    }

    // Better Auth #9369: one normal form in every route.
    // Wishes: 102.
    async fn bb_9369_all_spellings_of_an_address_are_one_account(database) {
        let server = all_on(&database, OPEN).await;
        sign_up(&server, EMAIL).await;
        for typed in [" Jean@Example.COM ", "JEAN@EXAMPLE.COM", "ｊｅａｎ@example.com", "jean@example.com\t"] {
            let browser = server.browser();
            server.clock.advance(std::time::Duration::from_secs(61));
            browser.post("/email-otp/send-verification-otp", json!({"email": typed, "type": "sign-in"})).await.expect(200).json();
            let code = server.code(EMAIL).await;
            browser.post("/sign-in/email-otp", json!({"email": typed, "otp": code})).await.expect(200).json();
            assert_eq!(browser.get("/get-session").await.json()["user"]["email"], EMAIL, "{typed}");
            let again = json!({"email": typed, "password": PASSWORD, "name": "x"});
            let taken = server.browser().post("/sign-up/email", again).await;
            assert_eq!(taken.status, 422, "{typed}: {taken:?}");
        }
        assert_eq!(server.count("user").await, 1);
        // Letters that merely look alike are another mailbox.
        let cyrillic = server.browser().post("/sign-up/email", json!({"email": "jе\u{430}n@example.com", "password": PASSWORD, "name": "x"})).await;
        assert_eq!(cyrillic.expect(200).json()["user"]["email"], "jе\u{430}n@example.com");
        assert_eq!(server.count("user").await, 2);
    }

    // authentik CVE-2022-46145: every way to make a user is one that was switched on.
    async fn cve_2022_46145_closed_doors_make_no_user(database) {
        let settings = "[plugins.email-otp]\ndisable_sign_up = true\n[plugins.email-password]\nsign_up = false\n[plugins.pages]\n";
        let server = crate::with(&database, settings).await;
        for route in server.routes.iter().filter(|route| route.method == "POST") {
            crate::security::ask(&server.browser(), route, &serde_json::Map::new()).await;
            crate::security::ask(&server.page_browser(), route, &serde_json::Map::new()).await;
        }
        let ask = json!({"email": EMAIL, "type": "sign-in"});
        server.browser().post("/email-otp/send-verification-otp", ask).await.expect(200).json();
        assert!(server.mails(EMAIL).await.is_empty());
        assert_eq!(server.count("user").await, 0);
        assert!(!server.browser().is_in().await);
    }
}
