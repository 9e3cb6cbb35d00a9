//! Codes: as often, as long and for what they are meant, and the same for everybody.

use std::time::Duration;

use guichet_testing::TestServer;
use serde_json::{Value, json};

use super::{OPEN, all_on};
use crate::{EMAIL, PASSWORD, sign_in_by_password, sign_up};

const STRANGER: &str = "nemo@example.com";

/// What a stranger sees of six wrong tries, and of one after the codes have ended.
async fn seen(
    server: &TestServer,
    email: &str,
    send: (&str, Value),
    check: (&str, Value),
) -> Vec<(u16, Value)> {
    let with = |body: &Value| {
        let mut body = body.clone();
        body["email"] = json!(email);
        body
    };
    let mut all = Vec::new();
    let first = server.browser().post(send.0, with(&send.1)).await;
    all.push((first.status.as_u16(), first.json()));
    for _ in 0..6 {
        let answer = server.browser().post(check.0, with(&check.1)).await;
        all.push((answer.status.as_u16(), answer.json()));
    }
    server.browser().post(send.0, with(&send.1)).await.expect(200).json();
    server.clock.advance(Duration::from_mins(11));
    for _ in 0..2 {
        let answer = server.browser().post(check.0, with(&check.1)).await;
        all.push((answer.status.as_u16(), answer.json()));
    }
    all
}

