//! The back end judges every sign-in; no password is kept here.

use super::{Instead, PASSWORD, jean, kept, knowing_jean, with};
use crate::{EMAIL, sign_in_by_password};
use guichet_core::serde_json::{Value, json};
use http::Method;

const JUDGE: &str = "mode = \"judge\"\n";

guichet_testing::stories! {
    /// 200 there is a session here, 401 the answer of a wrong password, at every sign-in. Wishes: 2.
    async fn it_is_asked_every_time_and_nothing_is_kept(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, JUDGE).await;
        for _ in 0..2 {
            let browser = server.browser();
            sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
            assert!(browser.is_in().await);
        }
        sign_in_by_password(&server.browser(), EMAIL, "wrong password").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in_by_password(&server.browser(), "nobody@example.com", PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!(back.asked(), 4, "known and unknown are asked about alike");
        assert_eq!((kept(&server).await, server.number(r#"select count(*) from "account" where "password" is not null"#).await), (None, 0));
        // Changed there: the old one is wrong here at once.
        back.set(|script| script.people[0].1 = "the new password".to_owned());
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in_by_password(&server.browser(), EMAIL, "the new password").await.expect(200).json();
    }

    async fn a_password_that_is_kept_here_all_the_same_opens_nothing(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, JUDGE).await;
        let user = server.user(EMAIL).await;
        let hash = server.app.passwords.hash("a local password").await.unwrap();
        let account = guichet_core::store::Account::credential("c".to_owned(), &user.id, hash, server.now());
        guichet_core::store::Accounts::insert(&server.app.db, &account).await.unwrap();
        sign_in_by_password(&server.browser(), EMAIL, "a local password").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
    }

    async fn passwords_are_confirmed_there_and_neither_set_nor_changed_here(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, JUDGE).await;
        let browser = server.browser();
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        browser.post("/verify-password", json!({"password": PASSWORD})).await.expect(200).json();
        browser.post("/verify-password", json!({"password": "wrong"})).await.refused(400, "INVALID_PASSWORD");
        // Another person's password is not theirs, though it is right there.
        back.set(|script| script.people[0].2["user"]["id"] = 999.into());
        back.set(|script| script.people[0].2["user"]["email"] = "other@example.com".into());
        browser.post("/verify-password", json!({"password": PASSWORD})).await.refused(400, "INVALID_PASSWORD");
        assert_eq!(server.count("user").await, 1, "who confirms makes nobody");

        let change = json!({"currentPassword": PASSWORD, "newPassword": "a better password"});
        browser.post("/change-password", change).await.refused(400, "PASSWORD_MANAGED_ELSEWHERE");
        let new = json!({"email": "new@example.com", "password": "a better password", "name": "N"});
        server.browser().post("/sign-up/email", new).await.refused(400, "PASSWORD_MANAGED_ELSEWHERE");
        let ask = json!({"email": EMAIL, "redirectTo": "/reset"});
        server.browser().post("/request-password-reset", ask).await.refused(400, "PASSWORD_MANAGED_ELSEWHERE");
        let login = server.page_browser().page("/login").await.expect(200);
        assert!(!login.text.replace("&#x2f;", "/").contains("/forgot-password"), "{}", login.text);
        assert!(!login.text.replace("&#x2f;", "/").contains("/signup"));
    }

    /// No link, code or message is sent that could set nothing: known and unknown are told so.
    async fn nothing_is_sent_that_would_set_a_password(database) {
        let back = knowing_jean().await;
        let more = format!("{JUDGE}\n---[plugins.email-otp]\n[plugins.phone-number]\n[sms]\nby_mail = \"{{phone}}@sms.example\"\n");
        let server = with(&database, &back, &more).await;
        server.user(EMAIL).await;
        let browser = server.browser();
        for email in [EMAIL, "nobody@example.com"] {
            for (path, body) in [
                ("/request-password-reset", json!({"email": email})),
                ("/email-otp/request-password-reset", json!({"email": email})),
                ("/email-otp/send-verification-otp", json!({"email": email, "type": "forget-password"})),
            ] {
                browser.post(path, body).await.refused(400, "PASSWORD_MANAGED_ELSEWHERE");
            }
        }
        for number in ["+33612345678", "no number"] {
            let ask = json!({"phoneNumber": number});
            let answer = browser.post("/phone-number/request-password-reset", ask).await;
            answer.refused(400, "PASSWORD_MANAGED_ELSEWHERE");
        }
        assert_eq!((server.count("verification").await, server.count("mailOutbox").await), (0, 0));
    }

    async fn what_it_knows_better_is_brought_up_to_date(database) {
        let back = knowing_jean().await;
        back.set(|script| script.people[0].2["user"]["role"] = "TENANT".into());
        let own = "[[user.fields]]\nname = \"role\"\n";
        let more = format!("{JUDGE}\n---columns = {{ role = \"/user/role\" }}\n{own}");
        let server = with(&database, &back, &more).await;
        let role = async || {
            sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json()["user"]["role"].clone()
        };
        assert_eq!(role().await, "TENANT");
        back.set(|script| script.people[0].2["user"]["role"] = "OWNER".into());
        assert_eq!(role().await, "OWNER");
        // Of another kind: left out, and nobody is kept out for it.
        back.set(|script| script.people[0].2["user"]["role"] = json!(["A"]));
        assert_eq!(role().await, "OWNER");
    }

    /// What a plugin refuses is left out alone.
    async fn a_column_that_a_plugin_refuses_takes_no_other_along(database) {
        let back = knowing_jean().await;
        back.set(|script| script.people[0].2["user"]["role"] = "TENANT".into());
        back.set(|script| script.people[0].2["user"]["login"] = "no name!".into());
        let columns = "columns = { role = \"/user/role\", username = \"/user/login\" }";
        let more = format!("{JUDGE}\n---{columns}\n[[user.fields]]\nname = \"role\"\n[plugins.username]\n");
        let server = with(&database, &back, &more).await;
        let told = async || sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json()["user"].clone();
        let user = told().await;
        assert_eq!((&user["role"], &user["username"]), (&json!("TENANT"), &Value::Null));
        back.set(|script| script.people[0].2["user"]["login"] = "Jean_D".into());
        let user = told().await;
        assert_eq!((&user["role"], &user["username"]), (&json!("TENANT"), &json!("jean_d")));
    }

    async fn it_is_needed_and_nobody_comes_in_without_it(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, JUDGE).await;
        let browser = server.browser();
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        back.set(|script| script.instead = Some(Instead::Answer(500, String::new())));
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(503, "UPSTREAM_UNAVAILABLE");
        browser.post("/verify-password", json!({"password": PASSWORD})).await.refused(503, "UPSTREAM_UNAVAILABLE");
        assert!(browser.is_in().await, "sessions live on");
    }

    /// Whatever takes a password asks the same: tokens for back ends are given on its word, by address or by a name that
    /// is known there alone. Wishes: 2.
    async fn tokens_are_given_on_its_word(database) {
        let back = knowing_jean().await;
        back.knows("jean_d", PASSWORD, jean());
        let server = with(&database, &back, &format!("{JUDGE}\n---[plugins.jwt]\n[plugins.token-api]\n")).await;
        let login = async |identifier: &str, password: &str| {
            let body = json!({"identifier": identifier, "password": password}).to_string();
            server.browser().request(Method::POST, "/auth/login", Some("application/json"), Some(body)).await
        };
        for identifier in [EMAIL, "jean_d"] {
            let given = login(identifier, PASSWORD).await.expect(200).json();
            assert_eq!((&given["user"]["email"], &given["token_type"]), (&json!(EMAIL), &json!("bearer")));
        }
        login(EMAIL, "wrong password").await.refused(401, "INVALID_CREDENTIALS");
        back.set(|script| script.instead = Some(Instead::Answer(500, String::new())));
        login(EMAIL, PASSWORD).await.refused(503, "UPSTREAM_UNAVAILABLE");
        assert_eq!(server.count("user").await, 1);
    }
}
