//! Backup codes.

use super::*;

const KEPT: &str = r#"select "backupCodes" from "twoFactor""#;

guichet_testing::stories! {
    /// ASVS 6.5.1.
    async fn each_code_works_once_and_is_told_by_mail(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        assert_eq!(jean.codes.len(), 10);
        let waiting = jean.waiting(&server).await;
        let body = backup(&waiting, &jean.codes[3]).await.expect(200).json();
        assert_eq!(session(&waiting).await["session"]["token"], body["token"]);
        let told = server.mails(EMAIL).await;
        assert!(told[0].subject.contains("code de secours") && told[0].text.contains(": 9"), "{:?}", told[0]);
        let again = jean.waiting(&server).await;
        backup(&again, &jean.codes[3]).await.refused(401, "INVALID_BACKUP_CODE");
        let _ = backup(&again, &jean.codes[4]).await.expect(200);
    }

    /// ASVS 6.5.2; NIST SP 800-63B, section 3.1.2: hashed, because they have fewer than 112 bits.
    async fn who_reads_the_database_learns_neither_codes_nor_secret(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let kept = server.text(KEPT).await.unwrap();
        let secret = server.text(r#"select "secret" from "twoFactor""#).await.unwrap();
        for code in &jean.codes {
            let (one, other) = code.split_once('-').unwrap();
            assert!(one.len() == 5 && other.len() == 5, "{code}");
            assert!(!kept.contains(one) && !kept.contains(other), "{kept}");
        }
        let plain = String::from_utf8(jean.secret.clone()).unwrap();
        assert!(plain.len() == 32 && !secret.contains(&plain) && secret.len() > 100, "{secret}");
    }

    async fn what_is_kept_of_a_code_is_not_a_code(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let kept: Vec<String> = guichet_core::serde_json::from_str(&server.text(KEPT).await.unwrap()).unwrap();
        let waiting = jean.waiting(&server).await;
        backup(&waiting, &kept[0]).await.refused(401, "INVALID_BACKUP_CODE");
        backup(&waiting, "").await.refused(401, "INVALID_BACKUP_CODE");
    }

    async fn codes_that_better_auth_sealed_are_read_and_kept_as_hashes_from_then_on(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let sealed = server.app.keyring.seal(r#"["aaaaa-bbbbb","ccccc-ddddd"]"#).unwrap();
        server.execute(&format!(r#"update "twoFactor" set "backupCodes" = '{sealed}'"#)).await;
        let waiting = jean.waiting(&server).await;
        let _ = backup(&waiting, "aaaaa-bbbbb").await.expect(200);
        assert!(server.text(KEPT).await.unwrap().starts_with("[\""));
        let again = jean.waiting(&server).await;
        backup(&again, "aaaaa-bbbbb").await.refused(401, "INVALID_BACKUP_CODE");
        let _ = backup(&again, "ccccc-ddddd").await.expect(200);
        assert_eq!(server.text(KEPT).await.unwrap(), "[]");
    }

    async fn sealed_codes_stay_sealed_where_that_is_set(database) {
        let server = with(&database, "backup_codes = \"sealed\"").await;
        let jean = enrolled(&server, EMAIL).await;
        assert!(server.app.keyring.open(&server.text(KEPT).await.unwrap()).is_ok());
        let waiting = jean.waiting(&server).await;
        let _ = backup(&waiting, &jean.codes[0]).await.expect(200);
        assert!(server.app.keyring.open(&server.text(KEPT).await.unwrap()).is_ok());
        let again = jean.waiting(&server).await;
        backup(&again, &jean.codes[0]).await.refused(401, "INVALID_BACKUP_CODE");
    }

    async fn new_codes_end_the_old_ones(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let ask = |password: &str| jean.browser.post("/two-factor/generate-backup-codes", json!({"password": password}));
        ask("wrong password").await.refused(400, "INVALID_PASSWORD");
        let answer = ask(PASSWORD).await.expect(200).json();
        let waiting = jean.waiting(&server).await;
        backup(&waiting, &jean.codes[0]).await.refused(401, "INVALID_BACKUP_CODE");
        let _ = backup(&waiting, answer["backupCodes"][9].as_str().unwrap()).await.expect(200);
        assert!(server.mails(EMAIL).await.iter().any(|mail| mail.subject == "Nouveaux codes de secours"));
    }

    async fn a_code_may_be_checked_without_a_session(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        let body = json!({"code": jean.codes[0], "disableSession": true});
        let answer = waiting.post("/two-factor/verify-backup-code", body).await.expect(200).json();
        assert!(answer.get("token").is_none() && answer["user"]["email"] == EMAIL, "{answer}");
        assert_eq!(session(&waiting).await, json!(null));
        backup(&waiting, &jean.codes[0]).await.refused(401, "INVALID_BACKUP_CODE");
        let _ = totp(&waiting, &jean.code(&server)).await.expect(200);
    }
}
