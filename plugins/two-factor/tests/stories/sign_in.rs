//! A sign-in that waits for its second factor.

use guichet_core::http::API_BASE;
use guichet_testing::SESSION_COOKIE;

use super::*;

guichet_testing::stories! {
    /// Wishes: 67, 68.
    async fn the_second_factor_is_asked_for_and_opens(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = server.browser();
        let sessions = server.count("session").await;
        let answer = first(&browser, EMAIL).await.expect(200);
        let body = answer.json();
        assert_eq!((&body["twoFactorRedirect"], &body["twoFactorMethods"]), (&json!(true), &json!(["totp"])));
        assert_eq!(body["page"], "/login/two-factor/code");
        assert!(body.get("token").is_none() && body.get("user").is_none(), "{body}");
        assert!(answer.set_cookies().iter().all(|c| c.name() != SESSION_COOKIE || c.value().is_empty()), "{answer:?}");
        assert_eq!(server.count("session").await, sessions);

        totp(&browser, &jean.wrong(&server)).await.refused(401, "INVALID_CODE");
        let body = totp(&browser, &jean.code(&server)).await.expect(200).json();
        assert_eq!(body["user"]["twoFactorEnabled"], true);
        assert_eq!(session(&browser).await["session"]["token"], body["token"]);
        let strong = r#"select count(*) from "session" where "aal" = 2 and "amr" = 'pwd otp mfa'"#;
        assert_eq!(server.number(strong).await, 2, "the one that enrolled, and this one");
        assert_eq!(browser.cookie("better-auth.two_factor"), None);
    }

    /// GHSA-xg6x-h9c9-2m83: also where browsers keep their session for a while.
    async fn no_cookie_of_a_waiting_sign_in_opens_anything(database) {
        let settings = "[plugins.two-factor]\n[session]\ncookie_cache = \"5m\"";
        let server = with_settings(&database, settings).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        assert_eq!(session(&waiting).await, json!(null));
        assert_eq!((waiting.cookie(SESSION_COOKIE), waiting.cookie("better-auth.session_data")), (None, None));
        session(&jean.browser).await;
        assert!(jean.browser.cookie("better-auth.session_data").is_some(), "the cache is on");
        let challenge = waiting.cookie("better-auth.two_factor").unwrap();
        for name in ["session_token", "session_data", "trust_device"] {
            let thief = server.browser();
            thief.set_cookie(&format!("better-auth.{name}"), &challenge);
            assert_eq!(session(&thief).await, json!(null), "{name}");
        }
        for route in server.routes.iter().filter(|route| route.needs_session) {
            let path = route.full_path(API_BASE);
            let body = json!({"password": PASSWORD, "newPassword": PASSWORD, "token": "x", "name": "x"}).to_string();
            let body = (route.method != http::Method::GET).then_some(body);
            let json = body.is_some().then_some("application/json");
            let answer = waiting.request(route.method.clone(), &path, json, body).await;
            assert!(answer.status.is_client_error(), "{path}: {answer:?}");
        }
        assert_eq!(server.count("session").await, 1);
    }

    /// A9: the reference asks after passwords only.
    async fn every_single_factor_is_asked_and_two_are_not(database) {
        let server = start(&database).await;
        enrolled(&server, EMAIL).await;
        for amr in ["pwd", "otp", "fed", "hwk"] {
            let answer = first_by(&server.browser(), EMAIL, amr).await.expect(200).json();
            assert_eq!(answer["twoFactorMethods"], json!(["totp"]), "{amr}");
        }
        let passkey = json!({"email": EMAIL, "amr": "hwk", "strong": true});
        let browser = server.browser();
        let answer = browser.post("/sign-in/credulous", passkey).await.expect(200).json();
        assert!(answer["token"].is_string(), "{answer}");
    }

    async fn with_the_scope_of_the_reference_only_a_password_is_asked(database) {
        let server = with(&database, "scope = \"credential\"").await;
        enrolled(&server, EMAIL).await;
        for (amr, asked) in [("pwd", true), ("otp", false), ("fed", false)] {
            let answer = first_by(&server.browser(), EMAIL, amr).await.expect(200).json();
            assert_eq!(answer.get("twoFactorRedirect").is_some(), asked, "{amr}");
        }
    }

    /// Better Auth #8711.
    async fn an_unfinished_enrolment_changes_nothing(database) {
        let server = start(&database).await;
        user(&server, EMAIL).await;
        let browser = server.browser();
        let _ = first(&browser, EMAIL).await.expect(200);
        let (_, codes) = begun(&server, &browser).await;
        assert_eq!(session(&browser).await["user"]["twoFactorEnabled"], false);
        let answer = first(&server.browser(), EMAIL).await.expect(200).json();
        assert!(answer["token"].is_string(), "{answer}");
        backup(&browser, &codes[0]).await.refused(400, "BACKUP_CODES_NOT_ENABLED");
    }

    /// CVE-2026-27855; ASVS 6.5.1; A9.
    async fn a_code_is_accepted_once(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let code = jean.code(&server);
        let (one, other) = (jean.waiting(&server).await, jean.waiting(&server).await);
        let _ = totp(&one, &code).await.expect(200);
        totp(&other, &code).await.refused(401, "INVALID_CODE");
        totp(&one, &code).await.refused(401, "INVALID_CODE");
        // Nor an earlier one, though its window is still open.
        let earlier = code_at(&jean.secret, server.now().seconds() - 30);
        totp(&other, &earlier).await.refused(401, "INVALID_CODE");
        let _ = totp(&other, &jean.code(&server)).await.expect(200);
    }

    async fn a_sign_in_waits_ten_minutes(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let (one, other) = (jean.waiting(&server).await, jean.waiting(&server).await);
        server.clock.advance(Duration::from_secs(540));
        let _ = totp(&one, &jean.code(&server)).await.expect(200);
        server.clock.advance(Duration::from_secs(60));
        totp(&other, &jean.code(&server)).await.refused(401, "INVALID_TWO_FACTOR_COOKIE");
        assert_eq!(other.cookie("better-auth.two_factor"), None, "it goes with what has expired");
        totp(&server.browser(), &jean.code(&server)).await.refused(401, "INVALID_TWO_FACTOR_COOKIE");
    }

    async fn a_challenge_is_answered_once(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        let copy = server.browser();
        copy.set_cookie("better-auth.two_factor", &waiting.cookie("better-auth.two_factor").unwrap());
        let _ = totp(&waiting, &jean.code(&server)).await.expect(200);
        let again = totp(&copy, &jean.code(&server)).await;
        assert!(again.set_cookies().is_empty(), "as the reference: {again:?}");
        again.refused(401, "INVALID_TWO_FACTOR_COOKIE");
        let failures = r#"select "failedVerificationCount" from "twoFactor""#;
        assert_eq!(server.number(failures).await, 0, "nothing was guessed at");
    }

    /// Session fixation: whoever was signed in here is not while the next one's second factor is asked for.
    async fn the_previous_session_of_the_browser_has_ended(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        user(&server, "marie@example.com").await;
        let browser = server.browser();
        let _ = first(&browser, "marie@example.com").await.expect(200);
        let marie = browser.cookie(SESSION_COOKIE).unwrap();
        let _ = first(&browser, EMAIL).await.expect(200);
        assert_eq!(session(&browser).await, json!(null));
        let kept = server.browser();
        kept.set_cookie(SESSION_COOKIE, &marie);
        assert_eq!(session(&kept).await, json!(null), "the row went too");
        let body = totp(&browser, &jean.code(&server)).await.expect(200).json();
        assert_eq!(body["user"]["email"], EMAIL);
    }

    async fn whether_to_be_remembered_is_kept_over_the_step(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "amr": "pwd", "remember": false});
        let _ = browser.post("/sign-in/credulous", body).await.expect(200);
        assert!(browser.cookie("better-auth.dont_remember").is_some());
        let answer = totp(&browser, &jean.code(&server)).await.expect(200);
        let cookie = answer.set_cookies().into_iter().find(|c| c.name() == SESSION_COOKIE).unwrap();
        assert_eq!(cookie.max_age(), None);
        assert!(browser.cookie("better-auth.dont_remember").is_some());
    }

    async fn a_door_leads_to_its_own_step(database) {
        let server = start(&database).await;
        enrolled(&server, EMAIL).await;
        let body = json!({"email": EMAIL, "amr": "pwd", "door": "client"});
        let answer = server.browser().post("/sign-in/credulous", body).await.expect(200).json();
        assert_eq!(answer["page"], "/client/login/two-factor/code");
    }

    async fn a_challenge_that_better_auth_opened_is_answered(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        server.execute(r#"delete from "verification" where "identifier" like '2fa-first-step-%'"#).await;
        let _ = totp(&waiting, &jean.code(&server)).await.expect(200);
        let strong = r#"select count(*) from "session" where "amr" = 'pwd otp mfa'"#;
        assert_eq!(server.number(strong).await, 2);
    }

    /// Kratos CVE-2024-45042; ASVS 7.2.4.
    async fn inside_a_session_a_right_code_makes_it_stronger_and_new(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = server.browser();
        let passed = json!({"email": EMAIL, "amr": "hwk", "strong": true});
        let old = browser.post("/sign-in/credulous", passed).await.expect(200).json()["token"].clone();
        server.execute(r#"update "session" set "aal" = 1 where "amr" = 'hwk'"#).await;
        let new = totp(&browser, &jean.code(&server)).await.expect(200).json()["token"].clone();
        assert_ne!(old, new);
        assert_eq!(session(&browser).await["session"]["token"], new);
        assert_eq!(server.number(r#"select count(*) from "session" where "amr" = 'hwk otp mfa' and "aal" = 2"#).await, 1);
        assert_eq!(server.number(r#"select count(*) from "session" where "amr" = 'hwk'"#).await, 0);
    }
}
