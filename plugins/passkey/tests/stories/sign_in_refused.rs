//! A passkey opens nothing.

use std::time::Duration;

use futures_util::future::join_all;
use guichet_core::serde_json::{Value, json};

use crate::*;
use guichet_testing::authenticator::{Authenticator, BACKED_UP, PRESENT, VERIFIED, b64};

const FAILED: &str = "AUTHENTICATION_FAILED";

/// Tries to sign in with an authenticator that was told to do something wrong.
async fn wrongly(server: &TestServer, authenticator: &mut Authenticator, status: u16, code: &str) {
    let browser = server.page_browser();
    sign_in(&browser, authenticator).await.refused(status, code);
    assert!(!browser.is_in().await);
}

/// What is made wrong.
type Spoil = fn(&mut Authenticator);

guichet_testing::stories! {
    // Kanidm's webauthn-rs (suffixes), CVE-2026-30964 (scheme and port).
    async fn an_origin_is_compared_whole(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        let base = server.base().to_owned();
        let port = base.rsplit_once(':').unwrap().1;
        for origin in [
            "https://evil.test".to_owned(), format!("https://127.0.0.1:{port}"), "http://127.0.0.1:1".to_owned(),
            format!("http://bad127.0.0.1:{port}"), format!("{base}.evil.test"), "http://app.localhost:5173".to_owned(),
        ] {
            authenticator.origin = origin;
            wrongly(&server, &mut authenticator, 400, FAILED).await;
        }
        authenticator.origin = base;
        authenticator.cross_origin = json!(true);
        wrongly(&server, &mut authenticator, 400, FAILED).await;
    }

    async fn what_the_authenticator_says_must_hold(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        let good = |one: &mut Authenticator| {
            "127.0.0.1".clone_into(&mut one.rp_id);
            (one.flags, one.challenge, one.forged, one.user_handle) = (PRESENT | VERIFIED, None, false, Value::Null);
        };
        let wrongs: [(Spoil, u16); 7] = [
            (|one| "example.com".clone_into(&mut one.rp_id), 400),
            (|one| one.challenge = Some("A".repeat(43)), 400),
            (|one| one.flags = VERIFIED, 400),
            (|one| one.flags = PRESENT, 400),
            (|one| one.flags |= BACKED_UP, 400),
            (|one| one.user_handle = json!("not base64!"), 400),
            (|one| one.forged = true, 401),
        ];
        for (wrong, status) in wrongs {
            wrong(&mut authenticator);
            wrongly(&server, &mut authenticator, status, FAILED).await;
            good(&mut authenticator);
        }
        let _ = sign_in(&server.page_browser(), &mut authenticator).await.expect(200);
    }

    // Better Auth passkey #9993.
    async fn one_ceremony_never_stands_for_the_other(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        authenticator.other_ceremony = true;
        wrongly(&server, &mut authenticator, 400, FAILED).await;
        authenticator.other_ceremony = false;
        // The challenge of a registration, with client data of a sign-in.
        let browser = entered(&server, EMAIL).await;
        let options = register_options(&browser).await;
        send(&browser, &authenticator.get(&options)).await.refused(400, "CHALLENGE_NOT_FOUND");
        let response = Authenticator::es256(server.base()).create(&options);
        let body = json!({"response": response});
        browser.post("/passkey/verify-registration", body).await.refused(400, "CHALLENGE_NOT_FOUND");
    }

    // ASVS 6.7.2.
    async fn a_challenge_is_good_once_for_five_minutes_in_one_browser(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        let browser = server.page_browser();
        let response = authenticator.get(&sign_in_options(&browser).await);
        send(&server.page_browser(), &response).await.refused(400, "CHALLENGE_NOT_FOUND");
        let _ = send(&browser, &response).await.expect(200);
        send(&browser, &response).await.refused(400, "CHALLENGE_NOT_FOUND");

        // A failed try uses it up too.
        let browser = server.page_browser();
        let options = sign_in_options(&browser).await;
        let right = authenticator.get(&options);
        authenticator.forged = true;
        send(&browser, &authenticator.get(&options)).await.refused(401, FAILED);
        authenticator.forged = false;
        send(&browser, &right).await.refused(400, "CHALLENGE_NOT_FOUND");

        let late = authenticator.get(&sign_in_options(&browser).await);
        server.clock.advance(Duration::from_secs(301));
        send(&browser, &late).await.refused(400, "CHALLENGE_NOT_FOUND");
    }

    async fn of_parallel_tries_with_one_challenge_one_succeeds(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        let browser = server.page_browser();
        let response = authenticator.get(&sign_in_options(&browser).await);
        let tries: Vec<Browser> = (0..20).map(|_| {
            let tab = server.page_browser();
            let cookie = "better-auth.better-auth-passkey";
            tab.set_cookie(cookie, &browser.cookie(cookie).unwrap());
            tab
        }).collect();
        let answers = join_all(tries.iter().map(|tab| send(tab, &response))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(answers.iter().all(|answer| answer.status == 200 || answer.code() == "CHALLENGE_NOT_FOUND"));
    }

    async fn a_counter_that_goes_back_is_refused(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        authenticator.counter = 4;
        let _ = sign_in(&server.page_browser(), &mut authenticator).await.expect(200);
        for counter in [1, 3, 4] {
            authenticator.counter = counter;
            wrongly(&server, &mut authenticator, 400, FAILED).await;
        }
        authenticator.counter = 0;
        let browser = server.page_browser();
        let options = sign_in_options(&browser).await;
        send(&browser, &authenticator.get_again(&options)).await.refused(400, FAILED);
        authenticator.counter = u32::MAX - 1;
        wrongly(&server, &mut authenticator, 400, FAILED).await;
        assert_eq!(server.number(r#"select "counter" from "passkey""#).await, 5);
    }

    async fn a_credential_that_nobody_has_is_refused(database) {
        let server = start(&database).await;
        let jean = owned(&server, EMAIL).await;
        wrongly(&server, &mut Authenticator::es256(server.base()), 401, "PASSKEY_NOT_FOUND").await;
        // Another key under a known id.
        let mut thief = Authenticator::es256(server.base());
        thief.id.clone_from(&jean.id);
        wrongly(&server, &mut thief, 401, FAILED).await;
        let mut thief = Authenticator::eddsa(server.base());
        thief.id.clone_from(&jean.id);
        wrongly(&server, &mut thief, 401, FAILED).await;
    }

    async fn a_removed_passkey_opens_nothing(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        let browser = entered(&server, EMAIL).await;
        let id = browser.get("/passkey/list-user-passkeys").await.json()[0]["id"].clone();
        let _ = browser.post("/passkey/delete-passkey", json!({"id": id})).await.expect(200);
        wrongly(&server, &mut authenticator, 401, "PASSKEY_NOT_FOUND").await;
    }

    async fn what_is_malformed_is_told(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        let browser = server.page_browser();
        for (path, value, status) in [
            ("/id", json!("!!!"), 401), ("/id", json!("a\0b"), 401), ("/id", json!(7), 401), ("/rawId", json!("AAAA"), 401),
            ("/type", json!("password"), 401), ("/response", json!(null), 400), ("/response", json!([]), 400),
            ("/response/clientDataJSON", json!("e30"), 400), ("/response/clientDataJSON", json!(5), 400),
            ("/response/authenticatorData", json!(""), 400), ("/response/authenticatorData", json!(b64(&[0; 36])), 400),
            ("/response/signature", json!("%%"), 400), ("/response/signature", json!(""), 401),
            ("/response/userHandle", json!({}), 400), ("/response/userHandle", json!(b64(&[1; 65])), 400),
        ] {
            let mut response = authenticator.get(&sign_in_options(&browser).await);
            *response.pointer_mut(path).unwrap() = value.clone();
            let answer = send(&browser, &response).await;
            assert_eq!(answer.status.as_u16(), status, "{path} {value}: {answer:?}");
        }
        for (body, code) in [
            (json!({}), "VALIDATION_ERROR"), (json!({"response": "x"}), "VALIDATION_ERROR"),
            (json!({"response": {}}), FAILED),
        ] {
            let _ = sign_in_options(&browser).await;
            browser.post("/passkey/verify-authentication", body).await.refused(400, code);
        }
        server.execute(r#"update "passkey" set "publicKey" = 'no key'"#).await;
        wrongly(&server, &mut authenticator, 400, FAILED).await;
    }

    async fn a_request_without_an_origin_is_refused(database) {
        let server = start(&database).await;
        let mut authenticator = owned(&server, EMAIL).await;
        let browser = server.page_browser();
        let response = authenticator.get(&sign_in_options(&browser).await);
        let answer = send(&browser.clone().at_origin(""), &response).await;
        assert!(answer.status.is_client_error(), "{answer:?}");
        assert!(!browser.is_in().await);
    }

    async fn tries_are_counted(database) {
        let plugins = [Registration::of::<Passkey>()];
        let settings = "rate_limit = { enabled = true }\n[plugins.passkey]";
        let server = TestServer::with(&plugins, &database, settings).await;
        let browser = server.page_browser();
        for _ in 0..30 {
            send(&browser, &json!({})).await.refused(400, "CHALLENGE_NOT_FOUND");
        }
        assert_eq!(send(&browser, &json!({})).await.status, 429);
    }
}
