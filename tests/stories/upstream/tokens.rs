//! The back end's tokens: sealed at rest, given to their owner, renewed by its own way.

use std::time::Duration;

use futures_util::future::join_all;

use super::{BackEnd, Instead, PASSWORD, knowing_jean, with};
use crate::{EMAIL, sign_in_by_password};
use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, TestDatabase, TestServer};

fn renewing(back: &BackEnd) -> String {
    format!("---[plugins.upstream.refresh]\nurl = \"{}/refresh\"\n", back.base)
}

/// A server, and a browser that is signed in, with the id of the back end's account.
async fn signed_in(database: &TestDatabase, back: &BackEnd, more: &str) -> (TestServer, Browser, Value) {
    let server = with(database, back, more).await;
    let browser = server.browser();
    sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
    let id = account(&browser).await;
    (server, browser, json!({"accountId": id}))
}

async fn account(browser: &Browser) -> Value {
    let accounts = browser.get("/list-accounts").await.expect(200).json();
    let found = accounts.as_array().unwrap().iter().find(|account| account["providerId"] == "upstream");
    found.expect("there is its account")["id"].clone()
}

guichet_testing::stories! {
    async fn they_are_sealed_and_given_to_their_owner(database) {
        let back = knowing_jean().await;
        let (server, browser, body) = signed_in(&database, &back, &renewing(&back)).await;
        for column in ["accessToken", "refreshToken"] {
            let of = format!(r#"select "{column}" from "account" where "providerId" = 'upstream'"#);
            let kept = server.text(&of).await.unwrap();
            assert!(kept.len() > 80 && kept.bytes().all(|b| b.is_ascii_hexdigit()), "{column}: {kept}");
        }
        let tokens = browser.post("/get-access-token", body.clone()).await.expect(200).json();
        assert_eq!(tokens["accessToken"], "a0");
        assert!(tokens["accessTokenExpiresAt"].is_string());
        assert_eq!(back.look(|script| script.renewals), 0, "it is still good");

        back.knows("other@example.com", PASSWORD, json!({"user": {"id": 5, "email": "other@example.com"}}));
        let other = server.browser();
        sign_in_by_password(&other, "other@example.com", PASSWORD).await.expect(200).json();
        other.post("/get-access-token", body.clone()).await.refused(400, "ACCOUNT_NOT_FOUND");
        assert_eq!(server.browser().post("/get-access-token", body).await.expect(401).text, "");
    }

    async fn they_are_renewed_when_they_end_once_for_all_who_ask(database) {
        let back = knowing_jean().await;
        let (server, browser, body) = signed_in(&database, &back, &renewing(&back)).await;
        server.clock.advance(Duration::from_secs(3596));
        let asks = (0..10).map(|_| browser.post("/get-access-token", body.clone()));
        for answer in join_all(asks).await {
            assert_eq!(answer.expect(200).json()["accessToken"], "a1");
        }
        assert_eq!(back.look(|script| script.renewals), 1, "ten callers, one renewal");
        let renewed = browser.post("/refresh-token", body.clone()).await.expect(200).json();
        assert_eq!(
            json!([renewed["accessToken"], renewed["refreshToken"], renewed["providerId"], renewed["accountId"]]),
            json!(["a2", "r2", "upstream", body["accountId"]]),
        );
        // A later sign-in that is judged here leaves them as they are.
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(browser.post("/get-access-token", body).await.expect(200).json()["accessToken"], "a2");
    }

    async fn a_refusal_is_told_from_a_failure(database) {
        let back = knowing_jean().await;
        let (server, browser, body) = signed_in(&database, &back, &renewing(&back)).await;
        server.clock.advance(Duration::from_hours(2));
        back.set(|script| script.instead = Some(Instead::Answer(500, String::new())));
        browser.post("/get-access-token", body.clone()).await.refused(503, "UPSTREAM_UNAVAILABLE");
        back.set(|script| script.instead = Some(Instead::Answer(200, "{}".to_owned())));
        browser.post("/refresh-token", body.clone()).await.refused(503, "UPSTREAM_UNAVAILABLE");
        back.set(|script| script.instead = Some(Instead::Answer(401, String::new())));
        browser.post("/get-access-token", body.clone()).await.refused(400, "FAILED_TO_GET_ACCESS_TOKEN");
        browser.post("/refresh-token", body.clone()).await.refused(400, "FAILED_TO_REFRESH_ACCESS_TOKEN");
        back.set(|script| script.instead = None);
        assert_eq!(browser.post("/get-access-token", body.clone()).await.expect(200).json()["accessToken"], "a1");
        server.execute(r#"update "account" set "refreshToken" = null"#).await;
        browser.post("/refresh-token", body).await.refused(400, "REFRESH_TOKEN_NOT_FOUND");
    }

    async fn without_a_way_to_renew_they_are_given_as_they_are(database) {
        let back = knowing_jean().await;
        let (server, browser, body) = signed_in(&database, &back, "").await;
        server.clock.advance(Duration::from_hours(2));
        assert_eq!(browser.post("/get-access-token", body.clone()).await.expect(200).json()["accessToken"], "a0");
        let refused = browser.post("/refresh-token", body).await;
        assert_eq!(refused.json()["message"], "Provider upstream does not support token refreshing.");
        refused.refused(400, "TOKEN_REFRESH_NOT_SUPPORTED");
    }

    async fn each_plugin_answers_for_its_own_accounts(database) {
        let back = knowing_jean().await;
        let social = "\n[[plugins.social.generic]]\nid = \"fake\"\nclient_id = \"c\"\nclient_secret = \"s\"\n\
                      authorization_url = \"http://127.0.0.1:1/a\"\ntoken_url = \"http://127.0.0.1:1/t\"\n\
                      user_info_url = \"http://127.0.0.1:1/u\"\n";
        let (server, browser, body) = signed_in(&database, &back, &format!("{}{social}", renewing(&back))).await;
        assert_eq!(browser.post("/refresh-token", body).await.expect(200).json()["accessToken"], "a1");
        server.execute(
            r#"insert into "account" ("id", "accountId", "providerId", "userId", "accessToken", "refreshToken", "createdAt", "updatedAt")
               select 'social', 's', 'fake', "userId", 'social token', 'r', "createdAt", "updatedAt" from "account"
               where "providerId" = 'upstream'"#,
        ).await;
        let theirs = json!({"accountId": "social"});
        let tokens = browser.post("/get-access-token", theirs.clone()).await.expect(200).json();
        assert_eq!(tokens["accessToken"], "social token");
        browser.post("/refresh-token", theirs).await.refused(400, "FAILED_TO_REFRESH_ACCESS_TOKEN");
        let accounts = browser.get("/list-accounts").await.expect(200).json();
        let password = accounts.as_array().unwrap().iter().find(|account| account["providerId"] == "credential").unwrap();
        let ours = json!({"accountId": password["id"]});
        browser.post("/get-access-token", ours).await.refused(400, "PROVIDER_NOT_SUPPORTED");
    }
}
