//! Settings that cannot be meant stop the start, by name.

use guichet_testing::TestServer;

use crate::plugins;
use guichet_testing::provider::Fake;

guichet_testing::stories! {
    // Better Auth #10003, next-auth GHSA-8fpg-xm3f-6cx3.
    async fn what_would_let_anybody_in_is_refused(database) {
        for (settings, said) in [
            // A2: without a client id, any audience would do (Better Auth #10003).
            ("[plugins.social.google]\nclient_id = \"\"\nclient_secret = \"s\"", "google.client_id is missing"),
            ("[plugins.social.google]\nclient_id = \"c\"", "google.client_secret"),
            ("[plugins.social.google]\nclient_id = \"c\"\nclient_secret = \"s\"\naudiences = [\"\"]", "google.audiences"),
            ("[plugins.social.cognito]\nclient_id = \"c\"\nclient_secret = \"s\"", "cognito.domain is missing"),
            ("[plugins.social.apple]\nclient_id = \"c\"", "apple.team_id"),
            ("[plugins.social.github]\nclient_id = \"c\"\nclient_secret_file = \"/nowhere\"", "github.client_secret_file"),
            ("[plugins.social.github]\nclient_id = \"c\"\nclient_secret = \"s\"\nparameters = { state = \"x\" }", "state is set by us"),
            ("[plugins.social.nope]\nclient_id = \"c\"", "nope"),
            ("[plugins.social]\ntrusted_providers = [\"google\"]", "trusted_providers"),
            ("[plugins.social]\ntries_per_address = 1", "tries_per_address must be at least 2"),
            ("[plugins.social]\nstore_tokens = \"open\"", "store_tokens"),
            ("[[plugins.social.generic]]\nid = \"Bad Id\"\nclient_id = \"c\"\ndiscovery_url = \"https://a.fr/x\"", "generic.0.id"),
            ("[[plugins.social.generic]]\nid = \"credential\"\nclient_id = \"c\"\ndiscovery_url = \"https://a.fr/x\"", "generic.0.id"),
            ("[[plugins.social.generic]]\nid = \"a\"\ndiscovery_url = \"https://a.fr/x\"", "generic.0.client_id is missing"),
            ("[[plugins.social.generic]]\nid = \"a\"\nclient_id = \"c\"", "discovery_url"),
            ("[[plugins.social.generic]]\nid = \"a\"\nclient_id = \"c\"\ndiscovery_url = \"http://a.fr/x\"", "https"),
            ("[[plugins.social.generic]]\nid = \"a\"\nclient_id = \"c\"\nclient_secret = \"s\"\ntoken_auth = \"none\"\ndiscovery_url = \"https://a.fr/x\"", "token_auth"),
        ] {
            let error = TestServer::try_with(&plugins(), &database, settings).await.err().unwrap_or_default();
            assert!(error.contains(said), "{settings}\n{error}");
        }
    }

    // Better Auth #8983: no provider takes another's name.
    async fn two_providers_of_one_name_are_refused(database) {
        let fake = Fake::start().await;
        let twice = crate::settings(&fake, "").replace("id = \"other\"", "id = \"fake\"");
        let error = TestServer::try_with(&plugins(), &database, &twice).await.err().unwrap();
        assert!(error.contains("generic.1.id = \"fake\" is another provider's"), "{error}");
        let shadow = "[plugins.social.google]\nclient_id = \"c\"\nclient_secret = \"s\"\n[[plugins.social.generic]]\nid = \"google\"\nclient_id = \"c\"\ndiscovery_url = \"https://a.fr/x\"";
        assert!(TestServer::try_with(&plugins(), &database, shadow).await.is_err());
    }

    async fn a_provider_by_hand_needs_no_metadata(database) {
        let fake = Fake::start().await;
        let settings = format!(
            "[[plugins.social.generic]]\nid = \"fake\"\nclient_id = \"client\"\nclient_secret = \"s\"\n\
             authorization_url = \"{0}/authorize\"\ntoken_url = \"{0}/token\"\nuser_info_url = \"{0}/user\"\n\
             map = {{ id = \"number\", email = \"/contact/mail\", email_verified = \"/contact/sure\", name = \"nick\" }}",
            fake.issuer,
        );
        let server = TestServer::with(&plugins(), &database, &settings).await;
        let browser = server.browser();
        let begun = crate::begin(&browser).await;
        assert!(!begun.query.contains_key("nonce"));
        fake.set(|script| {
            script.user_info = guichet_core::serde_json::json!({
                "number": 42, "nick": "jean", "contact": {"mail": crate::EMAIL, "sure": true},
            });
        });
        assert_eq!(crate::leads(crate::back(&browser, begun.state()).await), "/welcome");
        let user = crate::user(&browser).await;
        assert_eq!((user["name"].as_str(), user["emailVerified"].as_bool()), (Some("jean"), Some(true)));
        assert_eq!(server.text(r#"select "accountId" from "account""#).await.unwrap(), "42");
    }
}
