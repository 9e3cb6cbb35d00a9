//! What is no token of ours, and whose session has ended. RFC 8725; CVE-2015-9235 and its many sisters.

use std::time::Duration;

use super::*;
use crate::{EMAIL, visitor};

fn with(value: &Value, name: &str, other: Value) -> Value {
    let mut changed = value.clone();
    changed[name] = other;
    changed
}

fn without(value: &Value, name: &str) -> Value {
    let mut changed = value.clone();
    changed.as_object_mut().unwrap().shift_remove(name);
    changed
}

/// A signature as `alg: HS256` makes it.
fn hs256(secret: &[u8], message: &str) -> String {
    let hex = guichet_core::keyring::hmac_sha256_hex(secret, message.as_bytes());
    let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    URL_SAFE_NO_PAD.encode(bytes.collect::<Vec<u8>>())
}

guichet_testing::stories! {
    /// Wishes: 85.
    async fn a_token_speaks_for_its_session_while_it_lives(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let token = token(&browser).await;
        let session = browser.get("/get-session").await.expect(200).json();
        let bearer = taken(&server, &token).await.expect("it is good");
        assert_eq!((&json!(bearer.session.id), &json!(bearer.user.id)), (&session["session"]["id"], &session["user"]["id"]));
        let said = claims(&token);
        assert_eq!(Value::Object(bearer.claims), said);
        assert_eq!((&said["sid"], &said["sub"]), (&session["session"]["id"], &session["user"]["id"]));
        assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 900);
        assert_eq!(header(&token)["typ"], "at+jwt");
        let other = super::token(&browser).await;
        assert_ne!(claims(&other)["jti"], said["jti"], "each has a name of its own");
        server.clock.advance(Duration::from_secs(880));
        assert!(taken(&server, &token).await.is_some());
        server.clock.advance(Duration::from_secs(20));
        assert!(taken(&server, &token).await.is_none());
    }

    async fn whoever_issues_one_says_for_how_long_within_bounds(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let bearer = taken(&server, &token(&browser).await).await.unwrap();
        for (asked, given) in [(None, 900), (Some(300), 300), (Some(1800), 1800), (Some(86_400), 1800)] {
            let lifetime = asked.map(Duration::from_secs);
            let issued = tokens(&server).issue(&server.app, &bearer.session, &bearer.user, lifetime).await.unwrap();
            let said = claims(&issued.token);
            assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), given);
            assert_eq!(issued.expires_at.seconds(), said["exp"].as_i64().unwrap());
            assert!(taken(&server, &issued.token).await.is_some());
        }
    }

    async fn the_header_is_believed_in_nothing(database) {
        let server = start(&database).await;
        let token = token(&visitor(&server, EMAIL).await).await;
        let (head, said) = (header(&token), claims(&token));
        let forger = Forger::inside(&server).await;
        assert!(taken(&server, &forger.signed(&head, &said)).await.is_some(), "only what is wrong below is wrong");

        for alg in ["none", "None", "NONE", "", "HS256", "RS256", "ES256", "EdDSA ", "eddsa", "Ed25519"] {
            let head = with(&head, "alg", json!(alg));
            assert!(taken(&server, &forger.signed(&head, &said)).await.is_none(), "{alg}");
            let unsigned = format!("{}.{}.", encoded(&head), encoded(&said));
            assert!(taken(&server, &unsigned).await.is_none(), "{alg}, unsigned");
        }
        for (name, value) in [
            ("alg", json!(null)), ("alg", json!(["EdDSA"])), ("kid", json!("unknown")), ("kid", json!(null)),
            ("kid", json!("a\u{0}b")), ("kid", json!("' or '1'='1")), ("kid", json!({"$ne": null})), ("crit", json!(["exp"])), ("crit", json!([])),
            ("typ", json!("JWT")), ("typ", json!("revocations+jwt")), ("typ", json!(null)), ("typ", json!(7)),
        ] {
            let forged = forger.signed(&with(&head, name, value.clone()), &said);
            assert!(taken(&server, &forged).await.is_none(), "{name}: {value}");
        }
        for name in ["alg", "kid", "typ"] {
            assert!(taken(&server, &forger.signed(&without(&head, name), &said)).await.is_none(), "{name}");
        }
    }

    async fn the_public_key_is_no_secret_to_sign_with(database) {
        let server = start(&database).await;
        let token = token(&visitor(&server, EMAIL).await).await;
        let head = with(&header(&token), "alg", json!("HS256"));
        let signed = format!("{}.{}", encoded(&head), encoded(&claims(&token)));
        let public = server.text(r#"select "publicKey" from "jwks""#).await.unwrap();
        let x: Value = serde_json::from_str(&public).unwrap();
        let raw = URL_SAFE_NO_PAD.decode(x["x"].as_str().unwrap()).unwrap();
        for secret in [raw.as_slice(), x["x"].as_str().unwrap().as_bytes(), b""] {
            let forged = format!("{signed}.{}", hs256(secret, &signed));
            assert!(taken(&server, &forged).await.is_none());
        }
    }

    async fn no_key_is_taken_from_a_token_or_from_elsewhere(database) {
        let server = start(&database).await;
        let token = token(&visitor(&server, EMAIL).await).await;
        let (head, said) = (header(&token), claims(&token));
        let mut stranger = Forger { kid: "mine".to_owned(), key: SigningKey::from_bytes(&[7; 32]) };
        let jwk = json!({
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "mine",
            "x": URL_SAFE_NO_PAD.encode(stranger.key.verifying_key().as_bytes()),
        });
        for kid in ["mine", head["kid"].as_str().unwrap()] {
            kid.clone_into(&mut stranger.kid);
            for (name, value) in [
                ("jwk", jwk.clone()), ("jku", json!("https://evil.test/jwks")), ("x5u", json!("https://evil.test/x")),
                ("x5c", json!(["AAAA"])),
            ] {
                let head = with(&with(&head, "kid", json!(kid)), name, value);
                assert!(taken(&server, &stranger.signed(&head, &said)).await.is_none(), "{kid} {name}");
            }
            assert!(taken(&server, &stranger.token(&said)).await.is_none());
        }
        // Beside the right key, such hints change nothing.
        let forger = Forger::inside(&server).await;
        let hinted = with(&head, "jku", json!("https://evil.test/jwks"));
        assert!(taken(&server, &forger.signed(&hinted, &said)).await.is_some());
    }

    async fn claims_that_are_not_as_they_must_be_are_refused(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let other = claims(&token(&visitor(&server, "other@example.com").await).await);
        let said = claims(&token(&browser).await);
        let forger = Forger::inside(&server).await;
        assert!(taken(&server, &forger.token(&said)).await.is_some());
        let exp = said["exp"].as_i64().unwrap();
        for (name, value) in [
            ("aud", json!("https://other.test")), ("aud", json!([])), ("aud", json!(["https://other.test"])), ("aud", json!("")),
            ("aud", json!(null)), ("iss", json!("https://other.test")), ("iss", json!(format!("{}/", server.base()))),
            ("iss", json!([server.base()])), ("exp", json!(exp.to_string())), ("exp", json!(exp - 900)), ("exp", json!(true)),
            ("exp", json!(null)), ("exp", json!([exp])), ("exp", json!("9999999999")), ("exp", json!(0)), ("exp", json!(-1)),
            ("nbf", json!(exp)), ("nbf", json!("0")), ("nbf", json!(null)), ("sid", json!("unknown")), ("sid", json!(null)), ("sid", json!(7)), ("sid", other["sid"].clone()),
            ("sub", other["sub"].clone()), ("sub", json!(null)), ("sub", json!("unknown")),
        ] {
            let forged = forger.token(&with(&said, name, value.clone()));
            assert!(taken(&server, &forged).await.is_none(), "{name}: {value}");
        }
        for name in ["aud", "iss", "exp", "sid", "sub"] {
            assert!(taken(&server, &forger.token(&without(&said, name))).await.is_none(), "{name}");
        }
    }

    async fn what_is_no_token_at_all_is_refused_quietly(database) {
        let server = start(&database).await;
        let good = token(&visitor(&server, EMAIL).await).await;
        let [head, said, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
        let long = format!("{head}.{}.{signature}", "A".repeat(100_000));
        for bad in [
            "", ".", "..", "...", "a.b.c", "a.b", good.trim_end_matches(char::is_alphanumeric), &format!("{good}."), &format!("{good}.x"),
            &format!("{head}.{said}"), &format!("{head}.{said}."), &format!(".{said}.{signature}"), &format!("{head}..{signature}"),
            &format!("{head}=.{said}.{signature}"), &format!(" {good}"), &format!("{head}.{said}\u{0}.{signature}"), &long,
            &format!("{}.{said}.{signature}", URL_SAFE_NO_PAD.encode("[]")), &format!("{}.{said}.{signature}", URL_SAFE_NO_PAD.encode("{\"kid\"")),
        ] {
            assert!(taken(&server, bad).await.is_none(), "{bad:.80}");
        }
    }

    async fn a_token_ends_with_its_session_and_with_its_user(database) {
        let server = start(&database).await;
        let (browser, elsewhere) = (visitor(&server, EMAIL).await, visitor(&server, EMAIL).await);
        let (gone, kept) = (token(&browser).await, token(&elsewhere).await);
        sign_out(&browser).await;
        assert!(taken(&server, &gone).await.is_none());
        assert!(taken(&server, &kept).await.is_some(), "another session of the same user");
        elsewhere.post("/revoke-sessions", json!({})).await.expect(200).json();
        assert!(taken(&server, &kept).await.is_none());

        let again = visitor(&server, EMAIL).await;
        let token = token(&again).await;
        server.execute(r#"update "session" set "expiresAt" = '2020-01-01T00:00:00.000Z'"#).await;
        assert!(taken(&server, &token).await.is_none(), "the session has ended by itself");
        let last = super::token(&visitor(&server, EMAIL).await).await;
        assert!(taken(&server, &last).await.is_some());
        server.execute(r#"delete from "user""#).await;
        assert!(taken(&server, &last).await.is_none());
    }

    async fn another_document_never_passes_for_a_token(database) {
        let server = start(&database).await;
        let token = token(&visitor(&server, EMAIL).await).await;
        let Value::Object(said) = claims(&token) else { panic!("claims are an object") };
        let other = tokens(&server).sign(&server.app, "logout+jwt", &said).await.unwrap();
        assert_eq!(header(&other), json!({"alg": "EdDSA", "kid": header(&token)["kid"], "typ": "logout+jwt"}));
        assert!(taken(&server, &other).await.is_none());
        for taken in ["at+jwt", "AT+JWT", "JWT", "jwt", "", "application/at+jwt"] {
            assert!(tokens(&server).sign(&server.app, taken, &said).await.is_err(), "{taken:?}");
        }
    }

    async fn with_the_claims_of_better_auth_nothing_is_taken_here(database) {
        let server = beside_sign_in(&database, "[plugins.jwt]\ntyp = \"\"\nsession_claims = false").await;
        let token = token(&visitor(&server, EMAIL).await).await;
        assert_eq!(header(&token).as_object().unwrap().keys().collect::<Vec<_>>(), ["alg", "kid"]);
        assert!(claims(&token).get("sid").is_none() && claims(&token).get("jti").is_none());
        assert!(!tokens(&server).names_sessions());
        assert!(taken(&server, &token).await.is_none(), "whether its session lives cannot be told");
    }
}
