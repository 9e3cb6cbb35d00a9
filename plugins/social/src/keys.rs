//! A provider's public keys (RFC 7517), kept; asked for again when a token names an unknown one, but not more than
//! once a minute, whatever tokens strangers send.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet_core::app::App;
use guichet_core::timestamp::Timestamp;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::error::ProviderError;

/// A key that the provider withdrew is not believed for longer.
const FRESH: Duration = Duration::from_secs(3600);
const NOT_AGAIN_WITHIN: Duration = Duration::from_secs(60);

/// What was read of the keys, and when.
#[derive(Default)]
pub(crate) struct Keys(Mutex<Option<(Timestamp, Arc<Vec<Jwk>>)>>);

#[derive(Deserialize)]
struct Set {
    keys: Vec<Json>,
}

impl Keys {
    /// The keys that a token with this `kid` may be signed with: the one of that name, or all when it names none.
    pub(crate) async fn of(
        &self,
        app: &App,
        jwks: &str,
        kid: Option<&str>,
    ) -> Result<Vec<Jwk>, ProviderError> {
        let now = app.clock.now();
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, keys)) = kept {
            let found = matching(&keys, kid);
            if at.plus(FRESH) > now && (!found.is_empty() || at.plus(NOT_AGAIN_WITHIN) > now) {
                return Ok(found);
            }
        }
        let keys = Arc::new(read(app, jwks).await?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, keys.clone()));
        Ok(matching(&keys, kid))
    }
}

fn matching(keys: &[Jwk], kid: Option<&str>) -> Vec<Jwk> {
    let named = |key: &&Jwk| kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid));
    keys.iter().filter(named).cloned().collect()
}

async fn read(app: &App, jwks: &str) -> Result<Vec<Jwk>, ProviderError> {
    let request = http::Request::get(jwks)
        .header("accept", "application/json")
        .body(Vec::new())
        .map_err(|_| ProviderError::Metadata("the address of its keys is none"))?;
    let answer = app.outbound.send(request).await?;
    if !answer.status.is_success() {
        return Err(ProviderError::Status { what: "keys", status: answer.status.as_u16() });
    }
    let set: Set = answer.json()?;
    // A key of a kind that is not known here is somebody else's business, not a reason to refuse the others.
    let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
    Ok(keys.filter(|key| !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption))).collect())
}
