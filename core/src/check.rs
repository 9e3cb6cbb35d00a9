//! What `guichet doctor` finds: one line a check. Plugins bring theirs ([`crate::plugin::Plugin::checks`]).

use serde::Serialize;

use crate::app::App;
use crate::routes;

/// The address, on the base URL, at which the running server tells what it sees of whoever asks: `{version, peer,
/// peerAddress, peerTrusted, forwardedFor, forwardedProto, counted}`. Good for a minute.
pub fn question(app: &App) -> String {
    routes::doctor_address(app)
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Works, and is hardly meant; or could not be looked at.
    Warning,
    /// Does not work, or is not safe.
    Bad,
}

/// One thing that was looked at. Its texts hold no secret and no address of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, one or two words: `database`, `portal client`.
    #[serde(rename = "check")]
    pub name: String,
    /// How it went.
    pub verdict: Verdict,
    /// What was found, half a sentence.
    pub says: String,
    /// What to do; `None` when there is nothing.
    pub advice: Option<String>,
}

impl Check {
    /// As it should be.
    pub fn good(name: impl Into<String>, says: impl Into<String>) -> Self {
        Self { name: name.into(), verdict: Verdict::Good, says: says.into(), advice: None }
    }

    /// Works, and is hardly meant; or could not be looked at.
    pub fn warning(name: impl Into<String>, says: impl Into<String>, advice: impl Into<String>) -> Self {
        let advice = Some(advice.into());
        Self { name: name.into(), verdict: Verdict::Warning, says: says.into(), advice }
    }

    /// Does not work, or is not safe.
    pub fn bad(name: impl Into<String>, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { verdict: Verdict::Bad, ..Self::warning(name, says, advice) }
    }
}
