//! What was proven, and how strong that makes a session (RFC 8176; NIST SP 800-63B).

use guichet_core::amr;
use guichet_core::second_factor::Factor;
use guichet_core::sign_in::Aal;
use guichet_core::store::Session;

use crate::emailed;

/// What a second factor adds: a code, and that there were several factors.
const BOTH: [&str; 2] = ["otp", "mfa"];

/// Those of a kept list that an attempt may carry, and what the second factor added.
pub(crate) fn with_second(kept: &[String]) -> Vec<&'static str> {
    let first = kept.iter().filter_map(|proof| amr::known(proof));
    let mut all = Vec::new();
    for proof in first.chain(BOTH) {
        if !all.contains(&proof) {
            all.push(proof);
        }
    }
    all
}

/// What a right code inside a session makes of it.
pub(crate) struct Proofs {
    pub(crate) amr: &'static [&'static str],
    /// [`Aal::number`].
    pub(crate) aal: i64,
}

impl Proofs {
    /// A mailed code beside a proof of the same mailbox adds nothing.
    pub(crate) fn of(session: &Session, factor: Factor) -> Self {
        if factor != Factor::Otp || emailed::adds_to(session.proofs()) {
            Self { amr: &BOTH, aal: Aal::Two.number() }
        } else {
            Self { amr: &["otp"], aal: session.aal }
        }
    }
}
