//! Signing in with a passkey, by API or on a page.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, bad_request, unauthorized};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::serde_json::{Map, Value, json};
use guichet_core::sign_in::{Aal, Attempt, Outcome, provision, sign_in};
use guichet_core::store::User;

use crate::store::{self, Stored};
use crate::webauthn::{Assertion, Ceremony, Known, Refused, credential_id};
use crate::{AUTHENTICATION_FAILED, PASSKEY_NOT_FOUND, Passkey, challenge};

/// The method's name, Better Auth's.
pub(crate) const METHOD: &str = "passkey";

/// What the browser is to be told (WebAuthn Level 3, section 5.5). Only who is signed in learns the ids of credentials:
/// their own.
pub(crate) async fn options(visit: &Visit, plugin: &Passkey, user: Option<&User>) -> Result<Value> {
    let challenge = challenge::make(visit, plugin, Ceremony::Authentication, user).await?;
    let known = match user {
        Some(user) => store::of_user(&visit.app().db, &user.id).await?,
        None => Vec::new(),
    };
    let mut options = json!({
        "rpId": plugin.party.id, "challenge": challenge, "timeout": 60_000,
        "userVerification": plugin.options.user_verification.text(),
    });
    if let (Some(object), false) = (options.as_object_mut(), known.is_empty()) {
        object.insert("allowCredentials".to_owned(), known.iter().map(Stored::descriptor).collect());
    }
    Ok(options)
}

/// Uses the challenge up, checks what came and opens the door.
pub(crate) async fn with_passkey(
    visit: &Visit,
    plugin: &Passkey,
    response: &Map<String, Value>,
    door: Option<&str>,
) -> Result<Outcome> {
    let app = visit.app();
    let challenge = challenge::take(visit, Ceremony::Authentication).await?;
    let failed = || bad_request(AUTHENTICATION_FAILED);
    // What names no credential at all is not looked for.
    let id = match credential_id(response) {
        Ok(id) => id,
        Err(why) if response.contains_key("id") => return Err(unauthorized(PASSKEY_NOT_FOUND).because(why)),
        Err(why) => return Err(failed().because(why)),
    };
    let stored = store::by_credential(&app.db, id)
        .await?
        // Who was signed in when the challenge was made proves to be themselves (section 7.2, step 6).
        .filter(|stored| challenge.user_id.is_empty() || stored.user_id == challenge.user_id)
        .ok_or_else(|| unauthorized(PASSKEY_NOT_FOUND))?;
    let known = Known { public_key: &stored.public_key, counter: stored.counter };
    let said = Assertion::check(response, plugin.expected(&challenge.text), known)
        .and_then(|said| if i32::try_from(said.counter).is_err() { Err(Refused::Counter) } else { Ok(said) })
        .map_err(|why| match why {
            Refused::Signature => unauthorized(AUTHENTICATION_FAILED).because(why),
            _ => failed().because(why),
        })?;
    let user = app.users.by_id(&app.db, &stored.user_id).await?.ok_or_else(failed)?;
    if let Some(email) = EmailAddress::parse_international(&user.email)
        && let Provision::TurnAway(told) = provision(visit.app(), &email, door, Some(&user)).await?
    {
        return Err(told.unwrap_or_else(|| unauthorized(AUTHENTICATION_FAILED)));
    }
    let mut tx = app.db.begin().await?;
    if !store::used(&mut tx, &stored.id, &said).await? {
        return Err(failed().because(Refused::Counter));
    }
    sign_in(visit, tx, attempt(user, said.backup_eligible, said.verified, door)).await
}

/// What a passkey proves: a key in hardware, or one that software may carry to other devices (RFC 8176), with the user
/// present. Who was verified by the authenticator showed two factors (NIST SP 800-63B, section 3.1.7); a touch is one.
pub(crate) fn attempt(user: User, backup_eligible: bool, verified: bool, door: Option<&str>) -> Attempt {
    Attempt {
        user,
        method: METHOD,
        amr: vec![if backup_eligible { "swk" } else { "hwk" }, "user"],
        aal: if verified { Aal::Two } else { Aal::One },
        remember: true,
        door: door.map(str::to_owned),
        is_new: false,
    }
}
