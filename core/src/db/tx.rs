//! A transaction that may write.

use sqlx::{Postgres, Sqlite, Transaction};

use super::statement::{Statement, Target};
use super::{Db, DbError, Dialect, Pools, spent};

/// A transaction. Dropped without [`Tx::commit`], it is rolled back. Never hold one while hashing a password,
/// sending a mail or calling out: on `SQLite` it is the only writer.
pub struct Tx {
    inner: Inner,
    after_commit: Vec<Box<dyn FnOnce() + Send>>,
}

enum Inner {
    Postgres(Transaction<'static, Postgres>),
    Sqlite(Transaction<'static, Sqlite>),
}

impl Tx {
    pub(super) async fn begin(db: &Db) -> Result<Self, DbError> {
        spent::a_transaction();
        let inner = match &db.pools {
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
            // Plain `begin` reads first and then fails to become a writer when another one was faster.
            Pools::Sqlite { write, .. } => Inner::Sqlite(write.begin_with("begin immediate").await?),
        };
        Ok(Self { inner, after_commit: Vec::new() })
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Postgres(_) => Dialect::Postgres,
            Inner::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// A statement in this transaction.
    pub fn query<'a>(&'a mut self, sql: &'a str) -> Statement<'a> {
        let target = match &mut self.inner {
            Inner::Postgres(tx) => Target::Postgres(tx),
            Inner::Sqlite(tx) => Target::Sqlite(tx),
        };
        Statement::on_connection(target, sql)
    }

    /// Runs `effect` once the transaction is committed, and never when it is not.
    pub fn after_commit(&mut self, effect: impl FnOnce() + Send + 'static) {
        self.after_commit.push(Box::new(effect));
    }

    /// Makes everything durable, then runs the effects.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.inner {
            Inner::Postgres(tx) => tx.commit().await?,
            Inner::Sqlite(tx) => tx.commit().await?,
        }
        for effect in self.after_commit {
            effect();
        }
        Ok(())
    }

    /// Undoes everything.
    pub async fn rollback(self) -> Result<(), DbError> {
        match self.inner {
            Inner::Postgres(tx) => tx.rollback().await?,
            Inner::Sqlite(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}
