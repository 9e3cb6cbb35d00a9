//! Codes by e-mail as a second factor, where that is allowed.

use super::*;

const ON: &str = "email_codes = true";

async fn send(browser: &Browser) -> Answer {
    browser.post("/two-factor/send-otp", json!({})).await
}

async fn otp(browser: &Browser, code: &str) -> Answer {
    browser.post("/two-factor/verify-otp", json!({"code": code})).await
}

/// Somebody whose second factor is their mailbox; signed in.
async fn by_mail(server: &TestServer) -> Browser {
    user(server, EMAIL).await;
    let browser = server.browser();
    let _ = first(&browser, EMAIL).await.expect(200);
    let body = json!({"password": PASSWORD, "method": "otp"});
    let answer = browser.post("/two-factor/enable", body).await.expect(200).json();
    assert_eq!(answer, json!({"method": "otp"}));
    browser
}

guichet_testing::stories! {
    /// Contract, sections 1 and 20.
    async fn a_body_need_not_be_sent_and_a_malformed_one_is_refused(database) {
        let server = with(&database, ON).await;
        by_mail(&server).await;
        let waiting = server.browser();
        let _ = first(&waiting, EMAIL).await.expect(200);
        let before = server.mails(EMAIL).await.len();
        let malformed = waiting.post("/two-factor/send-otp", json!({"trustDevice": "x"})).await;
        malformed.refused(400, "VALIDATION_ERROR");
        assert_eq!(server.mails(EMAIL).await.len(), before);
        let _ = waiting.request("POST".parse().unwrap(), "/api/auth/two-factor/send-otp", None, None).await.expect(200);
        assert_eq!(server.mails(EMAIL).await.len(), before + 1);
    }

    async fn a_mailed_code_opens_once(database) {
        let server = with(&database, ON).await;
        by_mail(&server).await;
        let waiting = server.browser();
        let answer = first(&waiting, EMAIL).await.expect(200).json();
        assert_eq!(answer["twoFactorMethods"], json!(["otp"]));
        assert_eq!(answer["page"], "/login/two-factor/email");
        otp(&waiting, "123456").await.refused(400, "OTP_HAS_EXPIRED");
        let _ = send(&waiting).await.expect(200);
        let code = server.code(EMAIL).await;
        let kept = r#"select "value" from "verification" where "identifier" like '2fa-otp-%'"#;
        assert!(!server.text(kept).await.unwrap().contains(&code), "ASVS 6.5.2");
        let _ = otp(&waiting, &code).await.expect(200);
        otp(&waiting, &code).await.refused(400, "OTP_HAS_EXPIRED");
        totp(&waiting, "123456").await.refused(400, "TOTP_NOT_ENABLED");
        backup(&waiting, "aaaaa-bbbbb").await.refused(400, "BACKUP_CODES_NOT_ENABLED");
    }

    /// ASVS 6.5.5.
    async fn a_mailed_code_lives_three_minutes_and_a_new_one_ends_it(database) {
        let server = with(&database, ON).await;
        by_mail(&server).await;
        let waiting = server.browser();
        let _ = first(&waiting, EMAIL).await.expect(200);
        let _ = send(&waiting).await.expect(200);
        let one = server.code(EMAIL).await;
        server.clock.advance(Duration::from_secs(1));
        let _ = send(&waiting).await.expect(200);
        let other = server.code(EMAIL).await;
        if one != other {
            otp(&waiting, &one).await.refused(401, "INVALID_CODE");
        }
        server.clock.advance(Duration::from_secs(181));
        otp(&waiting, &other).await.refused(400, "OTP_HAS_EXPIRED");
    }

    async fn five_wrong_codes_end_a_mailed_one_and_another_buys_no_more(database) {
        let server = with(&database, ON).await;
        by_mail(&server).await;
        let waiting = server.browser();
        let _ = first(&waiting, EMAIL).await.expect(200);
        let _ = send(&waiting).await.expect(200);
        let code = server.code(EMAIL).await;
        for _ in 0..5 {
            otp(&waiting, "wrong").await.refused(401, "INVALID_CODE");
        }
        otp(&waiting, &code).await.refused(400, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE");
        let _ = send(&waiting).await.expect(200);
        let code = server.code(EMAIL).await;
        otp(&waiting, &code).await.refused(400, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE");
        otp(&waiting, &code).await.refused(401, "INVALID_TWO_FACTOR_COOKIE");
    }

    async fn one_sign_ins_code_does_not_answer_another(database) {
        let server = with(&database, ON).await;
        by_mail(&server).await;
        let (one, other) = (server.browser(), server.browser());
        let _ = first(&one, EMAIL).await.expect(200);
        let _ = first(&other, EMAIL).await.expect(200);
        let _ = send(&one).await.expect(200);
        otp(&other, &server.code(EMAIL).await).await.refused(400, "OTP_HAS_EXPIRED");
    }

    /// Kratos CVE-2024-45042, NIST SP 800-63B, section 3.1.3.1: the mailbox is one factor, however often it is proven.
    async fn where_the_mailbox_was_the_first_factor_it_is_not_the_second(database) {
        let server = with(&database, ON).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = server.browser();
        let answer = first_by(&waiting, EMAIL, "otp").await.expect(200).json();
        assert_eq!(answer["twoFactorMethods"], json!(["totp"]));
        send(&waiting).await.refused(400, "TWO_FACTOR_NEEDS_PASSWORD");
        let _ = totp(&waiting, &jean.code(&server)).await.expect(200);
        let after_password = first(&server.browser(), EMAIL).await.expect(200).json();
        assert_eq!(after_password["twoFactorMethods"], json!(["totp", "otp"]));
    }

    async fn whose_second_factor_is_the_mailbox_must_begin_with_a_password(database) {
        let server = with(&database, ON).await;
        by_mail(&server).await;
        let browser = server.browser();
        first_by(&browser, EMAIL, "otp").await.refused(403, "TWO_FACTOR_NEEDS_PASSWORD");
        assert_eq!(session(&browser).await, json!(null));
        server.user("marie@example.com").await;
        let marie = server.browser();
        let _ = first_by(&marie, "marie@example.com", "otp").await.expect(200);
        let enable = marie.post("/two-factor/enable", json!({"method": "otp"})).await;
        enable.refused(400, "TWO_FACTOR_NEEDS_PASSWORD");
        let _ = send(&marie).await.expect(200);
        let code = server.code("marie@example.com").await;
        otp(&marie, &code).await.refused(400, "TWO_FACTOR_NEEDS_PASSWORD");
    }

    async fn a_mailed_code_inside_a_session_switches_it_on(database) {
        let server = with(&database, ON).await;
        user(&server, EMAIL).await;
        let browser = server.browser();
        let old = first(&browser, EMAIL).await.expect(200).json()["token"].clone();
        let _ = send(&browser).await.expect(200);
        let answer = otp(&browser, &server.code(EMAIL).await).await.expect(200).json();
        assert_eq!(answer["user"]["twoFactorEnabled"], true);
        assert_ne!(answer["token"], old);
        assert_eq!(session(&browser).await["session"]["token"], answer["token"]);
    }

    /// ASVS 6.3.6.
    async fn they_are_off_until_they_are_allowed(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        send(&waiting).await.refused(400, "OTP_NOT_CONFIGURED");
        otp(&waiting, "123456").await.refused(400, "OTP_HAS_EXPIRED");
        user(&server, "marie@example.com").await;
        let marie = server.browser();
        let _ = first(&marie, "marie@example.com").await.expect(200);
        let body = json!({"password": PASSWORD, "method": "otp"});
        marie.post("/two-factor/enable", body).await.refused(400, "OTP_NOT_CONFIGURED");
        otp(&marie, "123456").await.refused(400, "OTP_NOT_CONFIGURED");
    }

    async fn an_account_is_not_flooded_with_mails(database) {
        let settings = "[plugins.two-factor]\nemail_codes = true\n[rate_limit]\nenabled = true\nmax = 10000";
        let server = with_settings(&database, settings).await;
        by_mail(&server).await;
        let waiting = server.browser();
        let _ = first(&waiting, EMAIL).await.expect(200);
        for _ in 0..10 {
            let _ = send(&waiting).await.expect(200);
            server.clock.advance(Duration::from_secs(10));
        }
        send(&waiting).await.refused(429, "TOO_MANY_REQUESTS");
    }
}
