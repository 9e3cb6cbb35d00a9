//! Passkeys are listed, named and removed.

use std::time::Duration;

use guichet_core::serde_json::json;

use crate::*;
use guichet_testing::authenticator::Authenticator;

/// Removes a passkey with a session of yesterday.
async fn remove_late(database: &TestDatabase, settings: &str) -> Answer {
    let server = with(database, settings).await;
    let browser = entered(&server, EMAIL).await;
    let made = register(&browser, &Authenticator::es256(server.base())).await.expect(200).json();
    server.clock.advance(Duration::from_secs(25 * 3600));
    browser.post("/passkey/delete-passkey", json!({"id": made["id"]})).await
}

guichet_testing::stories! {
    async fn a_passkey_is_named_and_removed(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let made = register(&browser, &Authenticator::es256(server.base())).await.expect(200).json();
        let named = json!({"id": made["id"], "name": "  Phone "});
        let answer = browser.post("/passkey/update-passkey", named).await.expect(200).json();
        assert_eq!(answer["passkey"]["name"], "Phone");
        assert_eq!(answer["passkey"]["publicKey"], made["publicKey"]);
        let which = json!({"id": made["id"]});
        let answer = browser.post("/passkey/delete-passkey", which.clone()).await.expect(200).json();
        assert_eq!(answer, json!({"status": true}));
        browser.post("/passkey/delete-passkey", which).await.refused(404, "PASSKEY_NOT_FOUND");
        assert_eq!(browser.get("/passkey/list-user-passkeys").await.expect(200).json(), json!([]));
    }

    async fn anothers_passkey_is_out_of_reach(database) {
        let server = start(&database).await;
        let made = register(&entered(&server, EMAIL).await, &Authenticator::es256(server.base())).await.expect(200).json();
        let marie = entered(&server, OTHER).await;
        let answer = marie.post("/passkey/delete-passkey", json!({"id": made["id"]})).await.expect(401);
        assert_eq!(answer.text, "");
        marie.post("/passkey/update-passkey", json!({"id": made["id"], "name": "x"})).await
            .refused(401, "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY");
        assert_eq!(marie.get("/passkey/list-user-passkeys").await.expect(200).json(), json!([]));
        assert_eq!(server.number(r#"select count(*) from "passkey" where "name" = 'Laptop'"#).await, 1);
    }

    async fn strangers_are_refused(database) {
        let server = start(&database).await;
        let stranger = server.page_browser();
        stranger.get("/passkey/list-user-passkeys").await.refused(401, "UNAUTHORIZED");
        stranger.post("/passkey/delete-passkey", json!({"id": "x"})).await.refused(401, "UNAUTHORIZED");
        stranger.post("/passkey/update-passkey", json!({"id": "x", "name": "y"})).await.refused(401, "UNAUTHORIZED");
    }

    async fn bad_input_is_told(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        for (path, body) in [
            ("delete-passkey", json!({})), ("delete-passkey", json!({"id": 1})), ("delete-passkey", json!({"id": "a\0"})),
            ("update-passkey", json!({"id": "x"})), ("update-passkey", json!({"id": "x", "name": "  "})),
            ("update-passkey", json!({"id": "x", "name": "a".repeat(101)})),
        ] {
            browser.post(&format!("/passkey/{path}"), body).await.refused(400, "VALIDATION_ERROR");
        }
        let unknown = json!({"id": "x", "name": "y"});
        browser.post("/passkey/update-passkey", unknown).await.refused(404, "PASSKEY_NOT_FOUND");
    }

    // ASVS 7.5.1.
    async fn a_removal_needs_a_recent_sign_in(database) {
        remove_late(&database, "").await.refused(403, "SESSION_NOT_FRESH");
    }

    async fn a_removal_takes_any_session_where_the_settings_say_so(database) {
        let _ = remove_late(&database, "remove_needs_fresh = false").await.expect(200);
    }

    async fn passkeys_end_with_their_user(database) {
        let server = start(&database).await;
        let _ = owned(&server, EMAIL).await;
        server.execute(r#"delete from "user""#).await;
        assert_eq!(server.count("passkey").await, 0);
    }
}
