//! `guichet openapi`

use std::process::ExitCode;
use std::sync::Arc;

use guichet_core::mail::Mailbox;
use guichet_core::server::{Outside, Server};

use super::output;
use super::settings::Settings;

pub(crate) fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let server = outline(settings)?;
    output::print(&format!("{:#}\n", server.document()))?;
    Ok(ExitCode::SUCCESS)
}

/// The product as these settings put it together, with nothing behind it and without what only development has.
pub(super) fn outline(settings: Settings) -> anyhow::Result<Server> {
    let plugins = settings.plugins()?;
    let outside = Outside { transport: Some(Arc::new(Mailbox::new())), ..Outside::default() };
    Server::outline(settings.loaded.config, plugins, outside)
}
