//! Challenges: made here, used up here, and nowhere else. A row of `verification` in Better Auth's form (contract,
//! section 6), which the browser's signed cookie names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_core::error::{Result, bad_request};
use guichet_core::http::Visit;
use guichet_core::keyring::RandomName;
use guichet_core::serde_json::{Value, from_str, json};
use guichet_core::store::{User, Verification, Verifications};

use crate::webauthn::Ceremony;
use crate::{CHALLENGE_NOT_FOUND, Passkey};

/// The cookie's short name, Better Auth's.
const COOKIE: &str = "better-auth-passkey";
/// What it holds, and what names a challenge's row: 190 bits.
const NAME: RandomName = RandomName { prefix: "", length: 32 };

/// A challenge that was used up.
pub(crate) struct Challenge {
    /// As it was sent: base64url.
    pub(crate) text: String,
    /// Whom it was made for; empty when nobody was signed in.
    pub(crate) user_id: String,
}

/// Makes a challenge of 32 random bytes for this browser (ASVS 6.7.2); a former one of its own is out of reach.
pub(crate) async fn make(
    visit: &Visit,
    plugin: &Passkey,
    ceremony: Ceremony,
    user: Option<&User>,
) -> Result<String> {
    let app = visit.app();
    let life = plugin.options.challenge_expires_in.0;
    let challenge = URL_SAFE_NO_PAD.encode(app.keyring.random_bytes::<32>());
    let identifier = NAME.draw(&app.keyring);
    let user = match user {
        Some(user) => json!({"id": user.id, "name": user.email, "displayName": user.email}),
        None => json!({"id": ""}),
    };
    let value = json!({"type": ceremony.name(), "expectedChallenge": challenge, "userData": user});
    let row = Verification {
        id: app.new_id(),
        identifier: identifier.clone(),
        value: value.to_string(),
        expires_at: visit.now().plus(life),
    };
    Verifications::insert(&app.db, &row, visit.now()).await?;
    visit.set_signed_cookie(COOKIE, &identifier, Some(life));
    Ok(challenge)
}

/// Uses up the challenge that this browser holds, whatever comes of it: exactly one of any number of callers gets it. One
/// of the other ceremony is used up too, and is none.
pub(crate) async fn take(visit: &Visit, ceremony: Ceremony) -> Result<Challenge> {
    let none = || bad_request(CHALLENGE_NOT_FOUND);
    let identifier = visit.signed_cookie(COOKIE).filter(|name| NAME.is_one(name)).ok_or_else(none)?;
    let value = Verifications::consume(&visit.app().db, &identifier, visit.now()).await?;
    let value: Value = value.as_deref().and_then(|value| from_str(value).ok()).ok_or_else(none)?;
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    if text("/type").as_deref() != Some(ceremony.name()) {
        return Err(none());
    }
    Ok(Challenge {
        text: text("/expectedChallenge").ok_or_else(none)?,
        user_id: text("/userData/id").unwrap_or_default(),
    })
}
