//! The endpoints, as applications use them.

use std::time::Duration;

use guichet_core::serde_json::{Value, json};

use crate::{EMAIL, another, send, sign_in, start, with};

guichet_testing::stories! {
    /// Wishes: 73, 102, 117, 127.
    async fn a_code_signs_in_and_makes_the_user(database) {
        let server = start(&database).await;
        let browser = server.browser();
        assert_eq!(send(&browser, "  Jean@Example.COM ").await.expect(200).json(), json!({"success": true}));
        let code = server.code(EMAIL).await;
        let answer = sign_in(&browser, EMAIL, &code).await.expect(200);
        assert_eq!(answer.json()["user"]["email"], EMAIL);
        assert_eq!(answer.json()["user"]["emailVerified"], true);
        let session = browser.get("/get-session").await.expect(200);
        assert_eq!(session.json()["user"]["email"], EMAIL);
        assert_eq!(session.json()["session"]["token"], answer.json()["token"]);
        assert_eq!(session.header("cache-control"), "no-store");
    }

    /// Wishes: 122.
    async fn a_code_works_once(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        sign_in(&server.browser(), EMAIL, &code).await.expect(200).json();
        sign_in(&server.browser(), EMAIL, &code).await.refused(400, "INVALID_OTP");
        assert_eq!(server.count("session").await, 1);
    }

    /// Wishes: 120.
    async fn a_code_has_six_digits_and_is_new_each_time(database) {
        let server = start(&database).await;
        let mut codes = std::collections::BTreeSet::new();
        for _ in 0..5 {
            send(&server.browser(), EMAIL).await.expect(200).json();
            let code = server.code(EMAIL).await;
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
            codes.insert(code);
            server.clock.advance(Duration::from_secs(1));
        }
        assert!(codes.len() > 3, "{codes:?}");
    }

    /// Wishes: 95, 123.
    async fn a_late_code_is_told_in_french_too(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        server.clock.advance(Duration::from_secs(601));
        let french = server.browser().header("accept-language", "fr-FR,fr;q=0.9");
        let late = sign_in(&french, EMAIL, &code).await;
        assert_eq!(late.json()["message"], "Code invalide ou expiré");
        late.refused(400, "OTP_EXPIRED");
    }

    async fn a_code_is_kept_as_a_keyed_hash(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        let kept = server.text(r#"select "value" from "verification""#).await.unwrap();
        assert!(!kept.contains(&code), "{kept}");
        let token = sign_in(&server.browser(), EMAIL, &code).await.json()["token"].as_str().unwrap().to_owned();
        let kept = server.text(r#"select "token" from "session""#).await.unwrap();
        assert!(kept.starts_with("sha256$") && !kept.contains(&token));
    }

    /// Wishes: 121.
    async fn a_code_expires_after_ten_minutes(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        server.clock.advance(Duration::from_secs(601));
        sign_in(&server.browser(), EMAIL, &code).await.refused(400, "OTP_EXPIRED");
        sign_in(&server.browser(), EMAIL, &code).await.refused(400, "INVALID_OTP");
    }

    /// Wishes: 124.
    async fn a_late_mail_still_works_and_the_fourth_last_does_not(database) {
        let server = start(&database).await;
        let mut codes = Vec::new();
        for _ in 0..4 {
            send(&server.browser(), EMAIL).await.expect(200).json();
            codes.push(server.code(EMAIL).await);
            server.clock.advance(Duration::from_secs(1));
        }
        sign_in(&server.browser(), EMAIL, &codes[0]).await.refused(400, "INVALID_OTP");
        sign_in(&server.browser(), EMAIL, &codes[1]).await.expect(200).json();
        sign_in(&server.browser(), EMAIL, &codes[3]).await.refused(400, "INVALID_OTP");
    }

    /// Wishes: 125.
    async fn three_wrong_tries_end_a_code(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        for _ in 0..3 {
            sign_in(&server.browser(), EMAIL, &another(&code)).await.refused(400, "INVALID_OTP");
        }
        sign_in(&server.browser(), EMAIL, &code).await.refused(403, "TOO_MANY_ATTEMPTS");
        sign_in(&server.browser(), EMAIL, &code).await.refused(400, "INVALID_OTP");
    }

    async fn a_resend_does_not_reset_the_budget_of_an_address(database) {
        let server = start(&database).await;
        let mut refused = 0;
        for _ in 0..6 {
            send(&server.browser(), EMAIL).await.expect(200).json();
            let code = server.code(EMAIL).await;
            for _ in 0..2 {
                let answer = sign_in(&server.browser(), EMAIL, &another(&code)).await;
                refused += u32::from(answer.code() == "TOO_MANY_ATTEMPTS");
            }
        }
        assert_eq!(refused, 2, "ten tries in an hour, not twelve");
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        sign_in(&server.browser(), EMAIL, &code).await.refused(403, "TOO_MANY_ATTEMPTS");
        server.clock.advance(Duration::from_secs(3600));
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        sign_in(&server.browser(), EMAIL, &code).await.expect(200).json();
    }

    async fn a_code_for_one_purpose_is_not_right_for_another(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        sign_in(&server.browser(), EMAIL, &code).await.expect(200).json();
        let browser = server.browser();
        let ask = json!({"email": EMAIL, "type": "email-verification"});
        browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
        let code = server.code(EMAIL).await;
        sign_in(&server.browser(), EMAIL, &code).await.refused(400, "INVALID_OTP");
        let check = json!({"email": EMAIL, "type": "email-verification", "otp": code});
        browser.post("/email-otp/check-verification-otp", check.clone()).await.expect(200).json();
        let verify = json!({"email": EMAIL, "otp": code});
        let answer = browser.post("/email-otp/verify-email", verify.clone()).await.expect(200).json();
        assert_eq!((&answer["status"], &answer["token"]), (&json!(true), &Value::Null));
        browser.post("/email-otp/verify-email", verify).await.refused(400, "INVALID_OTP");
    }

    /// Wishes: 115.
    async fn with_sign_up_disabled_the_unknown_get_the_same_answer_and_no_mail(database) {
        let server = with(&database, "plugins.email-otp = { disable_sign_up = true }").await;
        let known = server.browser();
        assert_eq!(send(&known, EMAIL).await.expect(200).json(), json!({"success": true}));
        assert!(server.mails(EMAIL).await.is_empty());
        sign_in(&known, EMAIL, "123456").await.refused(400, "INVALID_OTP");
        assert_eq!(server.count("user").await, 0);
        // What is kept for them is a code that nobody has: wrong tries and late ones look as those of known people.
        assert_eq!(server.number(r#"select count(*) from "verification" where "identifier" like '%otp%'"#).await, 1);
    }

    async fn nonsense_is_refused_with_a_clear_code(database) {
        let server = start(&database).await;
        let browser = server.browser();
        for bad in ["nope", "a@x.fr,b@y.fr", "\"a@evil.tld x\"@good.fr", "a@x.fr\r\nBcc: b@y.fr", "a＠x.fr"] {
            send(&browser, bad).await.refused(400, "INVALID_EMAIL");
        }
        let answer = browser.post("/email-otp/send-verification-otp", json!({"email": 5})).await;
        assert_eq!(
            answer.json()["message"],
            r#"[body.email] Invalid input: expected string, received number; [body.type] Invalid option: expected one of "email-verification"|"sign-in"|"forget-password"|"change-email""#
        );
        answer.refused(400, "VALIDATION_ERROR");
        let nul = json!({"email": "a\u{0}@x.fr", "type": "sign-in"});
        browser.post("/email-otp/send-verification-otp", nul).await.refused(400, "VALIDATION_ERROR");
        assert!(server.mailbox.list().is_empty());
    }

    /// Wishes: 95, 123.
    async fn a_french_browser_reads_french(database) {
        let server = start(&database).await;
        let french = server.browser().header("accept-language", "fr-FR,fr;q=0.9");
        let answer = sign_in(&french, EMAIL, "123456").await;
        assert_eq!(answer.json()["message"], "Code invalide ou expiré");
        let answer = sign_in(&server.browser(), EMAIL, "123456").await;
        assert_eq!(answer.json()["message"], "Invalid OTP");
    }

    // https://github.com/better-auth/better-auth/pull/10239: the password of whoever registered an address first
    // must not outlive the proof of its owner.
    async fn proof_of_an_unverified_mailbox_ends_what_was_set_up_before(database) {
        let server = start(&database).await;
        send(&server.browser(), EMAIL).await.expect(200).json();
        let thief = server.browser();
        let code = server.code(EMAIL).await;
        sign_in(&thief, EMAIL, &code).await.expect(200).json();
        server.execute(r#"update "user" set "emailVerified" = false"#).await;
        server
            .execute(
                r#"insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
                   select 'a', "id", 'credential', "id", 'x', "createdAt", "createdAt" from "user""#,
            )
            .await;
        let owner = server.browser();
        send(&owner, EMAIL).await.expect(200).json();
        let code = server.code(EMAIL).await;
        sign_in(&owner, EMAIL, &code).await.expect(200).json();
        assert!(!thief.is_in().await);
        assert_eq!(server.count("account").await, 0);
        assert!(owner.is_in().await);
    }
}
