//! How many codes may be guessed.

use super::*;

const FAILURES: &str = r#"select "failedVerificationCount" from "twoFactor""#;

guichet_testing::stories! {
    /// Better Auth #9993, #10210; AIL CVE-2026-56450; B18; NIST SP 800-63B, section 3.2.2.
    async fn ten_wrong_codes_lock_an_account_over_all_factors_and_sign_ins(database) {
        let server = with(&database, "email_codes = true").await;
        let jean = enrolled(&server, EMAIL).await;
        let one = jean.waiting(&server).await;
        for _ in 0..4 {
            totp(&one, &jean.wrong(&server)).await.refused(401, "INVALID_CODE");
        }
        let two = jean.waiting(&server).await;
        for _ in 0..3 {
            backup(&two, "aaaaa-bbbbb").await.refused(401, "INVALID_BACKUP_CODE");
        }
        let three = jean.waiting(&server).await;
        let _ = three.post("/two-factor/send-otp", json!({})).await.expect(200);
        let mailed = server.code(EMAIL).await;
        for _ in 0..3 {
            three.post("/two-factor/verify-otp", json!({"code": "000000x"})).await.refused(401, "INVALID_CODE");
        }
        assert_eq!(server.number(FAILURES).await, 10);
        // Nothing is compared any more, whatever is right and whoever signs in anew.
        let four = jean.waiting(&server).await;
        let answer = totp(&four, &jean.code(&server)).await;
        assert!(answer.header("retry-after").parse::<u64>().unwrap() > 800, "{answer:?}");
        answer.refused(429, "ACCOUNT_TEMPORARILY_LOCKED");
        backup(&four, &jean.codes[0]).await.refused(429, "ACCOUNT_TEMPORARILY_LOCKED");
        let right = json!({"code": mailed});
        three.post("/two-factor/verify-otp", right).await.refused(429, "ACCOUNT_TEMPORARILY_LOCKED");
        totp(&jean.browser, &jean.code(&server)).await.refused(429, "ACCOUNT_TEMPORARILY_LOCKED");
        let told = server.mails(EMAIL).await;
        assert!(told.iter().any(|mail| mail.subject.contains("Trop de codes")), "{told:?}");

        server.clock.advance(Duration::from_secs(901));
        let five = jean.waiting(&server).await;
        let _ = totp(&five, &jean.code(&server)).await.expect(200);
        assert_eq!(server.number(FAILURES).await, 0);
        assert_eq!(server.number(r#"select count(*) from "twoFactor" where "lockedUntil" is not null"#).await, 0);
    }

    async fn five_wrong_codes_end_a_sign_in_whatever_the_factors(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        for _ in 0..3 {
            totp(&waiting, &jean.wrong(&server)).await.refused(401, "INVALID_CODE");
        }
        for _ in 0..2 {
            backup(&waiting, "aaaaa-bbbbb").await.refused(401, "INVALID_BACKUP_CODE");
        }
        let cookie = waiting.cookie("better-auth.two_factor").unwrap();
        totp(&waiting, &jean.code(&server)).await.refused(400, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE");
        waiting.set_cookie("better-auth.two_factor", &cookie);
        totp(&waiting, &jean.code(&server)).await.refused(401, "INVALID_TWO_FACTOR_COOKIE");
        assert_eq!(server.number(FAILURES).await, 5, "what was not compared is not counted");
    }

    async fn a_right_code_forgives_the_wrong_ones_before_it(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        for _ in 0..4 {
            let waiting = jean.waiting(&server).await;
            for _ in 0..4 {
                totp(&waiting, &jean.wrong(&server)).await.refused(401, "INVALID_CODE");
            }
            let _ = totp(&waiting, &jean.code(&server)).await.expect(200);
        }
    }

    /// A9: the reference counts at sign-ins only.
    async fn the_budget_holds_inside_a_session_too(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        for _ in 0..10 {
            totp(&jean.browser, &jean.wrong(&server)).await.refused(401, "INVALID_CODE");
        }
        totp(&jean.browser, &jean.code(&server)).await.refused(429, "ACCOUNT_TEMPORARILY_LOCKED");
        let waiting = jean.waiting(&server).await;
        totp(&waiting, &jean.code(&server)).await.refused(429, "ACCOUNT_TEMPORARILY_LOCKED");
    }

    async fn what_is_no_code_is_a_wrong_one(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        for code in ["", "abcdef", "1", &"9".repeat(10_000)] {
            totp(&waiting, code).await.refused(401, "INVALID_CODE");
        }
        for body in [json!({}), json!({"code": null}), json!({"code": 123_456}), json!({"code": ["1"]}), json!({"code": "\u{0}"})] {
            for route in ["verify-totp", "verify-otp", "verify-backup-code"] {
                waiting.post(&format!("/two-factor/{route}"), body.clone()).await.refused(400, "VALIDATION_ERROR");
            }
        }
    }

    /// Contract, section 22: three in ten seconds from one address.
    async fn the_limits_by_address_hold(database) {
        let settings = "[plugins.two-factor]\n[rate_limit]\nenabled = true";
        let server = with_settings(&database, settings).await;
        for _ in 0..3 {
            totp(&server.browser(), "123456").await.refused(401, "INVALID_TWO_FACTOR_COOKIE");
        }
        totp(&server.browser(), "123456").await.refused(429, "TOO_MANY_REQUESTS");
    }
}
