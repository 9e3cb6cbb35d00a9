//! Going on with a sign-in that waits, for programs that hold its name instead of a cookie.

use async_trait::async_trait;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::plugin::Configured;
use guichet_core::second_factor::{SecondFactor, SecondProof};
use guichet_core::sign_in::Outcome;

use crate::TwoFactor;
use crate::challenge::Challenge;
use crate::verify::{Given, Subject, Verified};

#[async_trait]
impl SecondFactor for TwoFactor {
    fn method(&self) -> &'static str {
        Self::ID
    }

    async fn answer(&self, visit: &Visit, proof: SecondProof<'_>) -> Result<Outcome> {
        let challenge = Challenge::named(visit, proof.challenge).await?;
        // A program is no device that could be trusted.
        let given = Given { factor: proof.factor, code: proof.code, trust: false, only_check: false };
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
