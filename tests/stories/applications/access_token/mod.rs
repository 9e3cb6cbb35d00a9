//! Access tokens: what is taken, what is not, and how services follow what has ended.

mod algorithms;
mod attacks;
mod keys;
mod revocations;
mod waiting;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use guichet_core::access_token::{AccessTokens, Bearer};
use guichet_testing::{Browser, TestDatabase, TestServer};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::beside_sign_in;
use super::jwt::{part, token};

/// A server that follows what ends, with the general settings of these stories.
async fn start(database: &TestDatabase) -> TestServer {
    beside_sign_in(database, "[plugins.jwt]\n[plugins.revocation]").await
}

fn tokens(server: &TestServer) -> Arc<dyn AccessTokens> {
    server.app.access_tokens.clone().expect("the plugin is on")
}

/// Whom the server's own routes would believe this token to speak for.
async fn taken(server: &TestServer, token: &str) -> Option<Bearer> {
    tokens(server).verify(&server.app, token).await.expect("the store answers")
}

fn claims(token: &str) -> Value {
    part(token.split('.').nth(1).unwrap())
}

fn header(token: &str) -> Value {
    part(token.split('.').next().unwrap())
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// Somebody who signs what they like with a key.
struct Forger {
    kid: String,
    key: SigningKey,
}

impl Forger {
    /// Who got hold of the server's own key: what is wrong with a document is then nothing but what the test says.
    async fn inside(server: &TestServer) -> Self {
        let kid = server.text(r#"select "id" from "jwks""#).await.unwrap();
        let sealed = server.text(r#"select "privateKey" from "jwks""#).await.unwrap();
        let opened = server.app.keyring.open(sealed.trim_matches('"')).unwrap();
        let jwk: Value = serde_json::from_str(opened.expose_secret()).unwrap();
        let d = URL_SAFE_NO_PAD.decode(jwk["d"].as_str().unwrap()).unwrap();
        Self { kid, key: SigningKey::from_bytes(&d.try_into().unwrap()) }
    }

    fn signed(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encoded(header), encoded(claims));
        let signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// With the header that tokens have.
    fn token(&self, claims: &Value) -> String {
        self.signed(&json!({"alg": "EdDSA", "kid": self.kid, "typ": "at+jwt"}), claims)
    }
}

async fn sign_out(browser: &Browser) {
    browser.post("/sign-out", json!({})).await.expect(200).json();
}
