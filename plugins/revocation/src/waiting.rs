//! Requests that wait for something new. What this process writes wakes them at once; for what others write, one task
//! asks the database while somebody waits, and nobody asks it otherwise.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::feed::Part;
use crate::table;

/// How often the database is asked: services learn of an end within a second, wherever it happened.
const INTERVAL: Duration = Duration::from_millis(400);

pub(crate) struct Waiting {
    woken: Arc<Notify>,
    places: Arc<Semaphore>,
    most: usize,
    /// How many wait at each address.
    at: Arc<Mutex<HashMap<String, usize>>>,
    watched: Arc<AtomicBool>,
}

/// How many may wait at one address, of all that may: one visitor must not keep services from hearing.
const SHARE: usize = 8;
/// So many in any case.
const FEW: usize = 8;

impl Waiting {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            woken: Arc::default(),
            places: Arc::new(Semaphore::new(most)),
            most,
            at: Arc::default(),
            watched: Arc::default(),
        }
    }

    /// A place for a request from `address`; 503 when there is none.
    fn place(&self, address: &str) -> Result<Place> {
        let full =
            || Error::unavailable(anyhow::anyhow!("too many wait for revocations"), Duration::from_secs(1));
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let there = at.entry(address.to_owned()).or_default();
        let place = self.places.clone().try_acquire_owned().ok();
        let place = place.filter(|_| *there < (self.most / SHARE).max(FEW));
        if let Some(place) = place {
            *there += 1;
            return Ok(Place { at: self.at.clone(), address: address.to_owned(), _permit: place });
        }
        if *there == 0 {
            at.remove(address);
        }
        Err(full())
    }

    /// What wakes those who wait.
    pub(crate) fn woken(&self) -> Arc<Notify> {
        self.woken.clone()
    }

    /// What came after `cursor`: as soon as there is something, or nothing once `span` has passed or the server stops.
    pub(crate) async fn until_something(&self, visit: &Visit, cursor: &str, span: Duration) -> Result<Part> {
        let app = visit.app();
        let place = self.place(visit.address())?;
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

/// Somebody who waits, until it is dropped.
struct Place {
    at: Arc<Mutex<HashMap<String, usize>>>,
    address: String,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = at.get_mut(&self.address) {
            *there -= 1;
            if *there == 0 {
                at.remove(&self.address);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_all_places_and_gives_back_what_it_took() {
        let waiting = Waiting::new(16);
        let mut taken: Vec<Place> = (0..FEW).map(|_| waiting.place("one").unwrap()).collect();
        assert!(waiting.place("one").is_err());
        let other = waiting.place("another").unwrap();
        taken.pop();
        let again = waiting.place("one").unwrap();
        assert!(waiting.place("one").is_err());
        drop((taken, other, again));
        assert!(waiting.at.lock().unwrap().is_empty());
        assert_eq!(waiting.places.available_permits(), 16);
    }
}
