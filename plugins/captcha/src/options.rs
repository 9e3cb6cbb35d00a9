//! `[plugins.captcha]`

use std::path::PathBuf;

use guichet_core::config::Secret;
use guichet_core::this_machine::safe_url;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

/// Settings of the captcha.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Whose captcha it is.
    pub provider: Option<Provider>,
    /// The secret that the provider gave.
    pub secret_key: Option<Secret>,
    /// A file that holds it.
    pub secret_key_file: Option<PathBuf>,
    /// The public key of the widget; hCaptcha then only takes answers to this one.
    pub site_key: Option<String>,
    /// The routes that are guarded, by name.
    pub routes: Vec<String>,
    /// The hosts on which the captcha may have been solved; empty takes what the provider takes.
    pub allowed_hostnames: Vec<String>,
    /// The action for which it must have been solved (Turnstile, reCAPTCHA v3).
    pub expected_action: Option<String>,
    /// The least score that passes (reCAPTCHA v3; 0 to 1).
    pub min_score: f64,
    /// Where answers are verified, if not at the provider's usual address.
    pub verify_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            provider: None,
            secret_key: None,
            secret_key_file: None,
            site_key: None,
            // Better Auth's: /sign-up/email, /sign-in/email, /request-password-reset.
            routes: [
                "email-password.sign-up",
                "email-password.sign-in",
                "email-password.request-password-reset",
            ]
            .map(str::to_owned)
            .to_vec(),
            allowed_hostnames: Vec::new(),
            expected_action: None,
            min_score: 0.5,
            verify_url: None,
        }
    }
}

/// Whose captcha it is. The longer names are Better Auth's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Cloudflare Turnstile.
    #[serde(alias = "cloudflare-turnstile")]
    Turnstile,
    /// hCaptcha.
    #[serde(alias = "h-captcha")]
    Hcaptcha,
    /// Google reCAPTCHA, v2 or v3.
    #[serde(alias = "google-recaptcha")]
    Recaptcha,
}

impl Provider {
    /// Where it verifies answers.
    fn usual_url(self) -> &'static str {
        match self {
            Self::Turnstile => "https://challenges.cloudflare.com/turnstile/v0/siteverify",
            Self::Hcaptcha => "https://api.hcaptcha.com/siteverify",
            Self::Recaptcha => "https://www.google.com/recaptcha/api/siteverify",
        }
    }
}

impl Options {
    /// The provider, or which key to set.
    pub(crate) fn provider(&self) -> Result<Provider, String> {
        self.provider.ok_or_else(|| "provider: set \"turnstile\", \"hcaptcha\" or \"recaptcha\"".to_owned())
    }

    /// Where answers are verified: https, or a server on this machine.
    pub(crate) fn verify_url(&self, provider: Provider) -> Result<Url, String> {
        let text = self.verify_url.as_deref().unwrap_or(provider.usual_url());
        safe_url(text).map_err(|wrong| format!("verify_url = {text:?}: {wrong}"))
    }

    /// The secret, from the settings or from the file that they name.
    pub(crate) fn secret(&self) -> Result<Secret, String> {
        let given = Secret::given("secret_key", self.secret_key.as_ref(), self.secret_key_file.as_deref());
        given
            .map_err(|problem| problem.to_string())?
            .ok_or_else(|| "secret_key: set it, or secret_key_file, as the provider gave it".to_owned())
    }
}
