//! What a provider says about somebody: who they are to it, and how strongly they proved it.

use guichet_core::amr;
use guichet_core::sign_in::Aal;
use serde_json::Value as Json;

use crate::id_token::Claims;
use crate::person::Person;
use crate::provider::Provider;
use crate::tokens::Tokens;

/// Somebody whom a provider vouches for.
pub(crate) struct Arrival<'a> {
    pub(crate) provider: &'a Provider,
    pub(crate) person: Person,
    pub(crate) tokens: Tokens,
    pub(crate) strength: Strength,
    pub(crate) request_sign_up: bool,
    pub(crate) door: Option<String>,
}

/// How a provider says that somebody proved who they are (ASVS 6.8.4); nothing said is the least.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Strength {
    pub(crate) amr: Vec<String>,
    pub(crate) two_factors: bool,
}

impl Strength {
    /// Of the claims of an ID token that was checked.
    pub(crate) fn of(provider: &Provider, claims: Option<&Claims>) -> Self {
        let Some(claims) = claims else { return Self::default() };
        let said: Vec<&str> = claims
            .get("amr")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let acr = claims.get("acr").and_then(Json::as_str);
        let strong = |value: &&str| provider.client.two_factors.iter().any(|strong| strong == value);
        Self {
            two_factors: said.iter().chain(&acr).any(strong),
            amr: said
                .into_iter()
                .filter(|value| amr::REGISTERED.contains(value))
                .map(str::to_owned)
                .collect(),
        }
    }

    pub(crate) fn amr(&self) -> Vec<&'static str> {
        // And in any case that it was elsewhere: a code to the mailbox adds something to that.
        let said = |known: &&str| self.amr.iter().any(|said| said == known);
        amr::REGISTERED.into_iter().filter(said).chain([amr::FED]).collect()
    }

    pub(crate) fn aal(&self) -> Aal {
        if self.two_factors { Aal::Two } else { Aal::One }
    }
}
