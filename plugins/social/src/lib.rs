//! Sign-in with other providers: OAuth 2 (RFC 6749, RFC 9700) and `OpenID` Connect, for those that Better Auth ships,
//! three of the French state, and any other that is configured (contract, section 16).
//!
//! A provider and its subject are the identity; an address leads to a user only when both sides have proven it.

mod arrival;
mod authorize;
mod client_secret;
mod discovery;
mod error;
mod form;
mod hooks;
mod id_token;
mod keys;
mod link;
mod options;
mod pending;
mod person;
mod profile;
mod proof;
mod provider;
pub mod providers;
mod routes;
mod section;
mod state;
mod tokens;
mod vouched;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::account_tokens::AccountTokens;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::language::Language;
use guichet_core::one_time_code::TryBudget;
use guichet_core::pages::{AccountSection, SignInForm};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::Table;

pub use error::ProviderError;
pub use options::{
    GenericOptions, MapOptions, MissingEmail, Options, ProviderOptions, ProviderTokenStorage, Unproven,
};
pub use person::Person;
pub use provider::{Client, Provider, SigningKey};

/// The plugin's name.
pub(crate) const ID: &str = "social";

guichet_core::error_codes! {
    CODES;
    PROVIDER_NOT_FOUND "Provider not found" "Fournisseur introuvable";
    PROVIDER_NOT_CONFIGURED "Account is not associated with a configured social provider." "Ce compte lié n’a pas de fournisseur configuré";
    ID_TOKEN_NOT_SUPPORTED "id_token not supported" "Ce fournisseur ne permet pas de se connecter par jeton";
    USER_EMAIL_NOT_FOUND "User email not found" "Le fournisseur ne donne pas d’adresse e-mail";
    OAUTH_LINK_ERROR "account not linked" "Ce compte n’a pas pu être lié";
    SOCIAL_ACCOUNT_ALREADY_LINKED "Social account already linked" "Ce compte est déjà lié à un autre utilisateur";
    LINKING_NOT_ALLOWED "Account not linked - linking not allowed" "Ce compte ne peut pas être lié";
    LINKING_DIFFERENT_EMAILS_NOT_ALLOWED "Account not linked - different emails not allowed" "L’adresse e-mail de ce compte est une autre";
    ACCESS_TOKEN_NOT_FOUND "Access token not found" "Ce compte n’a pas de jeton d’accès";
}

/// The plugin.
pub struct Social {
    options: Options,
    providers: Vec<Provider>,
}

impl Social {
    /// The configured provider of this id.
    pub fn find(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id() == id)
    }

    /// Every configured provider, in the order of buttons.
    pub fn providers(&self) -> &[Provider] {
        &self.providers
    }
}

impl Configured for Social {
    type Options = Options;
    const ID: &'static str = ID;

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        let mut providers: Vec<Provider> = Vec::new();
        let mut wrong = Vec::new();
        for (id, section) in options.built_in() {
            match Provider::built_in(&id, &section) {
                Ok(provider) => providers.push(provider),
                Err(problems) => wrong.extend(problems.into_iter().map(|why| format!("{id}.{why}"))),
            }
        }
        for (n, section) in options.generic.iter().enumerate() {
            match Provider::generic(section) {
                Ok(provider) if providers.iter().any(|known| known.id() == provider.id()) => {
                    // Accounts of the one would be the other's.
                    wrong.push(format!("generic.{n}.id = {:?} is another provider's", provider.id()));
                }
                Ok(provider) => providers.push(provider),
                Err(problems) => wrong.extend(problems.into_iter().map(|why| format!("generic.{n}.{why}"))),
            }
        }
        for id in &options.trusted_providers {
            if !providers.iter().any(|provider| provider.id() == id) {
                wrong.push(format!("trusted_providers: {id:?} is not configured"));
            }
        }
        if options.tries_per_address < TryBudget::FEWEST {
            wrong.push(format!("tries_per_address must be at least {}", TryBudget::FEWEST));
        }
        if wrong.is_empty() { Ok(Self { options, providers }) } else { Err(wrong.join("\n")) }
    }
}

#[async_trait]
impl Plugin for Social {
    fn id(&self) -> &'static str {
        ID
    }

    fn schema(&self) -> Vec<Table> {
        vec![TryBudget::table(proof::BUDGET)]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        routes::all(&self)
    }

    /// Better Auth's number for sign-ins (contract, section 19). Codes that prove an address are counted where they are sent.
    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![RateLimit::of_sign_in(routes::SIGN_IN), RateLimit::by_address(routes::CALLBACK, 60, 60)]
    }

    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("social/buttons.html", include_str!("../templates/buttons.html")),
            ("social/code.html", include_str!("../templates/code.html")),
            ("social/accounts.html", include_str!("../templates/accounts.html")),
            ("social/mail/code.html", include_str!("../templates/mail/code.html")),
            ("social/mail/code.txt", include_str!("../templates/mail/code.txt")),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn pathways(&self) -> Vec<Pathway> {
        let ways = |provider: &Provider| {
            let one = provider.client.two_factors.is_empty();
            let way = if one { Pathway::one_factor } else { Pathway::two_factors };
            [routes::SIGN_IN, routes::CALLBACK]
                .map(|route| way(route, provider.id(), "what the provider says"))
                .map(|way| way.makes_people(!provider.client.disable_sign_up))
        };
        self.providers.iter().flat_map(ways).collect()
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        CODES
    }

    fn form(self: Arc<Self>) -> Option<Arc<dyn SignInForm>> {
        Some(self)
    }

    fn account_section(self: Arc<Self>) -> Option<Arc<dyn AccountSection>> {
        Some(self)
    }

    fn account_tokens(self: Arc<Self>) -> Option<Arc<dyn AccountTokens>> {
        Some(self)
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}
