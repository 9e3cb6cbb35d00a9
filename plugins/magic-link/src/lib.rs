//! Sign-in by a link that comes by e-mail (contract, section 10).
//!
//! A link is good once and for five minutes. The API's link signs in when it is opened; the mailed one leads to a page
//! that asks for a press, because programs that look at mails open links too, and because a link that somebody else
//! asked for must not sign its reader in to a stranger's account unnoticed.

mod ask;
mod browser;
mod form;
mod link;
mod mail;
mod open;
mod options;
mod routes;

use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::{ErrorCode, INVALID_TOKEN};
use guichet_core::http::{RateLimit, Route};
use guichet_core::language::Language;
use guichet_core::pages::SignInForm;
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};

pub use options::Options;

/// With which a link leads on that nobody new may come in by (contract, section 10).
const NEW_USER_SIGNUP_DISABLED: &str = "new_user_signup_disabled";

/// The plugin.
pub struct MagicLink {
    options: Options,
}

impl Configured for MagicLink {
    type Options = Options;
    const ID: &'static str = "magic-link";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options })
    }
}

impl Plugin for MagicLink {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![routes::ask::route(self.clone()), routes::verify::route(self)]
    }

    /// Better Auth's numbers by address (contract, section 22), and a budget of mails for each recipient.
    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![
            RateLimit::by_address(routes::ask::NAME, 60, 5),
            RateLimit::by_recipient(routes::ask::NAME, "email"),
            RateLimit::by_address(routes::verify::NAME, 60, 5),
        ]
    }

    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("magic-link/form.html", include_str!("../templates/form.html")),
            ("magic-link/sent.html", include_str!("../templates/sent.html")),
            ("magic-link/confirm.html", include_str!("../templates/confirm.html")),
            ("magic-link/refused.html", include_str!("../templates/refused.html")),
            ("magic-link/mail/link.html", include_str!("../templates/mail/link.html")),
            ("magic-link/mail/link.txt", include_str!("../templates/mail/link.txt")),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn pathways(&self) -> Vec<Pathway> {
        let way = Pathway::one_factor(routes::verify::NAME, Self::ID, "otp").by_mail();
        vec![way.makes_people(!self.options.disable_sign_up)]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[INVALID_TOKEN]
    }

    fn form(self: Arc<Self>) -> Option<Arc<dyn SignInForm>> {
        Some(self)
    }
}
