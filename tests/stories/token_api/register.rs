//! Somebody new.

use guichet_testing::TestServer;
use http::Method;
use serde_json::{Value, json};

use super::{
    PLUGINS, claims, fields, jean, login, me, pair, post, program, refused, register, start, start_with,
};
use crate::{EMAIL, PASSWORD, sign_in_by_password, sign_up, with};

/// Jean, with these fields instead.
fn but(more: &Value) -> Value {
    let mut body = jean();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn tries(server: &TestServer, body: Value) -> Value {
    refused(post(&program(server), "/auth/register", body).await, 422, "VALIDATION_ERROR")
}

guichet_testing::stories! {
    /// One user, one session and one refresh token, in whichever database.
    /// Wishes: 74, 77, 98.
    async fn a_registration_makes_a_user_and_lets_them_in(database) {
        let server = start(&database).await;
        let made = register(&server).await;
        let names: Vec<&String> = made.as_object().unwrap().keys().collect();
        assert_eq!(names, ["access_token", "refresh_token", "token_type", "expires_in", "user"]);
        assert!((899..=900).contains(&made["expires_in"].as_i64().unwrap()), "{made}");
        let user = &made["user"];
        assert_eq!([&user["name"], &user["surname"], &user["email"], &user["username"]], ["Jean", "Dupont", EMAIL, "jean_d"]);
        assert_eq!((&user["email_verified"], user.get("password"), user.get("emailVerified")), (&json!(false), None, None));
        let (access, _) = pair(&made);
        assert_eq!(me(&server, &access).await.expect(200).json(), *user);
        assert_eq!(claims(&access)["sub"], user["id"]);
        for table in ["user", "session", "refreshToken"] {
            assert_eq!(server.count(table).await, 1, "{table}");
        }
        let kept = server.text(r#"select "tokenHash" from "refreshToken""#).await.unwrap();
        assert!(!made["refresh_token"].as_str().unwrap().contains(&kept), "only a hash is kept");
    }

    /// What the other dialect makes signs in here, and the other way round.
    async fn both_dialects_know_the_same_people(database) {
        let server = start(&database).await;
        register(&server).await;
        let browser = server.browser();
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        browser.post("/sign-in/username", json!({"username": "jean_d", "password": PASSWORD})).await.expect(200).json();
        sign_up(&server, "anna@example.com").await;
        login(&server, "anna@example.com", PASSWORD).await.expect(200).json();
    }

    /// Wishes: 75.
    async fn each_bad_field_is_named(database) {
        let server = start(&database).await;
        let none = tries(&server, json!({})).await;
        assert_eq!(fields(&none), [("name", "MISSING_FIELD"), ("email", "MISSING_FIELD"), ("password", "MISSING_FIELD")]);
        let all = json!({
            "name": 7, "email": "no address", "password": "", "surname": ["x"], "username": {"a": 1}, "image": false,
            "is_admin": true, "id": 1, "email_verified": true, "a\u{0}b": "c",
        });
        let body = tries(&server, all).await;
        let mut named = fields(&body);
        named.sort_unstable();
        assert_eq!(named, [
            ("a\u{0}b", "UNKNOWN_FIELD"), ("email", "INVALID_EMAIL"), ("email_verified", "UNKNOWN_FIELD"), ("id", "UNKNOWN_FIELD"),
            ("image", "INVALID_TYPE"), ("is_admin", "UNKNOWN_FIELD"), ("name", "INVALID_TYPE"), ("password", "MISSING_FIELD"),
            ("surname", "INVALID_TYPE"), ("username", "INVALID_TYPE"),
        ]);
        for (change, field, code) in [
            (json!({"password": "short"}), "password", "PASSWORD_TOO_SHORT"),
            (json!({"password": "x".repeat(200)}), "password", "PASSWORD_TOO_LONG"),
            (json!({"password": "password123"}), "password", "PASSWORD_TOO_COMMON"),
            (json!({"username": "a b"}), "username", "INVALID_USERNAME"),
            (json!({"username": "ab"}), "username", "USERNAME_TOO_SHORT"),
            (json!({"surname": "a\u{0}b"}), "surname", "INVALID_TYPE"),
            (json!({"name": "   "}), "name", "MISSING_FIELD"),
            (json!({"name": null}), "name", "MISSING_FIELD"),
        ] {
            assert_eq!(fields(&tries(&server, but(&change)).await), [(field, code)]);
        }
        assert_eq!(server.count("user").await, 0);
        // What is not declared for input is refused, though it has a default; what is null is as if it were left out.
        let _ = post(&program(&server), "/auth/register", but(&json!({"surname": null, "image": null}))).await.expect(201);
    }

    async fn all_mistakes_of_a_body_are_told_at_once(database) {
        let server = start(&database).await;
        let read = tries(&server, but(&json!({"password": "short", "username": "ab"}))).await;
        assert_eq!(fields(&read), [("password", "PASSWORD_TOO_SHORT"), ("username", "USERNAME_TOO_SHORT")]);
        let unread = but(&json!({"email": "no address", "password": "password123", "username": "a b", "x": 1}));
        let mut named = tries(&server, unread).await;
        named["errors"].as_array_mut().unwrap().sort_by_key(|error| error["field"].to_string());
        assert_eq!(fields(&named), [
            ("email", "INVALID_EMAIL"), ("password", "PASSWORD_TOO_COMMON"), ("username", "INVALID_USERNAME"),
            ("x", "UNKNOWN_FIELD"),
        ]);
        register(&server).await;
        let taken = tries(&server, but(&json!({"email": "no address", "password": "short"}))).await;
        assert_eq!(fields(&taken).len(), 3, "{taken}");
        assert_eq!(server.count("user").await, 1);
    }

    /// Nobody may sign up: who has a name is not told by a body that is wrong elsewhere.
    async fn where_sign_ups_are_closed_a_wrong_body_tells_of_no_name(database) {
        let closed = format!("{}[plugins.token-api]", PLUGINS.replace("[plugins.username]", "sign_up = false\n[plugins.username]"));
        let server = with(&database, &closed).await;
        server.user(EMAIL).await;
        server.execute(r#"update "user" set "username" = 'jean_d'"#).await;
        let body = tries(&server, json!({"name": "Jean", "email": "no", "password": PASSWORD, "username": "jean_d"})).await;
        assert_eq!(fields(&body), [("email", "INVALID_EMAIL")]);
    }

    async fn what_is_taken_is_told_as_the_settings_say(database) {
        let server = start(&database).await;
        register(&server).await;
        let body = tries(&server, but(&json!({"username": "other"}))).await;
        assert_eq!(fields(&body), [("email", "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")]);
        let body = tries(&server, but(&json!({"email": "anna@example.com", "username": "JEAN_D"}))).await;
        assert_eq!(fields(&body), [("username", "USERNAME_IS_ALREADY_TAKEN")]);
        assert_eq!(server.count("user").await, 1);
    }

    async fn where_addresses_are_to_be_proven_first_nobody_learns_who_is_here(database) {
        let settings = "[plugins.email-password]\nrequire_email_verification = true\n[plugins.jwt]\n[plugins.token-api]";
        let server = with(&database, settings).await;
        let body = |email: &str| json!({"name": "Jean", "email": email, "password": PASSWORD});
        let mut answers = Vec::new();
        for _ in 0..2 {
            let answer = post(&program(&server), "/auth/register", body(EMAIL)).await.expect(201).json();
            assert_eq!([&answer["access_token"], &answer["refresh_token"], &answer["expires_in"]], [&Value::Null; 3]);
            answers.push(answer);
        }
        let shape = |answer: &Value| answer["user"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(shape(&answers[0]), shape(&answers[1]));
        assert_eq!(server.count("user").await, 1);
        let unproven = login(&server, EMAIL, PASSWORD).await;
        refused(unproven, 403, "EMAIL_NOT_VERIFIED");
        refused(login(&server, EMAIL, "wrong horse 1").await, 401, "INVALID_CREDENTIALS");
    }

    async fn closed_is_closed_here_too(database) {
        let settings = "[plugins.email-password]\nsign_up = false\n[plugins.jwt]\n[plugins.token-api]";
        let server = with(&database, settings).await;
        let body = json!({"name": "Jean", "email": EMAIL, "password": PASSWORD});
        refused(post(&program(&server), "/auth/register", body).await, 400, "EMAIL_PASSWORD_SIGN_UP_DISABLED");
    }

    /// Wishes: 95.
    async fn messages_are_in_the_language_that_is_asked_for(database) {
        let server = start(&database).await;
        let french = program(&server).header("accept-language", "fr-FR,fr;q=0.9");
        let body = refused(post(&french, "/auth/register", json!({"email": "x"})).await, 422, "VALIDATION_ERROR");
        assert_eq!((&body["message"], &body["errors"][0]["message"]), (&json!("Certains champs sont invalides"), &json!("Ce champ est obligatoire")));
        let body = json!({"identifier": EMAIL, "password": PASSWORD});
        let body = refused(post(&french, "/auth/login", body).await, 401, "INVALID_CREDENTIALS");
        assert_eq!(body["detail"], "Identifiant ou mot de passe incorrect");
        let english = login(&server, EMAIL, PASSWORD).await;
        assert_eq!(refused(english, 401, "INVALID_CREDENTIALS")["detail"], "Invalid identifier or password");
    }

    async fn bodies_that_are_none_are_refused_in_this_dialect_too(database) {
        let server = start_with(&database, "").await;
        for (kind, body, status) in [
            (Some("application/json"), "{", 400), (Some("application/json"), "[]", 422), (Some("application/json"), "null", 422),
            (Some("text/plain"), "{}", 415), (None, "", 422), (Some("application/x-www-form-urlencoded"), "identifier=a", 415),
        ] {
            for path in ["/auth/register", "/auth/login", "/auth/refresh"] {
                let answer = program(&server).request(Method::POST, path, kind, Some(body.to_owned())).await;
                assert_eq!(answer.status.as_u16(), status, "{path} {kind:?} {body:?} {answer:?}");
                assert_eq!(answer.json()["detail"], answer.json()["message"]);
            }
        }
        let huge = Some(format!("{{\"identifier\": \"{}\"}}", "x".repeat(300_000)));
        let answer = program(&server).request(Method::POST, "/auth/login", Some("application/json"), huge).await;
        refused(answer, 413, "PAYLOAD_TOO_LARGE");
    }
}
