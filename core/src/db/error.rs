//! What can go wrong with a database, told apart by what the caller does about it.

/// A failed statement.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database does not answer (stopped, unreachable, no connection in time): try again later.
    #[error("the database does not answer: {}", said(.0))]
    Unavailable(sqlx::Error),
    /// A row is not what the code expects: the data is wrong, not the database.
    #[error("column {column:?}: {problem}")]
    InvalidRow {
        /// The column's name.
        column: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A statement that had to give a row gave none.
    #[error("no row where one was expected")]
    NoRow,
    /// Everything else, constraint violations included: see [`violates`].
    #[error("{}", said(.0))]
    Refused(sqlx::Error),
}

impl DbError {
    /// A statement was given up, because its answer took too long.
    pub(crate) fn late() -> Self {
        Self::Unavailable(sqlx::Error::Io(std::io::Error::new(
            std::io::ErrorKind::TimedOut,
            "no answer in time",
        )))
    }

    /// No connection is to be had, for whatever statement.
    pub(crate) fn is_everybodys(&self) -> bool {
        matches!(self, Self::Unavailable(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed))
    }

    /// The same failure for another who waited for the same statement; `None` where one of them alone may be its cause.
    pub(crate) fn for_another(&self) -> Option<Self> {
        let Self::Unavailable(error) = self else { return None };
        Some(Self::Unavailable(sqlx::Error::Io(std::io::Error::other(said(error)))))
    }

    /// Why, without saying that it is about a database.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Unavailable(error) | Self::Refused(error) => said(error),
            other => other.to_string(),
        }
    }
}

/// What the database says, in its words alone: Postgres adds a line of its own source, sqlx a sentence around it.
/// Details are left out, since they hold values of rows.
fn said(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => {
            let hint = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().and_then(|e| e.hint());
            let hint = hint.map(|hint| format!(" ({})", hint.trim_end_matches('.'))).unwrap_or_default();
            format!("{}{hint}", error.message())
        }
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::PoolTimedOut => "no connection in time".to_owned(),
        other => other.to_string(),
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        let unavailable = match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Protocol(_) => true,
            // Postgres classes 08 (connection), 53 (resources) and 57P (shutting down), and a deadlock that it broke: all of
            // them pass. SQLite's BUSY.
            sqlx::Error::Database(e) => {
                let code = e.code().unwrap_or_default();
                ["08", "40P01", "53", "57P"].iter().any(|class| code.starts_with(class)) || code == "5"
            }
            _ => false,
        };
        if unavailable { Self::Unavailable(error) } else { Self::Refused(error) }
    }
}

/// Whether `error` says that a unique constraint on `table.column` was violated: somebody was faster.
/// Postgres names table and constraint, `SQLite` only `table.column` in its text; this knows both.
pub fn violates(error: &DbError, table: &str, column: &str) -> bool {
    let DbError::Refused(sqlx::Error::Database(e)) = error else { return false };
    if !e.is_unique_violation() {
        return false;
    }
    match e.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        Some(pg) => {
            let detail = pg.detail().unwrap_or_default();
            let key = detail.strip_prefix("Key (").and_then(|rest| rest.split_once(")="));
            let plural = format!("{table}s");
            pg.table().is_some_and(|name| same_name(name, table) || same_name(name, &plural))
                && (key.is_some_and(|(name, _)| same_name(name.trim_matches('"'), column))
                    || pg.constraint().is_some_and(|name| name.contains(column)))
        }
        None => e
            .message()
            .rsplit_once(": ")
            .is_some_and(|(_, columns)| columns.split(", ").any(|c| c == format!("{table}.{column}"))),
    }
}

/// Whether two names differ in case and underscores at most: below a view of a take-over ([`crate::migrate::adopt`])
/// the table keeps its own spelling, `users.phone_number`.
fn same_name(one: &str, other: &str) -> bool {
    let folded = |name: &str| name.replace('_', "").to_lowercase();
    folded(one) == folded(other)
}
