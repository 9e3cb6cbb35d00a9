//! Where passwords are hashed: so many at once, so many waiting, and everybody else is told to come back. Requests
//! that hash nothing do not feel it, and memory stays bounded.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::hash::Memory;
use super::threads::Threads;
use crate::error::{Error, Result};

/// When somebody whom the queue could not take may come back: by then a full queue has been worked off.
const COME_BACK: Duration = Duration::from_secs(2);

/// How long a thread waits for the next one with its memory: taking that from the system anew costs a twentieth of the
/// hash.
const HELD_FOR: Duration = Duration::from_secs(10);

thread_local! {
    /// What a thread hashes in. It goes with its thread, so that whoever took it gives it back: an allocator may leave
    /// with its owner what another thread frees.
    static MEMORY: RefCell<Memory> = RefCell::default();
}

#[derive(Clone)]
pub(super) struct Pool {
    /// Those who run and those who wait.
    admitted: Arc<Semaphore>,
    /// Those who run.
    running: Arc<Semaphore>,
    /// How many run at most.
    parallel: usize,
    /// How many run or wait at most.
    places: usize,
    threads: Arc<Threads>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("parallel", &self.parallel).finish_non_exhaustive()
    }
}

impl Pool {
    pub(super) fn new(parallel: usize, queue: usize) -> std::io::Result<Self> {
        let places = parallel.saturating_add(queue).min(Semaphore::MAX_PERMITS);
        Ok(Self {
            admitted: Arc::new(Semaphore::new(places)),
            running: Arc::new(Semaphore::new(parallel)),
            parallel,
            places,
            threads: Arc::new(Threads::new(parallel, HELD_FOR)?),
        })
    }

    /// Does `work` on a thread of its own when it is its turn. 503 when the queue is full.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T> {
        let place = self.admitted.clone().try_acquire_owned().map_err(|_| {
            Error::unavailable(anyhow::anyhow!("too many passwords wait to be hashed"), COME_BACK)
        })?;
        let turn = self.running.clone().acquire_owned().await.map_err(Error::internal)?;
        let done = self.threads.run(move || {
            // Kept until the work is done, also when nobody waits for it any more: a client that hangs up must
            // not free a turn that is still running.
            let _until_done = (place, turn);
            MEMORY.with_borrow_mut(work)
        });
        let done = done.ok_or_else(|| Error::internal(anyhow::anyhow!("passwords are hashed no more")))?;
        done.await.map_err(Error::internal)
    }
}

impl Pool {
    /// How many run, and how many wait.
    pub(super) fn at_work(&self) -> (usize, usize) {
        let running = self.parallel.saturating_sub(self.running.available_permits());
        let admitted = self.places.saturating_sub(self.admitted.available_permits());
        (running, admitted.saturating_sub(running))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_queue_is_bounded_and_says_when_to_come_back() {
        let pool = Pool::new(1, 1).unwrap();
        let (release, held) = std::sync::mpsc::channel::<()>();
        let first = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(move |_| held.recv().is_ok()).await }
        });
        while pool.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let second = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(|_| 2).await }
        });
        while pool.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = pool.run(|_| 3).await.unwrap_err();
        assert_eq!(refused.status(), http::StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.retry_after_seconds(), Some(COME_BACK.as_secs()));
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert_eq!(second.await.unwrap().unwrap(), 2);
        assert_eq!(pool.run(|_| 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn who_hangs_up_does_not_free_a_turn_that_still_runs() {
        let pool = Pool::new(1, 0).unwrap();
        let (release, held) = std::sync::mpsc::channel::<()>();
        let impatient = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(move |_| held.recv().is_ok()).await }
        });
        while pool.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        impatient.abort();
        let _ = impatient.await;
        assert!(pool.run(|_| ()).await.is_err());
        drop(release);
        while pool.admitted.available_permits() == 0 {
            tokio::task::yield_now().await;
        }
        assert!(pool.run(|_| ()).await.is_ok());
    }
}
