//! Passwords: whole, hashed, and what their change ends.

use std::time::Duration;

use guichet_testing::{Browser, SESSION_COOKIE, TestServer};
use serde_json::json;

use super::{all_on, ask};
use crate::{ANOTHER, EMAIL, PASSWORD, sign_in, sign_in_by_password, sign_up, try_sign_up};

/// What ends the sessions of somebody, told to whoever holds one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Change,
    ResetByLink,
    ResetByCode,
    RevokeAll,
    RevokeOthers,
    Delete,
}

impl End {
    async fn come(self, server: &TestServer, owner: &Browser) {
        match self {
            Self::Change => {
                let body = json!({"currentPassword": PASSWORD, "newPassword": ANOTHER});
                drop(owner.post("/change-password", body).await.expect(200));
            }
            Self::ResetByLink => {
                let body = json!({"email": EMAIL, "redirectTo": "/r"});
                server.browser().post("/request-password-reset", body).await.expect(200).json();
                let link = server.mailed_link(EMAIL).await;
                let token =
                    link.strip_prefix("/api/auth/reset-password/").unwrap().split('?').next().unwrap();
                let body = json!({"newPassword": ANOTHER, "token": token});
                drop(server.browser().post("/reset-password", body).await.expect(200));
            }
            Self::ResetByCode => {
                server
                    .browser()
                    .post("/email-otp/request-password-reset", json!({"email": EMAIL}))
                    .await
                    .expect(200)
                    .json();
                let body = json!({"email": EMAIL, "otp": server.code(EMAIL).await, "password": ANOTHER});
                drop(server.browser().post("/email-otp/reset-password", body).await.expect(200));
            }
            Self::RevokeAll => drop(owner.post("/revoke-sessions", json!({})).await.expect(200)),
            Self::RevokeOthers => drop(owner.post("/revoke-other-sessions", json!({})).await.expect(200)),
            Self::Delete => drop(owner.post("/delete-user", json!({"password": PASSWORD})).await.expect(200)),
        }
    }

    fn sets_a_password(self) -> bool {
        matches!(self, Self::Change | Self::ResetByLink | Self::ResetByCode)
    }
}

