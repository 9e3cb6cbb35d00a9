//! JWTs and their public keys.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use futures_util::future::join_all;
use guichet_testing::{Browser, TestServer};
use serde_json::{Value, json};

use super::beside_sign_in;
use crate::{EMAIL, visitor};

const PLUGIN: &str = "[plugins.jwt]";

/// A key that Better Auth made, with the secret of the tests.
const PUBLIC: &str = r#"{"crv":"Ed25519","x":"vn_vzS0vt24KzAxfVU4TYnX6zKAXbpxwFbRu_Hpk8I4","kty":"OKP"}"#;
const PRIVATE: &str = concat!(
    r#""cefceb3789e7e09badcb42bc1a2be75b0ec4d484662e98920afdf9346435c4957d2b62afde88d4a3ac07eff2e0023cde5e7bc5e10308867e057e022"#,
    "e9e502027a18d6f088f8c8a8b6b998f5d394fd93813e2832b891d2461e4539d313f4520b6111d553b27058233b92f85f26c74a9100bac2a5a4a50bb",
    r#"176f5d3361363568e8aa5639ec47cd118664bec495f50df8e98936a5542822b23af0571c5807f5972330409ffd84bc4ca0ac""#,
);

pub(super) async fn token(browser: &Browser) -> String {
    browser.get("/token").await.expect(200).json()["token"].as_str().unwrap().to_owned()
}

