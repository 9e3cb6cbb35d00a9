//! One round of deliveries: claim what is due, try each mail, write down what became of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tracing::{error, info, warn};

use super::outbox::{DECOY, Outbox, Shared};
use super::sms::SmsWay;
use super::transport::{Contents, Letter, SendError};
use crate::backoff;
use crate::db::{DbError, FromRow, Row, Value};
use crate::email_address::EmailAddress;
use crate::meters::Sending;
use crate::timestamp::Timestamp;

/// How long a worker holds a mail; when it dies, the mail is due again after this.
const CLAIM: Duration = Duration::from_mins(1);
/// Shorter than the claim, so that a slow server never makes two workers send one mail.
const LONGEST_SEND: Duration = Duration::from_secs(40);
/// How often the result is written again while the database is away; a result that is lost means a second mail.
const SETTLE_TRIES: u32 = 5;
const SETTLE_PAUSE: Duration = Duration::from_secs(1);

/// A row that this worker holds.
pub(super) struct Claimed {
    id: String,
    sealed: String,
    kind: String,
    attempts: i64,
    held_until: Timestamp,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl FromRow for Claimed {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            sealed: row.get("sealed")?,
            kind: row.get("kind")?,
            attempts: row.get("attempts")?,
            held_until: row.get("claimedUntil")?,
            created_at: row.get("createdAt")?,
            expires_at: row.maybe("expiresAt")?,
        })
    }
}

impl Outbox {
    /// Tries every mail that is due once and gives the number of those that were sent.
    pub async fn deliver_due(&self) -> Result<usize, DbError> {
        let mut sent = 0;
        loop {
            let batch = self.shared.claim(self.shared.concurrency()).await?;
            if batch.is_empty() {
                match self.shared.next_due().await? {
                    // Another worker was faster with the same rows.
                    Some(due) if due <= self.shared.clock.now() => continue,
                    _ => return Ok(sent),
                }
            }
            let mut deliveries = JoinSet::new();
            for row in batch {
                deliveries.spawn(Arc::clone(&self.shared).attempt(row));
            }
            while let Some(done) = deliveries.join_next().await {
                match done {
                    Ok(was_sent) => sent += usize::from(was_sent?),
                    Err(panic) => error!(error = %panic, "a mail transport broke off"),
                }
            }
        }
    }
}

impl Shared {
    /// How many mails are on their way at once.
    pub(super) fn concurrency(&self) -> usize {
        self.options.concurrency.max(1)
    }

    /// Takes up to `limit` due rows for this worker. One statement: of several workers that choose the same row,
    /// the second sees that it is no longer due.
    pub(super) async fn claim(&self, limit: usize) -> Result<Vec<Claimed>, DbError> {
        let now = self.clock.now();
        self.db
            .query(
                r#"update "mailOutbox"
                   set "claimedUntil" = $2, "nextAttemptAt" = $2, "attempts" = "attempts" + 1
                   where "nextAttemptAt" <= $1 and "id" in (
                       select "id" from "mailOutbox" where "nextAttemptAt" <= $1
                       order by "nextAttemptAt", "id" limit $3)
                   returning "id", "sealed", "kind", "attempts", "claimedUntil", "createdAt", "expiresAt""#,
            )
            .bind(now)
            .bind(now.plus(CLAIM))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .all()
            .await
    }

