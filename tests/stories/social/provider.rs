//! With a real OpenID provider: the certified library `oidc-provider`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, TestDatabase, TestServer};
use url::Url;

use super::user;
use crate::EMAIL;
use crate::node::Node;

struct Idp {
    issuer: String,
    _node: Node,
}

async fn start() -> Idp {
    let mut node = Node::start("openid-provider.mjs", &[]);
    let said = node.next().await.expect("the provider starts");
    Idp { issuer: said["issuer"].as_str().unwrap().to_owned(), _node: node }
}

async fn with(database: &TestDatabase, idp: &Idp) -> TestServer {
    let settings = format!(
        "[plugins.pages]\n[plugins.email-otp]\n[plugins.social]\n[[plugins.social.generic]]\nid = \"real\"\n\
         client_id = \"guichet\"\nclient_secret = \"the-secret-of-the-client-of-the-tests\"\n\
         discovery_url = \"{}/.well-known/openid-configuration\"\nscopes = [\"openid\", \"email\", \"profile\"]",
        idp.issuer
    );
    crate::with(database, &settings).await
}

/// Goes to the provider as `account`, and back; where that ends.
async fn visit(server: &TestServer, idp: &Idp, browser: &Browser, url: &str, account: &Value) -> String {
    let hint = format!("acct.{}", URL_SAFE_NO_PAD.encode(account.to_string()));
    let mut url = Url::parse(url).unwrap();
    url.query_pairs_mut().append_pair("login_hint", &hint);
    let there = Browser::new(&idp.issuer, "");
    let mut path = url.as_str().strip_prefix(&idp.issuer).unwrap().to_owned();
    for _ in 0..8 {
        let answer = there.page(&path).await;
        let next = answer.header("location").to_owned();
        if let Some(back) = next.strip_prefix(server.base()) {
            return super::leads(&browser.page(back).await, 302);
        }
        assert!(!next.is_empty(), "{answer:?}");
        path = next.strip_prefix(&idp.issuer).unwrap_or(&next).to_owned();
    }
    panic!("the provider leads nowhere");
}

async fn begin(browser: &Browser, path: &str) -> String {
    let body = json!({"provider": "real", "callbackURL": "/home", "errorCallbackURL": "/oops", "scopes": ["offline_access"]});
    browser.post(path, body).await.expect(200).json()["url"].as_str().unwrap().to_owned()
}

fn somebody(sub: &str, email: &str) -> Value {
    json!({"sub": sub, "email": email, "email_verified": true, "name": "Jean Dupont", "picture": "https://img.test/p.png"})
}

guichet_testing::stories! {
    async fn it_signs_in_links_renews_and_turns_away(database) {
        let idp = start().await;
        let server = with(&database, &idp).await;
        let browser = server.browser();
        let url = begin(&browser, "/sign-in/social").await;
        assert_eq!(visit(&server, &idp, &browser, &url, &somebody("sub-1", EMAIL)).await, "/home");
        let inside = user(&browser).await;
        assert_eq!(json!([inside["email"], inside["emailVerified"], inside["name"]]), json!([EMAIL, true, "Jean Dupont"]));

        let id = browser.get("/list-accounts").await.expect(200).json()[0]["id"].clone();
        let renewed = browser.post("/refresh-token", json!({"accountId": id})).await.expect(200).json();
        assert!(renewed["accessToken"].is_string() && renewed["refreshToken"].is_string(), "{renewed}");
        let info = browser.get(&format!("/account-info?accountId={}", id.as_str().unwrap())).await.expect(200).json();
        assert_eq!((&info["data"]["sub"], &info["user"]["email"]), (&json!("sub-1"), &json!(EMAIL)));

        let denied = json!({"error": "access_denied", "error_description": "not today"});
        let there = server.browser();
        let url = begin(&there, "/sign-in/social").await;
        assert_eq!(visit(&server, &idp, &there, &url, &denied).await, "/oops?error=access_denied&error_description=not+today");
        assert_eq!(user(&there).await, Value::Null);

        // Somebody who is here already, by code, links an account.
        let other = "other@example.com";
        let member = crate::visitor(&server, other).await;
        let url = begin(&member, "/link-social").await;
        assert_eq!(visit(&server, &idp, &member, &url, &somebody("sub-2", "stranger@example.com")).await, "/oops?error=email_does_not_match");
        let url = begin(&member, "/link-social").await;
        assert_eq!(visit(&server, &idp, &member, &url, &somebody("sub-2", other)).await, "/home");
        let again = server.browser();
        let url = begin(&again, "/sign-in/social").await;
        assert_eq!(visit(&server, &idp, &again, &url, &somebody("sub-2", other)).await, "/home");
        assert_eq!(user(&again).await["id"], user(&member).await["id"]);
        let bye = again.post("/sign-out", json!({"callbackURL": "/bye"})).await.expect(200).json();
        assert!(bye["url"].as_str().unwrap().starts_with(&format!("{}/session/end?id_token_hint=", idp.issuer)), "{bye}");
    }
}
