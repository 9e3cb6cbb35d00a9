//! Between reading who somebody is and letting them in, another database may be asked: what happens in that time counts.

use guichet_core::plugin::Registration;
use guichet_email_otp::EmailOtp;
use guichet_testing::{Meanwhile, TestDatabase, TestServer};

use crate::{EMAIL, send, sign_in};

async fn with(database: &TestDatabase, sql: &str) -> TestServer {
    let plugins = [Registration::of::<EmailOtp>(), Meanwhile::registration()];
    let sql = guichet_core::serde_json::Value::from(sql);
    TestServer::with(&plugins, database, &format!("plugins.email-otp = {{}}\nplugins.meanwhile.sql = {sql}"))
        .await
}

guichet_testing::stories! {
    async fn who_is_turned_away_gets_no_mail_of_any_kind(database) {
        let plugins = [Registration::of::<EmailOtp>(), Meanwhile::registration()];
        let settings = "plugins.email-otp = {}\nplugins.meanwhile.turns_away = true";
        let server = TestServer::with(&plugins, &database, settings).await;
        server.user(EMAIL).await;
        for purpose in ["sign-in", "email-verification", "forget-password"] {
            let body = guichet_core::serde_json::json!({"email": EMAIL, "type": purpose});
            server.browser().post("/email-otp/send-verification-otp", body).await.expect(200).json();
        }
        assert!(server.mails(EMAIL).await.is_empty());
    }

    async fn an_address_that_moves_or_a_user_who_goes_meanwhile_gets_no_session(database) {
        for (expected, sql) in [
            (401, format!(r#"update "user" set "email" = 'moved@example.com' where "email" = '{EMAIL}'"#)),
            (401, format!(r#"delete from "user" where "email" = '{EMAIL}'"#)),
            (200, r#"update "user" set "name" = 'Somebody'"#.to_owned()),
        ] {
            let server = with(&database, "").await;
            server.user(EMAIL).await;
            send(&server.browser(), EMAIL).await.expect(200).json();
            let code = server.code(EMAIL).await;
            server.stop().await;
            let server = with(&database, &sql).await;
            assert_eq!(sign_in(&server.browser(), EMAIL, &code).await.status, expected, "{sql}");
            let sessions = server.count("session").await;
            assert_eq!(sessions, i64::from(expected == 200), "{sql}");
            server.stop().await;
        }
    }
}
