//! Every way in with one factor, and what its session says was proven.

use guichet_testing::{Browser, SESSION_COOKIE, TestServer, totp};
use serde_json::json;

use crate::social::{self, Fake, begin, come_back};
use crate::two_factor::enrol;
use crate::{EMAIL, PASSWORD};

const PHONE: &str = "+33612345678";
const STEP: &str = "/login/two-factor/code";
/// `social::with` switches pages, codes and passwords on; `two_factor.rs` goes through their doors.
const PLUGINS: &str = "[plugins.username]\n[plugins.magic-link]\n[plugins.phone-number]\n[plugins.two-factor]\n\
                       [session]\ncookie_cache = \"5m\"\n";
/// The doors, and what each of them proves (RFC 8176); what the provider proves it does not say.
const DOORS: [(&str, &str); 6] = [
    ("name", "pwd"),
    ("number", "pwd"),
    ("text message", "sms"),
    ("link", "otp"),
    ("page", "pwd"),
    ("provider", "fed"),
];

/// Goes through a door; where that leads.
async fn enter(server: &TestServer, fake: &Fake, browser: &Browser, door: &str) -> String {
    let answer = match door {
        "name" => browser.post("/sign-in/username", json!({"username": "jean", "password": PASSWORD})).await,
        "number" => {
            browser.post("/sign-in/phone-number", json!({"phoneNumber": PHONE, "password": PASSWORD})).await
        }
        "text message" => {
            browser.post("/phone-number/send-otp", json!({"phoneNumber": PHONE})).await.expect(200).json();
            let code = server.code(&format!("{PHONE}@sms.localhost")).await;
            browser.post("/phone-number/verify", json!({"phoneNumber": PHONE, "code": code})).await
        }
        "link" => {
            let ask = json!({"email": EMAIL, "callbackURL": "/home"});
            browser.post("/sign-in/magic-link", ask).await.expect(200).json();
            browser.form(&server.mailed_link(EMAIL).await, &[]).await
        }
        "page" => {
            let form = [("email", "jean"), ("password", PASSWORD)];
            browser.form("/login/email-password/sign-in", &form).await
        }
        "provider" => {
            let url = begin(browser).await;
            return come_back(server, fake, browser, &url, ("jean", EMAIL, true)).await;
        }
        other => panic!("{other} is no door"),
    };
    if answer.status == 303 {
        return answer.header("location").to_owned();
    }
    // An application asks for the code itself.
    let asked = answer.expect(200).json()["twoFactorRedirect"] == true;
    if asked { STEP.to_owned() } else { String::new() }
}

/// What the newest session says.
async fn proven(server: &TestServer) -> (i64, String) {
    let newest = r#"from "session" order by "createdAt" desc limit 1"#;
    let aal = server.number(&format!(r#"select "aal" {newest}"#)).await;
    (aal, server.text(&format!(r#"select "amr" {newest}"#)).await.unwrap_or_default())
}

guichet_testing::stories! {
    // A9, Better Auth GHSA-xg6x-h9c9-2m83: the reference asks at three doors. Kratos CVE-2024-45042: one factor is one,
    // whichever it was, and two are two.
    async fn cve_2024_45042_one_factor_is_one_at_every_door_and_opens_none_to_who_has_two(database) {
        let fake = Fake::start().await;
        let server = social::with(&database, &fake, PLUGINS).await;
        let jean = server.browser();
        let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean", "username": "jean"});
        jean.post("/sign-up/email", body).await.expect(200).json();
        let number = format!(r#"update "user" set "emailVerified" = true, "phoneNumber" = '{PHONE}', "phoneNumberVerified" = true"#);
        server.execute(&number).await;
        for (door, amr) in DOORS {
            server.clock.advance(std::time::Duration::from_secs(1));
            let browser = server.page_browser();
            enter(&server, &fake, &browser, door).await;
            assert!(browser.is_in().await, "{door}");
            assert_eq!(proven(&server).await, (1, amr.to_owned()), "{door}");
        }

        let secret = enrol(&server, &jean, PASSWORD).await;
        for (door, amr) in DOORS {
            let browser = server.page_browser();
            let sessions = server.count("session").await;
            let leads = enter(&server, &fake, &browser, door).await;
            assert!(leads.ends_with(STEP), "{door}: {leads}");
            assert_eq!(server.count("session").await, sessions, "{door}");
            for cookie in [SESSION_COOKIE, "better-auth.session_data"] {
                assert_eq!(browser.cookie(cookie), None, "{door}");
            }
            assert!(!browser.is_in().await, "{door}");
            let body = json!({"code": totp::next_code(&server, &secret)});
            browser.post("/two-factor/verify-totp", body).await.expect(200).json();
            let (aal, said) = proven(&server).await;
            assert!(aal == 2 && said.starts_with(amr) && said.ends_with("otp mfa"), "{door}: {aal} {said}");
        }
    }
}
