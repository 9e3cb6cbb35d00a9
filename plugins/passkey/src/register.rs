//! A passkey is added to an account, named, removed: by API or on a page.

use guichet_core::db::Tx;
use guichet_core::error::{Error, Result, bad_request, unauthorized};
use guichet_core::http::Visit;
use guichet_core::notice;
use guichet_core::serde_json::{Map, Value, json};
use guichet_core::session::{self, SignedIn};
use guichet_core::store::User;
use http::StatusCode;

use crate::store::{self, Owner, Stored};
use crate::webauthn::{ALGORITHMS, Ceremony, Expected, NewCredential, Refused, register};
use crate::{
    FAILED_TO_VERIFY_REGISTRATION, PREVIOUSLY_REGISTERED, Passkey,
    YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY, challenge,
};

/// Better Auth's column is a 32-bit integer with a sign.
const HIGHEST_COUNTER: u32 = i32::MAX.unsigned_abs();

/// What the browser is to be told (WebAuthn Level 3, section 5.4).
pub(crate) async fn options(
    visit: &Visit,
    plugin: &Passkey,
    user: &User,
    name: Option<&str>,
    attachment: Option<&str>,
) -> Result<Value> {
    let app = visit.app();
    let challenge = challenge::make(visit, plugin, Ceremony::Registration, Some(user)).await?;
    // Drawn anew each time, as Better Auth does: it says nothing of the user (section 14.6.1).
    let handle = app.keyring.random_from(b"abcdefghijklmnopqrstuvwxyz0123456789", 32);
    let known = store::of_user(&app.db, &user.id).await?;
    let mut selection = json!({
        "residentKey": "preferred", "userVerification": plugin.options.user_verification.text(),
        "requireResidentKey": false,
    });
    if let (Some(attachment), Some(object)) = (attachment, selection.as_object_mut()) {
        object.insert("authenticatorAttachment".to_owned(), attachment.into());
    }
    Ok(json!({
        "challenge": challenge,
        "rp": {"name": plugin.party.name, "id": plugin.party.id},
        "user": {
            "id": base64url(handle.as_bytes()),
            "name": name.filter(|name| !name.is_empty()).unwrap_or(&user.email),
            "displayName": user.email,
        },
        "pubKeyCredParams": ALGORITHMS.map(|algorithm| json!({"alg": algorithm, "type": "public-key"})),
        "timeout": 60_000,
        "attestation": "none",
        "excludeCredentials": known.iter().map(Stored::descriptor).collect::<Vec<_>>(),
        "authenticatorSelection": selection,
        "extensions": {"credProps": true},
        "hints": [],
    }))
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Uses the challenge up and checks what came.
pub(crate) async fn check(
    visit: &Visit,
    plugin: &Passkey,
    user: &User,
    response: &Map<String, Value>,
) -> Result<NewCredential> {
    let challenge = challenge::take(visit, Ceremony::Registration).await?;
    if challenge.user_id != user.id {
        return Err(unauthorized(YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY));
    }
    register(response, plugin.expected(&challenge.text))
        .and_then(|made| if made.counter > HIGHEST_COUNTER { Err(Refused::Counter) } else { Ok(made) })
        .map_err(|why| {
            // The contract says 500; what is Guichet's own rule is told as what it is.
            let status = match why {
                Refused::UserVerification => StatusCode::BAD_REQUEST,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            Error::coded(status, FAILED_TO_VERIFY_REGISTRATION).because(why)
        })
}

/// Keeps a checked credential in `tx`, and tells its owner; 401 when their session was ended meanwhile.
pub(crate) async fn keep(
    visit: &Visit,
    plugin: &Passkey,
    tx: &mut Tx,
    signed_in: &SignedIn,
    made: &NewCredential,
    name: Option<&str>,
) -> Result<Stored> {
    session::hold(visit, tx, signed_in).await?;
    let user = &signed_in.user;
    let owner = Owner { id: visit.app().new_id(), user_id: &user.id, name };
    let stored = store::insert(tx, owner, made, visit.now()).await?;
    let stored = stored.ok_or_else(|| bad_request(PREVIOUSLY_REGISTERED))?;
    if plugin.options.tell_of_changes {
        notice::tell(visit, tx, user, "passkey-added", &said(visit, name)).await?;
    }
    tracing::info!(
        request_id = visit.request_id(),
        user_id = user.id,
        passkey_id = stored.id,
        "a passkey was added"
    );
    Ok(stored)
}

/// Removes a user's passkey and tells them; `false` when it is not theirs.
pub(crate) async fn remove(visit: &Visit, plugin: &Passkey, user: &User, passkey: &Stored) -> Result<bool> {
    let mut tx = visit.app().db.begin().await?;
    let removed = store::remove(&mut tx, &user.id, &passkey.id).await?;
    if removed && plugin.options.tell_of_changes {
        notice::tell(visit, &mut tx, user, "passkey-removed", &said(visit, passkey.name.as_deref())).await?;
    }
    tx.commit().await?;
    if removed {
        tracing::info!(
            request_id = visit.request_id(),
            user_id = user.id,
            passkey_id = passkey.id,
            "a passkey was removed"
        );
    }
    Ok(removed)
}

/// A passkey's name as it may stand in a mail: whoever is at a stolen session must not write there what they like.
fn said(visit: &Visit, name: Option<&str>) -> String {
    let name = notice::greeting(name.unwrap_or_default());
    if name.is_empty() {
        visit.app().templates.words().plain(visit.language(), "passkey-unnamed")
    } else {
        name
    }
}

impl Passkey {
    pub(crate) fn expected<'a>(&'a self, challenge: &'a str) -> Expected<'a> {
        Expected {
            challenge,
            origins: &self.party.origins,
            rp_id: &self.party.id,
            user_verification: self.options.user_verification == crate::UserVerification::Required,
        }
    }
}
