//! `serve --demo`: a small business database, and a door for its clients.

use anyhow::Context as _;
use guichet_core::config::Loaded;
use guichet_core::db::Db;

/// The business database.
pub(crate) const FILE: &str = "data/demo-business.db";
/// The door.
pub(crate) const PORTAL: &str = "client";
/// Somebody whom only the business database knows.
pub(crate) const VISITOR: &str = "jean@example.com";

const PLUGIN: &str = "prepare-login";

/// Opens the door in the settings.
pub(crate) fn switch_on(loaded: &mut Loaded) -> anyhow::Result<()> {
    anyhow::ensure!(
        loaded.config.is_local(),
        "--demo is for this machine alone: leave base_url out, or set it to http://127.0.0.1:3000"
    );
    anyhow::ensure!(
        !loaded.config.plugins.contains_key(PLUGIN),
        "--demo brings its own [plugins.{PLUGIN}], and the settings have one: start without --demo, or without yours"
    );
    let url = url();
    let section = toml::toml! {
        database_url = url
        [[portal]]
        name = PORTAL
        role = "UTILISATEUR"
        preset = "client-person-entreprise"
    };
    loaded.config.plugins.insert(PLUGIN.to_owned(), section);
    Ok(())
}

/// Makes the database; what is there already stays.
pub(crate) async fn fill() -> anyhow::Result<()> {
    let wrong = || format!("the demo's database {FILE} cannot be made");
    let db = Db::connect(&url().into(), 1).await.with_context(wrong)?;
    let mut tx = db.begin().await.with_context(wrong)?;
    tx.query(guichet_prepare_login::demo_sql()).execute().await.with_context(wrong)?;
    tx.commit().await.with_context(wrong)?;
    db.close().await;
    Ok(())
}

fn url() -> String {
    format!("sqlite:{FILE}")
}
