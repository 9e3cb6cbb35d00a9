//! Signed tokens of a few claims: JWTs (RFC 7519) with HS256 under the secret, as Better Auth sends them in links
//! (contract, section 5). The header is exactly `{"alg":"HS256"}`; nothing else is believed (RFC 8725, section 3.1).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac as _;
use serde_json::{Map, Value, json};

use super::Keyring;
use super::signing::mac;
use crate::timestamp::Timestamp;

const HEADER: &str = r#"{"alg":"HS256"}"#;

/// Longer ones are nobody's.
const LONGEST: usize = 4096;

/// A token that is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// It was good once.
    #[error("the token has expired")]
    Expired,
    /// It was never ours, or was changed.
    #[error("the token is not one of ours")]
    Invalid,
}

impl Keyring {
    /// Signs `claims` with the current secret, adding `iat` and `exp` (whole seconds).
    pub fn sign_token(&self, mut claims: Map<String, Value>, now: Timestamp, life: Duration) -> String {
        claims.insert("iat".to_owned(), json!(now.seconds()));
        claims.insert("exp".to_owned(), json!(now.plus(life).seconds()));
        let claims = Value::Object(claims).to_string();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
        let tag = mac(self.current_bytes(), signed.as_bytes()).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// The claims of a token that any known secret signed and that has not expired.
    pub fn read_token(&self, token: &str, now: Timestamp) -> Result<Map<String, Value>, TokenRefused> {
        let claims = self.signed_claims(token).ok_or(TokenRefused::Invalid)?;
        let moment = |name: &str| claims.get(name).map(Value::as_i64);
        let seconds = now.seconds();
        match (moment("exp"), moment("nbf"), moment("iat")) {
            // A moment that is no whole number is no moment: neither absent nor far away.
            (None | Some(None), _, _) | (_, Some(None), _) | (_, _, Some(None)) => Err(TokenRefused::Invalid),
            (_, Some(Some(from)), _) if from > seconds => Err(TokenRefused::Invalid),
            (Some(Some(until)), _, _) if until <= seconds => Err(TokenRefused::Expired),
            _ => Ok(claims),
        }
    }

    fn signed_claims(&self, token: &str) -> Option<Map<String, Value>> {
        if token.len() > LONGEST {
            return None;
        }
        let (signed, tag) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Map<String, Value> = decoded(header)?;
        // `crit` names extensions that must be understood (RFC 7515, section 4.1.11); there is none.
        if header.get("alg")?.as_str()? != "HS256" || header.contains_key("crit") {
            return None;
        }
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        if self.made(signed, &tag) { decoded(claims) } else { None }
    }
}

fn decoded(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{keyring, rotated};
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000).unwrap()
    }

    fn claims() -> Map<String, Value> {
        [("email".to_owned(), json!("a@b.fr"))].into_iter().collect()
    }

    /// A token with any header and claims, signed rightly with `secret`.
    fn forged(secret: &str, header: &Value, claims: &Value) -> String {
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let tag = mac(secret.as_bytes(), signed.as_bytes()).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    #[test]
    fn a_token_is_read_until_it_expires() {
        let ring = keyring("s");
        let token = ring.sign_token(claims(), at(1000), HOUR);
        assert!(token.starts_with("eyJhbGciOiJIUzI1NiJ9."), "{token}");
        let read = ring.read_token(&token, at(1000)).unwrap();
        assert_eq!(Value::Object(read), json!({"email": "a@b.fr", "iat": 1000, "exp": 4600}));
        assert!(ring.read_token(&token, at(4599)).is_ok());
        assert_eq!(ring.read_token(&token, at(4600)), Err(TokenRefused::Expired));
        assert_eq!(keyring("t").read_token(&token, at(1000)), Err(TokenRefused::Invalid));
        assert!(rotated("new", "s").read_token(&token, at(1000)).is_ok());
    }

    #[test]
    fn only_this_algorithm_is_believed() {
        let good = json!({"email": "a@b.fr", "iat": 1000, "exp": 4600});
        let ring = keyring("s");
        assert!(ring.read_token(&forged("s", &json!({"alg": "HS256"}), &good), at(1000)).is_ok());
        for header in [
            json!({"alg": "none"}),
            json!({"alg": "None"}),
            json!({"alg": "HS512"}),
            json!({"alg": "RS256"}),
            json!({"alg": "hs256"}),
            json!({}),
            json!({"alg": ["HS256"]}),
            json!("HS256"),
            json!({"alg": "HS256", "crit": ["b64"], "b64": false}),
        ] {
            let token = forged("s", &header, &good);
            assert_eq!(ring.read_token(&token, at(1000)), Err(TokenRefused::Invalid), "{header}");
        }
        let token = forged("s", &json!({"alg": "none"}), &good);
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        for text in ["", ".", "..", "...", "a.b.c", unsigned, &format!("{unsigned}."), &"x".repeat(5000)] {
            assert_eq!(ring.read_token(text, at(1000)), Err(TokenRefused::Invalid), "{text}");
        }
    }

    #[test]
    fn moments_of_another_type_are_no_moments() {
        let ring = keyring("s");
        for times in [
            json!({}),
            json!({"exp": "4600"}),
            json!({"exp": null}),
            json!({"exp": [4600]}),
            json!({"exp": 1e300}),
            json!({"exp": 4600, "nbf": "0"}),
            json!({"exp": 4600, "iat": "x"}),
            json!({"exp": 4600, "nbf": 2000}),
            json!({"exp": true}),
            json!({"exp": 4600.5}),
        ] {
            let token = forged("s", &json!({"alg": "HS256"}), &times);
            assert_eq!(ring.read_token(&token, at(1000)), Err(TokenRefused::Invalid), "{times}");
        }
    }
}
