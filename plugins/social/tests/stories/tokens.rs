//! The providers' tokens: sealed at rest, given to nobody but their owner, renewed when they end.

use std::time::Duration;

use guichet_core::serde_json::json;

use crate::{EMAIL, claims, leads, sign_in, with};
use guichet_testing::provider::Fake;

guichet_testing::stories! {
    async fn they_are_sealed_at_rest_and_given_to_their_owner(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        for column in ["accessToken", "refreshToken", "idToken"] {
            let kept = server.text(&format!(r#"select "{column}" from "account""#)).await.unwrap();
            assert!(kept.bytes().all(|b| b.is_ascii_hexdigit()), "{column}: {kept}");
        }
        let id = browser.get("/list-accounts").await.expect(200).json()[0]["id"].clone();
        let body = json!({"accountId": id});
        let tokens = browser.post("/get-access-token", body.clone()).await.expect(200).json();
        assert_eq!(tokens["accessToken"], "the-access-token");
        assert_eq!(tokens["scopes"], json!(["openid", "email"]));
        assert_eq!(tokens["idToken"].as_str().unwrap().split('.').count(), 3);
        let info = browser.get(&format!("/account-info?accountId={}", id.as_str().unwrap())).await.expect(200).json();
        assert_eq!(info["user"], json!({"name": "Jean Dupont", "email": EMAIL, "emailVerified": true, "image": "https://img.test/p.png"}));
        assert_eq!((&info["data"]["sub"], &info["account"]["providerId"]), (&json!("s1"), &json!("fake")));

        let stranger = server.browser();
        sign_in(&server, &fake, &stranger, ("s2", "stranger@example.com"), |_| {}).await;
        stranger.post("/get-access-token", body.clone()).await.refused(400, "ACCOUNT_NOT_FOUND");
        stranger.post("/refresh-token", body.clone()).await.refused(400, "ACCOUNT_NOT_FOUND");
        for path in ["/get-access-token", "/refresh-token"] {
            let nobody = server.browser().post(path, body.clone()).await.expect(401);
            assert_eq!(nobody.text, "");
            // A1: naming a user opens nothing.
            let named = server.browser().post(path, json!({"accountId": id, "userId": "u"})).await.expect(401);
            assert_eq!(named.text, "");
            for wrong in [json!({}), json!({"accountId": id, "x": 1}), json!({"providerId": "fake"}), json!({"useAccountCookie": "true"})] {
                browser.post(path, wrong).await.refused(400, "VALIDATION_ERROR");
            }
            browser.post(path, json!({"useAccountCookie": true})).await.refused(400, "ACCOUNT_NOT_FOUND");
        }
    }

    async fn what_better_auth_kept_in_plain_is_read(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "store_tokens = \"plain\"").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        assert_eq!(server.text(r#"select "accessToken" from "account""#).await.unwrap(), "the-access-token");
        // A token that looks like hex, as GitHub's old ones did.
        server.execute(r#"update "account" set "accessToken" = 'e72e16c7e42f292c6912e7710c838347ae178b4a'"#).await;
        let id = browser.get("/list-accounts").await.expect(200).json()[0]["id"].clone();
        let tokens = browser.post("/get-access-token", json!({"accountId": id})).await.expect(200).json();
        assert_eq!(tokens["accessToken"], "e72e16c7e42f292c6912e7710c838347ae178b4a");
    }

    async fn they_are_renewed_when_they_end_and_on_demand(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        let id = browser.get("/list-accounts").await.expect(200).json()[0]["id"].clone();
        let body = json!({"accountId": id});
        server.clock.advance(Duration::from_secs(3596));
        browser.post("/get-access-token", body.clone()).await.expect(200).json();
        let form = fake.look(|script| script.asked.1.clone());
        assert_eq!((form["grant_type"].as_str(), form["refresh_token"].as_str()), ("refresh_token", "the-refresh-token"));
        let renewed = browser.post("/refresh-token", body.clone()).await.expect(200).json();
        assert_eq!(
            json!([renewed["accessToken"], renewed["refreshToken"], renewed["scope"], renewed["providerId"], renewed["accountId"], renewed["refreshTokenExpiresAt"]]),
            json!(["the-access-token", "the-refresh-token", "openid,email", "fake", id, null]),
        );
        fake.set(|script| script.token_error = Some((400, r#"{"error":"invalid_grant"}"#.to_owned())));
        browser.post("/refresh-token", body.clone()).await.refused(400, "FAILED_TO_REFRESH_ACCESS_TOKEN");
        server.clock.advance(Duration::from_secs(3600));
        browser.post("/get-access-token", body.clone()).await.refused(400, "FAILED_TO_GET_ACCESS_TOKEN");
        server.execute(r#"update "account" set "refreshToken" = null"#).await;
        browser.post("/refresh-token", body).await.refused(400, "REFRESH_TOKEN_NOT_FOUND");
    }

    async fn accounts_without_a_provider_have_none(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        server.execute(r#"update "account" set "providerId" = 'credential', "id" = 'second'"#).await;
        let body = json!({"accountId": "second"});
        let refused = browser.post("/get-access-token", body.clone()).await;
        assert_eq!(refused.json()["message"], "Provider credential is not supported.");
        refused.refused(400, "PROVIDER_NOT_SUPPORTED");
        browser.post("/refresh-token", body).await.refused(400, "PROVIDER_NOT_SUPPORTED");
        browser.get("/account-info?accountId=second").await.refused(400, "PROVIDER_NOT_CONFIGURED");
        browser.get("/account-info?accountId=nope").await.refused(400, "ACCOUNT_NOT_FOUND");
        browser.get("/account-info").await.refused(400, "VALIDATION_ERROR");
        // One way to name it, and nothing beside it (contract, section 1).
        for (query, said) in [
            ("accountId=second&x=1", "[query] Unrecognized key: \"x\""),
            ("accountId=second&x=1&y=2", "[query] Unrecognized keys: \"x\", \"y\""),
            ("userId=1", "[query] Invalid input"),
        ] {
            let refused = browser.get(&format!("/account-info?{query}")).await.expect(400).json();
            assert_eq!(refused["message"], said);
        }
        let both = json!({"accountId": "second", "useAccountCookie": true});
        assert_eq!(browser.post("/refresh-token", both).await.expect(400).json()["message"], "[body] Invalid input");
        let nobody = server.browser().get("/account-info?accountId=second").await.expect(401);
        assert_eq!(nobody.text, "");
    }

    /// Wishes: 52.
    async fn linking_takes_the_same_person_and_the_same_address(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        let link = async |browser: &guichet_testing::Browser, sub: &str, email: &str, verified: bool| {
            let body = json!({"provider": "other", "callbackURL": "/settings", "errorCallbackURL": "/oops"});
            let url = browser.post("/link-social", body).await.expect(200).json()["url"].as_str().unwrap().to_owned();
            let begun = crate::Begun::of(&url);
            let mut said = claims(&server, &fake, begun.nonce(), sub, email);
            said["email_verified"] = verified.into();
            fake.set(|script| script.claims = said);
            leads(browser.get(&format!("/callback/other?code=x&state={}", begun.state())).await)
        };
        assert_eq!(link(&browser, "s2", "other@example.com", true).await, "/oops?error=email_does_not_match");
        assert_eq!(link(&browser, "s2", EMAIL, false).await, "/oops?error=unable_to_link_account");
        assert_eq!(link(&browser, "s2", EMAIL, true).await, "/settings");
        assert_eq!(link(&browser, "s2", EMAIL, true).await, "/settings");
        assert_eq!(server.count("account").await, 2);
        let both = browser.get("/list-accounts").await.expect(200).json();
        let mut providers: Vec<_> = both.as_array().unwrap().iter().map(|one| one["providerId"].clone()).collect();
        providers.sort_by_key(ToString::to_string);
        assert_eq!(providers, ["fake", "other"]);
        assert!(server.mails(EMAIL).await[0].text.contains("other"));
        let stranger = server.browser();
        sign_in(&server, &fake, &stranger, ("s3", "stranger@example.com"), |_| {}).await;
        assert_eq!(link(&stranger, "s2", "stranger@example.com", true).await, "/oops?error=account_already_linked_to_different_user");

        // Whoever signed out, or in as somebody else, in between links nothing.
        let body = json!({"provider": "other", "callbackURL": "/settings", "errorCallbackURL": "/oops"});
        let url = browser.post("/link-social", body).await.expect(200).json()["url"].as_str().unwrap().to_owned();
        let begun = crate::Begun::of(&url);
        fake.set(|script| script.claims = claims(&server, &fake, begun.nonce(), "s9", EMAIL));
        browser.post("/sign-out", json!({})).await.expect(200).json();
        let end = browser.get(&format!("/callback/other?code=x&state={}", begun.state())).await;
        assert_eq!(leads(end), "/oops?error=unable_to_link_account");
        assert_eq!(server.count("account").await, 3);
    }

    // ASVS 7.5.1: a stolen session alone adds no way in.
    async fn asvs_7_5_1_linking_takes_a_recent_sign_in(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "allow_different_emails = true").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        server.clock.advance(Duration::from_hours(25));
        let said = claims(&server, &fake, "n", "thief", "thief@example.com");
        let token = guichet_testing::provider::jwt(&json!({"alg": "EdDSA", "kid": "k1"}), &said, true);
        for body in [json!({"provider": "other"}), json!({"provider": "other", "idToken": {"token": token}})] {
            browser.post("/link-social", body.clone()).await.refused(403, "SESSION_NOT_FRESH");
            server.browser().post("/link-social", body).await.refused(401, "UNAUTHORIZED");
        }
        assert_eq!((server.count("account").await, server.count("verification").await), (1, 0));
    }

    async fn an_account_that_is_taken_away_is_told_and_a_sign_out_goes_on_at_the_provider(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        let id = browser.get("/list-accounts").await.expect(200).json()[0]["id"].clone();
        let only = browser.post("/unlink-account", json!({"accountId": id})).await;
        only.refused(400, "FAILED_TO_UNLINK_LAST_ACCOUNT");
        server.execute(
            r#"insert into "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
               select 'second', 's', 'elsewhere', "userId", "createdAt", "updatedAt" from "account""#,
        ).await;
        browser.post("/unlink-account", json!({"accountId": "second"})).await.expect(200).json();
        assert!(server.mails(EMAIL).await[0].text.contains("elsewhere"));

        let bye = browser.post("/sign-out", json!({"callbackURL": "/bye", "state": "s"})).await.expect(200);
        let url = bye.json()["url"].as_str().unwrap().to_owned();
        assert_eq!(bye.header("location"), url);
        let query = crate::Begun::of(&url).query;
        assert!(url.starts_with(&format!("{}/bye?id_token_hint=", fake.issuer)), "{url}");
        assert_eq!(query["post_logout_redirect_uri"], format!("{}/bye", server.base()));
        assert_eq!((query["client_id"].as_str(), query["state"].as_str()), ("client", "s"));
        assert_eq!(server.count("session").await, 0);
        let again = browser.post("/sign-out", json!({})).await.expect(200).json();
        assert_eq!(again, json!({"success": true}));
        browser.post("/sign-out", json!({"callbackURL": "https://evil.test"})).await.refused(403, "INVALID_CALLBACK_URL");
    }

    async fn a_scope_that_was_granted_stays_and_linking_widens_it(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        server.execute(r#"update "account" set "scope" = 'calendar'"#).await;
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        assert_eq!(server.text(r#"select "scope" from "account""#).await.unwrap(), "calendar");
        let url = browser.post("/link-social", json!({"provider": "fake", "callbackURL": "/s"})).await.expect(200).json();
        let begun = crate::Begun::of(url["url"].as_str().unwrap());
        fake.set(|script| script.claims = claims(&server, &fake, begun.nonce(), "s1", EMAIL));
        assert_eq!(leads(crate::back(&browser, begun.state()).await), "/s");
        assert_eq!(server.text(r#"select "scope" from "account""#).await.unwrap(), "calendar,openid,email");
    }
}
