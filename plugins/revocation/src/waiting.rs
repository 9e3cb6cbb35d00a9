//! Requests that wait for something new. What this process writes wakes them at once; for what others write, one task
//! asks the database while somebody waits, and nobody asks it otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use crate::feed::Part;
use crate::table;

/// How often the database is asked: services learn of an end within a second, wherever it happened.
const INTERVAL: Duration = Duration::from_millis(400);

pub(crate) struct Waiting {
    woken: Arc<Notify>,
    places: Arc<Semaphore>,
    most: usize,
    watched: Arc<AtomicBool>,
}

impl Waiting {
    pub(crate) fn new(most: usize) -> Self {
        Self { woken: Arc::default(), places: Arc::new(Semaphore::new(most)), most, watched: Arc::default() }
    }

    /// What wakes those who wait.
    pub(crate) fn woken(&self) -> Arc<Notify> {
        self.woken.clone()
    }

    /// What came after `cursor`: as soon as there is something, or nothing once `span` has passed or the server stops.
    pub(crate) async fn until_something(&self, app: &App, cursor: &str, span: Duration) -> Result<Part> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| {
            Error::unavailable(anyhow::anyhow!("too many wait for revocations"), Duration::from_secs(1))
        })?;
        let deadline = Instant::now() + span;
        loop {
            let woken = self.woken.notified();
            tokio::pin!(woken);
            // Before the database is read: what is written after that wakes.
            woken.as_mut().enable();
            let part = Part::after(app, Some(cursor)).await?;
            if !part.is_empty() || app.stopping.is_cancelled() || Instant::now() >= deadline {
                drop(place);
                return Ok(part);
            }
            self.watch(app, &part);
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep_until(deadline) => {}
                () = app.stopping.cancelled() => {}
            }
        }
    }

    /// Starts the task that asks the database, unless there is one.
    fn watch(&self, app: &App, seen: &Part) {
        if self.watched.swap(true, Ordering::AcqRel) {
            return;
        }
        let watch = Watch {
            app: app.clone(),
            woken: self.woken.clone(),
            places: self.places.clone(),
            most: self.most,
            watched: self.watched.clone(),
        };
        tokio::spawn(watch.run(seen.position()));
    }
}

/// Asks the database while somebody waits.
struct Watch {
    app: App,
    woken: Arc<Notify>,
    places: Arc<Semaphore>,
    most: usize,
    watched: Arc<AtomicBool>,
}

impl Watch {
    async fn run(self, mut last: i64) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            if !self.somebody_waits() {
                self.watched.store(false, Ordering::Release);
                // Somebody may have come meanwhile, and have seen that there is a task.
                if !self.somebody_waits() || self.watched.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
            match table::look(&self.app.db).await {
                Ok(Some(feed)) if feed.behind || feed.position != last => {
                    last = feed.position;
                    self.woken.notify_waiters();
                }
                Ok(_) => {}
                // Those who wait find out themselves when they read.
                Err(error) => tracing::debug!(error = %error, "revocations could not be looked for"),
            }
        }
    }

    fn somebody_waits(&self) -> bool {
        self.places.available_permits() < self.most
    }
}
