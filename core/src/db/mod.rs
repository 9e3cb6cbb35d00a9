//! The facade over Postgres and `SQLite`: one SQL text serves both.
//!
//! SQL is static text with `$1…$n` and quoted camelCase names. Write what both speak (`returning`,
//! `on conflict`, `is not distinct from`); bind the clock instead of `now()`.

mod address;
mod connect;
mod error;
mod insert;
mod row;
mod spent;
mod statement;
mod tx;
mod uuids;
mod value;

pub use address::described;
pub(crate) use address::unknown_scheme;
pub use connect::ConnectError;
pub use error::{DbError, violates};
pub use insert::Insert;
pub use row::{Column, FromRow, Row};
pub use spent::{Spent, SpentByRequests};
pub(crate) use spent::{count_statement, counting};
pub use statement::Statement;
pub use tx::Tx;
pub use value::Value;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use sqlx::{PgPool, SqlitePool};
use uuids::Uuids;

/// What the database is busy with. Boxed, because an `async fn` is compiled anew into every crate that awaits it: two
/// drivers and their TLS in each plugin were a third of the program.
pub type Running<'a, T> = BoxFuture<'a, Result<T, DbError>>;

/// Which database is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Postgres 15 or newer.
    Postgres,
    /// The embedded default.
    Sqlite,
}

impl Dialect {
    /// The name used in configuration, file names and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
        }
    }
}

/// A text for `like … escape '!'`: wildcards that it holds stand for themselves.
pub fn like_escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// A connection pool to one database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Arc<dyn Held>,
}

/// [`Pools`], dropped where they are made (see [`Running`]).
trait Held: fmt::Debug + Send + Sync {
    fn pools(&self) -> &Pools;
}

impl Held for Pools {
    fn pools(&self) -> &Pools {
        self
    }
}

#[derive(Debug)]
enum Pools {
    Postgres(PgPool, Arc<Uuids>),
    /// `SQLite` has one writer at a time: writers queue for the one connection of `write`, fairly,
    /// instead of failing with "database is locked".
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
}

impl Db {
    fn pools(&self) -> &Pools {
        self.pools.pools()
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self.pools() {
            Pools::Postgres(..) => Dialect::Postgres,
            Pools::Sqlite { .. } => Dialect::Sqlite,
        }
    }

    /// A statement of its own (no transaction).
    pub fn query<'a>(&'a self, sql: &'a str) -> Statement<'a> {
        Statement::on_pool(self, sql)
    }

    /// Begins a transaction that may write (`begin immediate` on `SQLite`).
    pub fn begin(&self) -> Running<'_, Tx> {
        Tx::begin(self)
    }

    /// Whether it was closed: what still asks gets no answer any more.
    pub fn is_closed(&self) -> bool {
        match self.pools() {
            Pools::Postgres(pool, _) => pool.is_closed(),
            Pools::Sqlite { read, .. } => read.is_closed(),
        }
    }

    /// How many connections are open, and how many of them are idle.
    pub fn connections(&self) -> (usize, usize) {
        match self.pools() {
            Pools::Postgres(pool, _) => (pool.size() as usize, pool.num_idle()),
            Pools::Sqlite { read, write } => {
                ((read.size() + write.size()) as usize, read.num_idle() + write.num_idle())
            }
        }
    }

    /// Closes every connection once it is idle.
    pub fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match self.pools() {
                Pools::Postgres(pool, _) => pool.close().await,
                Pools::Sqlite { read, write } => {
                    read.close().await;
                    write.close().await;
                }
            }
        })
    }
}
