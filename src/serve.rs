//! `guichet serve`: from the settings to a running server.

mod banner;
pub(crate) mod demo;
mod listener;
pub(crate) mod requirements;
pub(crate) mod secret;
pub(crate) mod served;
mod stop;

use std::process::ExitCode;
use std::sync::Arc;

use guichet_core::mail::Mailbox;
use guichet_core::mail::options::TransportKind;
use guichet_core::server::Outside;

use crate::cli::settings::{Settings, base_url_at};
use banner::Banner;

/// Serves until a signal, then finishes what is in flight.
pub(crate) async fn run(mut settings: Settings) -> anyhow::Result<ExitCode> {
    let unmet = requirements::unmet(settings.config());
    if !unmet.is_empty() {
        let base = settings.config().base_url.origin().ascii_serialization();
        anyhow::bail!("Guichet does not open at {base} yet:\n- {}", unmet.join("\n- "));
    }
    let listener = listener::bind(settings.config().listen).await?;
    let address = listener.local_addr()?;
    let follows = !settings.loaded.is_set(&["base_url"]);
    let config = &mut settings.loaded.config;
    if follows {
        config.base_url = base_url_at(config, address.port())?;
        requirements::trust_this_machine(config);
    }
    let kept = secret::settle(config)?;
    if settings.demo {
        demo::fill().await?;
    }
    let mailbox = (config.mail.transport == TransportKind::Mailbox).then(|| Arc::new(Mailbox::printing()));
    let outside = Outside { mailbox, ..Outside::default() };
    let server = guichet::build(config.clone(), outside).await.map_err(|error| settings.explain(error))?;
    let stop = stop::on_signals()?;
    Banner { server: &server, settings: &settings, address, secret: kept.as_ref(), demo: settings.demo }
        .show()?;
    server.run(listener, stop).await?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
