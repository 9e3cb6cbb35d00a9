//! A client secret that is a JWT signed with a key of ours, as Apple wants it: good for five minutes, made for each
//! request, so that nobody has to remember to renew one.

use guichet_core::timestamp::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::error::ProviderError;
use crate::provider::SigningKey;

const LIFE: i64 = 300;
const AUDIENCE: &str = "https://appleid.apple.com";

/// The secret for this moment.
pub(crate) fn signed(client_id: &str, key: &SigningKey, now: Timestamp) -> Result<String, ProviderError> {
    let wrong = |_| ProviderError::Setting("private_key is no ES256 key in PEM (PKCS #8)");
    let pem = EncodingKey::from_ec_pem(key.pem.expose_secret().as_bytes()).map_err(wrong)?;
    let header = Header { kid: Some(key.key_id.clone()), ..Header::new(Algorithm::ES256) };
    let now = now.seconds();
    let claims = json!({
        "iss": key.team_id, "iat": now, "exp": now + LIFE, "aud": AUDIENCE, "sub": client_id,
    });
    encode(&header, &claims, &pem).map_err(wrong)
}
