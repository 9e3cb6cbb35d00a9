//! The second factor of a sign-in that waits, for programs: a browser holds the challenge in a cookie and goes on at the
//! plugin's own routes, a program holds its name ([`crate::sign_in::Challenge::name`]) and goes on through here. Budgets
//! and the one door are the same.

use async_trait::async_trait;

use crate::error::Result;
use crate::http::Visit;
use crate::sign_in::Outcome;

crate::choices! {
    /// A second factor, as the contract names it.
    pub enum Factor {
        /// A code of the authenticator.
        Totp = "totp",
        /// A code that came by e-mail.
        Otp = "otp",
        /// One of the backup codes.
        BackupCode = "backup-code",
    }
}

impl Factor {
    /// The factor of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Totp, Self::Otp, Self::BackupCode].into_iter().find(|factor| factor.text() == name)
    }
}

/// What a waiting sign-in is answered with.
#[derive(Clone, Copy)]
pub struct SecondProof<'a> {
    /// The challenge's name.
    pub challenge: &'a str,
    /// Which factor: one of the challenge's, or a backup code.
    pub factor: Factor,
    /// The code.
    pub code: &'a str,
}

/// Goes on with a sign-in that waits.
#[async_trait]
pub trait SecondFactor: Send + Sync {
    /// What its sign-ins are logged as ([`crate::sign_in::Attempt::method`]).
    fn method(&self) -> &'static str;

    /// Checks a code and lets the sign-in through. 401 for a name that is none and for a wrong code, 429 while the account
    /// is locked.
    async fn answer(&self, visit: &Visit, proof: SecondProof<'_>) -> Result<Outcome>;

    /// Mails a code, where that is a factor.
    async fn send_code(&self, visit: &Visit, challenge: &str) -> Result<()>;
}
