//! Refuses passwords that were found in data breaches, by the range search of Pwned Passwords: five characters of the
//! SHA-1 leave, and what comes back is compared here (<https://haveibeenpwned.com/API/v3#PwnedPasswords>). Holds
//! wherever a password is set. A list that does not answer refuses nobody.

mod range;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::{Config, Span};
use guichet_core::error::{ErrorCode, Result, bad_request};
use guichet_core::hooks::Hooks;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::this_machine::safe_url;
use schemars::JsonSchema;
use serde::Deserialize;

/// Better Auth's code and words.
pub const PASSWORD_COMPROMISED: ErrorCode = ErrorCode::new(
    "PASSWORD_COMPROMISED",
    "The password you entered has been compromised. Please choose a different password.",
    "Ce mot de passe figure dans une fuite de données. Choisissez-en un autre.",
)
.about("password");

/// Nobody waits longer at a form.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Settings of the search in the list of breached passwords.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The server that is asked: `{url}/range/{five characters}`. One of one's own may hold the list.
    pub url: String,
    /// How long it may take (at most 10 seconds); after that the password is taken.
    pub timeout: Span,
}

impl Default for Options {
    fn default() -> Self {
        Self { url: "https://api.pwnedpasswords.com".to_owned(), timeout: Span::seconds(3) }
    }
}

/// The plugin.
pub struct HaveIBeenPwned {
    /// Without a slash at its end.
    url: String,
    timeout: Duration,
}

impl Configured for HaveIBeenPwned {
    type Options = Options;
    const ID: &'static str = "have-i-been-pwned";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        let wrong = |problem: String| format!("url = {:?}: {problem}", options.url);
        let url = safe_url(&options.url).map_err(wrong)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("must have no ? and no #".to_owned()));
        }
        if options.timeout.0.is_zero() || options.timeout.0 > LONGEST_WAIT {
            return Err("timeout: more than nothing, and at most 10s".to_owned());
        }
        Ok(Self { url: options.url.trim_end_matches('/').to_owned(), timeout: options.timeout.0 })
    }
}

impl Plugin for HaveIBeenPwned {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[PASSWORD_COMPROMISED]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}

#[async_trait]
impl Hooks for HaveIBeenPwned {
    async fn check_password(&self, app: &App, password: &str) -> Result<()> {
        match range::is_breached(app, &self.url, self.timeout, password).await {
            Ok(false) => Ok(()),
            Ok(true) => Err(bad_request(PASSWORD_COMPROMISED)),
            Err(trouble) => {
                // Neither the password nor a part of its hash: the reason alone.
                tracing::warn!(reason = %trouble, "the list of breached passwords was not asked; the password was taken");
                Ok(())
            }
        }
    }
}
