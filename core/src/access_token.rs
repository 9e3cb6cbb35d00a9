//! Access tokens: signed claims about who is signed in, which services check by themselves (RFC 9068). One plugin offers
//! them; whoever hands them out, takes them, or signs another document with the same published keys goes through here.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::app::App;
use crate::error::Result;
use crate::store::{Session, User};
use crate::timestamp::Timestamp;

/// A token that was issued.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// Its compact form (RFC 7515, section 7.1).
    pub token: String,
    /// Its `exp`, in whole seconds.
    pub expires_at: Timestamp,
}

/// Whom a good token speaks for. Read from the store, so that they are as they are now.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// What the token says.
    pub claims: Map<String, Value>,
    /// The session that it was issued for, which lives.
    pub session: Session,
    /// Its user.
    pub user: User,
}

/// Issues and takes access tokens.
#[async_trait]
pub trait AccessTokens: Send + Sync {
    /// A token for `session`, whose user is `user`. It is good for `lifetime`, but never for longer than
    /// [`AccessTokens::longest_life`]; `None` is the configured one.
    async fn issue(
        &self,
        app: &App,
        session: &Session,
        user: &User,
        lifetime: Option<Duration>,
    ) -> Result<AccessToken>;

    /// Whom `token` speaks for: one of ours, signed by the algorithm of its key, whose `iss`, `aud`, `typ` and `exp` are
    /// as they must be, and whose session lives. `None` for everything else, whatever is wrong with it.
    async fn verify(&self, app: &App, token: &str) -> Result<Option<Bearer>>;

    /// Signs another document with the key that signs access tokens. Its `typ` (RFC 8725, section 3.11) tells it from
    /// them: that of access tokens, `JWT` and none are refused.
    async fn sign(&self, app: &App, typ: &str, claims: &Map<String, Value>) -> Result<String>;

    /// `iss` of what is signed here.
    fn issuer(&self, app: &App) -> String;

    /// How long a token that is issued now can be good at the most.
    fn longest_life(&self) -> Duration;

    /// Whether tokens name their session (`sid`). Where they do not, [`AccessTokens::verify`] takes none.
    fn names_sessions(&self) -> bool;
}
