//! An arrival that waits until its address is proven by a mailed code.

use guichet_core::email_address::EmailAddress;
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::person::Person;
use crate::provider::Provider;
use crate::tokens::Tokens;
use crate::vouched::{Arrival, Strength};

/// An arrival that waits for its proof. Kept sealed: it holds tokens.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) provider: String,
    subject: String,
    pub(crate) name: String,
    image: Option<String>,
    pub(crate) email: String,
    tokens: Tokens,
    strength: Strength,
    request_sign_up: bool,
    /// Where they are led afterwards.
    pub(crate) callback_url: String,
    pub(crate) new_user_url: Option<String>,
    pub(crate) door: Option<String>,
}

impl Pending {
    pub(crate) fn of(arrival: &Arrival<'_>, email: &EmailAddress) -> Self {
        Self {
            provider: arrival.provider.id().to_owned(),
            subject: arrival.person.subject.clone(),
            name: arrival.person.name.clone(),
            image: arrival.person.image.clone(),
            email: email.to_string(),
            tokens: arrival.tokens.clone(),
            strength: arrival.strength.clone(),
            request_sign_up: arrival.request_sign_up,
            callback_url: String::new(),
            new_user_url: None,
            door: arrival.door.clone(),
        }
    }

    /// The arrival as it is when its address is proven.
    pub(crate) fn proven<'a>(&self, provider: &'a Provider, email: &EmailAddress) -> Arrival<'a> {
        Arrival {
            provider,
            person: Person {
                subject: self.subject.clone(),
                email: Some(email.clone()),
                email_verified: true,
                name: self.name.clone(),
                image: self.image.clone(),
                data: Map::new(),
            },
            tokens: self.tokens.clone(),
            strength: self.strength.clone(),
            request_sign_up: self.request_sign_up,
            door: self.door.clone(),
        }
    }
}
