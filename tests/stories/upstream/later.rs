//! What is added to a product that runs already: nobody notices but those who use it.

use super::{BackEnd, PASSWORD, jean, knowing_jean, settings, with};
use crate::{EMAIL, sign_in_by_password};
use guichet_core::serde_json::json;
use guichet_testing::{Browser, SESSION_COOKIE, TestServer};

/// The same browser, where the product was started anew.
fn again(server: &TestServer, before: &Browser) -> Browser {
    let browser = server.browser();
    browser.set_cookie(SESSION_COOKIE, &before.cookie(SESSION_COOKIE).expect("it is signed in"));
    browser
}

guichet_testing::stories! {
    /// A back end and another provider are switched on over a database with people in it: their sessions and passwords
    /// stay good. Wishes: 13.
    async fn a_back_end_and_providers_are_added_later(database) {
        let server = crate::with(&database, "[plugins.email-password]").await;
        let before = server.browser();
        let body = json!({"email": "old@example.com", "password": "an old password 1", "name": "O"});
        let id = before.post("/sign-up/email", body).await.expect(200).json()["user"]["id"].clone();
        server.stop().await;

        let back = knowing_jean().await;
        let social = "---\n[plugins.social.github]\nclient_id = \"c\"\nclient_secret = \"s\"\n[plugins.magic-link]\n";
        let server = with(&database, &back, social).await;
        let session = again(&server, &before).get("/get-session").await.expect(200).json();
        assert_eq!(session["user"]["id"], id);
        let user = sign_in_by_password(&server.browser(), "old@example.com", "an old password 1").await.expect(200).json();
        assert_eq!((&user["user"]["id"], back.asked()), (&id, 0));
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let begun = server.browser().post("/sign-in/social", json!({"provider": "github"})).await.expect(200).json();
        assert!(begun["url"].as_str().unwrap().starts_with("https://github.com/"));
    }

    /// Refresh tokens are asked for later: sessions stay good, and who signs in again gets one. Wishes: 14.
    async fn refresh_tokens_are_added_later(database) {
        let back = knowing_jean().await;
        let plain = settings(&back, "mode = \"judge\"").replace("refresh_token = \"/refresh_token\"\n", "");
        let server = crate::with(&database, &plain).await;
        let before = server.browser();
        sign_in_by_password(&before, EMAIL, PASSWORD).await.expect(200).json();
        server.stop().await;

        let more = format!("mode = \"judge\"\n---[plugins.upstream.refresh]\nurl = \"{}/refresh\"\n", back.base);
        let server = with(&database, &back, &more).await;
        let browser = again(&server, &before);
        assert!(browser.is_in().await);
        let id = browser.get("/list-accounts").await.expect(200).json()[0]["id"].clone();
        let body = json!({"accountId": id});
        assert_eq!(browser.post("/get-access-token", body.clone()).await.expect(200).json()["accessToken"], "a0");
        browser.post("/refresh-token", body.clone()).await.refused(400, "REFRESH_TOKEN_NOT_FOUND");
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(browser.post("/refresh-token", body).await.expect(200).json()["accessToken"], "a1");
    }

    async fn it_can_be_taken_away_again_when_everybody_has_moved(database) {
        let back = BackEnd::start().await;
        back.knows(EMAIL, PASSWORD, jean());
        let server = with(&database, &back, "").await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        server.stop().await;
        let server = crate::with(&database, "[plugins.email-password]").await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(server.browser().post("/get-access-token", json!({"accountId": "x"})).await.status, 404);
    }
}
