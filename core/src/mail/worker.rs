//! The worker that empties the outbox for as long as the program runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info};

use super::outbox::Outbox;
use crate::db::DbError;
use crate::timestamp::Timestamp;

/// How often mails that were given up long ago are looked for, by the core's clock.
const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// After a race with another worker over the same rows.
const SHORT_PAUSE: Duration = Duration::from_millis(20);

type Deliveries = JoinSet<Result<bool, DbError>>;

impl Outbox {
    /// Delivers until `stop`, then finishes what is on its way. Survives an outage of the database.
    pub async fn run(&self, stop: CancellationToken) {
        let mut deliveries = Deliveries::new();
        let mut outage = Outage::default();
        let mut swept_at = None;
        while !stop.is_cancelled() {
            let pause = match self.round(&mut deliveries, &mut swept_at).await {
                Ok(pause) => {
                    outage.ends();
                    pause
                }
                Err(problem) => {
                    outage.goes_on(&problem);
                    self.shared.options.poll_interval
                }
            };
            let full = deliveries.len() >= self.shared.concurrency();
            tokio::select! {
                () = stop.cancelled() => break,
                Some(done) = deliveries.join_next() => note(done, &mut outage),
                () = self.shared.wake.notified(), if !full && !outage.lasts => {}
                () = tokio::time::sleep(pause), if !full => {}
            }
        }
        debug!(on_their_way = deliveries.len(), "the outbox stops");
        while let Some(done) = deliveries.join_next().await {
            note(done, &mut outage);
        }
    }

    /// Starts what is due, as far as there is room, and says how long there is nothing to do.
    async fn round(
        &self,
        deliveries: &mut Deliveries,
        swept_at: &mut Option<Timestamp>,
    ) -> Result<Duration, DbError> {
        let poll = self.shared.options.poll_interval;
        let now = self.shared.clock.now();
        if swept_at.is_none_or(|last| last.plus(SWEEP_EVERY) <= now) {
            self.shared.sweep().await?;
            *swept_at = Some(now);
        }
        let room = self.shared.concurrency().saturating_sub(deliveries.len());
        if room == 0 {
            return Ok(poll);
        }
        match self.shared.next_due().await? {
            None => Ok(poll),
            Some(due) if due > now => Ok(now.until(due).min(poll)),
            Some(_) => {
                let claimed = self.shared.claim(room).await?;
                let pause = if claimed.is_empty() { SHORT_PAUSE } else { Duration::ZERO };
                for row in claimed {
                    deliveries.spawn(Arc::clone(&self.shared).attempt(row));
                }
                Ok(pause)
            }
        }
    }
}

fn note(done: Result<Result<bool, DbError>, tokio::task::JoinError>, outage: &mut Outage) {
    match done {
        Ok(Ok(_)) => {}
        Ok(Err(problem)) => outage.goes_on(&problem),
        Err(panic) => error!(error = %panic, "a mail transport broke off; the mail is tried again"),
    }
}

/// Logs the beginning and the end of an outage, not every failed round in between.
#[derive(Default)]
struct Outage {
    lasts: bool,
}

impl Outage {
    fn goes_on(&mut self, problem: &DbError) {
        if !self.lasts {
            error!(error = %problem, "the outbox cannot use the database; it keeps trying");
        }
        self.lasts = true;
    }

    fn ends(&mut self) {
        if self.lasts {
            info!("the outbox can use the database again");
        }
        self.lasts = false;
    }
}
