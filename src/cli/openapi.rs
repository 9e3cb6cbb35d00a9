//! `guichet openapi`

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use guichet_core::mail::Mailbox;
use guichet_core::server::{Outside, Server};

use super::output;
use super::settings::Settings;

#[derive(Args)]
pub(crate) struct Options {
    /// With every plugin there is: those that are off get an example of a section
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(mut settings: Settings, options: &Options) -> anyhow::Result<ExitCode> {
    if options.all {
        settings.switch_all_on()?;
    }
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
