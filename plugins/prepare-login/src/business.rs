//! The business database: Guichet's own, or another one.

use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context as _, bail};
use guichet_core::app::App;
use guichet_core::config::Secret;
use guichet_core::db::{Db, described};
use guichet_core::error::{Error, Result};

use crate::options::Options;

/// Where sources look.
pub(crate) struct Business {
    /// `None` for Guichet's own database.
    url: Option<Secret>,
    connections: u32,
    opened: OnceLock<Db>,
}

impl Business {
    /// Takes the URL from the settings or from the file that they name.
    pub(crate) fn read(options: &Options) -> Result<Self, String> {
        let (url, file) = (options.database_url.as_ref(), options.database_url_file.as_deref());
        let url = Secret::given("database_url", url, file).map_err(|problem| problem.to_string())?;
        if options.connections == 0 {
            return Err("connections must be at least 1".to_owned());
        }
        Ok(Self { url, connections: options.connections, opened: OnceLock::new() })
    }

    /// The database that sources read; connects to it the first time, when it is another one than Guichet's.
    pub(crate) async fn open<'a>(&'a self, app: &'a App) -> anyhow::Result<&'a Db> {
        let Some(url) = &self.url else { return Ok(&app.db) };
        if let Some(db) = self.opened.get() {
            return Ok(db);
        }
        if let Some(file) = missing_file(url.expose()) {
            // Connecting would make an empty one, in which nobody is ever found.
            bail!("database_url: the business database {file} does not exist");
        }
        let db = Db::connect(url, self.connections).await.with_context(|| {
            format!("database_url: the business database cannot be used ({})", described(url.expose()))
        })?;
        Ok(self.opened.get_or_init(|| db))
    }

    /// Which database is asked, for messages; without its password.
    pub(crate) fn described(&self, app: &App) -> String {
        described(self.url.as_ref().unwrap_or(&app.config.database.url).expose())
    }

    /// The database that sources read, which the start has opened.
    pub(crate) fn db<'a>(&'a self, app: &'a App) -> Result<&'a Db> {
        match &self.url {
            None => Ok(&app.db),
            Some(_) => self.opened.get().ok_or_else(|| {
                Error::internal(anyhow::anyhow!("the business database is asked before the start opened it"))
            }),
        }
    }
}

fn missing_file(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path).split('?').next()?;
    (path != ":memory:" && !Path::new(path).exists()).then_some(path)
}
