//! The other side could not tell: 503, with an event of its own in the log.

use std::time::Duration;

use guichet_core::error::{Error, ErrorCode};
use http::StatusCode;

/// The back end that judges passwords could not be asked, or its answer cannot be used.
pub const UPSTREAM_UNAVAILABLE: ErrorCode = ErrorCode::new(
    "UPSTREAM_UNAVAILABLE",
    "Sign-in cannot be checked at the moment. Please try again shortly.",
    "La connexion ne peut pas être vérifiée pour le moment. Réessayez dans un instant.",
);

/// When to come back, where the other side does not say; and the longest that it is believed.
const COME_BACK: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(5);

/// Why it could not tell. Holds nothing that anybody typed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// No answer in time, or a status that says nothing about the pair.
    #[error("it could not be asked: {why}")]
    Unavailable {
        why: String,
        /// What its `Retry-After` says.
        come_back: Option<Duration>,
    },
    /// A success that cannot be used: its programmers, or the mapping, are wrong.
    #[error("its answer cannot be used: {0}")]
    Unusable(String),
}

impl Failure {
    pub(crate) fn unusable(why: impl Into<String>) -> Self {
        Self::Unusable(why.into())
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let come_back = match &failure {
            Failure::Unavailable { why, come_back } => {
                tracing::warn!(
                    event = "upstream.unavailable",
                    why,
                    "the back end that judges passwords does not answer"
                );
                come_back.unwrap_or(COME_BACK).clamp(Duration::from_secs(1), LONGEST)
            }
            Failure::Unusable(why) => {
                tracing::error!(
                    event = "upstream.unusable",
                    why,
                    "the back end that judges passwords answers what cannot be used"
                );
                COME_BACK
            }
        };
        Self::coded(StatusCode::SERVICE_UNAVAILABLE, UPSTREAM_UNAVAILABLE)
            .retry_after(come_back)
            .because(failure)
    }
}
