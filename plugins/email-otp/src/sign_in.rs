//! Signing in with a code.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_OTP, Result, bad_request};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::newcomer::{Profile, Said};
use guichet_core::one_time_code::Use;
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::{Aal, Attempt, Outcome, arrive, find_or_make, prove_mailbox, sign_in};
use guichet_core::store::Fields;

use crate::codes::{self, Claim};
use crate::options::Options;

/// What a new user is to be, as the request says; ignored for those who exist.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) name: Option<String>,
    pub(crate) image: Option<String>,
    /// The whole body, for additional fields.
    pub(crate) fields: Map<String, Value>,
}

/// Checks the code and opens the door. A wrong code and a person who may not come in get one answer.
pub(crate) async fn with_code(
    visit: &Visit,
    options: &Options,
    claim: Claim<'_>,
    door: Option<&str>,
    wanted: Wanted,
) -> Result<Outcome> {
    let app = visit.app();
    // Before the transaction: a business database may be slow, and plugins look at what is new.
    let (known, provision) = arrive(visit, claim.email, door).await?;
    let (turned_away, provision) = match provision {
        Provision::TurnAway(told) => (Some(told), Provision::NoOpinion),
        other => (None, other),
    };
    let known = known.filter(|user| user.email_verified);
    let closed = options.disable_sign_up && !matches!(provision, Provision::Make(_));
    // For whom is known, too: a plugin that looks something up must not tell them apart.
    let new = wanted.profile(claim.email).row(visit, provision).await;
    let mut tx = app.db.begin().await?;
    if let Err(refusal) = codes::check(app, options, &mut tx, claim, Use::Consume).await? {
        tx.commit().await?;
        return Err(refusal);
    }
    if let Some(told) = turned_away {
        tx.commit().await?;
        return Err(told.unwrap_or_else(|| bad_request(INVALID_OTP)));
    }
    // Who had proven this mailbox before is not read again: the session is made only while the address is theirs.
    // Others may have been made, or have proven it, a moment ago.
    let known = match known {
        Some(user) => Some(user),
        None => app.users.by_email(&mut tx, claim.email).await?,
    };
    let (user, is_new) = match (known, new) {
        (Some(user), _) => (user, false),
        (None, _) if closed => {
            // The code was right and is used up, as the reference has it.
            tx.commit().await?;
            return Err(bad_request(INVALID_OTP));
        }
        (None, Ok(new)) => find_or_make(visit, &mut tx, new).await?,
        (None, Err(refusal)) => {
            // The code was right and stays good: what is missing or refused can be sent with it. Only who has read the
            // mail learns this, and wrong tries were counted above.
            tx.rollback().await?;
            return Err(refusal);
        }
    };
    let user = prove_mailbox(visit, &mut tx, user).await?;
    let attempt = Attempt {
        user,
        method: "email-otp",
        amr: vec!["otp"],
        aal: Aal::One,
        remember: true,
        door: door.map(str::to_owned),
        is_new,
    };
    sign_in(visit, tx, attempt).await
}

impl Wanted {
    fn profile(&self, email: &EmailAddress) -> Profile<'_> {
        Profile {
            email: email.clone(),
            email_verified: true,
            name: self.name.clone().unwrap_or_default(),
            image: self.image.clone(),
            said: Said::Client(&self.fields),
            columns: Fields::default(),
        }
    }
}
