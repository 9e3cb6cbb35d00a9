//! Google, GitHub, Apple and Discord from the button to the session, beside a server that stands in for theirs: it is
//! asked at their own addresses and answers in their own form.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_core::serde_json::{Value, from_slice, json};
use guichet_testing::{TestDatabase, TestServer};
use http::{HeaderMap, Method, StatusCode, Uri};

use crate::{Begun, EMAIL, leads, plugins, user};
use guichet_testing::provider::{OURS, jwt, key};

/// What was asked: the address, `Authorization`, and the form.
type Asked = (String, String, BTreeMap<String, String>);

/// The rest of the world, as far as providers ask it.
#[derive(Clone, Default)]
struct World {
    answers: Arc<Mutex<BTreeMap<String, Value>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

async fn answer(
    State(world): State<World>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let address = format!("{method} {}", uri.path().trim_start_matches('/'));
    let form = url::form_urlencoded::parse(&body).into_owned().collect();
    let authorization = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
    world.asked.lock().unwrap().push((address.clone(), authorization.unwrap_or_default(), form));
    match world.answers.lock().unwrap().get(&address) {
        Some(answer) => ([("content-type", "application/json")], answer.to_string()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl World {
    async fn start() -> (Self, String) {
        let world = Self::default();
        let origin = guichet_testing::serve(Router::new().fallback(answer).with_state(world.clone())).await;
        (world, origin)
    }

    fn says(&self, address: &str, answer: Value) {
        self.answers.lock().unwrap().insert(address.to_owned(), answer);
    }

    /// What this address was asked last.
    fn heard(&self, address: &str) -> Asked {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .rev()
            .find(|(at, ..)| at == address)
            .unwrap_or_else(|| panic!("{address}: {asked:?}"))
            .clone()
    }
}

fn tokens(id_token: Option<String>) -> Value {
    let mut tokens =
        json!({"access_token": "theirs", "token_type": "bearer", "expires_in": 3600, "scope": "email"});
    if let Some(id_token) = id_token {
        tokens["id_token"] = id_token.into();
    }
    tokens
}

fn public_keys() -> Value {
    let x = URL_SAFE_NO_PAD.encode(key(OURS).verifying_key().to_bytes());
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "k1", "x": x}]})
}

async fn beside(database: &TestDatabase, origin: &str, id: &str, section: &str) -> TestServer {
    let settings = format!("[plugins.social.{id}]\nclient_id = \"our-client\"\n{section}");
    TestServer::beside(&plugins(), database, &settings, origin).await
}

async fn begin(server: &TestServer, browser: &guichet_testing::Browser, id: &str, there: &str) -> Begun {
    let body = json!({"provider": id, "callbackURL": "/home", "errorCallbackURL": "/oops"});
    let url =
        browser.post("/sign-in/social", body).await.expect(200).json()["url"].as_str().unwrap().to_owned();
    assert_eq!(url.split('?').next().unwrap(), there);
    let begun = Begun::of(&url);
    assert_eq!(begun.query["redirect_uri"], format!("{}/api/auth/callback/{id}", server.base()));
    begun
}

