//! Sign-in with other providers on the pages, and with a real OpenID provider.

mod house;
mod page;
mod proof;
mod provider;

use guichet_core::serde_json::{Value, json};
pub(crate) use guichet_testing::provider::Fake;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

/// Pages, codes, passwords and a provider `fake`, whose keys may go on.
pub(crate) fn settings(fake: &Fake, more: &str) -> String {
    format!(
        "[plugins.pages]\n[plugins.email-otp]\n[plugins.email-password]\n[plugins.last-login-method]\n\
         [plugins.social]\n{more}\n[[plugins.social.generic]]\nid = \"fake\"\nlabel = \"Fake\"\nclient_id = \"client\"\n\
         client_secret = \"s\"\ndiscovery_url = \"{}/.well-known/openid-configuration\"\nscopes = [\"openid\", \"email\"]\n",
        fake.issuer
    )
}

pub(crate) async fn with(database: &TestDatabase, fake: &Fake, more: &str) -> TestServer {
    crate::with(database, &settings(fake, more)).await
}

fn leads(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    answer.header("location").to_owned()
}

fn parameter(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Comes back from the provider after `url`, as `sub` with `email`; where that leads.
pub(crate) async fn come_back(
    server: &TestServer,
    fake: &Fake,
    browser: &Browser,
    url: &str,
    (sub, email, verified): (&str, &str, bool),
) -> String {
    let now = server.now().seconds();
    let claims = json!({
        "iss": fake.issuer, "aud": "client", "sub": sub, "nonce": parameter(url, "nonce"), "iat": now,
        "exp": now + 600, "email": email, "email_verified": verified, "name": "Jean Dupont",
    });
    fake.set(|script| script.claims = claims);
    let state = parameter(url, "state");
    leads(&browser.page(&format!("/api/auth/callback/fake?code=good&state={state}")).await, 302)
}

/// Begins for an application.
pub(crate) async fn begin(browser: &Browser) -> String {
    let body = json!({"provider": "fake", "callbackURL": "/home", "errorCallbackURL": "/oops"});
    browser.post("/sign-in/social", body).await.expect(200).json()["url"].as_str().unwrap().to_owned()
}

async fn user(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()["user"].clone()
}
