//! Trusted devices.

use super::*;

const COOKIE: &str = "better-auth.trust_device";
const DEVICES: &str = r#"select count(*) from "trustedDevice""#;

/// A browser that was just trusted; signed in.
async fn trusted(server: &TestServer, person: &Person) -> Browser {
    let browser = person.waiting(server).await;
    let body = json!({"code": person.code(server), "trustDevice": true});
    let _ = browser.post("/two-factor/verify-totp", body).await.expect(200);
    browser
}

/// What a sign-in with this cookie leads to.
async fn is_asked(server: &TestServer, cookie: &str, email: &str) -> bool {
    let browser = server.browser();
    browser.set_cookie(COOKIE, cookie);
    first(&browser, email).await.expect(200).json().get("twoFactorRedirect").is_some()
}

guichet_testing::stories! {
    /// Wishes: 69.
    async fn a_trusted_device_is_not_asked_and_its_cookie_changes_each_time(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = trusted(&server, &jean).await;
        let one = browser.cookie(COOKIE).unwrap();
        let _ = browser.post("/sign-out", json!({})).await.expect(200);
        let answer = first(&browser, EMAIL).await.expect(200).json();
        assert!(answer["token"].is_string(), "{answer}");
        let other = browser.cookie(COOKIE).unwrap();
        assert_ne!(one, other);
        assert!(is_asked(&server, &one, EMAIL).await, "the old cookie is dead");
        assert!(!is_asked(&server, &other, EMAIL).await);
        assert_eq!(server.number(DEVICES).await, 1);
        // Another browser is asked.
        jean.waiting(&server).await;
    }

    async fn it_is_trusted_with_its_own_user_only(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        enrolled(&server, "marie@example.com").await;
        let cookie = trusted(&server, &jean).await.cookie(COOKIE).unwrap();
        assert!(is_asked(&server, &cookie, "marie@example.com").await);
        // Nor by a changed name, tag or signature.
        for (from, to) in [("trust-device-", "trust-device_"), ("!", "!x"), ("%3D", "%3d%3d")] {
            assert!(is_asked(&server, &cookie.replacen(from, to, 1), EMAIL).await, "{from}");
        }
        assert!(!is_asked(&server, &cookie, EMAIL).await);
    }

    async fn it_is_trusted_for_thirty_days_from_its_last_use(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = trusted(&server, &jean).await;
        server.clock.advance(Duration::from_hours(29 * 24));
        assert!(first(&browser, EMAIL).await.expect(200).json()["token"].is_string());
        server.clock.advance(Duration::from_hours(29 * 24));
        assert!(first(&browser, EMAIL).await.expect(200).json()["token"].is_string());
        server.clock.advance(Duration::from_hours(30 * 24));
        assert!(is_asked(&server, &browser.cookie(COOKIE).unwrap(), EMAIL).await);
    }

    /// A9, S13: in the reference a stolen cookie outlives all of these.
    async fn it_ends_with_whatever_ends_sessions(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        for route in ["/revoke-sessions", "/revoke-other-sessions"] {
            let browser = trusted(&server, &jean).await;
            let cookie = browser.cookie(COOKIE).unwrap();
            let _ = browser.post(route, json!({})).await.expect(200);
            assert!(is_asked(&server, &cookie, EMAIL).await, "{route}");
            assert_eq!(server.number(DEVICES).await, 0, "{route}");
        }
    }

    async fn a_sign_in_that_waits_ends_with_whatever_ends_sessions(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let waiting = jean.waiting(&server).await;
        let _ = jean.browser.post("/revoke-other-sessions", json!({})).await.expect(200);
        totp(&waiting, &jean.code(&server)).await.refused(401, "INVALID_TWO_FACTOR_COOKIE");
    }

    async fn it_ends_when_the_second_factor_is_switched(database) {
        let server = with(&database, "end_sessions = false").await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = trusted(&server, &jean).await;
        let cookie = browser.cookie(COOKIE).unwrap();
        let disable = browser.post("/two-factor/disable", json!({"password": PASSWORD})).await;
        let _ = disable.expect(200);
        assert_eq!(browser.cookie(COOKIE), None);
        let (secret, _) = begun(&server, &browser).await;
        let _ = totp(&browser, &code_now(&server, &secret)).await.expect(200);
        assert!(is_asked(&server, &cookie, EMAIL).await);
    }

    async fn a_row_of_better_auths_is_honoured_once_and_moved(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let cookie = trusted(&server, &jean).await.cookie(COOKIE).unwrap();
        let name = format!("trust-device-{}", &cookie.split("trust-device-").nth(1).unwrap()[..32]);
        server.execute(r#"delete from "trustedDevice""#).await;
        assert!(is_asked(&server, &cookie, EMAIL).await);
        let id = server.text(r#"select "id" from "user""#).await.unwrap();
        let row = guichet_core::store::Verification {
            id: "theirs".to_owned(),
            identifier: name,
            value: id,
            expires_at: server.now().plus(Duration::from_hours(1)),
        };
        guichet_core::store::Verifications::insert(&server.app.db, &row, server.now()).await.unwrap();
        assert!(!is_asked(&server, &cookie, EMAIL).await);
        assert!(is_asked(&server, &cookie, EMAIL).await, "once");
        assert_eq!(server.number(DEVICES).await, 1);
    }

    async fn where_no_device_is_trusted_none_is(database) {
        let server = with(&database, "trust_devices_for = \"0s\"").await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = trusted(&server, &jean).await;
        assert_eq!(browser.cookie(COOKIE), None);
        assert_eq!(server.number(DEVICES).await, 0);
    }

    async fn trusting_a_device_is_remembering_it(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "amr": "pwd", "remember": false});
        let _ = browser.post("/sign-in/credulous", body).await.expect(200);
        let body = json!({"code": jean.code(&server), "trustDevice": true});
        let _ = browser.post("/two-factor/verify-totp", body).await.expect(200);
        assert_eq!(browser.cookie("better-auth.dont_remember"), None);
        assert!(browser.cookie(COOKIE).is_some());
    }
}
