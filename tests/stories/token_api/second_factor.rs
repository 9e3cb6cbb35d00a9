//! Somebody with a second factor, behind a back end that holds no cookie.

use std::time::Duration;

use guichet_testing::{Answer, TestDatabase, TestServer, totp};
use serde_json::{Value, json};

use super::{
    FIELDS, PLUGINS, claims, fields, login, me, pair, post, program, refresh, refused, register, start, text,
};
use crate::{EMAIL, PASSWORD, sign_in_by_password};

struct Person {
    secret: Vec<u8>,
    codes: Vec<String>,
}

/// Jean, with an authenticator.
async fn enrolled(database: &TestDatabase, options: &str) -> (TestServer, Person) {
    let settings = format!("{FIELDS}{PLUGINS}[plugins.token-api]\n[plugins.two-factor]\n{options}");
    let server = crate::with(database, &settings).await;
    register(&server).await;
    let browser = server.browser();
    sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
    let begun = browser.post("/two-factor/enable", json!({"password": PASSWORD})).await.expect(200).json();
    let secret = totp::secret_in(text(&begun, "totpURI"));
    let codes = begun["backupCodes"].as_array().unwrap();
    let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    let person = Person { secret, codes };
    browser
        .post("/two-factor/verify-totp", json!({"code": totp::next_code(&server, &person.secret)}))
        .await
        .expect(200)
        .json();
    (server, person)
}

/// What a right password is answered with.
async fn waits(server: &TestServer) -> Value {
    refused(login(server, EMAIL, PASSWORD).await, 403, "TWO_FACTOR_REQUIRED")
}

async fn go_on(server: &TestServer, body: Value) -> Answer {
    post(&program(server), "/auth/two-factor", body).await
}

