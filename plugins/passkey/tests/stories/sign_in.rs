//! Somebody signs in with a passkey.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guichet_core::serde_json::{Value, json};

use crate::*;
use guichet_testing::authenticator::{Authenticator, BACKUP_ELIGIBLE, PRESENT, VERIFIED, b64};

guichet_testing::stories! {
    /// Wishes: 72.
    async fn a_passkey_signs_in_without_a_name(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        let browser = server.page_browser();
        let mut options = sign_in_options(&browser).await;
        let answer = send(&browser, &authenticator.get(&options)).await.expect(200).json();
        assert_eq!(answer["user"]["email"], EMAIL);
        assert_eq!(answer["session"]["userId"], answer["user"]["id"]);
        assert!(browser.is_in().await);
        assert_eq!(server.number(r#"select "counter" from "passkey""#).await, 1);
        // Strangers learn nobody's credentials.
        assert_eq!(options["challenge"].as_str().unwrap().len(), 43);
        options["challenge"] = Value::Null;
        assert_eq!(options, json!({
            "rpId": "127.0.0.1", "challenge": null, "timeout": 60000, "userVerification": "required",
        }));
        let own = sign_in_options(&browser).await;
        assert_eq!(own["allowCredentials"], json!([
            {"id": b64(&authenticator.id), "type": "public-key", "transports": ["internal", "hybrid"]},
        ]));
    }

    async fn the_session_says_what_was_proven(database) {
        let server = with(&database, "user_verification = \"preferred\"").await;
        let mut authenticator = owned(&server, EMAIL).await;
        for (flags, amr, aal) in [
            (PRESENT | VERIFIED, "hwk user", 2),
            (PRESENT, "hwk user", 1),
            (PRESENT | VERIFIED | BACKUP_ELIGIBLE, "swk user", 2),
        ] {
            server.execute(r#"delete from "session""#).await;
            authenticator.flags = flags;
            let _ = sign_in(&server.page_browser(), &mut authenticator).await.expect(200);
            assert_eq!(server.text(r#"select "amr" from "session""#).await.as_deref(), Some(amr));
            assert_eq!(server.number(r#"select "aal" from "session""#).await, aal);
        }
    }

    async fn a_passkey_without_a_counter_signs_in_again_and_again(database) {
        let server = start(&database).await;
        let authenticator = owned(&server, EMAIL).await;
        for _ in 0..3 {
            let browser = server.page_browser();
            let options = sign_in_options(&browser).await;
            let _ = send(&browser, &authenticator.get_again(&options)).await.expect(200);
        }
    }

    /// Take-over: a row as Better Auth wrote it.
    async fn a_passkey_that_better_auth_stored_signs_in(database) {
        let server = start(&database).await;
        let user = server.text(r#"select "id" from "user" where "email" = 'jean@example.com'"#).await.unwrap();
        for mut authenticator in [Authenticator::es256(server.base()), Authenticator::rs256(server.base())] {
            let (key, id) = (STANDARD.encode(authenticator.cose()), b64(&authenticator.id));
            server.execute(&format!(
                r#"insert into "passkey" ("id", "name", "publicKey", "userId", "credentialID", "counter", "deviceType",
                   "backedUp", "transports", "createdAt", "aaguid")
                   values ('{id:.32}', null, '{key}', '{user}', '{id}', 41, 'singleDevice', false, 'usb,nfc',
                   '2025-03-01T10:00:00.000Z', '00000000-0000-0000-0000-000000000000')"#
            )).await;
            authenticator.counter = 41;
            // The handle was drawn by Better Auth, and is not in the table.
            authenticator.user_handle = json!(b64(b"k2v9c0q3x7m1z8b5n4l6j0h2g9f3d7s1"));
            let browser = server.page_browser();
            let answer = sign_in(&browser, &mut authenticator).await.expect(200).json();
            assert_eq!(answer["user"]["id"], user.as_str());
        }
        assert_eq!(server.number(r#"select count(*) from "passkey" where "counter" = 42"#).await, 2);
    }

    async fn who_is_signed_in_proves_to_be_themselves(database) {
        let server = start(&database).await;
        let mut marie = owned(&server, OTHER).await;
        let mut jean = owned(&server, EMAIL).await;
        let browser = entered(&server, EMAIL).await;
        sign_in(&browser, &mut marie).await.refused(401, "PASSKEY_NOT_FOUND");
        let _ = sign_in(&browser, &mut jean).await.expect(200);
    }
}
