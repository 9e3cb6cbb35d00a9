//! Who is banned, and for how long.

use std::time::Duration;

use guichet_core::serde_json::{Value, json};

use crate::{ADMIN, EMAIL, act, admin, session, sign_in, somebody, start, with};

guichet_testing::stories! {
    async fn a_ban_ends_every_session_and_is_told_at_the_door(database) {
        let server = start(&database).await;
        let (browser, boss) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        sign_in(&server.browser(), EMAIL).await.expect(200).json();
        let banned = act(&browser, "ban-user", json!({"userId": user.id})).await.expect(200).json();
        let shown = &banned["user"];
        assert_eq!([&shown["banned"], &shown["banReason"], &shown["banExpires"]], [&json!(true), &json!("No reason"), &Value::Null]);
        assert_eq!(session(&jean).await, Value::Null);
        assert_eq!(server.count("session").await, 1, "the administrator's");
        let refused = sign_in(&jean, EMAIL).await;
        assert_eq!(refused.json()["message"], "You have been banned from this application. Please contact support if you believe this is an error.");
        refused.refused(403, "BANNED_USER");
        assert_eq!(session(&jean).await, Value::Null);

        let free = act(&browser, "unban-user", json!({"userId": user.id})).await.expect(200).json();
        let shown = &free["user"];
        assert_eq!([&shown["banned"], &shown["banReason"], &shown["banExpires"]], [&json!(false), &Value::Null, &Value::Null]);
        sign_in(&jean, EMAIL).await.expect(200).json();
        assert_eq!(session(&browser).await["user"]["id"], boss.id.as_str());
    }

    async fn a_ban_that_is_over_is_lifted_at_the_door(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        let body = json!({"userId": user.id, "banReason": "Spam", "banExpiresIn": 3600});
        let banned = act(&browser, "ban-user", body).await.expect(200).json();
        assert_eq!(banned["user"]["banReason"], "Spam");
        server.clock.advance(Duration::from_secs(3599));
        sign_in(&jean, EMAIL).await.refused(403, "BANNED_USER");
        server.clock.advance(Duration::from_secs(2));
        sign_in(&jean, EMAIL).await.expect(200).json();
        let user = &session(&jean).await["user"];
        assert_eq!([&user["banned"], &user["banReason"], &user["banExpires"]], [&json!(false), &Value::Null, &Value::Null]);
    }

    async fn the_settings_say_what_a_ban_says(database) {
        let settings = "plugins.admin = { banned_message = \"Go away\", default_ban_reason = \"Because\", default_ban_expires_in = \"1h\" }";
        let server = with(&database, settings).await;
        let (browser, _) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        let banned = act(&browser, "ban-user", json!({"userId": user.id, "banReason": ""})).await.expect(200).json();
        assert_eq!(banned["user"]["banReason"], "Because");
        let answer = sign_in(&jean, EMAIL).await;
        assert_eq!(answer.json(), json!({"code": "BANNED_USER", "message": "Go away"}));
        server.clock.advance(Duration::from_secs(3601));
        sign_in(&jean, EMAIL).await.expect(200).json();
    }

    async fn in_french_it_is_said_in_french(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        let _ = act(&browser, "ban-user", json!({"userId": user.id})).await.expect(200);
        let said = sign_in(&server.browser().header("accept-language", "fr"), EMAIL).await.expect(403).json();
        assert!(said["message"].as_str().unwrap().contains("suspendu"), "{said}");
    }

    async fn nobody_bans_themselves_and_bad_bans_are_refused(database) {
        let server = start(&database).await;
        let (browser, boss) = admin(&server).await;
        act(&browser, "ban-user", json!({"userId": boss.id})).await.refused(400, "YOU_CANNOT_BAN_YOURSELF");
        let update = json!({"userId": boss.id, "data": {"banned": true}});
        act(&browser, "update-user", update).await.refused(400, "YOU_CANNOT_BAN_YOURSELF");
        for action in ["ban-user", "unban-user"] {
            act(&browser, action, json!({"userId": "nope"})).await.refused(404, "USER_NOT_FOUND");
            act(&browser, action, json!({})).await.refused(400, "VALIDATION_ERROR");
        }
        let (_, user) = somebody(&server, EMAIL).await;
        for field in [json!({"banExpiresIn": "1h"}), json!({"banExpiresIn": 1e300}), json!({"banReason": 5}), json!({"banReason": "a\0b"})] {
            let mut body = json!({"userId": user.id});
            body.as_object_mut().unwrap().extend(field.as_object().unwrap().clone());
            act(&browser, "ban-user", body).await.refused(400, "VALIDATION_ERROR");
        }
        assert_eq!(session(&browser).await["user"]["email"], ADMIN);
        assert_eq!(server.number(r#"select count(*) from "user" where "banReason" is not null"#).await, 0);
    }

    async fn a_ban_by_update_is_one_too(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (jean, user) = somebody(&server, EMAIL).await;
        let body = json!({"userId": user.id, "data": {"banned": true, "banReason": "Spam"}});
        assert_eq!(act(&browser, "update-user", body).await.expect(200).json()["banned"], true);
        assert_eq!(session(&jean).await, Value::Null);
        sign_in(&jean, EMAIL).await.refused(403, "BANNED_USER");
    }

    async fn a_banned_administrator_acts_no_more(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (other, user) = somebody(&server, EMAIL).await;
        let _ = act(&browser, "set-role", json!({"userId": user.id, "role": "admin"})).await.expect(200);
        let _ = other.get("/admin/list-users").await.expect(200);
        let _ = act(&browser, "ban-user", json!({"userId": user.id})).await.expect(200);
        let _ = other.get("/admin/list-users").await.expect(401);
    }
}
