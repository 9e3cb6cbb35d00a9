//! Brings a database to what is declared: compares, plans, refuses what would hurt, applies.
//!
//! Additive only: it makes tables, columns and indexes, and never changes or drops what is there. One path serves
//! a new database, a plugin switched on later, an upgrade, and the take-over of a Better Auth database.

pub mod adopt;
mod ddl;
pub mod found;
mod holds;
mod names;
mod plan;
mod planner;
mod refusal;

pub use found::Found;
pub use plan::{Change, IndexKind, NewColumn, Plan};
pub use planner::plan;
pub use refusal::{Refusal, Refusals};

use crate::db::{Db, DbError, Dialect, Tx};
use crate::schema::Schema;

/// The advisory lock that migrations hold on Postgres; any constant that nobody else uses ("guichet" in ASCII).
const LOCK: i64 = 0x0067_7569_6368_6574;

/// A database that was not migrated; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database cannot be asked.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Postgres has no schema to create tables in.
    #[error("no schema of the search_path exists: create it, or set search_path in the database URL")]
    NoSchema,
    /// The plan would hurt, or would not suffice.
    #[error("{0}")]
    Refused(#[from] Refusals),
    /// The database refuses a statement of the plan.
    #[error("{source}\nin: {statement}")]
    Statement {
        /// The statement's SQL.
        statement: String,
        /// The database's own words.
        #[source]
        source: DbError,
    },
}

/// What [`apply`] would do now. Changes nothing.
pub async fn propose(db: &Db, schema: &Schema) -> Result<Plan, MigrateError> {
    let mut tx = db.begin().await?;
    let proposed = compare(&mut tx, schema).await;
    tx.rollback().await?;
    proposed
}

/// Brings the database to what is declared, in one transaction under a lock, and gives what it did. Any number of
/// processes may do this at once: one does the work, the others wait and then find nothing to do.
pub async fn apply(db: &Db, schema: &Schema) -> Result<Plan, MigrateError> {
    let mut tx = db.begin().await?;
    lock(&mut tx).await?;
    let plan = match compare(&mut tx, schema).await {
        Ok(plan) if !plan.is_empty() => plan,
        settled => {
            tx.rollback().await?;
            return settled;
        }
    };
    for statement in plan.statements() {
        if let Err(source) = tx.query(&statement).execute().await {
            tx.rollback().await?;
            return Err(MigrateError::Statement { statement, source });
        }
    }
    tx.commit().await?;
    Ok(plan)
}

/// The SQL that makes everything in an empty database. The same schema always gives the same text.
pub fn generate(schema: &Schema, dialect: Dialect) -> Result<String, Refusals> {
    let plan = plan(schema, &Found::nothing(dialect))?;
    Ok(format!(
        "-- Guichet's tables for {}, for an empty database.\n-- Generated from what the program declares; do not edit.\n\n{}",
        match dialect {
            Dialect::Postgres => "Postgres",
            Dialect::Sqlite => "SQLite",
        },
        plan.sql()
    ))
}

async fn compare(tx: &mut Tx, schema: &Schema) -> Result<Plan, MigrateError> {
    if tx.dialect() == Dialect::Postgres {
        let current: Option<String> = tx.query("select current_schema()::text").scalar().await?;
        current.ok_or(MigrateError::NoSchema)?;
    }
    let found = Found::look(tx, schema).await?;
    Ok(plan(schema, &found)?)
}

/// `SQLite` needs none: `begin immediate` is the lock.
async fn lock(tx: &mut Tx) -> Result<(), DbError> {
    if tx.dialect() == Dialect::Postgres {
        tx.query("select pg_advisory_xact_lock($1)").bind(LOCK).execute().await?;
        // A change of a table waits for whoever uses it, and everybody else queues behind: give up instead.
        tx.query("set local lock_timeout = '10s'").execute().await?;
    }
    Ok(())
}
