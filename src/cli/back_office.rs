//! The product beside its database, for commands that look people up and change them. No plugin is started: people can
//! be helped while a business database is away.

use std::ops::Deref;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use guichet_core::app::App;
use guichet_core::db::Dialect;
use guichet_core::email_address::EmailAddress;
use guichet_core::language::Language;
use guichet_core::mail::Mailbox;
use guichet_core::mail::options::TransportKind;
use guichet_core::migrate;
use guichet_core::server::{Outside, Server};
use guichet_core::store::User;

use super::migrate::sqlite_file;
use super::settings::Settings;
use crate::serve::secret;

/// The context, and who is named in it.
pub(super) struct BackOffice {
    app: App,
    /// The plugins that are on.
    plugins: Vec<String>,
}

impl Deref for BackOffice {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl BackOffice {
    /// Opens a database whose tables are as they should be.
    pub(super) async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let mut config = settings.config().clone();
        if let Some(file) = sqlite_file(config.database.url.expose()).filter(|file| !file.exists()) {
            // Connecting would make an empty one.
            bail!(
                "there is no database {} here yet: run `guichet serve` or `guichet migrate` first, or name another \
                 one (database.url, GUICHET_DATABASE__URL)",
                file.display()
            );
        }
        secret::settle(&mut config)?;
        let plugins = config.plugins.keys().cloned().collect();
        let server = Server::unstarted(config, settings.plugins()?, outside(settings));
        let app = server.await.map_err(|error| settings.explain(error))?.app;
        let pending = migrate::propose(&app.db, &app.schema).await?;
        if !pending.is_empty() {
            bail!(
                "{} is not up to date: run `guichet migrate` first (`guichet migrate --plan` shows what it does)",
                settings.database()
            );
        }
        Ok(Self { app, plugins })
    }

    /// Whether a plugin is on.
    pub(super) fn has(&self, plugin: &str) -> bool {
        self.plugins.iter().any(|known| known == plugin)
    }

    /// The user who is named by e-mail address or id.
    pub(super) async fn person(&self, who: &str) -> anyhow::Result<User> {
        let found = match EmailAddress::parse_international(who) {
            Some(email) => self.users.by_email(&self.db, &email).await?,
            None => self.by_id(who).await?,
        };
        found.ok_or_else(|| {
            let by = if who.contains('@') { "the e-mail address" } else { "the e-mail address or id" };
            let part = who.split('@').next().unwrap_or(who);
            anyhow!("no user has {by} {who:?}; look for them with `guichet user list --search {part}`")
        })
    }

    /// Ids of databases that we did not make may be of another type, which not every text can be.
    async fn by_id(&self, id: &str) -> anyhow::Result<Option<User>> {
        let found = self.users.by_id(&self.db, id).await;
        match (found, self.db.dialect()) {
            (Err(guichet_core::db::DbError::Refused(_)), Dialect::Postgres) => Ok(None),
            (found, _) => found.context("the user cannot be read"),
        }
    }

    /// Says good-bye to the database.
    pub(super) async fn close(self) {
        self.app.db.close().await;
    }
}

/// What stands around a program that serves nobody: no mail leaves from here, they wait in the outbox.
pub(super) fn outside(settings: &Settings) -> Outside {
    let kept = settings.config().mail.transport == TransportKind::Mailbox;
    Outside { mailbox: kept.then(|| Arc::new(Mailbox::new())), ..Outside::default() }
}

/// A refusal of the core's in the words that it has for people; a failure with its causes.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err calls")]
pub(super) fn refused(error: guichet_core::Error) -> anyhow::Error {
    let message = error.message(Language::English).into_owned();
    match (error.cause(), error.code()) {
        (Some(cause), _) => anyhow!("{cause:#}"),
        (None, Some(code)) => anyhow!("{message} ({code})"),
        (None, None) => anyhow!("{message}"),
    }
}
