//! The product beside its database, for commands that look people up and change them. No plugin is started: people can
//! be helped while a business database is away.

use std::sync::Arc;

use anyhow::bail;
use guichet_core::app::App;
use guichet_core::mail::Mailbox;
use guichet_core::mail::options::TransportKind;
use guichet_core::migrate;
use guichet_core::server::{Outside, Server};

use super::settings::Settings;
use crate::serve::secret;

/// Opens a database whose tables are as they should be.
pub(super) async fn open(settings: &Settings) -> anyhow::Result<App> {
    let mut config = settings.config().clone();
    if let Some(file) = settings.missing_file() {
        // Connecting would make an empty one.
        bail!(
            "there is no database {} here yet: run `guichet serve` or `guichet migrate` first, or name another \
             one (database.url, GUICHET_DATABASE__URL)",
            file.display()
        );
    }
    secret::settle(&mut config)?;
    let server = Server::unstarted(config, settings.plugins()?, outside(settings));
    let app = server.await.map_err(|error| settings.explain(error))?.app;
    let pending = migrate::propose(&app.db, &app.schema).await?;
    if !pending.is_empty() {
        bail!(
            "{} is not up to date: run `guichet migrate` first (`guichet migrate --plan` shows what it does)",
            settings.database()
        );
    }
    Ok(app)
}

/// What stands around a program that serves nobody: no mail leaves from here, they wait in the outbox.
pub(super) fn outside(settings: &Settings) -> Outside {
    let kept = settings.config().mail.transport == TransportKind::Mailbox;
    Outside { mailbox: kept.then(|| Arc::new(Mailbox::new())), ..Outside::default() }
}
