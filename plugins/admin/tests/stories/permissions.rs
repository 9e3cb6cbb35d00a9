//! Who may what.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, TestServer};

use crate::{ADMIN, EMAIL, act, admin, plugins, set_role, somebody, start, stored, with};

/// Every action with a good body about `id`, and what who may not do it is told.
fn actions(id: &str) -> Vec<(&'static str, Value, &'static str)> {
    let whom = || json!({"userId": id});
    let new = json!({"email": "new@example.com", "name": "New"});
    vec![
        ("set-role", json!({"userId": id, "role": "admin"}), "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE"),
        ("create-user", new, "YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS"),
        ("update-user", json!({"userId": id, "data": {"name": "x"}}), "YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS"),
        ("list-user-sessions", whom(), "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS"),
        ("ban-user", whom(), "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS"),
        ("unban-user", whom(), "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS"),
        ("impersonate-user", whom(), "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS"),
        ("revoke-user-session", json!({"sessionToken": "x"}), "YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS"),
        ("revoke-user-sessions", whom(), "YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS"),
        ("remove-user", whom(), "YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS"),
        (
            "set-user-password",
            json!({"userId": id, "newPassword": "a long walk by the sea"}),
            "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD",
        ),
    ]
}

async fn refused_everywhere(browser: &Browser, id: &str) {
    for (action, body, code) in actions(id) {
        act(browser, action, body).await.refused(403, code);
    }
    browser.get("/admin/list-users").await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS");
    browser.get(&format!("/admin/get-user?id={id}")).await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_GET_USER");
}

async fn may(browser: &Browser, permissions: Value) -> bool {
    let answer = act(browser, "has-permission", json!({"permissions": permissions})).await.expect(200).json();
    assert_eq!(answer["error"], Value::Null);
    answer["success"].as_bool().unwrap()
}

async fn refusal(database: &guichet_testing::TestDatabase, own: &str) -> String {
    let settings = format!("[plugins.credulous]\n[plugins.admin]\n{own}");
    TestServer::try_with(&plugins(), database, &settings).await.err().unwrap_or_default()
}

