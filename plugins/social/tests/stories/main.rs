//! Stories of sign-in with other providers, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod addresses;
mod catalogue;
mod id_tokens;
mod native;
mod outages;
mod settings;
mod state;
mod tokens;
mod well_known;

use std::collections::BTreeMap;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_social::Social;
use guichet_testing::provider::Fake;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};
use url::Url;

const EMAIL: &str = "jean@example.com";

fn plugins() -> Vec<Registration> {
    vec![Registration::of::<Social>()]
}

/// The settings of the provider `fake`, and `more` of the plugin's.
fn settings(fake: &Fake, more: &str) -> String {
    format!(
        r#"
[plugins.social]
{more}
[[plugins.social.generic]]
id = "fake"
label = "Fake"
client_id = "client"
client_secret = "the client's secret"
discovery_url = "{issuer}/.well-known/openid-configuration"
scopes = ["openid", "email"]
[[plugins.social.generic]]
id = "other"
client_id = "client"
client_secret = "the client's secret"
discovery_url = "{issuer}/.well-known/openid-configuration"
"#,
        issuer = fake.issuer
    )
}

async fn with(database: &TestDatabase, fake: &Fake, more: &str) -> TestServer {
    TestServer::with(&plugins(), database, &settings(fake, more)).await
}

/// A sign-in that has begun: what the provider was told.
struct Begun {
    query: BTreeMap<String, String>,
}

impl Begun {
    fn of(url: &str) -> Self {
        Self { query: Url::parse(url).unwrap().query_pairs().into_owned().collect() }
    }

    fn state(&self) -> &str {
        &self.query["state"]
    }

    fn nonce(&self) -> &str {
        &self.query["nonce"]
    }
}

/// Begins at the provider `fake`.
async fn begin(browser: &Browser) -> Begun {
    begin_with(browser, json!({})).await
}

async fn begin_with(browser: &Browser, more: Value) -> Begun {
    let mut body = json!({
        "provider": "fake", "callbackURL": "/home", "errorCallbackURL": "/oops", "newUserCallbackURL": "/welcome",
    });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    let answer = browser.post("/sign-in/social", body).await.expect(200);
    let body = answer.json();
    assert_eq!(body["redirect"], true);
    assert_eq!(answer.header("location"), body["url"].as_str().unwrap());
    Begun::of(body["url"].as_str().unwrap())
}

/// The claims of somebody, as an honest provider puts them.
fn claims(server: &TestServer, fake: &Fake, nonce: &str, sub: &str, email: &str) -> Value {
    let now = server.now().seconds();
    json!({
        "iss": fake.issuer, "aud": "client", "sub": sub, "nonce": nonce, "iat": now, "exp": now + 600,
        "email": email, "email_verified": true, "name": "Jean Dupont", "picture": "https://img.test/p.png",
    })
}

/// Comes back from the provider.
async fn back(browser: &Browser, state: &str) -> Answer {
    browser.get(&format!("/callback/fake?code=good&state={state}")).await
}

/// Where an answer leads.
fn leads(answer: Answer) -> String {
    answer.expect(302).header("location").to_owned()
}

/// A whole sign-in as `sub` with `email`, the claims changed by `change`; where it ends.
async fn sign_in(
    server: &TestServer,
    fake: &Fake,
    browser: &Browser,
    (sub, email): (&str, &str),
    change: impl FnOnce(&mut Value),
) -> String {
    let begun = begin(browser).await;
    let mut said = claims(server, fake, begun.nonce(), sub, email);
    change(&mut said);
    fake.set(|script| script.claims = said);
    leads(back(browser, begun.state()).await)
}

/// Who is signed in; `Null` when nobody is.
async fn user(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()["user"].clone()
}

/// Sets a key of claims.
fn set(key: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |claims| claims[key] = value
}

/// Takes a key out of claims.
fn without(key: &'static str) -> impl FnOnce(&mut Value) {
    move |claims| {
        claims.as_object_mut().unwrap().remove(key);
    }
}
