//! Sign-in by a code that comes by e-mail (contract, section 9).
//!
//! A code is six digits, lives ten minutes, works once, and is kept as a keyed hash. The last three codes of one
//! purpose stay valid, so that a late mail still works; wrong tries are counted per code and per address, and a
//! resend does not reset the latter.

mod codes;
mod form;
mod hooks;
mod letter;
mod mail;
mod options;
mod purpose;
mod routes;
mod send;
mod sign_in;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::{ErrorCode, INVALID_OTP, OTP_EXPIRED, TOO_MANY_ATTEMPTS};
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::language::Language;
use guichet_core::one_time_code::TryBudget;
use guichet_core::pages::SignInForm;
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::Table;

pub use options::Options;

/// The plugin.
pub struct EmailOtp {
    options: Options,
}

impl Configured for EmailOtp {
    type Options = Options;
    const ID: &'static str = "email-otp";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options })
    }
}

#[async_trait]
impl Plugin for EmailOtp {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        vec![TryBudget::table(codes::BUDGET)]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        routes::all(&self)
    }

    /// Better Auth's numbers by address (contract, section 22), and as many by recipient, whatever the addresses
    /// that ask.
    fn rate_limits(&self) -> Vec<RateLimit> {
        let by_address = routes::NAMES.iter().map(|name| RateLimit::by_address(name, 60, 3));
        by_address
            .chain(routes::SENDERS.map(|(route, field)| RateLimit::by_recipient(route, field)))
            .collect()
    }

    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("email-otp/form.html", include_str!("../templates/form.html")),
            ("email-otp/code.html", include_str!("../templates/code.html")),
            ("email-otp/mail/code.html", include_str!("../templates/mail/code.html")),
            ("email-otp/mail/code.txt", include_str!("../templates/mail/code.txt")),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn pathways(&self) -> Vec<Pathway> {
        let way = Pathway::one_factor(routes::SIGN_IN, "email-otp", "otp").by_mail();
        let mut ways = vec![way.makes_people(!self.options.disable_sign_up)];
        if self.options.auto_sign_in_after_verification {
            ways.push(Pathway::by_mailbox(routes::VERIFY_EMAIL));
        }
        ways
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[INVALID_OTP, OTP_EXPIRED, TOO_MANY_ATTEMPTS]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    fn form(self: Arc<Self>) -> Option<Arc<dyn SignInForm>> {
        Some(self)
    }
}
