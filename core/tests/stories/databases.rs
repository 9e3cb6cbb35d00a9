//! A fresh database for each story.

use std::sync::atomic::{AtomicU32, Ordering};

use guichet_core::db::{Db, Dialect};
use secrecy::SecretString;
use tempfile::TempDir;

/// A database of its own.
pub(crate) struct Database {
    /// The connections of the story.
    pub(crate) db: Db,
    /// For connections as another process would have them.
    pub(crate) url: SecretString,
    _folder: Option<TempDir>,
}

impl Database {
    /// Runs the statements of a script; each ends a line with its semicolon.
    pub(crate) async fn run(&self, script: &str) {
        for statement in script.split(";\n").filter(|part| !part.trim().is_empty()) {
            if let Err(error) = self.db.query(statement).execute().await {
                panic!("{error} in {statement}");
            }
        }
    }

    /// The text of this database.
    pub(crate) fn pick<'s>(&self, postgres: &'s str, sqlite: &'s str) -> &'s str {
        match self.db.dialect() {
            Dialect::Postgres => postgres,
            Dialect::Sqlite => sqlite,
        }
    }

    /// The number that a query gives.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        self.db.query(sql).scalar().await.unwrap().unwrap()
    }
}

/// Tells the story on `SQLite`, then on Postgres.
pub(crate) async fn on_both(story: impl AsyncFn(&Database)) {
    on_sqlite(&story).await;
    on_postgres(&story).await;
}

/// Tells the story on a file that is not there yet, in a folder of its own.
pub(crate) async fn on_sqlite(story: impl AsyncFn(&Database)) {
    let folder = tempfile::tempdir().unwrap();
    let url = SecretString::from(format!("sqlite:{}", folder.path().join("guichet.db").display()));
    let database = Database { db: Db::connect_lazily(&url, 4).unwrap(), url, _folder: Some(folder) };
    story(&database).await;
    database.db.close().await;
}

/// Tells the story on a database made for it, and drops that when all went well.
pub(crate) async fn on_postgres(story: impl AsyncFn(&Database)) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = server();
    let name = format!("story_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = Db::connect(&SecretString::from(server.clone()), 1).await.unwrap();
    for sql in [format!("drop database if exists {name}"), format!("create database {name}")] {
        admin.query(&sql).execute().await.unwrap();
    }
    let (front, _) = server.rsplit_once('/').unwrap();
    let url = SecretString::from(format!("{front}/{name}"));
    let database = Database { db: Db::connect(&url, 4).await.unwrap(), url, _folder: None };
    story(&database).await;
    database.db.close().await;
    let sql = format!("drop database {name} with (force)");
    admin.query(&sql).execute().await.unwrap();
    admin.close().await;
}

#[expect(clippy::disallowed_methods, reason = "the tests' only setting")]
fn server() -> String {
    std::env::var("GUICHET_TEST_POSTGRES").expect(
        "GUICHET_TEST_POSTGRES is not set: run `cargo xtask test`, which starts a Postgres for the tests",
    )
}
