//! The second factor in the whole product: whatever the door.

use http::Method;

use guichet_testing::{Answer, Browser, TestDatabase, TestServer, totp};
use serde_json::json;

use crate::{EMAIL, PASSWORD, sign_in_by_password, sign_up, try_sign_up, with};

const STEP: &str = "/login/two-factor/code";
const PLUGINS: &str = "[plugins.email-otp]\n[plugins.email-password]\n[plugins.pages]\n[plugins.bearer]\n\
    [plugins.jwt]\n[plugins.multi-session]\n[plugins.last-login-method]\n[plugins.two-factor]";

/// A server with somebody who has a password and an authenticator: their secret, and a browser of theirs.
async fn enrolled(database: &TestDatabase) -> (TestServer, Vec<u8>, Browser) {
    let server = with(database, PLUGINS).await;
    let browser = sign_up(&server, EMAIL).await;
    server.execute(r#"update "user" set "emailVerified" = true"#).await;
    let secret = enrol(&server, &browser, PASSWORD).await;
    (server, secret, browser)
}

/// Enrols an authenticator for who is signed in: its secret.
pub(crate) async fn enrol(server: &TestServer, browser: &Browser, password: &str) -> Vec<u8> {
    let begun = browser.post("/two-factor/enable", json!({"password": password})).await.expect(200).json();
    let secret = totp::secret_in(begun["totpURI"].as_str().unwrap());
    let body = json!({"code": totp::next_code(server, &secret)});
    browser.post("/two-factor/verify-totp", body).await.expect(200).json();
    secret
}

async fn by_password(browser: &Browser, password: &str) -> Answer {
    sign_in_by_password(browser, EMAIL, password).await.expect(200)
}

/// Every way in with a single factor, as far as it goes: the answer of its last step.
async fn last_step(server: &TestServer, browser: &Browser, door: &str) -> Answer {
    let by_code = json!({"email": EMAIL, "type": "sign-in"});
    match door {
        "/sign-in/email" => by_password(browser, PASSWORD).await,
        "/sign-in/email-otp" => {
            browser.post("/email-otp/send-verification-otp", by_code).await.expect(200).json();
            browser.post(door, json!({"email": EMAIL, "otp": server.code(EMAIL).await})).await
        }
        "/login/email-password/sign-in" => {
            browser.form(door, &[("email", EMAIL), ("password", PASSWORD)]).await
        }
        "/login/email-otp/code" => {
            let _ = browser.form("/login/email-otp/send", &[("email", EMAIL)]).await.expect(303);
            browser.form(door, &[("code", &server.code(EMAIL).await)]).await
        }
        other => panic!("{other} is no door"),
    }
}

guichet_testing::stories! {
    async fn every_door_asks_for_it_and_a_code_leads_in(database) {
        let (server, secret, _) = enrolled(&database).await;
        let doors = ["/sign-in/email", "/sign-in/email-otp", "/login/email-password/sign-in", "/login/email-otp/code"];
        for door in doors {
            let page = door.starts_with("/login");
            let browser = if page { server.page_browser() } else { server.browser() };
            let sessions = server.count("session").await;
            let answer = last_step(&server, &browser, door).await;
            assert_eq!(server.count("session").await, sessions, "{door}");
            assert!(!browser.is_in().await, "{door}");
            // GHSA-xg6x-h9c9-2m83: nothing that stands for a session leaves the server before the second factor.
            for header in ["set-auth-token", "set-auth-jwt"] {
                assert_eq!(answer.header(header), "", "{door}");
            }
            let cookies = answer.set_cookies();
            assert!(cookies.iter().all(|c| !c.name().contains("session_") || c.value().is_empty()), "{door}: {cookies:?}");
            if page {
                assert_eq!((answer.status.as_u16(), answer.header("location")), (303, STEP), "{door}");
                let done = browser.form(STEP, &[("code", &totp::next_code(&server, &secret))]).await.expect(303);
                assert_eq!(done.header("location"), "/signed-in", "{door}");
            } else {
                assert_eq!(answer.expect(200).json()["twoFactorRedirect"], true, "{door}");
                let body = json!({"code": totp::next_code(&server, &secret)});
                browser.post("/two-factor/verify-totp", body).await.expect(200).json();
            }
            assert_eq!(browser.get("/get-session").await.json()["user"]["email"], EMAIL, "{door}");
        }
    }

    async fn asvs_6_3_3_no_door_lets_in_who_must_have_one_and_has_none(database) {
        let server = with(&database, &format!("{PLUGINS}\nrequired = true\n[plugins.token-api]")).await;
        let newcomer = server.browser();
        try_sign_up(&newcomer, EMAIL, PASSWORD).await.expect(200).json();
        assert!(!newcomer.is_in().await, "a sign-up is a door, too");
        server.execute(r#"update "user" set "emailVerified" = true"#).await;
        for door in ["/sign-in/email", "/sign-in/email-otp", "/login/email-password/sign-in", "/login/email-otp/code"] {
            let page = door.starts_with("/login");
            let browser = if page { server.page_browser() } else { server.browser() };
            let answer = last_step(&server, &browser, door).await;
            assert!(!browser.is_in().await, "{door}");
            if page {
                assert_eq!(answer.header("location"), "/login/two-factor/set-up", "{door}");
            } else {
                assert_eq!(answer.expect(200).json()["twoFactorEnrolment"], true, "{door}");
            }
        }
        let program = Some(json!({"identifier": EMAIL, "password": PASSWORD}).to_string());
        let waits = server.browser().request(Method::POST, "/auth/login", Some("application/json"), program).await;
        assert_eq!(waits.expect(403).json()["methods"], json!([]));
        assert_eq!(server.count("session").await, 0);
    }

    async fn the_step_leads_where_the_application_wanted(database) {
        let (server, secret, _) = enrolled(&database).await;
        let browser = server.page_browser();
        let target = "http://app.localhost:5173/files";
        let _ = browser.page(&format!("/login?callbackURL={target}")).await.expect(200);
        let form = [("email", EMAIL), ("password", PASSWORD)];
        let asked = browser.form("/login/email-password/sign-in", &form).await.expect(303);
        let page = browser.page(asked.header("location")).await.expect(200).text;
        assert!(page.contains("Encore une étape") && page.contains("one-time-code"), "{page}");
        let done = browser.form(STEP, &[("code", &totp::next_code(&server, &secret))]).await.expect(303);
        assert_eq!(done.header("location"), target);
    }

    async fn the_accounts_page_shows_it_and_enrols(database) {
        let server = with(&database, PLUGINS).await;
        let browser = server.page_browser();
        try_sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let page = browser.page("/account").await.expect(200).text;
        assert!(page.contains("Double authentification") && page.contains("Configurer une application"), "{page}");
        let form = [("password", PASSWORD)];
        let shown = browser.form("/account/two-factor/begin", &form).await.expect(200).text;
        let (_, rest) = shown.split_once("<code>").unwrap();
        let secret: String = rest.split_once("</code>").unwrap().0.split_whitespace().collect();
        let code = totp::next_code(&server, &totp::spelled(&secret));
        let codes = browser.form("/account/two-factor/confirm", &[("code", &code)]).await.expect(200).text;
        assert_eq!(codes.matches("<li><code>").count(), 10, "{codes}");
        assert!(browser.page("/account").await.expect(200).text.contains("Activée"));
    }

    async fn what_an_unproven_owner_set_up_does_not_keep_the_mailboxs_owner_out(database) {
        let (server, _, squatter) = enrolled(&database).await;
        server.execute(r#"update "user" set "emailVerified" = false"#).await;
        let owner = server.browser();
        let answer = last_step(&server, &owner, "/sign-in/email-otp").await.expect(200).json();
        assert_eq!(answer["user"]["twoFactorEnabled"], false);
        assert!(!squatter.is_in().await);
        assert_eq!(server.count("twoFactor").await, 0);
    }

    // ASVS 6.4.3; S13; A9: in the reference a trusted device outlives a reset and a change of the password.
    async fn a_new_password_keeps_the_second_factor_and_ends_trusted_devices(database) {
        let (server, secret, browser) = enrolled(&database).await;
        let mut password = PASSWORD.to_owned();
        for way in ["reset", "change"] {
            let device = server.browser();
            by_password(&device, &password).await.json();
            let body = json!({"code": totp::next_code(&server, &secret), "trustDevice": true});
            device.post("/two-factor/verify-totp", body).await.expect(200).json();
            assert!(by_password(&device, &password).await.json()["token"].is_string(), "it is trusted");
            let new = format!("another horse {way}");
            if way == "reset" {
                let ask = json!({"email": EMAIL});
                browser.post("/email-otp/request-password-reset", ask).await.expect(200).json();
                let body = json!({"email": EMAIL, "otp": server.code(EMAIL).await, "password": new});
                browser.post("/email-otp/reset-password", body).await.expect(200).json();
            } else {
                let body = json!({"currentPassword": password, "newPassword": new});
                device.post("/change-password", body).await.expect(200).json();
            }
            password = new;
            let answer = by_password(&device, &password).await.json();
            assert_eq!(answer["twoFactorRedirect"], true, "{way}");
        }
    }
}
