//! From a database URL to a pool.

use std::io::ErrorKind;
use std::num::NonZero;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use sqlx::Connection as _;
use sqlx::pool::PoolConnectionMetadata;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Db, DbError, Pools, unknown_scheme};

/// How long a request waits for a connection before it is told to come back (503).
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(4);
/// How long `SQLite` waits for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection to Postgres that was used so lately is used again unasked.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// How long one that has rested may take to say that it is there.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// What each reading connection to a file may hold of it: 2 MiB (`SQLite` counts KiB as negative numbers), the upper
/// levels of a million users' indexes. The system's own cache has the rest, once for all of them.
const READ_CACHE: &str = "-2048";
/// A new file is switched to WAL by whoever opens it first; others who open it in that moment are told "locked"
/// at once, whatever the busy timeout.
const FIRST_ATTEMPTS: u32 = 50;
/// Between two such attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// A database that cannot be used as it is configured. Messages never hold the password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is neither `postgres://…` nor `sqlite:…`.
    #[error("the database URL {0}")]
    UnknownScheme(String),
    /// The URL cannot be read.
    #[error("the database URL cannot be read")]
    BadUrl(#[source] sqlx::Error),
    /// The folder of a `SQLite` file cannot be made.
    #[error("the folder {folder} cannot be made")]
    Folder {
        /// The folder's path.
        folder: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The server does not answer, or refuses.
    #[error("the database cannot be reached: {}", .0.reason())]
    Unreachable(DbError),
}

impl Db {
    /// Connects to `postgres://…` or `sqlite:path` and makes the file, and the folder that it stands in, when they
    /// are missing. `connections` is the largest number held at once.
    pub fn connect(url: &SecretString, connections: u32) -> BoxFuture<'_, Result<Self, ConnectError>> {
        Box::pin(async move {
            let db = Self::connect_lazily(url, connections)?;
            knock(url).await?;
            let mut attempt = 1;
            loop {
                match db.query("select 1").execute().await {
                    Ok(_) => return Ok(db),
                    Err(DbError::Unavailable(sqlx::Error::Database(_)))
                        if attempt < FIRST_ATTEMPTS && matches!(db.pools(), Pools::Sqlite { .. }) =>
                    {
                        attempt += 1;
                        tokio::time::sleep(FIRST_PAUSE).await;
                    }
                    Err(error) => return Err(ConnectError::Unreachable(error)),
                }
            }
        })
    }

    /// As [`Db::connect`], but the first connection is made when it is needed.
    pub fn connect_lazily(url: &SecretString, connections: u32) -> Result<Self, ConnectError> {
        let url = url.expose_secret();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url).map_err(ConnectError::BadUrl)?;
            let pool = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .test_before_acquire(false)
                .before_acquire(|connection, about| Box::pin(still_answers(connection, about)))
                .connect_lazy_with(options.application_name("guichet"));
            return Ok(Self { pools: Arc::new(Pools::Postgres(pool, Arc::default())) });
        }
        if let Some(problem) = unknown_scheme(url) {
            return Err(ConnectError::UnknownScheme(problem));
        }
        let options = SqliteConnectOptions::from_str(url).map_err(ConnectError::BadUrl)?;
        make_folder(options.get_filename())?;
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true);
        let pool = |size| {
            // A file does not hang up: there is nothing to ask a connection before it is used.
            let pool = SqlitePoolOptions::new().max_connections(size).test_before_acquire(false);
            pool.acquire_timeout(ACQUIRE_TIMEOUT)
        };
        let write = pool(1).acquire_timeout(Duration::from_secs(30)).connect_lazy_with(options.clone());
        let read =
            pool(connections.min(readers())).connect_lazy_with(options.pragma("cache_size", READ_CACHE));
        Ok(Self { pools: Arc::new(Pools::Sqlite { read, write }) })
    }
}

/// How many read a file at once at most: it is read by our own processors, and more connections than keep those busy cost
/// memory alone.
fn readers() -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    u32::try_from(processors.saturating_mul(2)).unwrap_or(u32::MAX).max(4)
}

/// Asks a connection that has rested whether the server is still there: one that was just used need not pay a round
/// trip for it. `false` closes it, and another one is taken.
async fn still_answers(
    connection: &mut PgConnection,
    about: PoolConnectionMetadata,
) -> Result<bool, sqlx::Error> {
    if about.idle_for < TRUSTED_FOR {
        return Ok(true);
    }
    // One whose other end has vanished says nothing at all.
    Ok(tokio::time::timeout(PING_TIMEOUT, connection.ping()).await.is_ok_and(|answer| answer.is_ok()))
}

/// Connects to Postgres once, outside the pool: a pool tries a refused connection until its time is over, and then
/// only says that it is.
async fn knock(url: &SecretString) -> Result<(), ConnectError> {
    if unknown_scheme(url.expose_secret()).is_some() || url.expose_secret().starts_with("sqlite:") {
        return Ok(());
    }
    let options = PgConnectOptions::from_str(url.expose_secret()).map_err(ConnectError::BadUrl)?;
    let answer = tokio::time::timeout(ACQUIRE_TIMEOUT, PgConnection::connect_with(&options)).await;
    match answer.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
        Ok(connection) => {
            // Whether it ends politely changes nothing.
            let _ = connection.close().await;
            Ok(())
        }
        // It starts, or is full for the moment: the pool waits for it.
        Err(sqlx::Error::Database(error)) if is_passing(error.code().as_deref()) => Ok(()),
        Err(error) => Err(ConnectError::Unreachable(error.into())),
    }
}

/// Postgres classes 53 (resources) and 57P (starting, stopping).
fn is_passing(code: Option<&str>) -> bool {
    code.is_some_and(|code| code.starts_with("53") || code.starts_with("57P"))
}

fn make_folder(file: &Path) -> Result<(), ConnectError> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => private(folder)
            .map_err(|source| ConnectError::Folder { folder: folder.display().to_string(), source }),
        _ => Ok(()),
    }
}

/// Makes a folder that only its owner looks into: people and sessions are kept there. The folder above it must be
/// there: a path that is mistyped gets no folders of its own.
fn private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let above = folder.parent().unwrap_or(Path::new(".")).display();
            Err(std::io::Error::new(ErrorKind::NotFound, format!("there is no folder {above}")))
        }
        made => made,
    }
}