    /// When the next mail is due; `None` when none waits.
    pub(super) async fn next_due(&self) -> Result<Option<Timestamp>, DbError> {
        self.db.query(r#"select min("nextAttemptAt") from "mailOutbox""#).scalar().await
    }

    /// Tries one mail; whether it was sent.
    pub(super) async fn attempt(self: Arc<Self>, row: Claimed) -> Result<bool, DbError> {
        if row.kind == DECOY {
            self.delete(&row).await?;
            return Ok(false);
        }
        if row.expires_at.is_some_and(|deadline| deadline <= self.clock.now()) {
            warn!(
                id = row.id,
                kind = row.kind,
                attempts = row.attempts - 1,
                "mail dropped: its deadline passed"
            );
            self.count(&row, Sending::Late);
            self.delete(&row).await?;
            return Ok(false);
        }
        match self.send(&row).await {
            Ok(()) => {
                info!(id = row.id, kind = row.kind, attempts = row.attempts, "mail sent");
                self.count(&row, Sending::Sent);
                self.delete(&row).await?;
                Ok(true)
            }
            Err(problem) => {
                self.fail(&row, &problem).await?;
                Ok(false)
            }
        }
    }

    async fn send(&self, row: &Claimed) -> Result<(), SendError> {
        // Another replica may already seal with a secret that this one does not have yet.
        let contents = Contents::open(&row.sealed, &self.keyring)
            .map_err(|unopenable| SendError::Temporary(unopenable.to_string()))?;
        if contents.sms {
            return in_time(self.send_sms(row, &contents)).await;
        }
        let to = recipient(&contents.to)
            .ok_or_else(|| SendError::Permanent("the recipient is not one plain address".into()))?;
        let letter = Letter {
            id: row.id.clone(),
            kind: row.kind.clone(),
            from: self.options.from.clone(),
            to,
            subject: contents.subject.replace(char::is_control, " "),
            text: contents.text,
            html: contents.html,
            written_at: row.created_at,
        };
        in_time(self.transport.send(&letter)).await
    }

    async fn send_sms(&self, row: &Claimed, contents: &Contents) -> Result<(), SendError> {
        match &self.sms {
            SmsWay::Http(api) => api.send(&row.id, &contents.to, &contents.text).await,
            // Written before the settings were changed.
            _ => Err(SendError::Temporary("text messages have no way out: set sms.url".to_owned())),
        }
    }

    fn count(&self, row: &Claimed, outcome: Sending) {
        if let Some(meters) = &self.options.meters {
            meters.mail(&row.kind, outcome);
        }
    }

    async fn fail(&self, row: &Claimed, problem: &SendError) -> Result<(), DbError> {
        let now = self.clock.now();
        let text: String = problem.to_string().chars().take(300).collect();
        let next = now.plus(backoff::pause(row.attempts, self.keyring.random_u64()));
        let end = row.expires_at.unwrap_or_else(|| row.created_at.plus(self.options.give_up_after));
        if matches!(problem, SendError::Temporary(_)) && next < end {
            warn!(
                id = row.id,
                kind = row.kind,
                attempts = row.attempts,
                error = text,
                "mail not sent, will be tried again"
            );
            self.count(row, Sending::Postponed);
            return self.postpone(row, next, &text).await;
        }
        error!(id = row.id, kind = row.kind, attempts = row.attempts, error = text, "mail given up");
        self.count(row, Sending::GivenUp);
        self.give_up(row, now, &text).await
    }

    async fn delete(&self, row: &Claimed) -> Result<(), DbError> {
        self.settle(r#"delete from "mailOutbox" where "id" = $1"#, &[(&row.id).into()]).await
    }

    /// Changes the row only while this worker's claim holds: a later one knows better.
    async fn postpone(&self, row: &Claimed, next: Timestamp, problem: &str) -> Result<(), DbError> {
        self.settle(
            r#"update "mailOutbox" set "claimedUntil" = null, "nextAttemptAt" = $3, "lastError" = $4
               where "id" = $1 and "claimedUntil" = $2"#,
            &[(&row.id).into(), row.held_until.into(), next.into(), problem.into()],
        )
        .await
    }

    /// Keeps the row for the operator, with nothing but the recipient under the seal.
    async fn give_up(&self, row: &Claimed, now: Timestamp, problem: &str) -> Result<(), DbError> {
        let wiped = Contents::open(&row.sealed, &self.keyring)
            .and_then(|contents| contents.only_recipient().seal(&self.keyring))
            .unwrap_or_default();
        self.settle(
            r#"update "mailOutbox" set "claimedUntil" = null, "nextAttemptAt" = null, "lastError" = $3,
               "failedAt" = $4, "sealed" = $5
               where "id" = $1 and "claimedUntil" = $2"#,
            &[(&row.id).into(), row.held_until.into(), problem.into(), now.into(), wiped.into()],
        )
        .await
    }

    async fn settle(&self, sql: &str, values: &[Value]) -> Result<(), DbError> {
        let mut tries = 1;
        loop {
            match self.db.query(sql).bind_all(values.iter().cloned()).execute().await {
                Err(DbError::Unavailable(_)) if tries < SETTLE_TRIES => tries += 1,
                done => return done.map(|_| ()),
            }
            tokio::time::sleep(SETTLE_PAUSE).await;
        }
    }

    /// Forgets mails that were given up long ago.
    pub(super) async fn sweep(&self) -> Result<u64, DbError> {
        self.db
            .query(r#"delete from "mailOutbox" where "failedAt" < $1"#)
            .bind(self.clock.now().minus(self.options.keep_failed))
            .execute()
            .await
    }
}

async fn in_time(sending: impl Future<Output = Result<(), SendError>>) -> Result<(), SendError> {
    tokio::time::timeout(LONGEST_SEND, sending)
        .await
        .unwrap_or_else(|_| Err(SendError::Temporary(format!("no end after {} s", LONGEST_SEND.as_secs()))))
}

/// One plain address: no list, no quoted local part, no line break that trimming would forgive.
fn recipient(to: &str) -> Option<EmailAddress> {
    if to.contains(char::is_control) { None } else { EmailAddress::parse_international(to) }
}

#[cfg(test)]
mod tests {
    use super::recipient;

    #[test]
    fn a_recipient_is_one_plain_address() {
        for bad in [
            "a@x.fr,b@y.fr",
            "a@x.fr\r\nRCPT TO:<b@y.fr>",
            "a@x.fr\r\n",
            "\"a@evil.tld x\"@good.fr",
            "Alice <a@x.fr>",
            "a@x.fr\0",
            "",
        ] {
            assert!(recipient(bad).is_none(), "{bad:?}");
        }
        assert_eq!(recipient("amélie@x.fr").unwrap().as_str(), "amélie@x.fr");
    }
}
