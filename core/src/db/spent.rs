//! What a piece of work asks of the database, counted where statements are run.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

tokio::task_local! {
    static SPENT: Cell<Spent>;
}

/// Statements and transactions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Statements; what begins and ends a transaction is not among them.
    pub statements: u64,
    /// Transactions that were begun.
    pub transactions: u64,
}

/// Does `work` and gives what it spent. What it leaves to other tasks is not counted.
pub(crate) async fn counting<T>(work: impl Future<Output = T>) -> (T, Spent) {
    let counted = async {
        let done = work.await;
        (done, SPENT.with(Cell::get))
    };
    SPENT.scope(Cell::default(), counted).await
}

/// Counts one.
pub(crate) fn count_statement() {
    change(|spent| spent.statements += 1);
}

pub(super) fn count_transaction() {
    change(|spent| spent.transactions += 1);
}

/// Work that nobody counts (the outbox, the cleaning) has no such place.
fn change(add: impl FnOnce(&mut Spent)) {
    let _ = SPENT.try_with(|cell| {
        let mut spent = cell.get();
        add(&mut spent);
        cell.set(spent);
    });
}

/// What all requests together have spent since the start.
#[derive(Debug, Default)]
pub struct SpentByRequests {
    statements: AtomicU64,
    transactions: AtomicU64,
}

impl SpentByRequests {
    pub(crate) fn add(&self, spent: Spent) {
        self.statements.fetch_add(spent.statements, Ordering::Relaxed);
        self.transactions.fetch_add(spent.transactions, Ordering::Relaxed);
    }

    /// Until now.
    pub fn total(&self) -> Spent {
        Spent {
            statements: self.statements.load(Ordering::Relaxed),
            transactions: self.transactions.load(Ordering::Relaxed),
        }
    }
}
