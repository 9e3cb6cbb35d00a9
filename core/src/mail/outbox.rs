//! The outbox: a mail is written in the transaction that needs it and delivered after the commit, at least once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::transport::Contents;
use super::{Mail, Sms, SmsWay, Transport};
use crate::clock::Clock;
use crate::db::{Db, DbError, Insert, Tx};
use crate::keyring::{Keyring, Unopenable};
use crate::meters::Meters;
use crate::timestamp::Timestamp;

/// How the outbox behaves.
#[derive(Debug, Clone)]
pub struct OutboxOptions {
    /// Who writes: `Guichet <no-reply@example.com>`.
    pub from: String,
    /// How many mails are on their way at once.
    pub concurrency: usize,
    /// For how long a mail without a deadline is tried again, from when it was written.
    pub give_up_after: Duration,
    /// How long the row of a mail that was given up is kept for the operator.
    pub keep_failed: Duration,
    /// The longest the worker sleeps, in real time.
    pub poll_interval: Duration,
    /// Where mails are counted.
    pub meters: Option<Meters>,
}

impl OutboxOptions {
    /// The usual behaviour: 8 at once, a day of attempts, a month of memory.
    pub fn new(from: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            concurrency: 8,
            give_up_after: Duration::from_hours(24),
            keep_failed: Duration::from_hours(30 * 24),
            poll_interval: Duration::from_secs(2),
            meters: None,
        }
    }
}

/// A mail that could not be written into the outbox.
#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    /// The database did not take it.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The keyring could not seal it.
    #[error("a mail cannot be sealed")]
    Unsealed(#[from] Unopenable),
}

/// The kind of a mail that is never sent.
pub(super) const DECOY: &str = "decoy";

/// Takes mails and delivers them. Cheap to clone; replicas share nothing but the table.
#[derive(Clone)]
pub struct Outbox {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keyring: Keyring,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) sms: SmsWay,
    pub(super) options: OutboxOptions,
    pub(super) wake: Arc<Notify>,
}

impl Outbox {
    /// An outbox on this database. Nothing is delivered until [`Outbox::run`] or [`Outbox::deliver_due`].
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        keyring: Keyring,
        transport: Arc<dyn Transport>,
        sms: SmsWay,
        options: OutboxOptions,
    ) -> Self {
        let wake = Arc::new(Notify::new());
        Self { shared: Arc::new(Shared { db, clock, keyring, transport, sms, options, wake }) }
    }

    /// Writes the mail in the caller's transaction (one insert) and wakes the worker once that is committed.
    /// From `deadline` on it is useless (its code has expired) and is dropped instead of sent. `id` is unique and
    /// becomes the mail's `Message-ID` and idempotency key.
    pub async fn enqueue(
        &self,
        tx: &mut Tx,
        mail: &Mail,
        id: String,
        deadline: Option<Timestamp>,
    ) -> Result<(), EnqueueError> {
        Ok(tx.write(vec![self.row(mail, id, deadline)?]).await?)
    }

    /// As [`Outbox::enqueue`], to be written together with other rows.
    pub fn row(&self, mail: &Mail, id: String, deadline: Option<Timestamp>) -> Result<Insert, Unopenable> {
        self.waiting(&Contents::of(mail), mail.kind, id, deadline)
    }

    /// As [`Outbox::row`], of a mail that is never sent: for an address that gets none, so that the work is the same.
    pub fn decoy_row(&self, mail: &Mail, id: String) -> Result<Insert, Unopenable> {
        self.waiting(&Contents::of(mail), DECOY, id, None)
    }

    /// Whether text messages have a way out.
    pub fn takes_sms(&self) -> bool {
        !matches!(self.shared.sms, SmsWay::Closed)
    }

    /// As [`Outbox::row`], for a text message.
    pub fn sms_row(&self, sms: &Sms, id: String, deadline: Option<Timestamp>) -> Result<Insert, Unopenable> {
        self.waiting(&self.contents(sms), sms.kind, id, deadline)
    }

    /// As [`Outbox::decoy_row`], for a text message.
    pub fn sms_decoy_row(&self, sms: &Sms, id: String) -> Result<Insert, Unopenable> {
        self.waiting(&self.contents(sms), DECOY, id, None)
    }

    fn contents(&self, sms: &Sms) -> Contents {
        self.shared.sms.as_mail(sms).map_or_else(|| Contents::of_sms(sms), |mail| Contents::of(&mail))
    }

    fn waiting(
        &self,
        contents: &Contents,
        kind: &str,
        id: String,
        deadline: Option<Timestamp>,
    ) -> Result<Insert, Unopenable> {
        let now = self.shared.clock.now();
        let wake = Arc::clone(&self.shared.wake);
        Ok(Insert::new("mailOutbox")
            .value("id", id)
            .value("sealed", contents.seal(&self.shared.keyring)?)
            .value("kind", kind)
            .value("attempts", 0)
            .value("nextAttemptAt", now)
            .value("createdAt", now)
            .value("expiresAt", deadline)
            .after_commit(move || wake.notify_one()))
    }

    /// How many mails wait to be delivered (for health and metrics).
    pub async fn pending(&self) -> Result<i64, DbError> {
        let count = self
            .shared
            .db
            .query(r#"select count(*) from "mailOutbox" where "failedAt" is null"#)
            .scalar::<i64>()
            .await?;
        Ok(count.unwrap_or(0))
    }
}
