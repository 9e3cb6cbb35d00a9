//! A passkey is made.

use base64::Engine as _;
use guichet_core::serde_json::{Value, json};
use guichet_testing::SESSION_COOKIE;

use crate::*;
use guichet_testing::authenticator::{Authenticator, BACKED_UP, BACKUP_ELIGIBLE, b64};

guichet_testing::stories! {
    async fn the_options_say_what_the_contract_says(database) {
        let server = with(&database, "user_verification = \"preferred\"").await;
        let browser = entered(&server, EMAIL).await;
        let path = "/passkey/generate-register-options?name=My%20key&authenticatorAttachment=cross-platform";
        let mut options = browser.get(path).await.expect(200).json();
        // ASVS 6.7.2: 32 bytes, 43 characters.
        assert_eq!(options["challenge"].as_str().unwrap().len(), 43);
        assert_eq!(options["user"]["id"].as_str().unwrap().len(), 43);
        options["challenge"] = Value::Null;
        options["user"]["id"] = Value::Null;
        assert_eq!(options, json!({
            "challenge": null, "rp": {"name": server.app.config.app_name, "id": "127.0.0.1"},
            "user": {"id": null, "name": "My key", "displayName": EMAIL},
            "pubKeyCredParams": [
                {"alg": -8, "type": "public-key"}, {"alg": -7, "type": "public-key"}, {"alg": -257, "type": "public-key"},
            ],
            "timeout": 60000, "attestation": "none", "excludeCredentials": [],
            "authenticatorSelection": {
                "residentKey": "preferred", "userVerification": "preferred", "requireResidentKey": false,
                "authenticatorAttachment": "cross-platform",
            },
            "extensions": {"credProps": true}, "hints": [],
        }));
    }

    async fn challenges_are_drawn_anew(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let (one, other) = (register_options(&browser).await, register_options(&browser).await);
        assert_ne!(one["challenge"], other["challenge"]);
        assert_ne!(one["user"]["id"], other["user"]["id"]);
    }

    async fn the_row_has_better_auths_form(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let authenticator = Authenticator::es256(server.base());
        let made = register(&browser, &authenticator).await.expect(200).json();
        assert_eq!(made["credentialID"], b64(&authenticator.id).as_str());
        let key = base64::engine::general_purpose::STANDARD.encode(authenticator.cose());
        assert_eq!(made["publicKey"], key.as_str());
        for (member, said) in [
            ("name", json!("Laptop")), ("counter", json!(0)), ("deviceType", json!("singleDevice")),
            ("backedUp", json!(false)), ("transports", json!("internal,hybrid")),
            ("aaguid", json!("07070707-0707-0707-0707-070707070707")),
        ] {
            assert_eq!(made[member], said, "{member}");
        }
        let listed = browser.get("/passkey/list-user-passkeys").await.expect(200).json();
        assert_eq!(listed, json!([made]));
        let excluded = &register_options(&browser).await["excludeCredentials"];
        assert_eq!(*excluded, json!([
            {"id": b64(&authenticator.id), "type": "public-key", "transports": ["internal", "hybrid"]},
        ]));
    }

    async fn every_algorithm_that_is_asked_for_signs_in(database) {
        let server = start(&database).await;
        let base = server.base();
        for mut authenticator in [Authenticator::eddsa(base), Authenticator::es256(base), Authenticator::rs256(base)] {
            let _ = register(&entered(&server, EMAIL).await, &authenticator).await.expect(200);
            let browser = server.page_browser();
            let _ = sign_in(&browser, &mut authenticator).await.expect(200);
            assert!(browser.is_in().await);
        }
    }

    async fn what_the_device_says_of_backups_is_kept(database) {
        let server = start(&database).await;
        let mut authenticator = Authenticator::es256(server.base());
        authenticator.flags |= BACKUP_ELIGIBLE;
        let made = register(&entered(&server, EMAIL).await, &authenticator).await.expect(200).json();
        assert_eq!((&made["deviceType"], &made["backedUp"]), (&json!("multiDevice"), &json!(false)));
        authenticator.flags |= BACKED_UP;
        let _ = sign_in(&server.page_browser(), &mut authenticator).await.expect(200);
        assert_eq!(server.number(r#"select count(*) from "passkey" where "backedUp""#).await, 1);
    }

    async fn a_statement_by_the_key_itself_is_checked(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let mut authenticator = Authenticator::es256(server.base());
        authenticator.packed = Some(true);
        register(&browser, &authenticator).await.refused(500, "FAILED_TO_VERIFY_REGISTRATION");
        authenticator.packed = Some(false);
        let _ = register(&browser, &authenticator).await.expect(200);
    }

    async fn a_session_can_begin_along_with_the_passkey(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let before = browser.cookie(SESSION_COOKIE).unwrap();
        let authenticator = Authenticator::es256(server.base());
        let response = authenticator.create(&register_options(&browser).await);
        let body = json!({"response": response, "createSession": true});
        let answer = browser.post("/passkey/verify-registration", body).await.expect(200).json();
        assert_eq!(answer["user"]["email"], EMAIL);
        assert_eq!(answer["name"], Value::Null);
        assert_ne!(browser.cookie(SESSION_COOKIE).unwrap(), before);
        assert_eq!(server.number(r#"select count(*) from "session" where "aal" = 2"#).await, 1);
    }

    // ASVS 6.3.7.
    async fn the_owner_is_told_of_an_addition_and_a_removal(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let made = register(&browser, &Authenticator::es256(server.base())).await.expect(200).json();
        assert_eq!(server.mails(EMAIL).await.len(), 1);
        assert!(server.mails(EMAIL).await[0].text.contains("Laptop"));
        let _ = browser.post("/passkey/delete-passkey", json!({"id": made["id"]})).await.expect(200);
        assert_eq!(server.mails(EMAIL).await.len(), 2);
    }

    /// Whoever set an account up under somebody else's address keeps no way in.
    async fn a_passkey_from_before_the_mailbox_was_proven_dies(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        server.execute(r#"update "user" set "emailVerified" = false"#).await;
        let owner = server.page_browser();
        let _ = owner.post("/sign-in/credulous", json!({"email": EMAIL, "proves": true})).await.expect(200);
        sign_in(&server.page_browser(), &mut authenticator).await.refused(401, "PASSKEY_NOT_FOUND");
    }
}
