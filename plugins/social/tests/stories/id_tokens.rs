//! ID tokens that are not to be believed (security.md A2: foreign issuer, wrong audience, missing subject; V9, V10
//! 10.5.2 to 10.5.4): an error, no user, no account, no session.

use guichet_core::serde_json::{Value, json};

use crate::{EMAIL, back, begin, claims, leads, set, sign_in, with, without};
use guichet_testing::provider::{ANOTHERS, Fake, jwt};

type Change = Box<dyn FnOnce(&mut Value)>;

guichet_testing::stories! {
    // Supabase CVE-2026-31813, Zitadel CVE-2026-55669, Better Auth #9456.
    async fn claims_that_do_not_fit_are_refused(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let now = server.now().seconds();
        let wrong: Vec<(&str, Change)> = vec![
            ("another issuer", Box::new(set("iss", "https://evil.test".into()))),
            ("no issuer", Box::new(without("iss"))),
            ("another audience", Box::new(set("aud", "somebody-else".into()))),
            ("no audience", Box::new(without("aud"))),
            ("audiences without ours", Box::new(set("aud", json!(["a", "b"])))),
            ("several, and no party", Box::new(set("aud", json!(["client", "b"])))),
            ("another party", Box::new(set("azp", "somebody-else".into()))),
            ("another nonce", Box::new(set("nonce", "x".into()))),
            ("no nonce", Box::new(without("nonce"))),
            ("a nonce of another kind", Box::new(set("nonce", json!(["x"])))),
            ("ended", Box::new(set("exp", (now - 61).into()))),
            ("an end that is a text", Box::new(set("exp", (now + 600).to_string().into()))),
            ("no end", Box::new(without("exp"))),
            ("of the future", Box::new(set("iat", (now + 120).into()))),
            ("not yet", Box::new(set("nbf", (now + 120).into()))),
            ("no subject", Box::new(without("sub"))),
            ("an empty subject", Box::new(set("sub", " ".into()))),
            ("a subject of JavaScript's", Box::new(set("sub", "undefined".into()))),
            ("a subject that is null", Box::new(set("sub", Value::Null))),
            ("a subject that is a list", Box::new(set("sub", json!(["s"])))),
            ("a subject without end", Box::new(set("sub", "x".repeat(256).into()))),
        ];
        for (what, change) in wrong {
            let end = sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), change).await;
            assert_eq!(end, "/oops?error=unable_to_get_user_info", "{what}");
        }
        for table in ["user", "account", "session"] {
            assert_eq!(server.count(table).await, 0, "{table}");
        }
        let several = set("aud", json!(["client", "b"]));
        let with_party = |claims: &mut Value| {
            several(claims);
            claims["azp"] = "client".into();
        };
        assert_eq!(sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), with_party).await, "/welcome");
    }

    async fn only_the_providers_own_keys_sign_and_only_with_algorithms_of_the_list(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let headers = [
            json!({"alg": "none"}),
            json!({"alg": "HS256", "kid": "k1"}),
            json!({"alg": "RS256", "kid": "k1"}),
            json!({"alg": "ES256", "kid": "k1"}),
            json!({"alg": "EdDSA", "kid": "unknown"}),
            // A key that the token brings along is nobody's (V9 9.1.3).
            json!({"alg": "EdDSA", "kid": "mine", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}}),
        ];
        for header in headers {
            fake.set(|script| script.header = header.clone());
            let end = sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), |_| {}).await;
            assert_eq!(end, "/oops?error=unable_to_get_user_info", "{header}");
        }
        fake.set(|script| {
            script.header = json!({"alg": "EdDSA", "kid": "k1"});
            script.signed = false;
        });
        let end = sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), |_| {}).await;
        assert_eq!(end, "/oops?error=unable_to_get_user_info");
        assert_eq!(server.count("user").await, 0);
        fake.set(|script| {
            script.header = json!({"alg": "EdDSA"});
            script.signed = true;
        });
        let end = sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), |_| {}).await;
        assert_eq!(end, "/welcome", "a token that names no key is tried with all");
    }

    // Supabase CVE-2026-31813, Better Auth #9974: a token does not say whose keys it is checked with.
    async fn cve_2026_31813_the_keys_of_one_issuer_sign_nothing_for_another(database) {
        let (fake, other) = (Fake::start().await, Fake::start().await);
        other.set(|script| script.seed = ANOTHERS);
        let both = crate::settings(&fake, "");
        let (first, second) = both.split_once("id = \"other\"").unwrap();
        let both = format!("{first}id = \"other\"{}", second.replace(&fake.issuer, &other.issuer));
        let server = guichet_testing::TestServer::with(&crate::plugins(), &database, &both).await;
        // Both keys have one name.
        let send = async |provider: &str, says: &Fake, by_fake: bool| {
            let said = claims(&server, says, "n", provider, &format!("{provider}@example.com"));
            let token = jwt(&json!({"alg": "EdDSA", "kid": "k1"}), &said, by_fake);
            let body = json!({"provider": provider, "idToken": {"token": token}});
            server.browser().post("/sign-in/social", body).await
        };
        send("fake", &other, false).await.refused(401, "INVALID_TOKEN");
        assert_eq!(other.look(|script| script.keys_read), 0, "nobody is asked because a token names them");
        for _ in 0..2 {
            send("other", &fake, true).await.refused(401, "INVALID_TOKEN");
            send("fake", &fake, false).await.refused(401, "INVALID_TOKEN");
            send("other", &other, true).await.refused(401, "INVALID_TOKEN");
            send("fake", &fake, true).await.expect(200).json();
            send("other", &other, false).await.expect(200).json();
        }
        assert_eq!(server.count("user").await, 2);
    }

    async fn keys_are_kept_and_asked_for_again_once_a_minute_at_most(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        for _ in 0..3 {
            sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), |_| {}).await;
        }
        assert_eq!(fake.look(|script| script.keys_read), 1);
        // The provider's key changes. Strangers' tokens do not make us ask again and again.
        fake.set(|script| {
            script.kid = "k2".to_owned();
            script.header = json!({"alg": "EdDSA", "kid": "k2"});
        });
        for _ in 0..3 {
            let end = sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), |_| {}).await;
            assert_eq!(end, "/oops?error=unable_to_get_user_info");
        }
        assert_eq!(fake.look(|script| script.keys_read), 1);
        server.clock.advance(std::time::Duration::from_secs(61));
        assert_eq!(sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), |_| {}).await, "/home");
        assert_eq!(fake.look(|script| script.keys_read), 2);
    }

    async fn the_user_info_may_be_signed_and_must_speak_of_the_same_person(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let no_address = |claims: &mut Value| {
            claims.as_object_mut().unwrap().remove("email");
        };
        fake.set(|script| script.user_info = json!({"sub": "s2", "email": EMAIL, "email_verified": true}));
        assert_eq!(
            sign_in(&server, &fake, &browser, ("s1", ""), no_address).await,
            "/oops?error=unable_to_get_user_info",
        );
        // Signed, as FranceConnect's and ProConnect's is.
        for (said, audience, end) in [
            (fake.issuer.as_str(), "somebody-else", "/oops?error=unable_to_get_user_info"),
            ("https://evil.test", "client", "/oops?error=unable_to_get_user_info"),
            (fake.issuer.as_str(), "client", "/welcome"),
        ] {
            let info = json!({
                "iss": said, "aud": audience, "sub": "s1", "email": EMAIL, "email_verified": true,
                "given_name": "Jean", "name": "Jean Dupont",
            });
            fake.set(|script| {
                script.user_info = info;
                script.user_info_jwt = true;
            });
            assert_eq!(sign_in(&server, &fake, &browser, ("s1", ""), no_address).await, end, "{said} {audience}");
        }
        let user = crate::user(&browser).await;
        assert_eq!((&user["email"], &user["name"], &user["emailVerified"]), (&json!(EMAIL), &json!("Jean Dupont"), &json!(true)));
        fake.set(|script| script.signed = false);
        let begun = begin(&browser).await;
        let mut said = claims(&server, &fake, begun.nonce(), "s3", "");
        no_address(&mut said);
        fake.set(|script| script.claims = said);
        assert_eq!(leads(back(&browser, begun.state()).await), "/oops?error=unable_to_get_user_info");
    }

    async fn without_an_id_token_nothing_answers_the_nonce(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        fake.set(|script| script.user_info = json!({"sub": "s1", "email": EMAIL, "email_verified": true}));
        let begun = begin(&browser).await;
        assert_eq!(leads(back(&browser, begun.state()).await), "/oops?error=unable_to_get_user_info");
        assert_eq!(server.count("user").await, 0);
        assert_eq!(jwt(&json!({}), &json!({}), true).split('.').count(), 3);
    }
}
