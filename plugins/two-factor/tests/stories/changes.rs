//! Switching it on and off.

use super::*;
use guichet_testing::SESSION_COOKIE;

guichet_testing::stories! {
    async fn a_session_without_a_proof_does_not_make_itself_newer(database) {
        let server = start(&database).await;
        server.user(EMAIL).await;
        let browser = server.browser();
        let _ = first_by(&browser, EMAIL, "otp").await.expect(200);
        let before = browser.cookie(SESSION_COOKIE);
        let answer = browser.post("/two-factor/disable", json!({})).await.expect(200);
        assert_eq!(answer.json(), json!({"status": true}));
        assert!(answer.set_cookies().is_empty());
        assert_eq!(browser.cookie(SESSION_COOKIE), before);
    }

    /// ASVS 7.2.4, 7.4.3; NIST SP 800-63B, section 4.1.3.
    async fn switching_it_on_ends_other_sessions_renews_the_own_and_is_told_by_mail(database) {
        let server = start(&database).await;
        user(&server, EMAIL).await;
        let (other, browser) = (server.browser(), server.browser());
        let _ = first(&other, EMAIL).await.expect(200);
        let old = first(&browser, EMAIL).await.expect(200).json()["token"].clone();
        let (secret, _) = begun(&server, &browser).await;
        totp(&browser, "000000x").await.refused(401, "INVALID_CODE");
        let answer = totp(&browser, &code_now(&server, &secret)).await.expect(200).json();
        assert_ne!(answer["token"], old);
        assert_eq!(answer["user"]["twoFactorEnabled"], true);
        assert_eq!(session(&browser).await["session"]["token"], answer["token"]);
        assert_eq!(session(&other).await, json!(null));
        assert_eq!(server.mails(EMAIL).await[0].subject, "La double authentification est activée");
        let again = browser.post("/two-factor/enable", json!({"password": PASSWORD})).await;
        again.refused(400, "TOTP_ALREADY_ENABLED");
    }

    /// ASVS 6.3.7, 6.5.6.
    /// Wishes: 66.
    async fn switching_it_off_takes_everything_along(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        let off = |password: &str| jean.browser.post("/two-factor/disable", json!({"password": password}));
        off("wrong password").await.refused(400, "INVALID_PASSWORD");
        let _ = off(PASSWORD).await.expect(200);
        assert_eq!(session(&jean.browser).await["user"]["twoFactorEnabled"], false);
        assert_eq!(server.count("twoFactor").await, 0);
        totp(&waiting, &jean.code(&server)).await.refused(401, "INVALID_TWO_FACTOR_COOKIE");
        assert!(first(&server.browser(), EMAIL).await.expect(200).json()["token"].is_string());
        assert_eq!(server.mails(EMAIL).await[0].subject, "La double authentification est désactivée");
        let uri = jean.browser.post("/two-factor/get-totp-uri", json!({"password": PASSWORD})).await;
        uri.refused(400, "TOTP_NOT_ENABLED");
        let codes = jean.browser.post("/two-factor/generate-backup-codes", json!({"password": PASSWORD})).await;
        codes.refused(400, "TWO_FACTOR_NOT_ENABLED");
    }

    async fn an_enrolment_that_was_begun_again_has_another_secret(database) {
        let server = start(&database).await;
        user(&server, EMAIL).await;
        let browser = server.browser();
        let _ = first(&browser, EMAIL).await.expect(200);
        let (one, _) = begun(&server, &browser).await;
        let (other, _) = begun(&server, &browser).await;
        assert_ne!(one, other);
        totp(&browser, &code_now(&server, &one)).await.refused(401, "INVALID_CODE");
        let uri = browser.post("/two-factor/get-totp-uri", json!({"password": PASSWORD})).await.expect(200).json();
        assert_eq!(secret_in(uri["totpURI"].as_str().unwrap()), other);
        let _ = totp(&browser, &code_now(&server, &other)).await.expect(200);
        assert_eq!(server.count("twoFactor").await, 1);
    }

    /// ASVS 7.5.1.
    /// Wishes: 65, 66.
    async fn each_change_takes_the_password(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        for route in ["enable", "disable", "get-totp-uri", "generate-backup-codes"] {
            let path = format!("/two-factor/{route}");
            jean.browser.post(&path, json!({"password": "wrong password"})).await.refused(400, "INVALID_PASSWORD");
            jean.browser.post(&path, json!({})).await.refused(400, "VALIDATION_ERROR");
            jean.browser.post(&path, json!({"password": 1})).await.refused(400, "VALIDATION_ERROR");
            server.browser().post(&path, json!({"password": PASSWORD})).await.refused(401, "UNAUTHORIZED");
        }
    }

    /// A stolen session guesses no password.
    async fn passwords_are_not_guessed_here(database) {
        let settings = "[plugins.two-factor]\n[rate_limit]\nenabled = true\nmax = 10000";
        let server = with_settings(&database, settings).await;
        let jean = enrolled(&server, EMAIL).await;
        // The right one that switched it on stays counted.
        for _ in 0..9 {
            server.clock.advance(Duration::from_secs(11));
            let off = jean.browser.post("/two-factor/disable", json!({"password": "wrong password"})).await;
            off.refused(400, "INVALID_PASSWORD");
        }
        server.clock.advance(Duration::from_secs(11));
        let off = jean.browser.post("/two-factor/disable", json!({"password": PASSWORD})).await;
        off.refused(429, "TOO_MANY_REQUESTS");
    }

    /// ASVS 7.5.1.
    async fn who_has_no_password_needs_a_recent_sign_in(database) {
        let server = start(&database).await;
        server.user(EMAIL).await;
        let browser = server.browser();
        let _ = first_by(&browser, EMAIL, "otp").await.expect(200);
        let _ = browser.post("/two-factor/enable", json!({})).await.expect(200);
        server.clock.advance(Duration::from_hours(25));
        browser.post("/two-factor/enable", json!({})).await.refused(403, "SESSION_NOT_FRESH");
    }

    async fn who_has_no_password_changes_nothing_where_one_is_required(database) {
        let server = with(&database, "password_required = true").await;
        // Before it is asked who is there (contract, section 1).
        for path in ["enable", "disable", "get-totp-uri", "generate-backup-codes"] {
            server.browser().post(&format!("/two-factor/{path}"), json!({})).await.refused(400, "VALIDATION_ERROR");
        }
        server.user(EMAIL).await;
        let browser = server.browser();
        let _ = first_by(&browser, EMAIL, "otp").await.expect(200);
        browser.post("/two-factor/enable", json!({})).await.refused(400, "VALIDATION_ERROR");
        browser.post("/two-factor/enable", json!({"password": PASSWORD})).await.refused(400, "INVALID_PASSWORD");
    }

    async fn clients_do_not_set_the_column(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let update = |value: bool| jean.browser.post("/update-user", json!({"twoFactorEnabled": value, "name": "Jean"}));
        update(true).await.refused(400, "FIELD_NOT_ALLOWED");
        let _ = update(false).await;
        assert_eq!(session(&jean.browser).await["user"]["twoFactorEnabled"], true);
    }

    async fn a_deleted_user_leaves_nothing(database) {
        let settings = "[plugins.two-factor]\n[user]\ndelete_account = true\ndelete_by_mail = false";
        let server = with_settings(&database, settings).await;
        let jean = enrolled(&server, EMAIL).await;
        jean.waiting(&server).await;
        let _ = jean.browser.post("/delete-user", json!({"password": PASSWORD})).await.expect(200);
        for table in ["twoFactor", "trustedDevice"] {
            assert_eq!(server.count(table).await, 0, "{table}");
        }
        let waiting = r#"select count(*) from "verification" where "identifier" like '2fa-____________________'"#;
        assert_eq!(server.number(waiting).await, 0);
    }

    async fn settings_that_cannot_be_meant_stop_the_start(database) {
        for (options, said) in [
            ("tries_per_account = 100", "1 to 99"),
            ("tries_per_challenge = 0", "1 to 99"),
            ("email_codes_expire_in = \"11m\"", "1m and 10m"),
            ("trust_devices_for = \"91d\"", "0s and 90d"),
            ("issuer = \"a:b\"", "without a colon"),
        ] {
            let settings = format!("[plugins.two-factor]\n{options}");
            let refused = try_with_settings(&database, &settings).await.err().unwrap();
            assert!(refused.contains(said), "{refused}");
        }
    }
}
