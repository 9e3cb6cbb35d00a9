//! Making, changing and removing people.

use guichet_core::serde_json::{Value, json};
use guichet_testing::TestServer;

use crate::{ADMIN, EMAIL, act, admin, session, set_role, sign_in, somebody, start, stored, with};

const PASSWORD: &str = "a long walk by the sea";

#[expect(clippy::disallowed_methods, reason = "a test is no try")]
async fn opens(server: &TestServer, id: &str, password: &str) -> bool {
    server.app.passwords.is_right(&server.app, Some(id), password).await.unwrap()
}

guichet_testing::stories! {
    async fn somebody_is_made(database) {
        let server = with(&database, "[[user.fields]]\nname = \"surname\"\ninput = true\n[[user.fields]]\nname = \"clientId\"\n[plugins.admin]\n").await;
        let (browser, _) = admin(&server).await;
        let body = json!({"email": "New@Example.com", "name": "New", "password": PASSWORD,
            "data": {"surname": "Sur", "clientId": "c1", "emailVerified": true, "unknown": 1}});
        let made = act(&browser, "create-user", body).await.expect(200).json()["user"].clone();
        assert_eq!([&made["email"], &made["role"], &made["surname"], &made["clientId"]],
            [&json!("new@example.com"), &json!("user"), &json!("Sur"), &json!("c1")]);
        assert_eq!([&made["emailVerified"], &made["banned"]], [&json!(true), &json!(false)]);
        assert!(opens(&server, made["id"].as_str().unwrap(), PASSWORD).await);
        assert_eq!(session(&browser).await["user"]["email"], ADMIN, "nobody is signed in by it");
        let plain = json!({"email": "plain@example.com", "name": "", "role": ["user", "editor"], "data": {"role": "admin"}});
        let plain = act(&browser, "create-user", plain).await.expect(200).json();
        assert_eq!(plain["user"]["role"], "user,editor");
        assert_eq!(server.count("account").await, 1);
    }

    async fn who_cannot_be_made_is_not(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let new = |field: &str, value: Value| {
            let mut body = json!({"email": EMAIL, "name": "x"});
            body[field] = value;
            body
        };
        for (body, code) in [
            (new("email", json!(ADMIN)), "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
            (new("email", json!("Anna@Example.com")), "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
            (new("email", json!("nope")), "INVALID_EMAIL"),
            (new("password", json!("short")), "PASSWORD_TOO_SHORT"),
            (new("password", json!("password123")), "PASSWORD_TOO_COMMON"),
            (new("password", json!("x".repeat(5000))), "PASSWORD_TOO_LONG"),
            (new("role", json!(5)), "VALIDATION_ERROR"),
            (new("role", json!(["user", 5])), "VALIDATION_ERROR"),
            (new("data", json!({"role": 5})), "INVALID_ROLE_TYPE"),
            (new("data", json!({"banned": "yes"})), "VALIDATION_ERROR"),
            (new("data", json!("x")), "VALIDATION_ERROR"),
            (json!({}), "VALIDATION_ERROR"),
        ] {
            act(&browser, "create-user", body).await.refused(400, code);
        }
        assert_eq!(server.count("user").await, 1);
    }

    async fn whoever_may_make_people_makes_no_administrators(database) {
        let server = with(&database, r#"
            [plugins.admin.roles]
            admin = { user = ["create", "set-role", "ban"] }
            clerk = { user = ["create", "update"] }
        "#).await;
        let (browser, clerk) = somebody(&server, ADMIN).await;
        set_role(&server, &clerk, "clerk").await;
        let body = |more: Value| json!({"email": EMAIL, "name": "x", "data": more});
        for (data, code) in [
            (json!({"role": "admin"}), "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE"),
            (json!({"banned": false}), "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS"),
            (json!({"banExpires": null}), "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS"),
        ] {
            act(&browser, "create-user", body(data.clone())).await.refused(403, code);
            act(&browser, "update-user", json!({"userId": clerk.id, "data": data})).await.refused(403, code);
        }
        let role = json!({"email": EMAIL, "name": "x", "role": "clerk"});
        act(&browser, "create-user", role).await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE");
        for data in [json!({"email": EMAIL}), json!({"emailVerified": true})] {
            act(&browser, "update-user", json!({"userId": clerk.id, "data": data})).await
                .refused(403, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL");
        }
        let _ = act(&browser, "create-user", body(json!({}))).await.expect(200);
        assert_eq!(stored(&server, &clerk.id).await.extra.text("role"), Some("clerk"));
    }

    async fn somebody_is_changed(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        let update = async |data: Value| act(&browser, "update-user", json!({"userId": user.id, "data": data})).await;
        let changed = update(json!({"name": "Renamed", "image": null, "role": ["admin"], "id": "x", "createdAt": "x"})).await.expect(200).json();
        assert_eq!([&changed["name"], &changed["role"], &changed["id"]], [&json!("Renamed"), &json!("admin"), &json!(user.id)]);
        assert_eq!(session(&jean).await["user"]["name"], "Renamed");
        let moved = update(json!({"email": "Other@Example.com", "emailVerified": false})).await.expect(200).json();
        assert_eq!([&moved["email"], &moved["emailVerified"]], [&json!("other@example.com"), &json!(false)]);
        let told = server.mails(EMAIL).await;
        assert!(told[0].text.contains("other@example.com"), "the old address is told: {}", told[0].text);
        for (data, code) in [
            (json!({}), "NO_DATA_TO_UPDATE"),
            (json!({"password": "x"}), "PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER"),
            (json!({"email": ADMIN}), "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
            (json!({"email": 5}), "INVALID_EMAIL"),
            (json!({"role": [null]}), "INVALID_ROLE_TYPE"),
            (json!({"name": [5]}), "VALIDATION_ERROR"),
            (json!({"banExpires": "soon"}), "VALIDATION_ERROR"),
        ] {
            update(data).await.refused(400, code);
        }
        act(&browser, "update-user", json!({"userId": "nope", "data": {"name": "x"}})).await.refused(404, "USER_NOT_FOUND");
        act(&browser, "update-user", json!({"userId": "nope"})).await.refused(400, "VALIDATION_ERROR");
    }

    async fn a_password_is_set_by_its_rules_and_ends_sessions(database) {
        let server = start(&database).await;
        let (browser, boss) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        let set = async |id: &str, password: Value| act(&browser, "set-user-password", json!({"userId": id, "newPassword": password})).await;
        for (password, code) in [
            (json!("x"), "PASSWORD_TOO_SHORT"), (json!("password123"), "PASSWORD_TOO_COMMON"),
            (json!("x".repeat(5000)), "PASSWORD_TOO_LONG"), (json!(""), "VALIDATION_ERROR"), (json!(5), "VALIDATION_ERROR"),
        ] {
            set(&user.id, password).await.refused(400, code);
        }
        set("nope", json!(PASSWORD)).await.refused(404, "USER_NOT_FOUND");
        set("", json!(PASSWORD)).await.refused(400, "VALIDATION_ERROR");
        assert_eq!(session(&jean).await["user"]["email"], EMAIL);
        assert_eq!(set(&user.id, json!(PASSWORD)).await.expect(200).json(), json!({"status": true}));
        assert!(opens(&server, &user.id, PASSWORD).await);
        assert_eq!(session(&jean).await, Value::Null);
        assert_eq!(server.mails(EMAIL).await.len(), 1, "they are told");
        let _ = set(&user.id, json!("another long walk by the sea")).await.expect(200);
        assert!(!opens(&server, &user.id, PASSWORD).await);
        assert_eq!(server.count("account").await, 1);
        // One's own ends the other sessions.
        let elsewhere = server.browser();
        sign_in(&elsewhere, ADMIN).await.expect(200).json();
        let _ = set(&boss.id, json!(PASSWORD)).await.expect(200);
        assert_eq!(session(&elsewhere).await, Value::Null);
        assert_eq!(session(&browser).await["user"]["email"], ADMIN);
    }

    async fn somebody_is_removed_with_everything_of_theirs(database) {
        let server = start(&database).await;
        let (browser, boss) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        act(&browser, "remove-user", json!({"userId": boss.id})).await.refused(400, "YOU_CANNOT_REMOVE_YOURSELF");
        act(&browser, "remove-user", json!({"userId": "nope"})).await.refused(404, "USER_NOT_FOUND");
        let removed = act(&browser, "remove-user", json!({"userId": user.id})).await.expect(200);
        assert_eq!(removed.json(), json!({"success": true}));
        assert_eq!(session(&jean).await, Value::Null);
        assert_eq!(server.count("user").await, 1);
        act(&browser, "remove-user", json!({"userId": user.id})).await.refused(404, "USER_NOT_FOUND");
    }

    async fn limits_hold_off_who_makes_too_many(database) {
        let server = with(&database, "plugins.admin = {}\nrate_limit = { enabled = true }").await;
        let (browser, _) = admin(&server).await;
        for n in 0..30 {
            let _ = act(&browser, "create-user", json!({"email": format!("n{n}@example.com"), "name": "x"})).await.expect(200);
        }
        let more = json!({"email": EMAIL, "name": "x"});
        act(&browser, "create-user", more).await.refused(429, "TOO_MANY_REQUESTS");
    }
}