guichet_testing::stories! {
    // ASVS 7.4.2, 7.4.3; authentik CVE-2025-29928, Mastodon CVE-2025-62174, Better Auth GHSA-2vg6-77g8-24mp.
    async fn asvs_7_4_3_each_end_of_a_password_or_account_ends_every_device(database) {
        for end in [End::Change, End::ResetByLink, End::ResetByCode, End::RevokeAll, End::RevokeOthers, End::Delete] {
            let own = "[user]\ndelete_account = true\ndelete_by_mail = false\n";
            let server = all_on(&database.another().await, own).await;
            let owner = sign_up(&server, EMAIL).await;
            let (by_password, by_code) = (server.browser(), server.browser());
            sign_in_by_password(&by_password, EMAIL, PASSWORD).await.expect(200).json();
            // A proven address, so that nothing else than this ends them.
            server.execute(r#"update "user" set "emailVerified" = true"#).await;
            sign_in(&server, &by_code, EMAIL).await;
            let token = by_code.get("/get-session").await.json()["session"]["token"].as_str().unwrap().to_owned();
            let bearer = server.browser().header("authorization", &format!("Bearer {}", server.app.keyring.sign(&token)));
            let once = by_password.get("/one-time-token/generate").await.expect(200).json()["token"].clone();
            for device in [&by_password, &by_code, &bearer] {
                assert!(device.is_in().await, "{end:?}");
            }
            let cookie = by_password.cookie(SESSION_COOKIE).unwrap();
            end.come(&server, &owner).await;
            server.browser().post("/one-time-token/verify", json!({"token": once})).await.expect(400).json();
            for route in server.routes.iter().filter(|route| route.needs_session) {
                let stolen = server.browser();
                stolen.set_cookie(SESSION_COOKIE, &cookie);
                for device in [&stolen, &bearer] {
                    let answer = ask(device, route, &serde_json::Map::new()).await;
                    assert_eq!(answer.status, 401, "{end:?} {route:?} {answer:?}");
                }
            }
            assert!(!by_code.is_in().await, "{end:?}");
            assert_eq!(owner.is_in().await, matches!(end, End::Change | End::RevokeOthers), "{end:?}");
            let old = sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.status.as_u16();
            assert_eq!(old, if end.sets_a_password() || end == End::Delete { 401 } else { 200 }, "{end:?}");
            if end.sets_a_password() {
                sign_in_by_password(&server.browser(), EMAIL, ANOTHER).await.expect(200).json();
            }
        }
    }

    // ASVS 6.2.9: nothing is cut, trimmed or folded, on any route that sets one.
    async fn asvs_6_2_9_every_character_of_a_long_password_counts(database) {
        let server = all_on(&database, "").await;
        let long = format!(" {}X", "é".repeat(126));
        try_sign_up(&server.browser(), EMAIL, &long).await.expect(200).json();
        for wrong in [
            format!(" {}Y", "é".repeat(126)), format!(" {}x", "é".repeat(126)), format!("{}X", "é".repeat(126)), format!("{long} "),
            long.trim().to_owned(), long.to_uppercase(), long.chars().take(72).collect(), format!(" {}X", "e".repeat(126)),
        ] {
            let answer = sign_in_by_password(&server.browser(), EMAIL, &wrong).await;
            assert!(matches!(answer.status.as_u16(), 400 | 401), "{wrong}: {answer:?}");
        }
        sign_in_by_password(&server.browser(), EMAIL, &long).await.expect(200).json();
        let decomposed = long.replace('é', "e\u{301}");
        sign_in_by_password(&server.browser(), EMAIL, &decomposed).await.expect(200).json();
    }

    // MAS CVE-2025-62425, ASVS 6.2.3: a stolen session alone changes no credential, and what is changed is told.
    async fn asvs_6_2_3_a_session_alone_changes_no_way_in(database) {
        let own = "[user]\ndelete_account = true\n[plugins.email-otp]\nchange_email = true\n[plugins.email-password]\nchange_email = true\n";
        let server = all_on(&database, own).await;
        let browser = sign_up(&server, EMAIL).await;
        server.clock.advance(Duration::from_hours(25));
        for body in [json!({"newPassword": ANOTHER}), json!({"newPassword": ANOTHER, "currentPassword": ""}), json!({"newPassword": ANOTHER, "currentPassword": null}), json!({"newPassword": ANOTHER, "currentPassword": [PASSWORD]}), json!({"newPassword": ANOTHER, "currentPassword": ANOTHER})] {
            browser.post("/change-password", body).await.expect(400).json();
        }
        browser.post("/email-otp/request-email-change", json!({"newEmail": "eve@evil.test"})).await.expect(400).json();
        browser.post("/change-email", json!({"newEmail": "eve@evil.test"})).await.expect(200).json();
        assert!(server.mails("eve@evil.test").await.is_empty(), "the address until now is asked first");
        assert_eq!(server.mails(EMAIL).await.len(), 1);
        let account = browser.get("/list-accounts").await.expect(200).json()[0]["id"].clone();
        browser.post("/unlink-account", json!({"accountId": account})).await.refused(403, "SESSION_NOT_FRESH");
        browser.get("/list-sessions").await.refused(403, "SESSION_NOT_FRESH");
        browser.post("/delete-user", json!({})).await.expect(200).json();
        assert_eq!(server.count("user").await, 1, "the mailed link is needed");
        browser.post("/change-password", json!({"newPassword": ANOTHER, "currentPassword": PASSWORD})).await.expect(200).json();
        let notice = server.mails(EMAIL).await.remove(0);
        assert!(notice.subject.contains("mot de passe"), "{}", notice.subject);
    }

    // bcrypt RUSTSEC-2026-0199: a row that was spoilt is a wrong password.
    async fn rustsec_2026_0199_a_spoilt_hash_is_a_wrong_password(database) {
        let server = all_on(&database, "").await;
        sign_up(&server, EMAIL).await;
        for hash in ["", "é", "$2b$04$éééééééééééééééééééééééééééééééééééééééééééééééééééé", "$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$", "sha256$", "00:11", "pbkdf2_sha256$4294967295$a$b", "{}", "🦀:🦀"] {
            server.execute(&format!("update \"account\" set \"password\" = '{hash}'")).await;
            sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        }
    }
}
