//! Who somebody is, and signing out.

use http::Method;
use serde_json::json;

use super::{ask, claims, login, me, pair, post, program, refresh, refused, register, start};
use crate::{EMAIL, PASSWORD};

guichet_testing::stories! {
    /// Wishes: 81.
    async fn an_access_token_says_who_calls(database) {
        let server = start(&database).await;
        let made = register(&server).await;
        let (access, token) = pair(&made);
        assert_eq!(me(&server, &access).await.expect(200).json(), made["user"]);
        for scheme in ["bearer", "BEARER"] {
            let program = program(&server).header("authorization", &format!("{scheme} {access}"));
            let _ = program.request(Method::GET, "/auth/me", None, None).await.expect(200);
        }
        let nobody = program(&server).request(Method::GET, "/auth/me", None, None).await;
        assert_eq!(nobody.header("www-authenticate"), "Bearer");
        refused(nobody, 401, "UNAUTHORIZED");
        let [head, body, signature] = access.split('.').collect::<Vec<_>>().try_into().unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIn0.{body}.");
        for bad in [
            "x", token.as_str(), &unsigned, &format!("{head}.{body}."), &format!("{head}.{body}"),
            &format!("{head}.{signature}.{body}"), &format!("{access}x"), &"a.".repeat(20_000),
        ] {
            let answer = me(&server, bad).await;
            if answer.status == 431 {
                continue;
            }
            assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{bad:.60}");
            refused(answer, 401, "INVALID_ACCESS_TOKEN");
        }
    }

    /// A service checks it with the public keys alone, or by asking.
    /// Wishes: 87.
    async fn the_access_token_is_a_jwt_whose_key_is_published(database) {
        use base64::Engine as _;
        let server = start(&database).await;
        let (access, _) = pair(&register(&server).await);
        let [header, body, signature] = access.split('.').collect::<Vec<_>>().try_into().unwrap();
        let decode = |part: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
        let head: serde_json::Value = serde_json::from_slice(&decode(header)).unwrap();
        let keys = server.browser().get("/jwks").await.expect(200).json();
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == head["kid"]).unwrap().clone();
        let public: [u8; 32] = decode(key["x"].as_str().unwrap()).try_into().unwrap();
        let signature = ed25519_dalek::Signature::from_slice(&decode(signature)).unwrap();
        let signed = format!("{header}.{body}");
        ed25519_dalek::VerifyingKey::from_bytes(&public).unwrap().verify_strict(signed.as_bytes(), &signature).unwrap();
        let said = claims(&access);
        assert_eq!([&said["iss"], &said["aud"], &said["email"]], [&json!(server.base()), &json!(server.base()), &json!(EMAIL)]);
        assert_eq!(said["sid"].as_str(), server.text(r#"select "id" from "session""#).await.as_deref());
    }

    /// By either token, or both; whoever wants out is out.
    /// Wishes: 83.
    async fn a_sign_out_ends_session_and_tokens(database) {
        let server = start(&database).await;
        register(&server).await;
        for by in ["access", "refresh", "both", "used"] {
            let (access, token) = pair(&login(&server, EMAIL, PASSWORD).await.expect(200).json());
            let (mut last_access, mut last) = (access.clone(), token.clone());
            if by == "used" {
                (last_access, last) = pair(&refresh(&server, &token).await.expect(200).json());
            }
            let program = program(&server);
            let answer = match by {
                "access" => post(&program.header("authorization", &format!("Bearer {access}")), "/auth/logout", json!({})).await,
                "both" => {
                    let program = program.header("authorization", &format!("Bearer {access}"));
                    post(&program, "/auth/logout", json!({"refresh_token": token})).await
                }
                _ => post(&program, "/auth/logout", json!({"refresh_token": token})).await,
            };
            assert_eq!(answer.expect(200).json(), json!({"success": true}));
            refused(refresh(&server, &last).await, 401, "INVALID_REFRESH_TOKEN");
            refused(me(&server, &last_access).await, 401, "INVALID_ACCESS_TOKEN");
            assert_eq!(server.count("session").await, 1, "{by}: the registration's alone");
        }
        // A second time is as good, and without a body at all too.
        let unknown = format!("grt_{}", "x".repeat(43));
        let _ = post(&program(&server), "/auth/logout", json!({"refresh_token": unknown})).await.expect(200);
        let (access, _) = pair(&login(&server, EMAIL, PASSWORD).await.expect(200).json());
        let _ = ask(&server, Method::POST, "/auth/logout", &access).await.expect(200);
        refused(ask(&server, Method::POST, "/auth/logout", &access).await, 401, "INVALID_ACCESS_TOKEN");
        refused(post(&program(&server), "/auth/logout", json!({})).await, 401, "UNAUTHORIZED");
    }
}
