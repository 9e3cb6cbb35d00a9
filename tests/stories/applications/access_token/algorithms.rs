//! Every algorithm: what other people's libraries say to our signatures, and the change from one to another.

use std::time::Duration;

use super::*;
use crate::node::Node;
use crate::{EMAIL, visitor};

async fn signing_with(database: &TestDatabase, algorithm: &str) -> TestServer {
    beside_sign_in(database, &format!("[plugins.jwt]\nalgorithm = {algorithm:?}\n[plugins.revocation]")).await
}

guichet_testing::stories! {
    /// PyJWT and Authlib do so in `tests/python/test_tokens.py`.
    ///
    /// Wishes: 87, 134, 135.
    async fn jose_verifies_what_is_signed(database) {
        for algorithm in ["EdDSA", "ES256", "RS256"] {
            let database = database.another().await;
            let server = signing_with(&database, algorithm).await;
            let browser = visitor(&server, EMAIL).await;
            let token = token(&browser).await;
            let said = claims(&token);
            assert_eq!(header(&token)["alg"], algorithm);
            assert!(taken(&server, &token).await.is_some());

            let environment = [("BASE", server.base()), ("TOKEN", token.as_str()), ("ALGORITHM", algorithm)];
            let mut jose = Node::start("jose.mjs", &environment);
            let heard = jose.next().await.expect("it says something");
            let (well, complaints) = jose.end();
            assert!(well, "{complaints}");
            assert_eq!(heard, json!({"claims": said, "forged": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "feed": "revocations+jwt"}));
        }
    }

    async fn keys_of_each_kind_are_published_and_kept_in_better_auths_form(database) {
        for (algorithm, curve, public, private) in [
            ("EdDSA", Some("Ed25519"), vec!["x"], vec!["d"]),
            ("ES256", Some("P-256"), vec!["x", "y"], vec!["d"]),
            ("RS256", None, vec!["n", "e"], vec!["d", "p", "q", "dp", "dq", "qi"]),
        ] {
            let database = database.another().await;
            let server = signing_with(&database, algorithm).await;
            token(&visitor(&server, EMAIL).await).await;
            let keys = server.browser().get("/jwks").await.expect(200).json();
            let key = &keys["keys"][0];
            assert_eq!((&key["alg"], key.get("crv").and_then(Value::as_str)), (&json!(algorithm), curve));
            assert_eq!(server.text(r#"select "alg" from "jwks""#).await.as_deref(), Some(algorithm));
            assert_eq!(server.text(r#"select "crv" from "jwks""#).await.as_deref(), curve);
            let sealed = server.text(r#"select "privateKey" from "jwks""#).await.unwrap();
            let opened: Value = serde_json::from_str(server.app.keyring.open(sealed.trim_matches('"')).unwrap().expose_secret()).unwrap();
            for name in public {
                assert!(key[name].is_string() && opened[name] == key[name], "{algorithm} {name}");
            }
            for name in private {
                assert!(key.get(name).is_none() && opened[name].is_string(), "{algorithm} {name}");
            }
        }
    }

    async fn a_new_algorithm_signs_and_tokens_of_the_old_one_stay_good(database) {
        // Whatever port a server has: tokens are for one issuer.
        let signing_with = async |algorithm: &str| {
            let settings = format!("[plugins.jwt]\nalgorithm = {algorithm:?}\nissuer = \"https://login.test\"\naudience = \"https://api.test\"");
            beside_sign_in(&database, &settings).await
        };
        let server = signing_with("EdDSA").await;
        let old = token(&visitor(&server, EMAIL).await).await;
        drop(server);
        // Servers are changed one by one: a key that was made just now is nobody's to end.
        let server = signing_with("ES256").await;
        token(&visitor(&server, "other@example.com").await).await;
        let lasting = r#"select count(*) from "jwks" where "expiresAt" is null"#;
        assert_eq!(server.number(lasting).await, 2);
        server.execute(r#"update "jwks" set "createdAt" = '2026-01-01T00:00:00.000Z'"#).await;

        drop(server);
        let server = signing_with("RS256").await;
        let new = token(&visitor(&server, "third@example.com").await).await;
        assert_eq!((&header(&old)["alg"], &header(&new)["alg"]), (&json!("EdDSA"), &json!("RS256")));
        assert!(taken(&server, &old).await.is_some() && taken(&server, &new).await.is_some());
        let algorithms = async || {
            let keys = server.browser().get("/jwks").await.expect(200).json();
            let mut all: Vec<String> = keys["keys"].as_array().unwrap().iter().map(|key| key["alg"].to_string()).collect();
            all.sort_unstable();
            all.join(" ")
        };
        assert_eq!(algorithms().await, r#""ES256" "EdDSA" "RS256""#);
        assert_eq!(server.number(lasting).await, 1, "the old ones sign no more");
        server.clock.advance(Duration::from_secs(30 * 86_400));
        assert_eq!(algorithms().await, r#""RS256""#);
    }

    async fn a_signature_of_another_algorithm_is_none(database) {
        let server = signing_with(&database, "ES256").await;
        let token = token(&visitor(&server, EMAIL).await).await;
        let stranger = SigningKey::from_bytes(&[9; 32]);
        for alg in ["ES256", "EdDSA"] {
            let forger = Forger { kid: header(&token)["kid"].as_str().unwrap().to_owned(), key: stranger.clone() };
            let head = json!({"alg": alg, "kid": forger.kid, "typ": "at+jwt"});
            assert!(taken(&server, &forger.signed(&head, &claims(&token))).await.is_none(), "{alg}");
        }
        // Twice the same half (r, s), or zeros (CVE-2022-21449).
        let signed = token.rsplit_once('.').unwrap().0;
        for bytes in [[0u8; 64], [1u8; 64]] {
            assert!(taken(&server, &format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes))).await.is_none());
        }
        assert!(taken(&server, &token).await.is_some());
    }
}
