//! PBKDF2 as Keycloak keeps it, in one JSON text: the two columns of its table `credential` merged,
//! `{"algorithm":"pbkdf2-sha512","hashIterations":210000,"salt":"…","value":"…"}`, or a credential of a realm's
//! export as it is, whose `secretData` and `credentialData` are JSON texts themselves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::Unreadable;
use super::pbkdf2::{self, Function};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Secret {
    value: String,
    salt: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Method {
    algorithm: String,
    hash_iterations: u32,
}

pub(super) fn is_right(kept: &str, password: &[u8]) -> Result<bool, Unreadable> {
    let unreadable = || Unreadable("it is no PBKDF2 hash of Keycloak's form");
    let whole: Value = serde_json::from_str(kept).map_err(|_| unreadable())?;
    let secret: Secret = part(&whole, "secretData").ok_or_else(unreadable)?;
    let method: Method = part(&whole, "credentialData").ok_or_else(unreadable)?;
    let function = match method.algorithm.as_str() {
        "pbkdf2" => Function::Sha1,
        "pbkdf2-sha256" => Function::Sha256,
        "pbkdf2-sha512" => Function::Sha512,
        _ => return Err(unreadable()),
    };
    let salt = STANDARD.decode(secret.salt).map_err(|_| unreadable())?;
    let key = STANDARD.decode(secret.value).map_err(|_| unreadable())?;
    pbkdf2::is_right(function, method.hash_iterations, &salt, &key, password)
}

/// The named part, which may be JSON in a text, or the whole when there is no such part.
fn part<T: serde::de::DeserializeOwned>(whole: &Value, name: &str) -> Option<T> {
    match whole.get(name) {
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        Some(part) => serde_json::from_value(part.clone()).ok(),
        None => serde_json::from_value(whole.clone()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: &str =
        "QOtNbPzmd6uHLhnRpxO65HhXMlb1PGZL9LT408YU1PUDrdBwaMODzw+Q5QIGzegD9CoBTQk9bOvkcPVe6xHSBw==";
    const SHA512: &str =
        "S1JjiIzie3cf2z4OtlNoiuYz3JST44mgSRk1lZ5lqJvOQpKHTmhgX6ajxy3U9zdr3GACBLOn0gXG7piuUShj2g==";
    const SHA1: &str =
        "/5i/CWK/GUGL/Oau9UoFujqmMCzibEetA4wm+b4wwo20D2+DBs7GO/hi2oeUEtrwsl5uX9/WHP1kFgmWo+WSdw==";

    #[test]
    fn its_columns_merged_and_its_export_are_both_read() {
        for (algorithm, value) in [("pbkdf2-sha256", SHA256), ("pbkdf2-sha512", SHA512), ("pbkdf2", SHA1)] {
            let secret = serde_json::json!({"value": value, "salt": "AAECAwQFBgcICQoLDA0ODw=="});
            let method = serde_json::json!({"algorithm": algorithm, "hashIterations": 1000});
            let export =
                serde_json::json!({"secretData": secret.to_string(), "credentialData": method.to_string()});
            let mut merged = secret.as_object().unwrap().clone();
            merged.extend(method.as_object().unwrap().clone());
            for kept in [export.to_string(), Value::Object(merged).to_string()] {
                assert!(is_right(&kept, "Pässwörter 7".as_bytes()).unwrap(), "{kept}");
                assert!(!is_right(&kept, "Pässwörter 8".as_bytes()).unwrap(), "{kept}");
            }
        }
    }
}
