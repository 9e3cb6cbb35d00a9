//! What goes wrong between us and a provider. Holds no token and no address with one.

use guichet_core::outbound::OutboundError;

/// Why a provider's part of the work failed.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It cannot be reached, or its answer cannot be read.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// It answered with a status that is no success.
    #[error("{what}: the provider answers {status}")]
    Status {
        /// What was asked for.
        what: &'static str,
        /// The status.
        status: u16,
    },
    /// Its metadata cannot be used.
    #[error("the provider's metadata cannot be used: {0}")]
    Metadata(&'static str),
    /// A code or a refresh token did not become tokens.
    #[error("the token endpoint refuses: {0}")]
    Token(String),
    /// An ID token is not to be believed.
    #[error("the ID token is refused: {0}")]
    IdToken(&'static str),
    /// The profile does not say who somebody is.
    #[error("the profile cannot be used: {0}")]
    Profile(&'static str),
    /// A setting cannot be used.
    #[error("{0}")]
    Setting(&'static str),
}
