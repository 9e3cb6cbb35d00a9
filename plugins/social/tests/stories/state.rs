//! State, nonce and PKCE: single-use, bound to the browser and to the provider (security.md A5, V10 10.1.2, 10.2.1,
//! 10.2.2).

use guichet_core::serde_json::json;

use crate::{EMAIL, back, begin, begin_with, claims, leads, sign_in, user, with};
use guichet_testing::provider::Fake;

guichet_testing::stories! {
    /// Wishes: 43, 44.
    async fn what_the_provider_is_told(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let begun = begin_with(&browser, json!({
            "scopes": ["offline_access"], "loginHint": EMAIL, "additionalParams": {"prompt": "login"},
        })).await;
        let said = |key: &str| begun.query[key].as_str();
        assert_eq!(said("client_id"), "client");
        assert_eq!(said("response_type"), "code");
        assert_eq!(said("scope"), "offline_access openid email");
        assert_eq!(said("redirect_uri"), format!("{}/api/auth/callback/fake", server.base()));
        assert_eq!(said("code_challenge_method"), "S256");
        assert_eq!((said("login_hint"), said("prompt")), (EMAIL, "login"));
        assert_eq!((begun.state().len(), begun.nonce().len(), said("code_challenge").len()), (32, 32, 43));
        fake.set(|script| script.claims = claims(&server, &fake, &begun.query["nonce"], "s1", EMAIL));
        assert_eq!(leads(back(&browser, begun.state()).await), "/welcome");
        let (authorization, form) = fake.look(|script| script.asked.clone());
        assert_eq!(authorization, "");
        assert_eq!(form["client_secret"], "the client's secret");
        assert_eq!((form["code_verifier"].len(), form["grant_type"].as_str()), (128, "authorization_code"));
        assert_eq!(form["redirect_uri"], format!("{}/api/auth/callback/fake", server.base()));
    }

    /// Wishes: 43.
    async fn reserved_parameters_and_foreign_addresses_are_refused(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        for parameters in [json!({"state": "x"}), json!({"redirect_uri": "https://evil.test"}), json!({"scope": "x"})] {
            let body = json!({"provider": "fake", "additionalParams": parameters});
            browser.post("/sign-in/social", body).await.refused(400, "VALIDATION_ERROR");
        }
        let foreign = "https://evil.test";
        for (key, code) in [
            ("callbackURL", "INVALID_CALLBACK_URL"),
            ("errorCallbackURL", "INVALID_ERROR_CALLBACK_URL"),
            ("newUserCallbackURL", "INVALID_NEW_USER_CALLBACK_URL"),
        ] {
            let body = json!({"provider": "fake", key: foreign});
            browser.post("/sign-in/social", body).await.refused(403, code);
        }
        browser.post("/sign-in/social", json!({"provider": "nope"})).await.refused(404, "PROVIDER_NOT_FOUND");
        let missing = browser.post("/sign-in/social", json!({})).await.expect(400);
        assert!(missing.text.contains("[body.provider] Invalid input"), "{}", missing.text);
        browser.clone().at_origin(foreign).post("/sign-in/social", json!({"provider": "fake"})).await.refused(403, "INVALID_ORIGIN");
        assert_eq!(server.count("verification").await, 0);
    }

    /// Wishes: 43.
    async fn the_client_is_the_settings_whatever_the_body_says(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let body = json!({"clientId": "mallory", "clientSecret": "x", "client_id": "mallory", "redirectURI": "https://evil.test"});
        let begun = begin_with(&server.browser(), body).await;
        assert_eq!(begun.query["client_id"], "client");
        assert!(begun.query["redirect_uri"].starts_with(server.base()));
        assert!(!begun.query.contains_key("client_secret"));
    }

    /// Wishes: 45, 48.
    async fn without_a_return_address_it_ends_at_the_root_and_the_redirect_may_be_the_applications(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let body = json!({"provider": "fake", "disableRedirect": true});
        let answer = browser.post("/sign-in/social", body).await.expect(200);
        assert_eq!(answer.header("location"), "");
        let answer = answer.json();
        assert_eq!(answer["redirect"], false);
        let begun = crate::Begun::of(answer["url"].as_str().unwrap());
        fake.set(|script| script.claims = claims(&server, &fake, begun.nonce(), "s1", EMAIL));
        let end = leads(back(&browser, begun.state()).await);
        assert!(end == "/" || end == server.base() || end == format!("{}/", server.base()), "{end}");
        assert_eq!(user(&browser).await["email"], EMAIL);
    }

    // authentik CVE-2026-49443, CVE-2024-37905: nobody says whom an account is linked to.
    async fn data_of_the_applications_own_cannot_link_or_lead_anywhere(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let victim = server.user("victim@example.com").await;
        let browser = server.browser();
        let begun = begin_with(&browser, json!({"additionalData": {
            "link": {"userId": victim.id, "email": victim.email}, "callbackURL": "https://evil.test",
            "errorURL": "https://evil.test", "page": "//evil.test", "kept": "yes",
        }})).await;
        let row = server.text(r#"select "value" from "verification""#).await.unwrap();
        assert!(row.contains("\"kept\":\"yes\"") && !row.contains("evil") && !row.contains("link"), "{row}");
        fake.set(|script| script.claims = claims(&server, &fake, begun.nonce(), "s1", EMAIL));
        assert_eq!(leads(back(&browser, begun.state()).await), "/welcome");
        assert_eq!(user(&browser).await["email"], EMAIL);
    }

    // Better Auth #8949, next-auth GHSA-x445-f3h2-j279, Zitadel CVE-2025-46815.
    async fn a_state_works_once_in_its_own_browser_at_its_own_provider_for_ten_minutes(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await, "/welcome");

        let default = format!("{}/api/auth/error?error=", server.base());
        for (query, code) in [
            ("?code=x", "state_not_found"),
            ("", "state_not_found"),
            ("?error=access_denied", "state_not_found"),
            ("?code=x&state=nope", "state_mismatch"),
            ("?code=x&state=%00", "state_mismatch"),
            ("?code=x&state=a&state=b", "invalid_callback_request"),
        ] {
            assert_eq!(leads(browser.get(&format!("/callback/fake{query}")).await), format!("{default}{code}"));
        }
        // Replayed.
        let begun = begin(&browser).await;
        fake.set(|script| script.claims = claims(&server, &fake, begun.nonce(), "s1", EMAIL));
        assert_eq!(leads(back(&browser, begun.state()).await), "/home");
        assert_eq!(leads(back(&browser, begun.state()).await), format!("{default}state_mismatch"));
        // In another browser, which uses it up as well.
        let begun = begin(&browser).await;
        assert_eq!(leads(back(&server.browser(), begun.state()).await), "/oops?error=state_mismatch");
        assert_eq!(leads(back(&browser, begun.state()).await), format!("{default}state_mismatch"));
        // At another provider.
        let begun = begin(&browser).await;
        let elsewhere = browser.get(&format!("/callback/other?code=x&state={}", begun.state())).await;
        assert_eq!(leads(elsewhere), "/oops?error=state_mismatch");
        let begun = begin(&browser).await;
        let nowhere = browser.get(&format!("/callback/nope?code=x&state={}", begun.state())).await;
        assert_eq!(leads(nowhere), "/oops?error=oauth_provider_not_found");
        // Too late.
        let begun = begin(&browser).await;
        server.clock.advance(std::time::Duration::from_secs(601));
        assert_eq!(leads(back(&browser, begun.state()).await), format!("{default}state_mismatch"));
        assert_eq!((server.count("user").await, server.count("account").await), (1, 1));
    }

    // Zitadel CVE-2025-46815.
    async fn parallel_answers_to_one_state_sign_in_once(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let begun = begin(&browser).await;
        fake.set(|script| script.claims = claims(&server, &fake, begun.nonce(), "s1", EMAIL));
        let tries = (0..20).map(|_| back(&browser, begun.state()));
        let ends: Vec<String> = futures_util::future::join_all(tries).await.into_iter().map(leads).collect();
        assert_eq!(ends.iter().filter(|end| *end == "/welcome").count(), 1, "{ends:?}");
        assert_eq!((server.count("session").await, server.count("account").await), (1, 1));
    }

    // Better Auth #9065.
    /// Wishes: 46.
    async fn a_refusal_is_passed_on_and_leads_cleanly(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let begun = begin(&browser).await;
        let hostile = "access_denied&error_description=%C3%A9%0D%0ASet-Cookie:%20a%3Db<script>";
        let answer = browser.get(&format!("/callback/fake?error={hostile}&state={}", begun.state())).await.expect(302);
        let location = answer.header("location").to_owned();
        assert_eq!(location, "/oops?error=access_denied&error_description=%C3%A9%0D%0ASet-Cookie%3A+a%3Db%3Cscript%3E");
        assert!(answer.set_cookies().iter().all(|cookie| cookie.name() != "a"));
        let begun = begin(&browser).await;
        let nothing = browser.get(&format!("/callback/fake?state={}", begun.state())).await;
        assert_eq!(leads(nothing), "/oops?error=no_code");
        // What is told stands before a fragment, which would swallow it.
        let begun = begin_with(&browser, json!({"errorCallbackURL": "/oops?a=b#there"})).await;
        let nothing = browser.get(&format!("/callback/fake?state={}", begun.state())).await;
        assert_eq!(leads(nothing), "/oops?a=b&error=no_code#there");
        assert_eq!(server.count("user").await, 0);
    }

    // RFC 9207; ASVS 10.2.2.
    async fn the_issuer_in_the_answer_must_be_the_provider(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let begun = begin(&browser).await;
        let path = format!("/callback/fake?code=x&state={}&iss=https%3A%2F%2Fevil.test", begun.state());
        assert_eq!(leads(browser.get(&path).await), "/oops?error=issuer_mismatch");
        // Who says that answers name it must name it (RFC 9207, section 2.4).
        fake.set(|script| {
            script.metadata.insert("authorization_response_iss_parameter_supported", true.into());
        });
        server.clock.advance(std::time::Duration::from_secs(3601));
        let begun = begin(&browser).await;
        assert_eq!(leads(back(&browser, begun.state()).await), "/oops?error=issuer_missing");
        assert_eq!(fake.look(|script| script.asked.1.len()), 0, "no code was sent anywhere");
    }

    async fn a_form_from_the_providers_page_comes_again_by_get(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser().at_origin("https://appleid.apple.com").header("sec-fetch-site", "cross-site");
        let form = "code=x&state=y%26z&user=%7B%7D&other=1".to_owned();
        let path = "/api/auth/callback/fake";
        let answer = browser.request(http::Method::POST, path, Some("application/x-www-form-urlencoded"), Some(form)).await;
        assert_eq!(leads(answer), format!("{}{path}?code=x&state=y%26z&user=%7B%7D", server.base()));
    }
}
