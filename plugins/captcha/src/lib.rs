//! Guards routes with a captcha: the answer of the widget comes in the header `x-captcha-response` and is verified with
//! its provider before the body is read (contract of Better Auth's plugin `captcha`). It hangs on routes, not on paths.

mod check;
mod options;
mod verdict;

use std::sync::Arc;

use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::http::{Guard, HeadCheck};
use guichet_core::plugin::{Configured, Plugin};

use crate::check::Check;
pub use crate::options::{Options, Provider};

/// The request carries no answer; Better Auth's code and words.
pub const MISSING_RESPONSE: ErrorCode =
    ErrorCode::new("MISSING_RESPONSE", "Missing CAPTCHA response", "La réponse au captcha manque");
/// The provider, or a rule of ours about what it says, refuses the answer; Better Auth's code and words.
pub const VERIFICATION_FAILED: ErrorCode =
    ErrorCode::new("VERIFICATION_FAILED", "Captcha verification failed", "Le captcha n’a pas été validé");
/// A hosted page's form whose route is guarded: it shows no widget.
pub const CAPTCHA_NOT_ON_PAGES: ErrorCode = ErrorCode::new(
    "CAPTCHA_NOT_ON_PAGES",
    "This form is closed here, because it asks for a captcha. Please use the application's own form.",
    "Ce formulaire est fermé ici, car il demande un captcha. Utilisez celui de l’application.",
);

/// The plugin.
pub struct Captcha {
    routes: Vec<String>,
    check: Arc<dyn HeadCheck>,
}

impl Configured for Captcha {
    type Options = Options;
    const ID: &'static str = "captcha";
    const EXAMPLE: &'static str = "provider = \"turnstile\"\nsecret_key = \"the provider's secret\"";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        let check = Arc::new(Check::new(&options)?);
        Ok(Self { routes: options.routes, check })
    }
}

impl Plugin for Captcha {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn guards(&self) -> Vec<Guard> {
        let guard = |route: &String| Guard { route: route.clone().into(), check: self.check.clone() };
        self.routes.iter().map(guard).collect()
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[MISSING_RESPONSE, VERIFICATION_FAILED, CAPTCHA_NOT_ON_PAGES]
    }
}