pub(super) fn part(text: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

/// Checks a token with the public keys, as a service does, and gives its header and claims.
async fn verified(server: &TestServer, token: &str) -> (Value, Value) {
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let keys = server.browser().get("/jwks").await.expect(200).json();
    let kid = part(header)["kid"].clone();
    let key = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kid"] == kid)
        .expect("it is published")
        .clone();
    assert_eq!((&key["alg"], &key["kty"], &key["crv"]), (&json!("EdDSA"), &json!("OKP"), &json!("Ed25519")));
    assert_eq!(key.get("d"), None, "nothing private is published");
    let x: [u8; 32] = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap().try_into().unwrap();
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let signed = format!("{header}.{claims}");
    VerifyingKey::from_bytes(&x)
        .unwrap()
        .verify_strict(signed.as_bytes(), &signature)
        .expect("the signature is right");
    (part(header), part(claims))
}

guichet_testing::stories! {
    /// Wishes: 8, 133, 135.
    async fn a_service_checks_a_token_with_the_public_keys_alone(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = visitor(&server, EMAIL).await;
        let (header, claims) = verified(&server, &token(&browser).await).await;
        assert_eq!(header["alg"], "EdDSA");
        let now = server.now().millis() / 1000;
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + 900)));
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(server.base()), &json!(server.base())));
        assert_eq!((&claims["sub"], &claims["email"]), (&claims["id"], &json!(EMAIL)));
        let names: Vec<&String> = claims.as_object().unwrap().keys().collect();
        assert_eq!(names, ["iat", "id", "name", "email", "sub", "exp", "iss", "aud", "jti", "sid"]);
        server.browser().get("/token").await.refused(401, "UNAUTHORIZED");
    }

    async fn get_session_brings_one_along_when_somebody_is_in(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = visitor(&server, EMAIL).await;
        let answer = browser.get("/get-session").await.expect(200);
        assert!(answer.header("access-control-expose-headers").contains("set-auth-jwt"));
        verified(&server, answer.header("set-auth-jwt")).await;
        assert!(server.browser().get("/get-session").await.header("set-auth-jwt").is_empty());
        // The reference gives one for a session that has ended.
        server.clock.advance(Duration::from_secs(8 * 86_400));
        assert!(browser.get("/get-session").await.header("set-auth-jwt").is_empty());
    }

    async fn what_it_tells_can_be_narrowed_and_widened(database) {
        let settings = "[plugins.jwt]\nclaims = [\"*\"]\nissuer = \"https://a\"\naudience = \"https://b\"\nkeys_max_age = \"0s\"";
        let server = beside_sign_in(&database, settings).await;
        let (_, claims) = verified(&server, &token(&visitor(&server, EMAIL).await).await).await;
        assert!(claims["emailVerified"].is_boolean() && claims["createdAt"].is_string(), "{claims}");
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!("https://a"), &json!("https://b")));
        assert_eq!(server.browser().get("/jwks").await.header("cache-control"), "no-store");
    }

    async fn columns_are_told_under_other_names_and_the_organization_of_the_session(database) {
        let settings = "[[user.fields]]\nname = \"clientId\"\n[[session.fields]]\nname = \"activeOrganizationId\"\nacts_for = true\n[plugins.jwt]\nrename = { clientId = \"client\", email = \"mail\" }";
        let server = beside_sign_in(&database, settings).await;
        let browser = visitor(&server, EMAIL).await;
        let (_, claims) = verified(&server, &token(&browser).await).await;
        assert_eq!(claims.get("org_id"), None, "none is active");
        server.execute(r#"update "session" set "activeOrganizationId" = 'org-1'"#).await;
        server.execute(r#"update "user" set "clientId" = '42'"#).await;
        let (_, claims) = verified(&server, &token(&browser).await).await;
        assert_eq!((&claims["client"], &claims["mail"], &claims["org_id"]), (&json!("42"), &json!(EMAIL), &json!("org-1")));
        assert!(claims.get("clientId").is_none() && claims.get("email").is_none(), "{claims}");
    }

    async fn a_session_that_only_its_browser_remembers_gets_no_token(database) {
        let server = beside_sign_in(&database, "session.cookie_cache = \"5m\"\n[plugins.jwt]").await;
        let browser = visitor(&server, EMAIL).await;
        browser.get("/get-session").await.expect(200).json();
        assert!(!browser.get("/get-session").await.header("set-auth-jwt").is_empty());
        server.execute(r#"delete from "session""#).await;
        let answer = browser.get("/get-session").await.expect(200);
        assert_eq!((&answer.json()["user"]["email"], answer.header("set-auth-jwt")), (&json!(EMAIL), ""));
    }

    async fn a_column_never_stands_for_what_the_token_itself_says(database) {
        let settings = "[[user.fields]]\nname = \"sub\"\ndefault = \"root\"\n[[user.fields]]\nname = \"exp\"\ndefault = \"9\"\n[plugins.jwt]\nclaims = [\"*\"]";
        let server = beside_sign_in(&database, settings).await;
        let (_, claims) = verified(&server, &token(&visitor(&server, EMAIL).await).await).await;
        assert_eq!(claims["sub"], claims["id"]);
        assert!(claims["exp"].is_number());
    }

    async fn settings_that_cannot_be_are_refused_at_start(database) {
        for (bad, why) in [
            ("claims = [\"sub\"]", "RFC 7519"), ("claims = [\"nothing\"]", "no column"), ("expires_in = \"2d\"", "expires_in"),
            ("grace = \"1m\"", "grace"), ("rotate_after = \"5m\"", "rotate_after"), ("typ = \"x+jwt\"", "typ"),
            ("algorithm = \"HS256\"", "HS256"), ("claims = [\"sid\"]", "RFC"), ("rename = { email = \"scope\" }", "rename.email"),
            ("rename = { email = \"name\" }", "two columns"), ("rename = { image = \"picture\" }", "rename.image"),
        ] {
            let settings = format!("[plugins.jwt]\n{bad}");
            let said = TestServer::try_with(&guichet::plugins::all(), &database, &settings).await.err().unwrap();
            assert!(said.contains(why), "{bad}: {said}");
        }
    }

    async fn a_key_that_better_auth_made_goes_on_signing(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        server
            .execute(&format!(
                r#"insert into "jwks" ("id", "publicKey", "privateKey", "createdAt") values ('old', '{PUBLIC}', '{PRIVATE}', '2026-01-01T00:00:00.000Z')"#
            ))
            .await;
        let (header, _) = verified(&server, &token(&visitor(&server, EMAIL).await).await).await;
        assert_eq!(header["kid"], "old");
        assert_eq!(server.count("jwks").await, 1);
    }

    async fn the_first_tokens_of_all_are_all_good(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = visitor(&server, EMAIL).await;
        for token in join_all((0..20).map(|_| token(&browser))).await {
            verified(&server, &token).await;
        }
        // Whoever made a key, from now on one of them signs.
        let (one, _) = verified(&server, &token(&browser).await).await;
        let (other, _) = verified(&server, &token(&browser).await).await;
        assert_eq!(one["kid"], other["kid"]);
    }

    async fn private_keys_are_sealed_and_a_lost_secret_is_no_reason_to_make_another(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = visitor(&server, EMAIL).await;
        let before = token(&browser).await;
        let stored = server.text(r#"select "privateKey" from "jwks""#).await.unwrap();
        let hex = stored.trim_matches('"');
        assert!(stored.starts_with('"') && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{stored}");
        server.execute(r#"update "jwks" set "privateKey" = '"00"'"#).await;
        browser.get("/token").await.refused(500, "INTERNAL_SERVER_ERROR");
        // Who is signed in can still be asked, and old tokens still be checked.
        let answer = browser.get("/get-session").await.expect(200);
        assert_eq!((answer.header("set-auth-jwt"), &answer.json()["user"]["email"]), ("", &json!(EMAIL)));
        verified(&server, &before).await;
        assert_eq!(server.count("jwks").await, 1);
    }

    async fn keys_change_when_configured_and_old_ones_verify_for_a_while(database) {
        let server = beside_sign_in(&database, "[plugins.jwt]\nrotate_after = \"1d\"\ngrace = \"2d\"").await;
        let old = token(&visitor(&server, EMAIL).await).await;
        assert_eq!(server.browser().get("/jwks").await.header("cache-control"), "public, max-age=300");
        server.clock.advance(Duration::from_secs(86_401));
        let new = token(&visitor(&server, EMAIL).await).await;
        let ((old_header, _), (new_header, _)) = (verified(&server, &old).await, verified(&server, &new).await);
        assert_ne!(old_header["kid"], new_header["kid"]);
        server.clock.advance(Duration::from_secs(2 * 86_400));
        let published = server.browser().get("/jwks").await.json();
        assert!(published["keys"].as_array().unwrap().iter().all(|key| key["kid"] != old_header["kid"]));
    }
}
