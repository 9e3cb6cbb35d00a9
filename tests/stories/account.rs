//! What people do with their own account: change it, list how they sign in, leave.

use guichet_testing::{Browser, TestDatabase, TestServer};
use serde_json::{Value, json};

use crate::{EMAIL, PASSWORD, sign_in, sign_up, visitor};

const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// Starts with passwords and codes; `own` is the rest of the configuration.
async fn with(database: &TestDatabase, own: &str) -> TestServer {
    let settings = format!("{own}\n[plugins.email-otp]\n[plugins.email-password]\n");
    crate::with(database, &settings).await
}

async fn user(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()["user"].clone()
}

guichet_testing::stories! {
    /// Wishes: 57, 77.
    async fn a_user_changes_what_clients_may_set_and_nothing_else(database) {
        let fields = "[user]\nfields = [\n { name = \"surname\", input = true }, { name = \"level\", default = \"low\" },\n \
            { name = \"badge\", input = true, unique = true } ]";
        let server = with(&database, fields).await;
        let browser = visitor(&server, EMAIL).await;
        let body = json!({"name": "Jeanne", "image": "https://img.test/x.png", "surname": "Dupont", "shoe": 43});
        let answer = browser.post("/update-user", body).await.expect(200);
        assert_eq!(answer.json(), json!({"status": true}));
        assert!(answer.set_cookies()[0].max_age().is_some());
        let now = user(&browser).await;
        assert_eq!([&now["name"], &now["surname"], &now["level"]], ["Jeanne", "Dupont", "low"]);
        browser.post("/update-user", json!({"image": null, "surname": null})).await.expect(200).json();
        assert_eq!([&user(&browser).await["image"], &user(&browser).await["surname"]], [&Value::Null, &Value::Null]);

        for nothing in [json!({}), json!({"shoe": 43}), json!({"emailVerified": false, "id": "x", "level": ""})] {
            let refused = browser.post("/update-user", nothing).await.expect(400);
            assert_eq!(refused.json(), json!({"message": "No fields to update"}));
        }
        browser.post("/update-user", json!({"email": "b@example.com"})).await.refused(400, "EMAIL_CAN_NOT_BE_UPDATED");
        browser.post("/update-user", json!({"level": "high"})).await.refused(400, "FIELD_NOT_ALLOWED");
        let refused = browser.post("/update-user", json!([1])).await.expect(400).json();
        assert_eq!(refused["message"], "[body] Invalid input: expected record, received array");
        browser.post("/update-user", json!({"name": null})).await.refused(400, "VALIDATION_ERROR");
        browser.post("/update-user", json!({"name": [7]})).await.refused(400, "VALIDATION_ERROR");
        // The type of a plain text is not asked for (contract, section 1).
        browser.post("/update-user", json!({"name": 7, "surname": true})).await.expect(200).json();
        assert_eq!([&user(&browser).await["name"], &user(&browser).await["surname"]], ["7", "true"]);
        server.browser().post("/update-user", json!({"name": "x"})).await.refused(401, "UNAUTHORIZED");

        let other = visitor(&server, "other@example.com").await;
        browser.post("/update-user", json!({"badge": "7"})).await.expect(200).json();
        other.post("/update-user", json!({"badge": "7"})).await.refused(422, "FAILED_TO_UPDATE_USER");
    }

    async fn a_session_that_is_not_remembered_stays_so_when_its_user_changes(database) {
        let server = with(&database, "").await;
        sign_up(&server, EMAIL).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "password": PASSWORD, "rememberMe": false});
        browser.post("/sign-in/email", body).await.expect(200).json();
        let answer = browser.post("/update-user", json!({"name": "Jeanne"})).await.expect(200);
        assert!(answer.set_cookies()[0].max_age().is_none());
    }

    async fn a_field_may_be_refused_at_sign_up_or_quietly_get_its_default(database) {
        let fields = "[user]\nfields = [\n { name = \"role\", default = \"user\", guarded = true },\n { name = \"level\", default = \"low\" } ]";
        let server = with(&database, fields).await;
        let body = |field: &str| json!({"email": EMAIL, "password": PASSWORD, "name": "x", field: "admin"});
        server.browser().post("/sign-up/email", body("role")).await.refused(400, "FIELD_NOT_ALLOWED");
        let made = server.browser().post("/sign-up/email", body("level")).await.expect(200).json();
        assert_eq!([&made["user"]["role"], &made["user"]["level"]], ["user", "low"]);
    }

    async fn a_session_has_fields_of_its_own(database) {
        let server = with(&database, "[session]\nfields = [\n { name = \"colour\", input = true }, { name = \"rank\" } ]").await;
        let browser = visitor(&server, EMAIL).await;
        let answer = browser.post("/update-session", json!({"colour": "blue", "token": "x"})).await.expect(200).json();
        assert_eq!(answer["session"]["colour"], "blue");
        let kept = browser.get("/get-session").await.json()["session"].clone();
        assert_eq!(kept, answer["session"]);
        let refused = browser.post("/update-session", json!({"token": "x", "userId": "y"})).await.expect(400);
        assert_eq!(refused.json(), json!({"message": "No fields to update"}));
        browser.post("/update-session", json!({"rank": "first"})).await.refused(400, "FIELD_NOT_ALLOWED");
        browser.post("/update-session", json!({"colour": [7]})).await.refused(400, "VALIDATION_ERROR");
        server.browser().post("/update-session", json!({"colour": "red"})).await.refused(401, "UNAUTHORIZED");
    }

    async fn accounts_are_listed_without_secrets_and_the_last_one_stays(database) {
        let server = with(&database, "").await;
        let browser = sign_up(&server, EMAIL).await;
        let list = browser.get("/list-accounts").await.expect(200).json();
        assert_eq!(list[0]["providerId"], "credential");
        assert_eq!(list[0]["scopes"], json!([]));
        assert!(list[0].get("password").is_none());
        let id = list[0]["id"].clone();
        browser.post("/unlink-account", json!({"accountId": id})).await.refused(400, "FAILED_TO_UNLINK_LAST_ACCOUNT");
        server
            .execute(
                r#"insert into "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
                   select 'second', 's', 'elsewhere', "userId", "createdAt", "updatedAt" from "account""#,
            )
            .await;
        browser.post("/unlink-account", json!({"accountId": "nope"})).await.refused(400, "ACCOUNT_NOT_FOUND");
        let other = sign_up(&server, "other@example.com").await;
        other.post("/unlink-account", json!({"accountId": "second"})).await.refused(400, "FAILED_TO_UNLINK_LAST_ACCOUNT");
        // Both at once: one goes, and one stays.
        let (first, second) = tokio::join!(
            browser.post("/unlink-account", json!({"accountId": id})),
            browser.post("/unlink-account", json!({"accountId": "second"})),
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
        server.clock.advance(DAY);
        browser.post("/unlink-account", json!({"accountId": id})).await.refused(403, "SESSION_NOT_FRESH");
        server.browser().get("/list-accounts").await.refused(401, "UNAUTHORIZED");
    }

    async fn an_account_is_deleted_by_a_mailed_link_in_the_own_browser_only(database) {
        let server = with(&database, "[user]\ndelete_account = true").await;
        let (here, there) = (sign_up(&server, EMAIL).await, server.browser());
        sign_in(&server, &there, EMAIL).await;
        sign_in(&server, &here, EMAIL).await;
        let other = visitor(&server, "other@example.com").await;
        let asked = here.post("/delete-user", json!({"callbackURL": "/bye"})).await.expect(200).json();
        assert_eq!(asked, json!({"success": true, "message": "Verification email sent"}));
        let link = server.mailed_link(EMAIL).await;
        assert!(link.starts_with("/api/auth/delete-user/callback?token=") && link.ends_with("&callbackURL=%2Fbye"), "{link}");
        let token = link.split(['=', '&']).nth(1).unwrap();
        let kept = server.text(r#"select "identifier" from "verification" where "identifier" like 'delete-account-%'"#).await;
        assert!(!kept.unwrap().contains(token), "the token is hashed");

        server.browser().open(&link).await.refused(404, "FAILED_TO_GET_USER_INFO");
        other.open(&link).await.refused(404, "INVALID_TOKEN");
        here.get("/delete-user/callback?token=nope").await.refused(404, "INVALID_TOKEN");
        here.open(&link.replace("%2Fbye", "https%3A%2F%2Fevil.test")).await.refused(403, "INVALID_CALLBACK_URL");
        let done = here.open(&link).await.expect(302);
        assert_eq!(done.header("location"), "/bye");
        assert_eq!(done.set_cookies().len(), 3, "the three deletions of the contract");
        assert_eq!(user(&here).await, Value::Null);
        assert_eq!(user(&there).await, Value::Null, "sessions elsewhere ended too");
        assert_eq!((server.count("user").await, server.count("session").await), (1, 1));
        other.open(&link).await.refused(404, "INVALID_TOKEN");
    }

    async fn a_deletion_link_ends_after_a_day(database) {
        let server = with(&database, "[user]\ndelete_account = true").await;
        let browser = visitor(&server, EMAIL).await;
        browser.post("/delete-user", json!({})).await.expect(200).json();
        let link = server.mailed_link(EMAIL).await;
        server.clock.advance(DAY);
        browser.open(&link).await.refused(404, "INVALID_TOKEN");
        assert_eq!(server.count("user").await, 1);
    }

    async fn at_once_takes_the_password_or_a_recent_sign_in(database) {
        let server = with(&database, "[user]\ndelete_account = true\ndelete_by_mail = false").await;
        let browser = sign_up(&server, EMAIL).await;
        browser.post("/delete-user", json!({"password": "wrong one"})).await.refused(400, "INVALID_PASSWORD");
        browser.post("/delete-user", json!({"token": "nope"})).await.refused(404, "INVALID_TOKEN");
        let by_code = visitor(&server, "code@example.com").await;
        by_code.post("/delete-user", json!({"password": PASSWORD})).await.refused(400, "CREDENTIAL_ACCOUNT_NOT_FOUND");
        server.clock.advance(DAY);
        by_code.post("/delete-user", json!({})).await.refused(400, "SESSION_EXPIRED");
        let done = browser.post("/delete-user", json!({"password": PASSWORD})).await.expect(200).json();
        assert_eq!(done, json!({"success": true, "message": "User deleted"}));
        assert_eq!((server.count("user").await, server.count("account").await), (1, 0));
        server.browser().post("/delete-user", json!({})).await.refused(401, "UNAUTHORIZED");
    }

    async fn a_password_is_not_guessed_by_deleting(database) {
        let own = "[rate_limit]\nenabled = true\nmax = 1000\n[user]\ndelete_account = true";
        let server = with(&database, own).await;
        let browser = sign_up(&server, EMAIL).await;
        for _ in 0..10 {
            browser.post("/delete-user", json!({"password": "wrong one"})).await.refused(400, "INVALID_PASSWORD");
        }
        browser.post("/delete-user", json!({"password": PASSWORD})).await.refused(429, "TOO_MANY_REQUESTS");
        assert_eq!(server.count("user").await, 1);
    }

    async fn nobody_deletes_themselves_unless_that_is_configured(database) {
        let server = with(&database, "").await;
        let browser = visitor(&server, EMAIL).await;
        let refused = browser.post("/delete-user", json!({})).await.expect(404);
        assert_eq!(refused.text, "");
        browser.get("/delete-user/callback?token=x").await.refused(404, "NOT_FOUND");
        assert_eq!(server.count("user").await, 1);
    }

    async fn a_refusal_of_get_session_by_post_is_kept_nowhere(database) {
        let server = with(&database, "").await;
        let refused = server.browser().post("/get-session", json!({})).await.expect(405);
        assert_eq!([refused.header("cache-control"), refused.header("pragma")], ["no-store", "no-cache"]);
    }
}