guichet_testing::stories! {
    async fn nobody_and_people_without_the_role_may_nothing(database) {
        let server = start(&database).await;
        let (_, other) = somebody(&server, ADMIN).await;
        let (browser, user) = somebody(&server, EMAIL).await;
        refused_everywhere(&browser, &other.id).await;
        refused_everywhere(&browser, &user.id).await;
        for (action, body, _) in actions(&other.id) {
            let nobody = act(&server.browser(), action, body).await.expect(401);
            assert_eq!(nobody.text, "", "{action}");
        }
        for path in ["/admin/list-users", "/admin/get-user?id=x"] {
            assert_eq!(server.browser().get(path).await.expect(401).text, "");
        }
        for action in ["stop-impersonating", "has-permission"] {
            let body = json!({"permissions": {"user": ["create"]}});
            assert_eq!(act(&server.browser(), action, body).await.expect(401).text, "");
        }
        assert!(!may(&browser, json!({"user": ["create"]})).await);
        assert_eq!(server.count("user").await, 2);
        assert_eq!(server.count("session").await, 2);
    }

    async fn an_origin_that_is_not_trusted_changes_nothing(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        let elsewhere = browser.clone().at_origin("https://evil.example");
        for (action, body, _) in actions(&user.id) {
            act(&elsewhere, action, body).await.refused(403, "INVALID_ORIGIN");
        }
        assert_eq!(stored(&server, &user.id).await.extra.text("role"), Some("user"));
    }

    async fn nobody_becomes_an_administrator_by_what_they_send(database) {
        let server = start(&database).await;
        let (browser, user) = somebody(&server, EMAIL).await;
        for field in ["role", "banned", "banReason", "banExpires"] {
            let body = json!({"name": "Jean", field: "admin"});
            browser.post("/update-user", body).await.refused(400, "FIELD_NOT_ALLOWED");
        }
        browser.post("/update-session", json!({"impersonatedBy": "x"})).await.refused(400, "FIELD_NOT_ALLOWED");
        assert_eq!(stored(&server, &user.id).await.extra.text("role"), Some("user"));
    }

    async fn an_administrator_makes_another_one(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (other, user) = somebody(&server, EMAIL).await;
        let made = act(&browser, "set-role", json!({"userId": user.id, "role": ["user", "admin"]})).await.expect(200);
        assert_eq!(made.json()["user"]["role"], "user,admin");
        assert!(may(&other, json!({"user": ["create", "ban"], "session": ["list"]})).await);
        assert!(!may(&other, json!({"user": ["create", "fly"]})).await);
        assert!(!may(&other, json!({"user": ["impersonate-admins"]})).await);
        assert!(!may(&other, json!({"user": []})).await);
        assert!(!may(&other, json!({})).await);
        assert!(!may(&other, json!({"spaceship": ["list"]})).await);
        let _ = act(&browser, "set-role", json!({"userId": user.id, "role": "user"})).await.expect(200);
        refused_everywhere(&other, "x").await;
        act(&browser, "set-role", json!({"userId": "nope", "role": "user"})).await.refused(404, "USER_NOT_FOUND");
        act(&browser, "set-role", json!({"userId": user.id})).await.refused(400, "VALIDATION_ERROR");
        act(&browser, "set-role", json!({"role": "user"})).await.refused(400, "VALIDATION_ERROR");
    }

    async fn a_permission_is_asked_for_by_its_name(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        for body in [
            json!({}), json!({"permissions": {"user": "create"}}), json!({"permissions": []}),
            json!({"permission": {"user": ["x"]}, "permissions": {"user": ["x"]}}),
            json!({"permissions": {"user": ["create"]}, "role": 1}),
        ] {
            act(&browser, "has-permission", body).await.refused(400, "VALIDATION_ERROR");
        }
        let old = act(&browser, "has-permission", json!({"permission": {"user": ["create"]}})).await.expect(400);
        assert_eq!(old.json(), json!({"message": "invalid permission check. no permission(s) were passed."}));
        // Of oneself, whoever is named.
        let other = json!({"userId": "x", "role": "user", "permissions": {"user": ["create"]}});
        assert_eq!(act(&browser, "has-permission", other).await.expect(200).json()["success"], true);
    }

    async fn the_settings_say_what_roles_may(database) {
        let server = with(&database, r#"
            [plugins.admin]
            admin_roles = ["boss"]
            default_role = "guest"
            [plugins.admin.roles]
            boss = { user = ["set-role", "list", "impersonate-admins", "impersonate"] }
            support = { user = ["list"], ticket = ["close"] }
            guest = {}
        "#).await;
        let (boss, chief) = somebody(&server, ADMIN).await;
        let (browser, user) = somebody(&server, EMAIL).await;
        assert_eq!(user.extra.text("role"), Some("guest"));
        set_role(&server, &chief, "boss").await;
        let set = async |role: Value| act(&boss, "set-role", json!({"userId": user.id, "role": role})).await;
        for unknown in [json!("admin"), json!(["support", "admin"]), json!(""), json!("support,boss")] {
            set(unknown).await.refused(400, "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE");
        }
        let _ = set(json!("support")).await.expect(200);
        let _ = browser.get("/admin/list-users").await.expect(200);
        act(&browser, "ban-user", json!({"userId": chief.id})).await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS");
        assert!(may(&browser, json!({"ticket": ["close"]})).await);
        assert!(!may(&browser, json!({"ticket": ["open"]})).await);
        // A role that the settings do not know may nothing, `admin` included.
        set_role(&server, &user, "admin").await;
        refused_everywhere(&browser, &chief.id).await;
    }

    async fn who_is_named_in_the_settings_may_everything(database) {
        let server = with(&database, "plugins.admin = { admin_user_ids = [\"the-owner\"] }").await;
        let (browser, owner) = somebody(&server, ADMIN).await;
        refused_everywhere(&browser, &owner.id).await;
        server.execute(r#"delete from "session""#).await;
        server.execute(r#"update "user" set "id" = 'the-owner'"#).await;
        crate::sign_in(&browser, ADMIN).await.expect(200).json();
        assert!(may(&browser, json!({"user": ["impersonate-admins"], "anything": ["at all"]})).await);
        let _ = browser.get("/admin/list-users").await.expect(200);
    }

    async fn settings_that_would_let_everybody_in_are_refused(database) {
        for (own, says) in [
            ("default_role = \"admin\"", "everybody would be an administrator"),
            ("admin_roles = [\"ADMIN\"]", "may nothing"),
            ("roles = { admin = { user = [\"fly\"] } }", "is none of create, list"),
            ("roles = { boss = { user = [\"ban\"] } }", "may nothing"),
            ("roles = { \"a,b\" = {} }", "is no role"),
            ("default_role = \"a,b\"", "without commas"),
            ("impersonation_expires_in = \"2d\"", "1 minute to 24 hours"),
            ("default_ban_expires_in = 0", "leave it out"),
            ("default_ban_reason = \" \"", "must not be empty"),
            ("role = \"x\"", "unknown field"),
        ] {
            let said = refusal(&database, own).await;
            assert!(said.contains(says), "{own}: {said}");
        }
        let field = "[[user.fields]]\nname = \"role\"\ninput = true\n[plugins.credulous]\n[plugins.admin]\n";
        let said = TestServer::try_with(&plugins(), &database, field).await.err().unwrap();
        assert!(said.contains("column user.role is declared by the configuration and by admin"), "{said}");
        assert!(said.contains("whether clients may set it"), "{said}");
    }

    async fn a_role_that_the_settings_declare_is_the_same_one(database) {
        let server = with(&database, "[[user.fields]]\nname = \"role\"\n[plugins.admin]\n").await;
        let (_, user) = somebody(&server, EMAIL).await;
        assert_eq!(user.extra.text("role"), Some("user"));
    }
}