guichet_testing::stories! {
    // Wrong and late codes used to tell who has an account: only a code that was sent can be used up or end.
    async fn asvs_6_3_8_wrong_and_late_codes_tell_nobody_apart(database) {
        let settings = "[plugins.email-otp]\ndisable_sign_up = true\n[plugins.email-password]\n";
        let server = crate::with(&database, settings).await;
        sign_up(&server, EMAIL).await;
        let send = "/email-otp/send-verification-otp";
        let (sign_in, reset, proof) = (json!({"type": "sign-in"}), json!({"type": "forget-password"}), json!({"type": "email-verification"}));
        let code = json!({"otp": "000000"});
        let check = |kind: &str| ("/email-otp/check-verification-otp", json!({"otp": "000000", "type": kind}));
        let new = json!({"otp": "000000", "password": "another one 3"});
        for (asked, tried) in [
            ((send, sign_in.clone()), ("/sign-in/email-otp", code.clone())),
            ((send, sign_in), check("sign-in")),
            ((send, reset.clone()), check("forget-password")),
            ((send, reset), ("/email-otp/reset-password", new.clone())),
            (("/email-otp/request-password-reset", json!({})), ("/email-otp/reset-password", new)),
            ((send, proof.clone()), check("email-verification")),
            ((send, proof), ("/email-otp/verify-email", code)),
        ] {
            let known = seen(&server, EMAIL, asked.clone(), tried.clone()).await;
            let unknown = seen(&server, STRANGER, asked, tried.clone()).await;
            assert_eq!(known, unknown, "{tried:?}");
            assert_eq!(known[4].1["code"], "TOO_MANY_ATTEMPTS", "{known:?}");
            assert_eq!(known[7].1["code"], "OTP_EXPIRED", "{known:?}");
            server.clock.advance(Duration::from_hours(2));
        }
        let like = |email: &str| format!(r#"select count(*) from "verification" where "identifier" like '%-otp-{email}'"#);
        assert_eq!(server.number(&like(EMAIL)).await, server.number(&like(STRANGER)).await, "as much is written");
        assert!(server.mails(STRANGER).await.is_empty());
    }

    async fn asvs_6_3_8_a_page_tells_nobody_apart_either(database) {
        let server = crate::with(&database, "[plugins.email-otp]\ndisable_sign_up = true\n[plugins.pages]\n").await;
        server.user(EMAIL).await;
        let mut all = Vec::new();
        for email in [EMAIL, STRANGER] {
            let browser = server.page_browser();
            let mut said = Vec::new();
            said.push(browser.form("/login/email-otp/send", &[("email", email)]).await.status);
            for _ in 0..5 {
                let answer = browser.form("/login/email-otp/code", &[("code", "000000")]).await;
                let alert = answer.text.split("role=\"alert\"").nth(1).map(|rest| rest.split('<').next().unwrap().to_owned());
                assert!(alert.is_some(), "{}", answer.text);
                said.push(answer.status);
                all.push((said.clone(), alert));
            }
        }
        let (known, unknown) = all.split_at(5);
        assert_eq!(known, unknown);
    }

    async fn asvs_6_3_8_codes_for_a_taken_address_tell_nothing(database) {
        let server = all_on(&database, "[plugins.email-otp]\nchange_email = true\nconfirm_old_address = false\n").await;
        let browser = sign_up(&server, EMAIL).await;
        server.user("taken@example.com").await;
        let mut all = Vec::new();
        for new in ["taken@example.com", "free@example.com"] {
            let mut said = Vec::new();
            let asked = browser.post("/email-otp/request-email-change", json!({"newEmail": new})).await;
            said.push((asked.status, asked.json()));
            for _ in 0..5 {
                let tried = browser.post("/email-otp/change-email", json!({"newEmail": new, "otp": "000000"})).await;
                said.push((tried.status, tried.json()));
            }
            all.push(said);
        }
        assert_eq!(all[0], all[1]);
        assert!(server.mails("taken@example.com").await.is_empty());
    }

    // What can be made by anybody must end by itself (Better Auth #9993).
    async fn bb_9993_counts_of_wrong_codes_go_with_their_window(database) {
        let server = all_on(&database, "").await;
        for n in 0..5 {
            let body = json!({"email": format!("p{n}@example.com"), "otp": "000000", "type": "sign-in"});
            server.browser().post("/email-otp/send-verification-otp", body.clone()).await.expect(200).json();
            server.browser().post("/sign-in/email-otp", body).await.refused(400, "INVALID_OTP");
        }
        let counts = r#"select count(*) from "emailOtpBudget""#;
        guichet_core::session::clean(&server.app, server.now()).await.unwrap();
        assert_eq!(server.number(counts).await, 5, "they count as long as they do");
        server.clock.advance(Duration::from_mins(121));
        guichet_core::session::clean(&server.app, server.now()).await.unwrap();
        assert_eq!(server.number(counts).await, 0);
        assert_eq!(server.count("verification").await, 0);
    }

    // ASVS 6.6.2, Mattermost CVE-2025-12421, Pocket ID CVE-2026-28513: wrong purpose, wrong address, late: each refuses.
    async fn asvs_6_6_2_a_code_is_for_one_purpose_one_address_and_ten_minutes(database) {
        let server = all_on(&database, OPEN).await;
        sign_up(&server, EMAIL).await;
        sign_up(&server, "other@example.com").await;
        let send = "/email-otp/send-verification-otp";
        server.browser().post(send, json!({"email": EMAIL, "type": "email-verification"})).await.expect(200).json();
        let code = server.code(EMAIL).await;
        let tries = [
            ("/sign-in/email-otp", json!({"email": EMAIL, "otp": code})),
            ("/email-otp/reset-password", json!({"email": EMAIL, "otp": code, "password": "another one 3"})),
            ("/email-otp/check-verification-otp", json!({"email": EMAIL, "otp": code, "type": "forget-password"})),
            ("/email-otp/verify-email", json!({"email": "other@example.com", "otp": code})),
            ("/email-otp/verify-email", json!({"email": "nobody@example.com", "otp": code})),
        ];
        for late in [false, true] {
            if late {
                server.clock.advance(Duration::from_mins(10));
            }
            for (path, body) in &tries {
                let answer = server.browser().post(path, body.clone()).await;
                assert_eq!(answer.status, 400, "{path} {answer:?}");
            }
        }
        server.browser().post("/email-otp/verify-email", json!({"email": EMAIL, "otp": code})).await.refused(400, "OTP_EXPIRED");
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
    }

    // ASVS 6.5.8: the server's clock alone decides.
    async fn asvs_6_5_8_a_time_that_the_client_sends_is_ignored(database) {
        let server = all_on(&database, "").await;
        let ask = json!({"email": EMAIL, "type": "sign-in", "expiresAt": "2099-01-01T00:00:00Z", "expiresIn": 999_999});
        server.browser().post("/email-otp/send-verification-otp", ask).await.expect(200).json();
        let code = server.code(EMAIL).await;
        server.clock.advance(Duration::from_mins(10));
        let late = json!({"email": EMAIL, "otp": code, "now": "2000-01-01T00:00:00Z", "timestamp": 0});
        let browser = server.browser().header("date", "Sat, 01 Jan 2000 00:00:00 GMT");
        browser.post("/sign-in/email-otp", late).await.refused(400, "OTP_EXPIRED");
    }
}