guichet_testing::stories! {
    /// Wishes: 38.
    async fn google_signs_in(database) {
        let (world, origin) = World::start().await;
        let server = beside(&database, &origin, "google", "client_secret = \"s3\"").await;
        let browser = server.browser();
        let begun = begin(&server, &browser, "google", "https://accounts.google.com/o/oauth2/v2/auth").await;
        let now = server.now().seconds();
        let claims = json!({"iss": "https://accounts.google.com", "aud": "our-client", "sub": "117", "iat": now, "exp": now + 3600,
            "email": EMAIL, "email_verified": true, "name": "Jean Dupont", "picture": "https://lh3.test/p.png",
            "nonce": begun.query.get("nonce")});
        world.says("POST oauth2.googleapis.com/token", tokens(Some(jwt(&json!({"alg": "EdDSA", "kid": "k1"}), &claims, true))));
        world.says("GET www.googleapis.com/oauth2/v3/certs", public_keys());
        let end = browser.get(&format!("/callback/google?code=theirs&state={}", begun.state())).await;
        assert_eq!(leads(end), "/home");
        let inside = user(&browser).await;
        assert_eq!(json!([inside["email"], inside["emailVerified"], inside["name"], inside["image"]]),
            json!([EMAIL, true, "Jean Dupont", "https://lh3.test/p.png"]));
        let (_, _, form) = world.heard("POST oauth2.googleapis.com/token");
        assert_eq!((form["client_id"].as_str(), form["client_secret"].as_str(), form["code"].as_str()), ("our-client", "s3", "theirs"));
        assert_eq!(form["code_verifier"].len(), 128);

        // A key of somebody else's signs nobody in.
        let stranger = server.browser();
        let begun = begin(&server, &stranger, "google", "https://accounts.google.com/o/oauth2/v2/auth").await;
        world.says("POST oauth2.googleapis.com/token", tokens(Some(jwt(&json!({"alg": "EdDSA", "kid": "k1"}), &claims, false))));
        let end = leads(stranger.get(&format!("/callback/google?code=theirs&state={}", begun.state())).await);
        assert!(end.starts_with("/oops?error="), "{end}");
        assert_eq!(user(&stranger).await, Value::Null);
    }

    /// Wishes: 39.
    async fn github_signs_in(database) {
        let (world, origin) = World::start().await;
        let server = beside(&database, &origin, "github", "client_secret = \"s3\"").await;
        let browser = server.browser();
        world.says("POST github.com/login/oauth/access_token", tokens(None));
        world.says("GET api.github.com/user", json!({"id": 42, "login": "jean", "name": null, "email": null, "avatar_url": "https://a.test/p"}));
        world.says("GET api.github.com/user/emails", json!([
            {"email": "old@example.com", "primary": false, "verified": true}, {"email": EMAIL, "primary": true, "verified": true},
        ]));
        let begun = begin(&server, &browser, "github", "https://github.com/login/oauth/authorize").await;
        let end = browser.get(&format!("/callback/github?code=theirs&state={}", begun.state())).await;
        assert_eq!(leads(end), "/home");
        let inside = user(&browser).await;
        assert_eq!(json!([inside["email"], inside["emailVerified"], inside["name"]]), json!([EMAIL, true, "jean"]));
        assert_eq!(server.text(r#"select "accountId" from "account""#).await.as_deref(), Some("42"));
        assert_eq!(world.heard("GET api.github.com/user").1, "Bearer theirs");

        // Refused there: it answers 200 with an error.
        world.says("POST github.com/login/oauth/access_token", json!({"error": "bad_verification_code"}));
        let again = server.browser();
        let begun = begin(&server, &again, "github", "https://github.com/login/oauth/authorize").await;
        let end = leads(again.get(&format!("/callback/github?code=theirs&state={}", begun.state())).await);
        assert!(end.starts_with("/oops?error="), "{end}");
        assert_eq!(server.count("session").await, 1);
    }

    /// Its form comes back by POST from its own page, and the client's secret is a JWT of ours. Wishes: 40.
    async fn apple_signs_in(database) {
        let (world, origin) = World::start().await;
        let pem = include_str!("apple.pem");
        let section = format!("team_id = \"TEAM\"\nkey_id = \"KEY\"\nprivate_key = '''{pem}'''");
        let server = beside(&database, &origin, "apple", &section).await;
        let browser = server.browser();
        let begun = begin(&server, &browser, "apple", "https://appleid.apple.com/auth/authorize").await;
        assert_eq!(begun.query["response_mode"], "form_post");
        let now = server.now().seconds();
        let claims = json!({"iss": "https://appleid.apple.com", "aud": "our-client", "sub": "001", "iat": now, "exp": now + 600,
            "email": EMAIL, "email_verified": "true", "nonce": begun.nonce()});
        world.says("POST appleid.apple.com/auth/token", tokens(Some(jwt(&json!({"alg": "EdDSA", "kid": "k1"}), &claims, true))));
        world.says("GET appleid.apple.com/auth/keys", public_keys());
        let person = r#"{"name":{"firstName":"Jean","lastName":"Dupont"},"email":"jean@example.com"}"#;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("code", "theirs"), ("state", begun.state()), ("user", person)])
            .finish();
        // The browser's cookies stay behind at a POST from another site; the answer sends it on by GET, where they come.
        let there = server.browser().at_origin("https://appleid.apple.com").header("sec-fetch-site", "cross-site");
        let kind = Some("application/x-www-form-urlencoded");
        let posted = there.request(Method::POST, "/api/auth/callback/apple", kind, Some(form)).await;
        let on = leads(posted);
        let end = browser.get(on.split_once("/api/auth").unwrap().1).await;
        assert_eq!(leads(end), "/home");
        let inside = user(&browser).await;
        assert_eq!(json!([inside["email"], inside["emailVerified"], inside["name"]]), json!([EMAIL, true, "Jean Dupont"]));
        let (_, _, form) = world.heard("POST appleid.apple.com/auth/token");
        let parts: Vec<Value> = form["client_secret"].split('.').take(2)
            .map(|part| from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()).collect();
        assert_eq!((&parts[0]["alg"], &parts[0]["kid"]), (&json!("ES256"), &json!("KEY")));
        assert_eq!(json!([parts[1]["iss"], parts[1]["sub"], parts[1]["aud"]]), json!(["TEAM", "our-client", "https://appleid.apple.com"]));
        assert!(parts[1]["exp"].as_i64().unwrap() <= now + 300);
    }

    /// Wishes: 41.
    async fn discord_signs_in(database) {
        let (world, origin) = World::start().await;
        let server = beside(&database, &origin, "discord", "client_secret = \"s3\"").await;
        let browser = server.browser();
        world.says("POST discord.com/api/oauth2/token", tokens(None));
        world.says("GET discord.com/api/users/@me", json!({"id": "80", "username": "jean", "global_name": "Jean D", "avatar": "h", "email": EMAIL, "verified": true}));
        let begun = begin(&server, &browser, "discord", "https://discord.com/api/oauth2/authorize").await;
        let end = browser.get(&format!("/callback/discord?code=theirs&state={}", begun.state())).await;
        assert_eq!(leads(end), "/home");
        let inside = user(&browser).await;
        assert_eq!(json!([inside["email"], inside["emailVerified"], inside["name"], inside["image"]]),
            json!([EMAIL, true, "Jean D", "https://cdn.discordapp.com/avatars/80/h.png"]));
        assert_eq!(world.heard("GET discord.com/api/users/@me").1, "Bearer theirs");
    }
}
