//! A database of its own for each test: a new one in the Postgres that `cargo xtask test` starts, or a file.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use guichet_core::db::{Db, Dialect};
use secrecy::SecretString;
use tempfile::TempDir;

/// An empty database. A Postgres one lives until the private cluster is thrown away, a file until it is dropped.
#[derive(Clone)]
pub struct TestDatabase {
    url: String,
    dialect: Dialect,
    _folder: Option<Arc<TempDir>>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// A new Postgres database.
    ///
    /// # Panics
    /// Without `GUICHET_TEST_POSTGRES`: a skipped test is no passed one.
    #[expect(clippy::disallowed_methods, reason = "what xtask started is told by the environment")]
    pub async fn postgres() -> Self {
        let admin = std::env::var("GUICHET_TEST_POSTGRES")
            .expect("GUICHET_TEST_POSTGRES: run `cargo xtask test`, which starts a private Postgres");
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let db = Db::connect(&SecretString::from(admin.clone()), 1).await.expect("the test cluster answers");
        db.query(&format!(r#"create database "{name}""#)).execute().await.expect("a database can be made");
        db.close().await;
        let mut url = url::Url::parse(&admin).expect("GUICHET_TEST_POSTGRES is a URL");
        url.set_path(&name);
        Self { url: url.into(), dialect: Dialect::Postgres, _folder: None }
    }

    /// A new file.
    ///
    /// # Panics
    /// When no folder can be made.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self { url, dialect: Dialect::Sqlite, _folder: Some(Arc::new(folder)) }
    }

    /// The one at this URL, which is the test's own matter.
    pub fn at(url: &str) -> Self {
        let dialect = if url.starts_with("sqlite:") { Dialect::Sqlite } else { Dialect::Postgres };
        Self { url: url.to_owned(), dialect, _folder: None }
    }

    /// Another empty one of the same kind.
    pub async fn another(&self) -> Self {
        match self.dialect {
            Dialect::Postgres => Self::postgres().await,
            Dialect::Sqlite => Self::sqlite(),
        }
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which kind it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Connects to it.
    ///
    /// # Panics
    /// When it cannot be reached.
    pub async fn connect(&self) -> Db {
        Db::connect(&SecretString::from(self.url.clone()), 5).await.expect("the test database answers")
    }

    /// Runs a script of several statements, separated by `;` at the ends of lines.
    ///
    /// # Panics
    /// When a statement fails.
    pub async fn run(&self, script: &str) {
        let db = self.connect().await;
        let without_comments: String = script
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n");
        for statement in without_comments.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
            let statement = statement.trim_end_matches(';');
            if let Err(error) = db.query(statement).execute().await {
                panic!("{error}\n{statement}");
            }
        }
        db.close().await;
    }
}
