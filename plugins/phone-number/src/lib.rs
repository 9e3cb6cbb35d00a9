//! Phone numbers: proven by a code that comes as a text message, they sign in (by the code, or with a password), are
//! added to an account, and set a new password (contract, sections 6 and 17).
//!
//! A code is six digits, lives five minutes, works once, and is kept as a keyed hash; the newest one counts. Wrong
//! tries are counted per code and per number. A number that nobody proved is nobody's.

mod codes;
mod hooks;
mod lost;
mod number;
mod options;
mod reset;
mod routes;
mod send;
mod sign_in;
mod tell;
mod verify;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::authenticators::Authenticators;
use guichet_core::config::Config;
use guichet_core::error::{ErrorCode, FAILED_TO_CREATE_USER, INVALID_OTP, OTP_EXPIRED, TOO_MANY_ATTEMPTS};
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::language::Language;
use guichet_core::one_time_code::TryBudget;
use guichet_core::pathway::{PASSWORD, Pathway};
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::{Column, Table};

pub use options::Options;

guichet_core::error_codes! {
    CODES with FAILED_TO_CREATE_USER, INVALID_OTP, OTP_EXPIRED, TOO_MANY_ATTEMPTS;
    INVALID_PHONE_NUMBER "Invalid phone number" "Numéro de téléphone invalide" about "phoneNumber";
    PHONE_NUMBER_EXIST "Phone number already exists" "Ce numéro de téléphone est déjà utilisé" about "phoneNumber";
    INVALID_PHONE_NUMBER_OR_PASSWORD "Invalid phone number or password" "Numéro de téléphone ou mot de passe incorrect";
    PHONE_NUMBER_NOT_VERIFIED "Phone number not verified" "Ce numéro de téléphone n’est pas confirmé";
    PHONE_NUMBER_CANNOT_BE_UPDATED "Phone number cannot be updated" "Le numéro de téléphone ne se change pas ici" about "phoneNumber";
    UNEXPECTED_ERROR "Unexpected error" "Une erreur est survenue";
    OTP_NOT_FOUND "OTP not found" "Code invalide ou expiré";
}

/// The columns that this plugin adds to `user`.
pub(crate) const NUMBER: &str = "phoneNumber";
pub(crate) const VERIFIED: &str = "phoneNumberVerified";

/// The plugin.
pub struct PhoneNumber {
    options: Options,
}

impl Configured for PhoneNumber {
    type Options = Options;
    const ID: &'static str = "phone-number";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options })
    }
}

#[async_trait]
impl Plugin for PhoneNumber {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        let columns = Table::new("user")
            .column(Column::text(NUMBER).unique_or(PHONE_NUMBER_EXIST).input().returned())
            .column(Column::boolean(VERIFIED).returned());
        vec![columns, TryBudget::table(codes::BUDGET)]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        routes::all(&self)
    }

    /// Better Auth's numbers by address (contract, section 22), and a few by number, whatever the addresses that ask:
    /// each message costs money.
    fn rate_limits(&self) -> Vec<RateLimit> {
        let by_address = routes::NAMES.iter().map(|name| RateLimit::by_address(name, 60, 10));
        let by_address = by_address.chain([RateLimit::of_sign_in(routes::SIGN_IN)]);
        by_address.chain(routes::SENDERS.map(|route| RateLimit::by_field(route, NUMBER, 3600, 5))).collect()
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![
            Pathway::one_factor(routes::SIGN_IN, Self::ID, PASSWORD),
            Pathway::one_factor(routes::VERIFY, Self::ID, "sms"),
        ]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        CODES
    }

    fn authenticators(self: Arc<Self>) -> Option<Arc<dyn Authenticators>> {
        Some(self)
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    fn fits(&self, app: &App) -> anyhow::Result<()> {
        anyhow::ensure!(
            app.outbox.takes_sms(),
            "text messages have no way out: set sms.url with sms.api_key, or sms.by_mail"
        );
        Ok(())
    }
}
