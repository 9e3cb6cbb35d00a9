//! A passkey is not made.

use guichet_testing::SESSION_COOKIE;
use std::time::Duration;

use futures_util::future::join_all;
use guichet_core::serde_json::json;

use crate::*;
use guichet_testing::authenticator::{Authenticator, BACKED_UP, PRESENT, VERIFIED, b64};

const FAILED: &str = "FAILED_TO_VERIFY_REGISTRATION";

/// Registers with an authenticator that was told to do something wrong.
async fn wrongly(server: &TestServer, wrong: impl Fn(&mut Authenticator)) -> Answer {
    let mut authenticator = Authenticator::es256(server.base());
    wrong(&mut authenticator);
    let answer = register(&entered(server, EMAIL).await, &authenticator).await;
    assert_eq!(server.count("passkey").await, 0);
    answer
}

guichet_testing::stories! {
    async fn nobody_registers_without_a_recent_sign_in(database) {
        let server = start(&database).await;
        let stranger = server.page_browser();
        stranger.get("/passkey/generate-register-options").await.refused(401, "UNAUTHORIZED");
        stranger.post("/passkey/verify-registration", json!({"response": {}})).await.refused(401, "UNAUTHORIZED");
        // ASVS 7.5.1.
        let browser = entered(&server, EMAIL).await;
        let response = Authenticator::es256(server.base()).create(&register_options(&browser).await);
        server.clock.advance(Duration::from_secs(25 * 3600));
        browser.get("/passkey/generate-register-options").await.refused(403, "SESSION_NOT_FRESH");
        let body = json!({"response": response});
        browser.post("/passkey/verify-registration", body).await.refused(403, "SESSION_NOT_FRESH");
    }

    // Kanidm's webauthn-rs (suffixes), CVE-2026-30964 (scheme and port).
    async fn an_origin_is_compared_whole(database) {
        let server = start(&database).await;
        let base = server.base().to_owned();
        let port = base.rsplit_once(':').unwrap().1;
        for origin in [
            "https://evil.test".to_owned(), format!("https://127.0.0.1:{port}"), "http://127.0.0.1:1".to_owned(),
            "http://127.0.0.1".to_owned(), format!("http://bad127.0.0.1:{port}"), format!("{base}.evil.test"),
            format!("{base}/"), "http://app.localhost:5173".to_owned(), String::new(), "null".to_owned(),
        ] {
            wrongly(&server, |authenticator| origin.clone_into(&mut authenticator.origin)).await.refused(500, FAILED);
        }
        wrongly(&server, |authenticator| authenticator.cross_origin = json!(true)).await.refused(500, FAILED);
    }

    async fn what_the_authenticator_says_must_hold(database) {
        let server = start(&database).await;
        wrongly(&server, |one| "localhost".clone_into(&mut one.rp_id)).await.refused(500, FAILED);
        wrongly(&server, |one| one.challenge = Some("A".repeat(43))).await.refused(500, FAILED);
        wrongly(&server, |one| one.flags = VERIFIED).await.refused(500, FAILED);
        wrongly(&server, |one| one.flags |= BACKED_UP).await.refused(500, FAILED);
        wrongly(&server, |one| one.id = Vec::new()).await.refused(500, FAILED);
        wrongly(&server, |one| one.id = vec![1; 1024]).await.refused(500, FAILED);
        wrongly(&server, |one| one.counter = u32::MAX).await.refused(500, FAILED);
        // NIST SP 800-63B: user verification where the passkey is the only factor.
        wrongly(&server, |one| one.flags = PRESENT).await.refused(400, FAILED);
    }

    // Better Auth passkey #9993.
    async fn one_ceremony_never_stands_for_the_other(database) {
        let server = start(&database).await;
        wrongly(&server, |authenticator| authenticator.other_ceremony = true).await.refused(500, FAILED);
        // The challenge of a sign-in, with client data of a registration.
        let browser = entered(&server, EMAIL).await;
        let options = sign_in_options(&browser).await;
        let response = Authenticator::es256(server.base()).create(&options);
        let body = json!({"response": response});
        browser.post("/passkey/verify-registration", body.clone()).await.refused(400, "CHALLENGE_NOT_FOUND");
        browser.post("/passkey/verify-registration", body).await.refused(400, "CHALLENGE_NOT_FOUND");
    }

    // ASVS 6.7.2.
    async fn a_challenge_is_good_once_for_five_minutes_for_one_user(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let authenticator = Authenticator::es256(server.base());
        let body = json!({"response": authenticator.create(&register_options(&browser).await)});
        let path = "/passkey/verify-registration";
        // A failed try uses it up too.
        let mut forger = Authenticator::es256(server.base());
        forger.origin = "https://evil.test".to_owned();
        let options = register_options(&browser).await;
        browser.post(path, json!({"response": forger.create(&options)})).await.refused(500, FAILED);
        browser.post(path, json!({"response": authenticator.create(&options)})).await.refused(400, "CHALLENGE_NOT_FOUND");
        browser.post(path, body).await.refused(400, "CHALLENGE_NOT_FOUND");

        let late = json!({"response": authenticator.create(&register_options(&browser).await)});
        server.clock.advance(Duration::from_secs(301));
        browser.post(path, late).await.refused(400, "CHALLENGE_NOT_FOUND");

        let marie = entered(&server, OTHER).await;
        let response = authenticator.create(&register_options(&browser).await);
        let cookie = "better-auth.better-auth-passkey";
        marie.set_cookie(cookie, &browser.cookie(cookie).unwrap());
        marie.post(path, json!({"response": response})).await
            .refused(401, "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY");
        assert_eq!(server.count("passkey").await, 0);
    }

    async fn a_cookie_of_another_kind_names_no_challenge(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let token = browser.cookie(SESSION_COOKIE).unwrap();
        browser.set_cookie("better-auth.better-auth-passkey", &token);
        browser.post("/passkey/verify-registration", json!({"response": {}})).await.refused(400, "CHALLENGE_NOT_FOUND");
    }

    async fn a_credential_that_anybody_has_is_refused(database) {
        let server = start(&database).await;
        let jean = owned(&server, EMAIL).await;
        let mut thief = Authenticator::eddsa(server.base());
        thief.id.clone_from(&jean.id);
        register(&entered(&server, OTHER).await, &thief).await.refused(400, "PREVIOUSLY_REGISTERED");
        register(&entered(&server, EMAIL).await, &jean).await.refused(400, "PREVIOUSLY_REGISTERED");
    }

    async fn of_parallel_registrations_of_one_credential_one_succeeds(database) {
        let server = start(&database).await;
        let authenticator = Authenticator::es256(server.base());
        let mut ready = Vec::new();
        for _ in 0..8 {
            let browser = entered(&server, EMAIL).await;
            let response = authenticator.create(&register_options(&browser).await);
            ready.push((browser, json!({"response": response})));
        }
        let answers = join_all(ready.iter().map(|(browser, body)| {
            browser.post("/passkey/verify-registration", body.clone())
        })).await;
        let made = answers.iter().filter(|answer| answer.status == 200).count();
        let told: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!((made, server.count("passkey").await), (1, 1), "{told:?}");
        assert!(told.iter().all(|status| [200, 400].contains(status)), "{told:?}");
    }

    async fn what_is_malformed_is_told(database) {
        let server = start(&database).await;
        let browser = entered(&server, EMAIL).await;
        let good = Authenticator::es256(server.base());
        for (path, value) in [
            ("/id", json!("!!!")), ("/id", json!(7)), ("/rawId", json!("AAAA")), ("/type", json!("password")),
            ("/response", json!(null)), ("/response/clientDataJSON", json!("e30")),
            ("/response/clientDataJSON", json!("%")), ("/response/attestationObject", json!("")),
            ("/response/attestationObject", json!(b64(&[0xff; 40]))),
            // A map that says it has 2^64 - 1 members, and arrays within arrays.
            ("/response/attestationObject", json!(b64(&[0xbb, 255, 255, 255, 255, 255, 255, 255, 255]))),
            ("/response/attestationObject", json!(b64(&vec![0x81; 20_000]))),
            ("/response/attestationObject", json!(b64(&[0x5b, 127, 255, 255, 255, 255, 255, 255, 255]))),
        ] {
            let mut response = good.create(&register_options(&browser).await);
            *response.pointer_mut(path).unwrap() = value.clone();
            let answer = browser.post("/passkey/verify-registration", json!({"response": response})).await;
            assert_eq!(answer.code(), FAILED, "{path} {value}");
        }
        browser.post("/passkey/verify-registration", json!({})).await.refused(400, "VALIDATION_ERROR");
        for body in [json!({"response": null}), json!({"response": "x"})] {
            let _ = register_options(&browser).await;
            browser.post("/passkey/verify-registration", body).await.refused(500, FAILED);
        }
        let named = json!({"response": {}, "name": "a".repeat(101)});
        browser.post("/passkey/verify-registration", named).await.refused(400, "VALIDATION_ERROR");
        let path = "/passkey/generate-register-options?authenticatorAttachment=nope";
        browser.get(path).await.refused(400, "VALIDATION_ERROR");
        assert_eq!(server.count("passkey").await, 0);
    }

    async fn a_request_without_an_origin_is_refused(database) {
        let server = with(&database, "").await;
        let browser = entered(&server, EMAIL).await;
        let response = Authenticator::es256(server.base()).create(&register_options(&browser).await);
        let answer = browser.at_origin("").post("/passkey/verify-registration", json!({"response": response})).await;
        assert!(answer.status.is_client_error(), "{answer:?}");
        assert_eq!(server.count("passkey").await, 0);
    }
}
