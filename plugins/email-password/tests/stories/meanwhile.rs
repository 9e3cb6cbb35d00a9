//! Between reading who somebody is and letting them in lies a hash: what others do in that time counts.

use guichet_core::plugin::Registration;
use guichet_email_password::EmailPassword;
use guichet_testing::{Meanwhile, SESSION_COOKIE, TestDatabase, TestServer};

use crate::{EMAIL, PASSWORD, sign_in, sign_up};

/// Another account with the same password, hashed with a salt of its own.
const OTHER: &str = "other@example.com";

/// A server that knows EMAIL and OTHER, where `sql` happens whenever somebody wants to sign in.
async fn start(database: &TestDatabase, sql: &str) -> TestServer {
    let server = with(database, "").await;
    for email in [EMAIL, OTHER] {
        sign_up(&server.browser(), email, PASSWORD).await.expect(200).json();
    }
    server.stop().await;
    with(database, sql).await
}

async fn with(database: &TestDatabase, sql: &str) -> TestServer {
    let plugins = [Registration::of::<EmailPassword>(), Meanwhile::registration()];
    let sql = guichet_core::serde_json::Value::from(sql);
    TestServer::with(
        &plugins,
        database,
        &format!("plugins.email-password = {{}}\nplugins.meanwhile.sql = {sql}"),
    )
    .await
}

const OF_JEAN: &str = r#"where "userId" = (select "id" from "user" where "email" = 'jean@example.com')"#;

guichet_testing::stories! {
    async fn a_password_that_is_changed_meanwhile_opens_nothing(database) {
        let server = start(&database, &format!(r#"update "account" set "password" = 'changed' {OF_JEAN}"#)).await;
        let before = server.count("session").await;
        let browser = server.browser();
        sign_in(&browser, EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert!(!browser.is_in().await);
        assert_eq!(server.count("session").await, before);
    }

    async fn one_that_is_only_hashed_anew_opens(database) {
        let anew = format!(
            r#"update "account" set "password" = (select a."password" from "account" a join "user" u on u."id" = a."userId"
               where u."email" = '{OTHER}') {OF_JEAN}"#
        );
        let server = start(&database, &anew).await;
        let browser = server.browser();
        sign_in(&browser, EMAIL, PASSWORD).await.expect(200).json();
        assert!(browser.is_in().await);
    }

    async fn who_is_deleted_meanwhile_is_an_unknown_person(database) {
        let server = start(&database, &format!(r#"delete from "user" where "email" = '{EMAIL}'"#)).await;
        sign_in(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
    }

    async fn a_session_that_is_ended_meanwhile_has_no_successor(database) {
        let plugins = [Registration::of::<EmailPassword>(), Meanwhile::registration()];
        let server = TestServer::with(&plugins, &database, "plugins.email-password = {}\nplugins.meanwhile = {}").await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let cookie = browser.cookie(SESSION_COOKIE).unwrap();
        server.stop().await;
        let settings = "plugins.email-password = {}\nplugins.meanwhile.at_new_password = 'delete from \"session\"'";
        let server = TestServer::with(&plugins, &database, settings).await;
        let browser = server.browser();
        browser.set_cookie(SESSION_COOKIE, &cookie);
        let body = guichet_core::serde_json::json!({
            "currentPassword": PASSWORD, "newPassword": "battery staple 2", "revokeOtherSessions": true,
        });
        browser.post("/change-password", body).await.refused(401, "UNAUTHORIZED");
        assert_eq!(server.count("session").await, 0);
    }

    async fn whose_address_moves_meanwhile_gets_no_session_by_it(database) {
        let moves = format!(r#"update "user" set "email" = 'moved@example.com' where "email" = '{EMAIL}'"#);
        let server = start(&database, &moves).await;
        let browser = server.browser();
        sign_in(&browser, EMAIL, PASSWORD).await.refused(401, "UNAUTHORIZED");
        assert!(!browser.is_in().await);
    }
}
