//! Making an account.

use futures_util::future::join_all;
use guichet_core::serde_json::{Value, json};

use crate::{ANOTHER, EMAIL, PASSWORD, sign_in, sign_up, start, with};

guichet_testing::stories! {
    /// Wishes: 18, 19, 98.
    async fn a_sign_up_makes_a_user_and_signs_in(database) {
        let server = start(&database).await;
        let browser = server.browser();
        let answer = sign_up(&browser, " Jean@Example.COM ", PASSWORD).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let answer = answer.json();
        assert_eq!(answer["user"]["email"], EMAIL);
        assert_eq!(answer["user"]["emailVerified"], false);
        let session = browser.get("/get-session").await.expect(200).json();
        assert_eq!(session["session"]["token"], answer["token"]);
        assert_eq!(server.text(r#"select "amr" from "session""#).await.unwrap(), "pwd");
        sign_in(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        sign_in(&server.browser(), EMAIL, ANOTHER).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        let row = r#"select a."providerId" || ' ' || case when a."accountId" = u."id" then 'same' else 'other' end
                     from "account" a join "user" u on u."id" = a."userId""#;
        assert_eq!(server.text(row).await.unwrap(), "credential same");
    }

    /// Wishes: 27.
    async fn the_password_is_kept_as_argon2id_and_shown_nowhere(database) {
        let server = start(&database).await;
        let answer = sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200);
        let kept = server.text(r#"select "password" from "account""#).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(!answer.text.contains("argon2") && !answer.text.contains(PASSWORD));
    }

    /// Wishes: 25.
    async fn a_picture_is_kept_and_shown(database) {
        let server = start(&database).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean", "image": "https://img.test/jean.png"});
        let made = browser.post("/sign-up/email", body).await.expect(200).json();
        assert_eq!(made["user"]["image"], "https://img.test/jean.png");
        let shown = browser.get("/get-session").await.expect(200).json();
        assert_eq!(shown["user"]["image"], "https://img.test/jean.png");
        let without = sign_up(&server.browser(), "b@example.com", PASSWORD).await.expect(200).json();
        assert_eq!(without["user"]["image"], Value::Null);
    }

    /// Wishes: 24.
    async fn a_name_may_be_left_out_unless_it_is_required(database) {
        let server = start(&database).await;
        let body = json!({"email": EMAIL, "password": PASSWORD});
        let answer = server.browser().post("/sign-up/email", body.clone()).await.expect(200).json();
        assert_eq!(answer["user"]["name"], "");
        let server = with(&database.another().await, "name_required = true").await;
        let answer = server.browser().post("/sign-up/email", body).await;
        assert_eq!(
            answer.json()["message"],
            "[body.name] Invalid input: expected string, received undefined"
        );
        answer.refused(400, "VALIDATION_ERROR");
    }

    async fn what_is_wrong_is_said_field_by_field(database) {
        let server = with(&database, "name_required = true").await;
        let answer = server.browser().post("/sign-up/email", json!({"email": "nope", "password": ""})).await;
        assert_eq!(
            answer.json()["message"],
            "[body.name] Invalid input: expected string, received undefined; [body.email] Invalid email address; \
             [body.password] Too small: expected string to have >=1 characters"
        );
        answer.refused(400, "VALIDATION_ERROR");
        let answer = server.browser().post("/sign-up/email", json!([])).await;
        assert_eq!(
            answer.json()["message"],
            "[body] Invalid input: expected object, received array; [body] Invalid input: expected record, received array"
        );
    }

    /// Wishes: 23.
    async fn a_taken_address_is_told_when_a_sign_up_signs_in(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let thief = server.browser();
        sign_up(&thief, "JEAN@example.com", ANOTHER).await.refused(422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
        assert!(!thief.is_in().await);
        sign_in(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
    }

    async fn of_twenty_parallel_sign_ups_with_one_address_one_makes_the_user(database) {
        let server = start(&database).await;
        let answers = join_all((0..20).map(|n| {
            let browser = server.browser();
            async move { sign_up(&browser, EMAIL, &format!("password of try {n}")).await.status.as_u16() }
        }))
        .await;
        assert_eq!(answers.iter().filter(|&&status| status == 200).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|&status| status == 200 || status == 422), "{answers:?}");
        assert_eq!(server.count("user").await, 1);
        assert_eq!(server.count("account").await, 1);
    }

    /// Wishes: 17.
    async fn sign_up_and_sign_in_can_be_switched_off(database) {
        let server = with(&database, "sign_up = false").await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.refused(400, "EMAIL_PASSWORD_SIGN_UP_DISABLED");
        sign_in(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        let server = with(&database.another().await, "enabled = false").await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.refused(400, "EMAIL_PASSWORD_SIGN_UP_DISABLED");
        sign_in(&server.browser(), EMAIL, PASSWORD).await.refused(400, "EMAIL_PASSWORD_DISABLED");
        assert_eq!(server.count("user").await, 0);
    }

    /// Wishes: 20.
    async fn without_automatic_sign_in_there_is_a_user_and_no_session(database) {
        let server = with(&database, "auto_sign_in = false").await;
        let browser = server.browser();
        let answer = sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(answer["token"], Value::Null);
        assert_eq!(answer["user"]["email"], EMAIL);
        assert!(!browser.is_in().await);
        assert!(server.mails(EMAIL).await.is_empty());
        sign_in(&browser, EMAIL, PASSWORD).await.expect(200).json();
    }

    async fn a_form_signs_up_and_in_too(database) {
        let server = start(&database).await;
        let browser = server.browser();
        let post = |path: &'static str| {
            let browser = browser.clone();
            let body = "email=jean%40example.com&password=correct+horse+1&name=Jean".to_owned();
            async move {
                let kind = Some("application/x-www-form-urlencoded");
                browser.request("POST".parse().unwrap(), path, kind, Some(body)).await
            }
        };
        assert_eq!(post("/api/auth/sign-up/email").await.expect(200).json()["user"]["name"], "Jean");
        assert_eq!(post("/api/auth/sign-in/email").await.expect(200).json()["user"]["email"], EMAIL);
        let refused = browser
            .request("POST".parse().unwrap(), "/api/auth/sign-in/email", Some("text/plain"), Some("{}".into()))
            .await;
        assert_eq!(
            refused.json()["message"],
            "Content-Type \"text/plain\" is not allowed. Allowed types: application/x-www-form-urlencoded, application/json"
        );
    }

    // Form CSRF: another site must not sign a visitor up or in.
    async fn another_sites_form_is_refused(database) {
        let server = start(&database).await;
        let evil = server.browser().at_origin("https://evil.test");
        sign_up(&evil, EMAIL, PASSWORD).await.refused(403, "INVALID_ORIGIN");
        sign_in(&evil, EMAIL, PASSWORD).await.refused(403, "INVALID_ORIGIN");
        let navigation = server
            .browser()
            .at_origin("")
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", "navigate");
        sign_in(&navigation, EMAIL, PASSWORD).await.refused(403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED");
        assert_eq!(server.count("user").await, 0);
    }

    /// Wishes: 77.
    async fn additional_fields_are_taken_by_their_rights(database) {
        let fields = r#"
[[user.fields]]
name = "surname"
input = true
[[user.fields]]
name = "clientId"
[[user.fields]]
name = "role"
default = "user"
[[user.fields]]
name = "badge"
input = true
unique = true
---"#;
        let server = with(&database, fields).await;
        let post = |body: Value| {
            let browser = server.browser();
            async move {
                let mut whole = json!({"password": PASSWORD, "name": "Jean"});
                whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
                browser.post("/sign-up/email", whole).await
            }
        };
        let user = post(json!({"email": EMAIL, "surname": "Valjean", "role": "admin", "emailVerified": true,
            "id": "chosen", "favourite": "blue", "badge": "24601"})).await.expect(200).json()["user"].clone();
        assert_eq!((&user["surname"], &user["role"]), (&json!("Valjean"), &json!("user")));
        assert_eq!((&user["emailVerified"], &user["clientId"]), (&json!(false), &Value::Null));
        assert_ne!(user["id"], "chosen");
        let answer = post(json!({"email": "a@example.com", "clientId": "42"})).await;
        assert_eq!(answer.json()["message"], "clientId is not allowed to be set");
        answer.refused(400, "FIELD_NOT_ALLOWED");
        post(json!({"email": "a@example.com", "surname": [5]})).await.refused(400, "VALIDATION_ERROR");
        post(json!({"email": "a@example.com", "badge": "24601"})).await.refused(422, "FAILED_TO_CREATE_USER");
        assert_eq!(server.count("user").await, 1);
    }

    async fn a_required_field_must_be_given(database) {
        let field = "[[user.fields]]\nname = \"company\"\ninput = true\nrequired = true\n---";
        let server = with(&database, field).await;
        let answer = sign_up(&server.browser(), EMAIL, PASSWORD).await;
        assert_eq!(answer.json()["message"], "company is required");
        answer.refused(400, "MISSING_FIELD");
    }

    async fn a_return_address_elsewhere_is_refused(database) {
        let server = start(&database).await;
        let body = json!({"email": EMAIL, "password": PASSWORD, "callbackURL": "https://evil.test/"});
        server.browser().post("/sign-up/email", body).await.refused(403, "INVALID_CALLBACK_URL");
    }

    /// Wishes: 26.
    async fn a_required_proof_comes_before_the_first_sign_in(database) {
        let server = with(&database, "require_email_verification = true").await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean", "callbackURL": "/welcome?a=b"});
        let answer = browser.post("/sign-up/email", body).await.expect(200).json();
        assert_eq!((&answer["token"], &answer["user"]["email"]), (&Value::Null, &json!(EMAIL)));
        let first = server.mailed_link(EMAIL).await;
        assert!(first.ends_with("&callbackURL=%2Fwelcome%3Fa%3Db"), "{first}");
        assert!(server.mails(EMAIL).await[0].text.contains("Bonjour Jean,"));
        sign_in(&browser, EMAIL, ANOTHER).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!(server.mails(EMAIL).await.len(), 1, "a wrong password sends nothing");
        sign_in(&browser, EMAIL, PASSWORD).await.refused(403, "EMAIL_NOT_VERIFIED");
        assert_eq!(server.mails(EMAIL).await.len(), 2, "a right one sends the link again");
        let opened = browser.open(&first).await.expect(302);
        assert_eq!(opened.header("location"), "/welcome?a=b");
        assert!(!browser.is_in().await, "a link alone signs nobody in");
        sign_in(&browser, EMAIL, PASSWORD).await.expect(200).json();
    }

    async fn kinder_settings_send_the_link_without_asking_for_it(database) {
        let server = with(&database, "send_on_sign_up = true").await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        assert!(browser.is_in().await);
        browser.open(&server.mailed_link(EMAIL).await).await.expect(302).header("location");
        assert_eq!(browser.get("/get-session").await.json()["user"]["emailVerified"], true);
    }
}
