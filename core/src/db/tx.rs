//! A transaction that may write.

use std::sync::Arc;

use sqlx::{Postgres, Sqlite, Transaction};

use super::statement::{Statement, Target};
use super::uuids::Uuids;
use super::{Db, Dialect, Pools, Running, spent};

/// A transaction. Dropped without [`Tx::commit`], it is rolled back. Never hold one while hashing a password,
/// sending a mail or calling out: on `SQLite` it is the only writer.
pub struct Tx {
    inner: Box<dyn Begun>,
    after_commit: Vec<Box<dyn FnOnce() + Send>>,
}

/// A transaction of one database. Behind a trait for the reason that [`Running`] is boxed: a crate that may drop one
/// would get its own copy of all that this can lead to, a new connection included.
trait Begun: Send {
    fn dialect(&self) -> Dialect;
    fn target(&mut self) -> Target<'_>;
    fn commit(self: Box<Self>) -> Running<'static, ()>;
    fn rollback(self: Box<Self>) -> Running<'static, ()>;
}

/// With what is known of the database's UUIDs.
type OnPostgres = (Transaction<'static, Postgres>, Arc<Uuids>);

impl Begun for OnPostgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn target(&mut self) -> Target<'_> {
        Target::Postgres(&mut self.0, &self.1)
    }

    fn commit(self: Box<Self>) -> Running<'static, ()> {
        Box::pin(async move { Ok(Transaction::commit(self.0).await?) })
    }

    fn rollback(self: Box<Self>) -> Running<'static, ()> {
        Box::pin(async move { Ok(Transaction::rollback(self.0).await?) })
    }
}

impl Begun for Transaction<'static, Sqlite> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn target(&mut self) -> Target<'_> {
        Target::Sqlite(self)
    }

    fn commit(self: Box<Self>) -> Running<'static, ()> {
        Box::pin(async move { Ok(Transaction::commit(*self).await?) })
    }

    fn rollback(self: Box<Self>) -> Running<'static, ()> {
        Box::pin(async move { Ok(Transaction::rollback(*self).await?) })
    }
}

impl Tx {
    pub(super) fn begin(db: &Db) -> Running<'_, Self> {
        Box::pin(async move {
            spent::count_transaction();
            let inner: Box<dyn Begun> = match db.pools() {
                Pools::Postgres(pool, uuids) => Box::new((pool.begin().await?, uuids.clone())),
                // Plain `begin` reads first and then fails to become a writer when another one was faster.
                Pools::Sqlite { write, .. } => Box::new(write.begin_with("begin immediate").await?),
            };
            Ok(Self { inner, after_commit: Vec::new() })
        })
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    /// A statement in this transaction.
    pub fn query<'a>(&'a mut self, sql: &'a str) -> Statement<'a> {
        Statement::on_connection(self.inner.target(), sql)
    }

    /// Runs `effect` once the transaction is committed, and never when it is not.
    pub fn after_commit(&mut self, effect: impl FnOnce() + Send + 'static) {
        self.after_commit.push(Box::new(effect));
    }

    /// Makes everything durable, then runs the effects.
    pub fn commit(self) -> Running<'static, ()> {
        Box::pin(async move {
            self.inner.commit().await?;
            for effect in self.after_commit {
                effect();
            }
            Ok(())
        })
    }

    /// Undoes everything.
    pub fn rollback(self) -> Running<'static, ()> {
        self.inner.rollback()
    }
}
