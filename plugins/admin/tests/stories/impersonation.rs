//! Being somebody else for a while.

use std::time::Duration;

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, SESSION_COOKIE, TestServer};

use crate::{ADMIN, EMAIL, act, admin, session, set_role, sign_in, somebody, start, with};

const UNREMEMBERED: &str = "better-auth.dont_remember";

async fn become_them(browser: &Browser, id: &str) -> Value {
    act(browser, "impersonate-user", json!({"userId": id})).await.expect(200).json()
}

async fn lent(server: &TestServer) -> i64 {
    server.number(r#"select count(*) from "session" where "impersonatedBy" is not null"#).await
}

guichet_testing::stories! {
    async fn an_administrator_is_somebody_else_and_comes_back(database) {
        let server = start(&database).await;
        let (browser, boss) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        let became = become_them(&browser, &user.id).await;
        assert_eq!(became["user"]["email"], EMAIL);
        let shown = session(&browser).await;
        assert_eq!(shown["session"]["impersonatedBy"], boss.id.as_str());
        assert_eq!(shown["user"]["id"], user.id.as_str());
        assert_eq!(session(&jean).await["session"]["impersonatedBy"], Value::Null, "their own session is their own");

        let back = act(&browser, "stop-impersonating", json!({})).await.expect(200).json();
        assert_eq!(back["user"]["email"], ADMIN);
        assert_eq!(session(&browser).await["user"]["email"], ADMIN);
        assert_eq!(browser.cookie("better-auth.admin_session"), None);
        assert_eq!(lent(&server).await, 0);
        let again = act(&browser, "stop-impersonating", json!({})).await.expect(400);
        assert_eq!(again.json(), json!({"message": "You are not impersonating anyone"}));
        assert_eq!(session(&jean).await["user"]["id"], user.id.as_str());
    }

    async fn it_ends_after_an_hour_whatever_the_browser_says(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        let end = become_them(&browser, &user.id).await["session"]["expiresAt"].clone();
        // Without the cookie that says so, a session of one's own would be prolonged.
        browser.set_cookie("better-auth.dont_remember", "");
        for _ in 0..3 {
            server.clock.advance(Duration::from_mins(19));
            assert_eq!(session(&browser).await["session"]["expiresAt"], end);
        }
        server.clock.advance(Duration::from_mins(4));
        assert_eq!(session(&browser).await, Value::Null);
    }

    async fn the_settings_say_for_how_long(database) {
        let server = with(&database, "plugins.admin = { impersonation_expires_in = \"5m\" }").await;
        let (browser, _) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        become_them(&browser, &user.id).await;
        server.clock.advance(Duration::from_mins(6));
        assert_eq!(session(&browser).await, Value::Null);
    }

    async fn who_is_somebody_else_changes_nothing_of_how_they_sign_in(database) {
        let server = start(&database).await;
        let (browser, boss) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        become_them(&browser, &user.id).await;
        for path in ["/revoke-sessions", "/revoke-other-sessions"] {
            browser.post(path, json!({})).await.refused(403, "IMPERSONATED_SESSION");
        }
        browser.post("/revoke-session", json!({"token": "x"})).await.refused(403, "IMPERSONATED_SESSION");
        browser.post("/delete-user", json!({})).await.refused(403, "IMPERSONATED_SESSION");
        browser.post("/unlink-account", json!({"accountId": "x"})).await.refused(403, "SESSION_NOT_FRESH");
        browser.post("/renew", json!({})).await.refused(403, "IMPERSONATED_SESSION");
        // What they see and say as the user goes on.
        let _ = browser.get("/list-accounts").await.expect(200);
        let _ = browser.post("/update-user", json!({"name": "Jean"})).await.expect(200);
        // Nor is anything an administrator's.
        browser.get("/admin/list-users").await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS");
        act(&browser, "impersonate-user", json!({"userId": boss.id})).await
            .refused(403, "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS");
        assert_eq!(session(&jean).await["user"]["name"], "Jean");
    }

    async fn their_list_of_devices_is_without_it(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        become_them(&browser, &user.id).await;
        for browser in [&jean, &browser] {
            let list = browser.get("/list-sessions").await.expect(200).json();
            let list = list.as_array().unwrap();
            assert_eq!(list.len(), 1, "{list:?}");
            assert_eq!(list[0]["impersonatedBy"], Value::Null);
        }
        let seen = browser.get("/list-sessions").await.expect(200).json();
        let own = session(&jean).await;
        assert_ne!(seen[0]["token"], own["session"]["token"], "the token that opens it is not given away");
    }

    async fn an_administrator_is_nobody_elses_mask(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, other) = somebody(&server, EMAIL).await;
        set_role(&server, &other, "user,admin").await;
        act(&browser, "impersonate-user", json!({"userId": other.id})).await.refused(403, "YOU_CANNOT_IMPERSONATE_ADMINS");
        act(&browser, "impersonate-user", json!({"userId": "nope"})).await.refused(404, "USER_NOT_FOUND");
        assert_eq!(session(&browser).await["user"]["email"], ADMIN);
    }

    async fn where_it_is_allowed_they_still_act_under_their_own_name(database) {
        let server = with(&database, "plugins.admin = { allow_impersonating_admins = true }").await;
        let (browser, _) = admin(&server).await;
        let (_, other) = somebody(&server, EMAIL).await;
        set_role(&server, &other, "admin").await;
        become_them(&browser, &other.id).await;
        browser.get("/admin/list-users").await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS");
        let may = act(&browser, "has-permission", json!({"permissions": {"user": ["list"]}})).await.expect(200);
        assert_eq!(may.json()["success"], false);
    }

    async fn a_banned_person_is_nobodys_mask(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        let _ = act(&browser, "ban-user", json!({"userId": user.id})).await.expect(200);
        act(&browser, "impersonate-user", json!({"userId": user.id})).await.refused(403, "BANNED_USER");
        assert_eq!((session(&browser).await["user"]["email"].clone(), lent(&server).await), (json!(ADMIN), 0));
    }

    async fn a_ban_of_who_is_played_ends_it(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (second, other) = somebody(&server, "second@example.com").await;
        set_role(&server, &other, "admin").await;
        let (_, user) = somebody(&server, EMAIL).await;
        become_them(&second, &user.id).await;
        let _ = act(&browser, "ban-user", json!({"userId": user.id})).await.expect(200);
        assert_eq!((session(&second).await, lent(&server).await), (Value::Null, 0));
    }

    async fn it_ends_with_the_administrator(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (second, other) = somebody(&server, "second@example.com").await;
        let (_, user) = somebody(&server, EMAIL).await;
        for (action, body) in [
            ("set-role", json!({"userId": other.id, "role": "user"})),
            ("update-user", json!({"userId": other.id, "data": {"role": "user"}})),
            ("revoke-user-sessions", json!({"userId": other.id})),
            ("set-user-password", json!({"userId": other.id, "newPassword": "a long walk by the sea"})),
            ("ban-user", json!({"userId": other.id})),
            ("remove-user", json!({"userId": other.id})),
        ] {
            set_role(&server, &other, "admin").await;
            let _ = act(&browser, "unban-user", json!({"userId": other.id})).await.expect(200);
            sign_in(&second, "second@example.com").await.expect(200).json();
            become_them(&second, &user.id).await;
            assert_eq!(lent(&server).await, 1);
            let _ = act(&browser, action, body).await.expect(200);
            assert_eq!((session(&second).await, lent(&server).await), (Value::Null, 0), "{action}");
        }
    }

    async fn without_the_own_session_there_is_no_way_back(database) {
        let server = start(&database).await;
        let (browser, boss) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        let (_, third) = somebody(&server, "third@example.com").await;
        become_them(&browser, &user.id).await;
        // Another administrator's own session is no way back either.
        let (second, other) = somebody(&server, "second@example.com").await;
        set_role(&server, &other, "admin").await;
        become_them(&second, &third.id).await;
        let kept = browser.cookie("better-auth.admin_session").unwrap();
        let foreign = second.cookie("better-auth.admin_session").unwrap();
        for bad in [foreign.as_str(), "", "x", &format!("x{kept}")] {
            browser.set_cookie("better-auth.admin_session", bad);
            let lost = act(&browser, "stop-impersonating", json!({})).await.expect(500);
            assert_eq!(lost.json(), json!({"message": "Failed to find admin session"}));
        }
        browser.set_cookie("better-auth.admin_session", &kept);
        server.execute(&format!(r#"delete from "session" where "userId" = '{}'"#, boss.id)).await;
        let lost = act(&browser, "stop-impersonating", json!({})).await.expect(500);
        assert_eq!(lost.json(), json!({"message": "Failed to find admin session"}));
        // A sign-out ends it all the same.
        let _ = browser.post("/sign-out", json!({})).await.expect(200);
        assert_eq!((session(&browser).await, lent(&server).await), (Value::Null, 1));
    }

    async fn who_was_not_remembered_is_not_afterwards(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        become_them(&browser, &user.id).await;
        let back = act(&browser, "stop-impersonating", json!({})).await.expect(200);
        let cookies = back.set_cookies();
        let own = cookies.iter().find(|cookie| cookie.name() == SESSION_COOKIE).unwrap();
        assert!(own.max_age().is_some(), "{own}");
        // Now with an own session that ends with the browser.
        let entry = json!({"email": ADMIN, "remember": false});
        browser.post("/sign-in/credulous", entry).await.expect(200).json();
        become_them(&browser, &user.id).await;
        let back = act(&browser, "stop-impersonating", json!({})).await.expect(200);
        let cookies = back.set_cookies();
        let own = cookies.iter().find(|cookie| cookie.name() == SESSION_COOKIE).unwrap();
        assert!(own.max_age().is_none(), "{own}");
        assert!(browser.cookie(UNREMEMBERED).is_some());
    }
}
