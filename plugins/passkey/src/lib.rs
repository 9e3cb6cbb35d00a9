//! Passkeys: WebAuthn credentials instead of passwords, on Better Auth's wire and in its table (contract, sections 15
//! and 23).
//!
//! What a browser sends is taken apart and checked in [`webauthn`], which knows neither database nor request; challenges
//! are made and used up in `challenge`, and nowhere else; rows are read and written in `store`.

mod account;
mod asset;
mod challenge;
mod form;
mod hooks;
mod lost;
mod options;
mod register;
mod routes;
mod sign_in;
mod store;
pub mod webauthn;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::authenticators::Authenticators;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::language::Language;
use guichet_core::pages::{AccountSection, SignInForm};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::Table;

pub use options::{Options, UserVerification};

use options::Party;

guichet_core::error_codes! {
    CODES;
    /// No challenge, one that was used or has ended, or one of the other ceremony.
    CHALLENGE_NOT_FOUND "Challenge not found" "Cette demande a expiré. Recommencez.";
    /// The challenge was made for somebody else.
    YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY "You are not allowed to register this passkey" "Vous ne pouvez pas enregistrer cette clé d’accès";
    /// What the authenticator said does not hold.
    FAILED_TO_VERIFY_REGISTRATION "Failed to verify registration" "Cette clé d’accès n’a pas pu être vérifiée";
    /// Nobody has that credential, or nobody who may use it here.
    PASSKEY_NOT_FOUND "Passkey not found" "Cette clé d’accès n’est pas connue ici";
    /// What the authenticator said does not hold.
    AUTHENTICATION_FAILED "Authentication failed" "La connexion par clé d’accès a échoué";
    /// Somebody has that credential already.
    PREVIOUSLY_REGISTERED "Previously registered" "Cette clé d’accès est déjà enregistrée";
}

/// The plugin.
pub struct Passkey {
    options: Options,
    party: Party,
}

impl Configured for Passkey {
    type Options = Options;
    const ID: &'static str = "passkey";

    fn new(options: Options, config: &Config) -> Result<Self, String> {
        let party = Party::new(&options, config)?;
        Ok(Self { options, party })
    }
}

#[async_trait]
impl Plugin for Passkey {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        store::tables()
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        let mut all = routes::all(&self);
        all.push(asset::route());
        all
    }

    /// Nothing here can be guessed; the limits are on rows that challenges make, and on signatures to be checked.
    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![
            RateLimit::by_address(routes::SIGN_IN_OPTIONS, 60, 120),
            RateLimit::by_address(routes::REGISTER_OPTIONS, 60, 60),
            RateLimit::by_address(routes::VERIFY_SIGN_IN, 60, 30),
            RateLimit::by_address(routes::VERIFY_REGISTRATION, 60, 30),
        ]
    }

    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("passkey/form.html", include_str!("../templates/form.html")),
            ("passkey/section.html", include_str!("../templates/section.html")),
            ("passkey/add.html", include_str!("../templates/add.html")),
            ("passkey/edit.html", include_str!("../templates/edit.html")),
            ("passkey/remove.html", include_str!("../templates/remove.html")),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn pathways(&self) -> Vec<Pathway> {
        [routes::VERIFY_SIGN_IN, routes::VERIFY_REGISTRATION]
            .map(|route| Pathway::two_factors(route, Self::ID, "hwk or swk, and user"))
            .to_vec()
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

    fn authenticators(self: Arc<Self>) -> Option<Arc<dyn Authenticators>> {
        Some(self)
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}
