//! A mail to the person when their account is signed in to from a device that is new to it (NIST SP 800-63B, section
//! 4.1.3; ASVS 6.3.5).
//!
//! A browser is known by a signed cookie that holds a random name, and by nothing about itself. What keeps no cookies is
//! known by how it calls itself.

mod device;
mod hooks;
mod options;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::config::Config;
use guichet_core::hooks::Hooks;
use guichet_core::language::Language;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::Table;

pub use options::Options;

/// The plugin.
pub struct KnownDevices {
    options: Options,
}

impl Configured for KnownDevices {
    type Options = Options;
    const ID: &'static str = "known-devices";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options })
    }
}

#[async_trait]
impl Plugin for KnownDevices {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        store::tables()
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }
}
