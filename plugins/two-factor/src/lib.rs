//! The second factor (contract, section 12): codes of an authenticator, backup codes, and, where that is allowed, codes
//! by e-mail; trusted devices.
//!
//! Whoever has one and proved a single factor is asked for it at every door. One budget of wrong codes holds for an
//! account over all of them.

mod asset;
mod backup;
mod challenge;
mod change;
mod emailed;
mod enrol_page;
mod enrolment;
mod form;
mod hooks;
mod lost;
mod mail;
mod options;
mod owner;
mod program;
mod proofs;
mod qr;
mod required;
mod routes;
mod section;
mod set_up;
mod totp;
mod trusted;
mod verified;
mod verify;

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
use guichet_core::second_factor::SecondFactor;
use guichet_core::store::User;

pub use options::{BackupStorage, Options, Scope};

guichet_core::error_codes! {
    CODES;
    /// Codes by e-mail are switched off.
    OTP_NOT_CONFIGURED "OTP is not available" "Les codes par e-mail ne sont pas disponibles";
    /// No code by e-mail is alive.
    OTP_HAS_EXPIRED "OTP has expired" "Ce code a expiré. Demandez-en un nouveau.";
    /// No authenticator is confirmed.
    TOTP_NOT_ENABLED "TOTP not enabled" "Aucune application d’authentification n’est activée";
    /// An authenticator is confirmed already.
    TOTP_ALREADY_ENABLED "TOTP is already enabled" "Une application d’authentification est déjà activée";
    /// There is no second factor.
    TWO_FACTOR_NOT_ENABLED "Two factor isn't enabled" "La double authentification n’est pas activée";
    /// There are no backup codes.
    BACKUP_CODES_NOT_ENABLED "Backup codes aren't enabled" "Il n’y a pas de codes de secours";
    /// Not one of the backup codes, or one that was used.
    INVALID_BACKUP_CODE "Invalid backup code" "Code de secours incorrect ou déjà utilisé";
    /// Not the code.
    INVALID_CODE "Invalid code" "Code incorrect";
    /// The challenge or the code is spent.
    TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE "Too many attempts. Please request a new code." "Trop d’essais. Demandez un nouveau code.";
    /// The account's budget is spent.
    ACCOUNT_TEMPORARILY_LOCKED "Too many failed verification attempts. Your account is temporarily locked. Please try again later." "Trop de codes incorrects. Votre compte est bloqué pour quelques minutes. Réessayez plus tard.";
    /// No sign-in waits in this browser.
    INVALID_TWO_FACTOR_COOKIE "Invalid two factor cookie" "Aucune connexion n’est en attente dans ce navigateur";
    /// No sign-in waits under the name that a program gives.
    INVALID_TWO_FACTOR_CHALLENGE "This sign-in no longer waits for a second factor. Begin again." "Cette connexion n’attend plus de second facteur. Recommencez.";
    /// Theirs may not be switched off.
    TWO_FACTOR_MANDATORY "A second factor is required for this account" "Un second facteur est obligatoire pour ce compte";
    /// The mailbox would be both factors.
    TWO_FACTOR_NEEDS_PASSWORD "A code by e-mail is your second factor: sign in with your password first" "Un code par e-mail est votre second facteur : connectez-vous d’abord avec votre mot de passe";
}

/// The plugin.
pub struct TwoFactor {
    options: Options,
    issuer: String,
}

impl Configured for TwoFactor {
    type Options = Options;
    const ID: &'static str = "two-factor";

    fn new(options: Options, config: &Config) -> Result<Self, String> {
        options.check()?;
        let issuer = options.issuer.clone().unwrap_or_else(|| config.app_name.clone());
        Ok(Self { options, issuer })
    }
}

/// Whether a user has a second factor.
fn is_on(user: &User) -> bool {
    user.extra.get(enrolment::ENABLED).and_then(guichet_core::db::Value::as_bool).unwrap_or(false)
}

#[async_trait]
impl Plugin for TwoFactor {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        enrolment::tables().into_iter().chain([trusted::table()]).collect()
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        routes::all(&self).into_iter().chain([asset::route()]).collect()
    }

    /// Better Auth's numbers (contract, section 22). Guesses are counted per account, in `enrolment`.
    fn rate_limits(&self) -> Vec<RateLimit> {
        routes::NAMES.iter().map(|name| RateLimit::by_address(name, 10, 3)).collect()
    }

    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("two-factor/step.html", include_str!("../templates/step.html")),
            ("two-factor/ended.html", include_str!("../templates/ended.html")),
            ("two-factor/overview.html", include_str!("../templates/overview.html")),
            ("two-factor/enrol.html", include_str!("../templates/enrol.html")),
            ("two-factor/required.html", include_str!("../templates/required.html")),
            ("two-factor/codes.html", include_str!("../templates/codes.html")),
            ("two-factor/mail/code.html", include_str!("../templates/mail/code.html")),
            ("two-factor/mail/code.txt", include_str!("../templates/mail/code.txt")),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn fits(&self, app: &App) -> anyhow::Result<()> {
        self.options.fits(app)
    }

    fn pathways(&self) -> Vec<Pathway> {
        [routes::VERIFY_TOTP, routes::VERIFY_OTP, routes::VERIFY_BACKUP]
            .map(|route| Pathway::two_factors(route, Self::ID, "a first factor, and otp"))
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

    fn second_factor(self: Arc<Self>) -> Option<Arc<dyn SecondFactor>> {
        Some(self)
    }

    fn authenticators(self: Arc<Self>) -> Option<Arc<dyn Authenticators>> {
        Some(self)
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}
