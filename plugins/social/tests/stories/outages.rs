//! The provider is down, slow of wit, or somebody else.

use std::time::Duration;

use guichet_core::serde_json::json;

use crate::{EMAIL, back, begin, claims, leads, sign_in, with};
use guichet_testing::provider::{Fake, basic};

guichet_testing::stories! {
    async fn a_code_that_becomes_no_token_signs_nobody_in(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let answers = [
            (400, r#"{"error": "invalid_grant"}"#),
            (200, r#"{"error": "bad_verification_code"}"#),
            (200, "no JSON"),
            (200, "[]"),
            (500, ""),
            (302, ""),
        ];
        for (status, text) in answers {
            fake.set(|script| script.token_error = Some((status, text.to_owned())));
            let browser = server.browser();
            let begun = begin(&browser).await;
            assert_eq!(leads(back(&browser, begun.state()).await), "/oops?error=invalid_code", "{status} {text}");
        }
        assert_eq!(server.count("user").await, 0);
    }

    // next-auth GHSA-8fpg-xm3f-6cx3, Better Auth GHSA-5rr4-8452-hf4v; ASVS 10.5.3.
    async fn metadata_of_another_issuer_or_without_tls_is_not_used(database) {
        for (key, value) in [
            ("issuer", json!("https://evil.test")),
            ("authorization_endpoint", json!("http://evil.test/authorize")),
            ("token_endpoint", json!("http://evil.test/token")),
            ("jwks_uri", json!("http://evil.test/keys")),
            ("userinfo_endpoint", json!("file:///etc/passwd")),
            ("authorization_endpoint", json!(7)),
        ] {
            let fake = Fake::start().await;
            let server = with(&database, &fake, "").await;
            fake.set(|script| {
                script.metadata.insert(key, value.clone());
            });
            let answer = server.browser().post("/sign-in/social", json!({"provider": "fake"})).await;
            assert_ne!(answer.header("retry-after"), "", "{key}");
            answer.refused(503, "SERVICE_UNAVAILABLE");
            server.stop().await;
        }
    }

    // next-auth GHSA-8fpg-xm3f-6cx3.
    async fn a_provider_that_is_down_is_told_as_such_and_works_again(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        fake.set(|script| script.down = true);
        browser.post("/sign-in/social", json!({"provider": "fake"})).await.refused(503, "SERVICE_UNAVAILABLE");
        assert_eq!(server.count("verification").await, 0);
        fake.set(|script| script.down = false);
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await, "/welcome");
        // What was read is used for a day.
        fake.set(|script| script.down = true);
        server.clock.advance(Duration::from_secs(7200));
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await, "/home");
        server.clock.advance(Duration::from_secs(86_400));
        browser.post("/sign-in/social", json!({"provider": "fake"})).await.refused(503, "SERVICE_UNAVAILABLE");
    }

    async fn the_client_proves_itself_as_it_is_configured(database) {
        let fake = Fake::start().await;
        let basic_auth = crate::settings(&fake, "").replacen("client_secret", "token_auth = \"basic\"\nclient_secret", 1);
        let server = guichet_testing::TestServer::with(&crate::plugins(), &database, &basic_auth).await;
        sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), |_| {}).await;
        let (authorization, form) = fake.look(|script| script.asked.clone());
        // Both halves are form-encoded (RFC 6749, section 2.3.1).
        assert_eq!(basic(&authorization), "client:the+client%27s+secret");
        assert!(!form.contains_key("client_secret"));
        server.stop().await;

        let public = crate::settings(&fake, "").replacen("client_secret = \"the client's secret\"\n", "", 1);
        let server = guichet_testing::TestServer::with(&crate::plugins(), &database, &public).await;
        let browser = server.browser();
        let begun = begin(&browser).await;
        fake.set(|script| script.claims = claims(&server, &fake, begun.nonce(), "s1", EMAIL));
        leads(back(&browser, begun.state()).await);
        let (authorization, form) = fake.look(|script| script.asked.clone());
        assert_eq!((authorization.as_str(), form["client_id"].as_str()), ("", "client"));
        assert!(!form.contains_key("client_secret"));
    }
}
