//! Going on with a sign-in that waits, for programs that hold its name instead of a cookie.

use async_trait::async_trait;
use guichet_core::error::{Error, Result, bad_request};
use guichet_core::http::Visit;
use guichet_core::plugin::Configured;
use guichet_core::second_factor::{SecondFactor, SecondProof};
use guichet_core::sign_in::Outcome;

use crate::challenge::Challenge;
use crate::verify::{Factor, Given, Subject, Verified};
use crate::{TOTP_NOT_ENABLED, TwoFactor};

/// By the names of the contract, where it has one.
fn factor_of(method: &str) -> Option<Factor> {
    match method {
        "totp" => Some(Factor::Authenticator),
        "otp" => Some(Factor::EmailCode),
        "backup-code" => Some(Factor::BackupCode),
        _ => None,
    }
}

#[async_trait]
impl SecondFactor for TwoFactor {
    fn method(&self) -> &'static str {
        Self::ID
    }

    async fn answer(&self, visit: &Visit, proof: SecondProof<'_>) -> Result<Outcome> {
        let challenge = Challenge::named(visit, proof.challenge).await?;
        let factor = factor_of(proof.method).ok_or_else(|| bad_request(TOTP_NOT_ENABLED))?;
        // A program is no device that could be trusted.
        let given = Given { factor, code: proof.code, trust: false, only_check: false };
        match self.verify(visit, Subject::Challenge(challenge), given).await? {
            Verified::Through(outcome) => Ok(outcome),
            Verified::InSession { .. } | Verified::Waiting(_) => {
                Err(Error::internal(anyhow::anyhow!("a sign-in that waits led to no session")))
            }
        }
    }

    async fn send_code(&self, visit: &Visit, challenge: &str) -> Result<()> {
        let challenge = Challenge::named(visit, challenge).await?;
        Self::send_code(self, visit, &Subject::Challenge(challenge)).await
    }
}
