//! Who must have a second factor and has none.

use guichet_testing::totp::spelled;

use super::*;

const EVERYBODY: &str = "required = true";

/// A browser in which somebody without a second factor gave a first one.
async fn held_up(server: &TestServer) -> Browser {
    user(server, EMAIL).await;
    let browser = server.page_browser();
    let answer = first(&browser, EMAIL).await.expect(200).json();
    let asked = json!({"twoFactorRedirect": true, "twoFactorMethods": [], "twoFactorEnrolment": true,
        "page": "/login/two-factor/set-up"});
    assert_eq!(answer, asked);
    browser
}

guichet_testing::stories! {
    async fn asvs_6_3_3_everybody_enrols_before_they_are_in(database) {
        let server = with(&database, EVERYBODY).await;
        let browser = held_up(&server).await;
        assert_eq!((session(&browser).await, server.count("session").await), (Value::Null, 0));
        let code_before = totp(&browser, "123456").await;
        assert_eq!((code_before.status.as_u16(), server.count("session").await), (400, 0), "nothing is set up yet");
        let begun = browser.post("/two-factor/enable", json!({})).await.expect(200).json();
        let secret = secret_in(begun["totpURI"].as_str().unwrap());
        assert_eq!(session(&browser).await, Value::Null);
        totp(&browser, "000000").await.refused(401, "INVALID_CODE");
        let done = totp(&browser, &code_now(&server, &secret)).await.expect(200).json();
        assert_eq!(done["user"]["twoFactorEnabled"], true);
        assert_eq!(session(&browser).await["user"]["email"], EMAIL);
        assert_eq!(server.number(r#"select "aal" from "session""#).await, 2);
        assert!(server.mails(EMAIL).await.iter().any(|mail| mail.subject.contains("authentification")), "they are told");
        // From then on they are asked like everybody else, and a backup code from the set-up stands in.
        let later = server.browser();
        assert_eq!(first(&later, EMAIL).await.expect(200).json()["twoFactorMethods"], json!(["totp"]));
        let _ = backup(&later, begun["backupCodes"][0].as_str().unwrap()).await.expect(200);
        assert!(later.is_in().await);
    }

    async fn asvs_6_3_3_it_may_be_required_of_a_role_alone(database) {
        let server = with_settings(&database, "[plugins.two-factor]\nrequired_roles = [\"admin\", \"treasurer\"]\n\
            [[user.fields]]\nname = \"role\"\n").await;
        user(&server, EMAIL).await;
        for (role, asked) in [("user", false), ("administrator", false), ("user,treasurer", true), ("admin", true)] {
            server.execute(&format!(r#"update "user" set "role" = '{role}'"#)).await;
            let browser = server.browser();
            let answer = first(&browser, EMAIL).await.expect(200).json();
            assert_eq!(answer["twoFactorEnrolment"] == true, asked, "{role}: {answer}");
            assert_eq!(browser.is_in().await, !asked, "{role}");
        }
    }

    async fn roles_that_nobody_has_are_refused_at_start(database) {
        let refused = try_with_settings(&database, "[plugins.two-factor]\nrequired_roles = [\"admin\"]").await;
        let said = refused.err().unwrap();
        assert!(said.contains("required_roles") && said.contains("[plugins.admin]"), "{said}");
    }

    async fn the_pages_set_it_up(database) {
        let server = with(&database, EVERYBODY).await;
        let browser = held_up(&server).await;
        let led = browser.page("/login/two-factor/code").await.expect(303);
        assert_eq!(led.header("location"), "/login/two-factor/set-up");
        let why = browser.page("/login/two-factor/set-up").await.expect(200).text;
        assert!(why.contains("demande un second facteur") && why.contains("begin\""), "{why}");
        let shown = browser.form("/login/two-factor/begin", &[]).await.expect(200).text;
        let (_, rest) = shown.split_once("<code>").unwrap();
        let secret: String = rest.split_once("</code>").unwrap().0.split_whitespace().collect();
        assert_eq!(shown.matches("<li><code>").count(), 10, "backup codes: {shown}");
        let wrong = browser.form("/login/two-factor/confirm", &[("code", "000000")]).await.expect(401).text;
        assert!(wrong.contains("Code incorrect") && wrong.contains("set-up\"") && !wrong.contains(&secret), "{wrong}");
        let code = code_now(&server, &spelled(&secret));
        let done = browser.form("/login/two-factor/confirm", &[("code", &code)]).await.expect(303);
        assert_eq!(done.header("location"), "/signed-in");
        assert!(browser.is_in().await);
        let gone = browser.page("/login/two-factor/set-up").await.expect(303);
        assert_eq!(gone.header("location"), "/login", "nobody waits any more");
    }

    async fn whoever_must_have_one_does_not_switch_it_off(database) {
        let server = with(&database, EVERYBODY).await;
        let browser = held_up(&server).await;
        let (secret, _) = begun(&server, &browser).await;
        let _ = totp(&browser, &code_now(&server, &secret)).await.expect(200);
        let off = browser.post("/two-factor/disable", json!({"password": PASSWORD})).await;
        off.refused(403, "TWO_FACTOR_MANDATORY");
        let page = browser.page("/account").await.expect(200).text;
        assert!(page.contains("ne peut pas être désactivée") && !page.contains("disable\""), "{page}");
    }

    async fn a_sign_in_that_need_not_enrol_opens_no_enrolment(database) {
        let server = with(&database, EVERYBODY).await;
        let browser = held_up(&server).await;
        let (secret, _) = begun(&server, &browser).await;
        let _ = totp(&browser, &code_now(&server, &secret)).await.expect(200);
        let thief = server.browser();
        assert_eq!(first(&thief, EMAIL).await.expect(200).json()["twoFactorMethods"], json!(["totp"]));
        thief.post("/two-factor/enable", json!({})).await.refused(401, "UNAUTHORIZED");
        server.browser().post("/two-factor/enable", json!({})).await.refused(401, "UNAUTHORIZED");
        for name in ["set-up", "begin", "confirm"] {
            let page = thief.form(&format!("/login/two-factor/{name}"), &[("code", "123456")]).await;
            assert!(!page.text.contains("<svg"), "{name}: {page:?}");
        }
        assert!(!thief.is_in().await);
    }

    /// Two windows in which the same person is held up: the one that is slower finds that it is done.
    async fn an_enrolment_that_another_window_finished_is_not_replaced(database) {
        let server = with(&database, EVERYBODY).await;
        let slow = held_up(&server).await;
        let fast = server.page_browser();
        let _ = first(&fast, EMAIL).await.expect(200);
        let (secret, _) = begun(&server, &fast).await;
        let _ = totp(&fast, &code_now(&server, &secret)).await.expect(200);
        let late = slow.post("/two-factor/enable", json!({})).await;
        assert!(late.status.is_client_error(), "{late:?}");
        assert!(fast.is_in().await);
        let again = server.browser();
        let _ = first(&again, EMAIL).await.expect(200);
        let _ = totp(&again, &next_code(&server, &secret)).await.expect(200);
    }

    async fn guests_are_not_held_up(database) {
        let server = with(&database, EVERYBODY).await;
        user(&server, EMAIL).await;
        let guest = server.browser();
        let _ = first_by(&guest, EMAIL, "none").await.expect(200);
        assert!(guest.is_in().await);
    }

    async fn where_codes_are_mailed_one_will_do(database) {
        let server = with(&database, "required = true\nemail_codes = true").await;
        user(&server, EMAIL).await;
        let browser = server.browser();
        let answer = first(&browser, EMAIL).await.expect(200).json();
        assert_eq!((&answer["twoFactorMethods"], &answer["twoFactorEnrolment"]), (&json!(["otp"]), &Value::Null));
        let _ = browser.post("/two-factor/send-otp", json!({})).await.expect(200);
        let body = json!({"code": server.code(EMAIL).await});
        browser.post("/two-factor/verify-otp", body).await.expect(200).json();
        assert!(browser.is_in().await);
        // The mailbox is not both factors.
        let by_mail = server.browser();
        assert_eq!(first_by(&by_mail, EMAIL, "otp").await.expect(200).json()["twoFactorEnrolment"], true);
    }

    /// Better Auth's rows from before it noted whether an enrolment was finished.
    async fn an_enrolment_that_was_never_finished_is_begun_anew(database) {
        let server = with(&database, EVERYBODY).await;
        let browser = held_up(&server).await;
        begun(&server, &browser).await;
        server.execute(r#"update "twoFactor" set "verified" = null"#).await;
        let again = server.browser();
        assert_eq!(first(&again, EMAIL).await.expect(200).json()["twoFactorEnrolment"], true);
        let (secret, _) = begun(&server, &again).await;
        let _ = totp(&again, &code_now(&server, &secret)).await.expect(200);
        assert!(again.is_in().await);
    }

    async fn a_session_from_before_is_not_made_younger(database) {
        let server = with_settings(&database, "[plugins.two-factor]\nrequired_roles = [\"treasurer\"]\n\
            [[user.fields]]\nname = \"role\"\n").await;
        user(&server, EMAIL).await;
        let browser = server.browser();
        let _ = first(&browser, EMAIL).await.expect(200);
        let token = browser.cookie("better-auth.session_token").unwrap();
        server.execute(r#"update "user" set "role" = 'treasurer'"#).await;
        let _ = browser.post("/two-factor/disable", json!({"password": PASSWORD})).await.expect(200);
        assert_eq!(browser.cookie("better-auth.session_token").unwrap(), token);
        assert!(browser.is_in().await);
    }
}
