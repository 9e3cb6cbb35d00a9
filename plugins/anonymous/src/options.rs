//! `[plugins.anonymous]`

use std::path::PathBuf;

use guichet_core::config::Secret;
use guichet_core::this_machine::safe_url;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

/// Settings of guests.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// What a guest is called until they say otherwise.
    pub name: String,
    /// Whether a guest's user is deleted when they become somebody, and on their own wish.
    pub delete_guests: bool,
    /// Where an application is told, by POST, that a guest became somebody: `{"id", "at", "anonymousUserId", "userId"}`.
    /// Tried again until it answers 2xx.
    #[schemars(with = "Option<String>")]
    pub upgrade_url: Option<Url>,
    /// Signs those calls: `X-Guichet-Signature: sha256=<hex of HMAC-SHA256 of the body>`. At least 32 characters.
    pub upgrade_secret: Option<Secret>,
    /// A file that holds it instead.
    pub upgrade_secret_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "Anonymous".to_owned(),
            delete_guests: true,
            upgrade_url: None,
            upgrade_secret: None,
            upgrade_secret_file: None,
        }
    }
}

/// Where, and under which key, applications are told of upgrades.
#[derive(Debug, Clone)]
pub(crate) struct HandOver {
    pub(crate) url: Url,
    pub(crate) secret: Secret,
}

impl Options {
    /// `None` when nobody is told. An error names the key to change.
    pub(crate) fn hand_over(&self) -> Result<Option<HandOver>, String> {
        let (value, file) = (self.upgrade_secret.as_ref(), self.upgrade_secret_file.as_deref());
        let secret = Secret::given("upgrade_secret", value, file).map_err(|problem| problem.to_string())?;
        // What is sent there names people.
        if let Some(url) = &self.upgrade_url {
            safe_url(url.as_str()).map_err(|wrong| format!("upgrade_url {wrong}"))?;
        }
        match (self.upgrade_url.clone(), secret) {
            (Some(url), Some(secret)) if secret.expose().chars().count() >= 32 => {
                Ok(Some(HandOver { url, secret }))
            }
            (Some(_), _) => Err("upgrade_secret (or upgrade_secret_file) must be set beside upgrade_url, \
                                 at least 32 characters"
                .to_owned()),
            (None, Some(_)) => Err("upgrade_secret signs calls to upgrade_url, which is not set".to_owned()),
            (None, None) => Ok(None),
        }
    }
}