guichet_testing::stories! {
    async fn a_factor_that_there_is_not_is_named(database) {
        let (server, person) = enrolled(&database, "").await;
        let waiting = waits(&server).await;
        for method in [json!("sms"), json!(7)] {
            let body = json!({"challenge": waiting["challenge"], "code": totp::next_code(&server, &person.secret), "method": method});
            let answer = refused(go_on(&server, body).await, 422, "VALIDATION_ERROR");
            assert_eq!(fields(&answer), [("method", "INVALID_TYPE")]);
        }
        let body = json!({"challenge": waiting["challenge"], "code": person.codes[0], "method": "backup_code"});
        go_on(&server, body).await.expect(200).json();
    }

    async fn a_right_password_alone_gives_no_token_and_a_code_does(database) {
        let (server, person) = enrolled(&database, "").await;
        let before = server.count("session").await;
        refused(login(&server, EMAIL, "wrong horse 1").await, 401, "INVALID_CREDENTIALS");
        let waiting = waits(&server).await;
        assert_eq!((&waiting["methods"], waiting.get("access_token")), (&json!(["totp"]), None));
        assert_eq!(waiting["verify_url"], format!("{}/auth/two-factor", server.base()));
        assert_eq!(server.count("session").await, before);
        let challenge = text(&waiting, "challenge");
        refused(go_on(&server, json!({"challenge": challenge, "code": "000000"})).await, 401, "INVALID_CODE");
        let entry = go_on(&server, json!({"challenge": challenge, "code": totp::next_code(&server, &person.secret)})).await.expect(200).json();
        let (access, token) = pair(&entry);
        assert_eq!(me(&server, &access).await.expect(200).json(), entry["user"]);
        let session = claims(&access)["sid"].as_str().unwrap().to_owned();
        let aal = server.number(&format!(r#"select cast("aal" as bigint) from "session" where "id" = '{session}'"#)).await;
        assert_eq!(aal, 2);
        let _ = refresh(&server, &token).await.expect(200);
        // It was used up.
        let again = json!({"challenge": challenge, "code": totp::next_code(&server, &person.secret)});
        refused(go_on(&server, again).await, 401, "INVALID_TWO_FACTOR_CHALLENGE");
    }

    async fn a_backup_code_does_too_and_works_once(database) {
        let (server, person) = enrolled(&database, "").await;
        for (n, status) in [(0, 200), (0, 401), (1, 200)] {
            let challenge = text(&waits(&server).await, "challenge").to_owned();
            let body = json!({"challenge": challenge, "code": person.codes[n], "method": "backup-code"});
            let _ = go_on(&server, body).await.expect(status);
        }
    }

    async fn a_mailed_code_does_where_it_is_allowed(database) {
        let (server, _) = enrolled(&database, "email_codes = true").await;
        let waiting = waits(&server).await;
        assert_eq!(waiting["methods"], json!(["totp", "otp"]));
        let challenge = text(&waiting, "challenge");
        let sent = post(&program(&server), "/auth/two-factor/send", json!({"challenge": challenge})).await;
        assert_eq!(sent.expect(200).json(), json!({"success": true}));
        let body = json!({"challenge": challenge, "code": server.code(EMAIL).await, "method": "otp"});
        pair(&go_on(&server, body).await.expect(200).json());
        let (server, _) = enrolled(&database.another().await, "").await;
        let challenge = text(&waits(&server).await, "challenge").to_owned();
        let sent = post(&program(&server), "/auth/two-factor/send", json!({"challenge": challenge})).await;
        refused(sent, 400, "OTP_NOT_CONFIGURED");
    }

    async fn what_is_no_challenge_opens_nothing(database) {
        let (server, person) = enrolled(&database, "").await;
        let challenge = text(&waits(&server).await, "challenge").to_owned();
        let bare = challenge.split('.').next().unwrap();
        let session = server.app.keyring.sign("2fa-nosuchchallenge00000");
        for bad in ["", "x", bare, &format!("{bare}.AAAA"), &session, &server.app.keyring.sign("a-session-token")] {
            let body = json!({"challenge": bad, "code": totp::next_code(&server, &person.secret)});
            refused(go_on(&server, body).await, 401, "INVALID_TWO_FACTOR_CHALLENGE");
        }
        let body = refused(go_on(&server, json!({})).await, 422, "VALIDATION_ERROR");
        assert_eq!(fields(&body), [("challenge", "MISSING_FIELD"), ("code", "MISSING_FIELD")]);
        let body = json!({"challenge": challenge, "code": "1", "method": "guess"});
        refused(go_on(&server, body).await, 422, "VALIDATION_ERROR");
        server.clock.advance(Duration::from_secs(601));
        let late = json!({"challenge": challenge, "code": totp::next_code(&server, &person.secret)});
        refused(go_on(&server, late).await, 401, "INVALID_TWO_FACTOR_CHALLENGE");
    }

    async fn the_budget_of_wrong_codes_is_the_accounts(database) {
        let (server, person) = enrolled(&database, "tries_per_account = 5\ntries_per_challenge = 3").await;
        let mut statuses = Vec::new();
        for _ in 0..2 {
            let challenge = text(&waits(&server).await, "challenge").to_owned();
            for _ in 0..3 {
                let body = json!({"challenge": challenge, "code": "000000"});
                statuses.push(go_on(&server, body).await.status.as_u16());
            }
        }
        assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
        let challenge = text(&waits(&server).await, "challenge").to_owned();
        let body = json!({"challenge": challenge, "code": totp::next_code(&server, &person.secret)});
        refused(go_on(&server, body).await, 429, "ACCOUNT_TEMPORARILY_LOCKED");
    }

    async fn without_second_factors_nothing_of_them_is_there(database) {
        let server = start(&database).await;
        for path in ["/auth/two-factor", "/auth/two-factor/send"] {
            let answer = post(&program(&server), path, json!({"challenge": "x", "code": "1"})).await.expect(404);
            assert!(answer.text.is_empty());
        }
    }
}
