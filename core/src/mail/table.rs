//! The outbox's table.

use crate::schema::{Column, Kind, Table};

/// `mailOutbox`: one row per mail that is not delivered yet, or that was given up.
pub fn tables() -> Vec<Table> {
    vec![
        Table::new("mailOutbox")
            .column(Column::id())
            // Recipient, subject and bodies, as JSON under the keyring: the table shows nothing of them.
            .column(Column::text("sealed").required())
            .column(Column::text("kind").required())
            .column(Column::new("attempts", Kind::Integer).required())
            // While a worker holds the row: the end of its claim. Null when the mail was given up.
            .column(Column::timestamp("nextAttemptAt").indexed())
            .column(Column::timestamp("claimedUntil"))
            .column(Column::text("lastError"))
            .column(Column::timestamp("createdAt").required())
            .column(Column::timestamp("expiresAt"))
            .column(Column::timestamp("failedAt").indexed()),
    ]
}
