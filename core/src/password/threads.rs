//! Threads that do nothing but hash. On two cores, two hashes leave none to requests that hash nothing: so these threads
//! let everybody else go first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// How far they step back (`nice`): beside an ordinary thread they get a tenth of a core, alone all of it.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

pub(super) struct Threads {
    /// Each runs one thread at most, which comes when there is work and goes when there is none.
    lanes: Vec<Lane>,
}

struct Lane {
    /// Only its pool of blocking threads is used.
    runtime: Option<Runtime>,
    busy: Arc<AtomicBool>,
}

/// A lane that is taken, until this is dropped.
struct Taken(Arc<AtomicBool>);

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Threads {
    /// A thread that has had no work for `idle` goes.
    pub(super) fn new(at_most: usize, idle: Duration) -> std::io::Result<Self> {
        let lanes = (0..at_most.max(1)).map(|_| Lane::new(idle)).collect::<std::io::Result<_>>()?;
        Ok(Self { lanes })
    }

    /// Does `work` on the first thread that is free, so that who comes alone always meets the same one: what it hashes
    /// in is still near the processor. When none is free, the first one does it next. `turn` is given back once the
    /// thread is free again.
    pub(super) fn run<T: Send + 'static>(
        &self,
        turn: impl Send + 'static,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<JoinHandle<T>> {
        let free = self.lanes.iter().find_map(|lane| Some((lane, lane.take()?)));
        let (lane, taken) = match free {
            Some((lane, taken)) => (lane, Some(taken)),
            None => (self.lanes.first()?, None),
        };
        let work = move || {
            // Dropped in the opposite order: whoever gets the turn finds the thread free.
            let _turn = turn;
            let _taken = taken;
            work()
        };
        lane.runtime.as_ref().map(|runtime| runtime.spawn_blocking(work))
    }
}

impl Lane {
    fn new(idle: Duration) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(1)
            .thread_keep_alive(idle)
            .thread_name("password")
            .on_thread_start(step_back)
            .build()?;
        Ok(Self { runtime: Some(runtime), busy: Arc::default() })
    }

    fn take(&self) -> Option<Taken> {
        let taken = self.busy.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed);
        taken.is_ok().then(|| Taken(self.busy.clone()))
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        // Waits for nobody: it may be dropped by a task.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Elsewhere than on Linux, a priority is that of the whole process, and stays as it is.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "a thread that hashes keeps its priority");
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::mpsc::{RecvTimeoutError, Sender, channel};

    use super::*;

    thread_local! {
        static HELD: RefCell<Option<Sender<()>>> = const { RefCell::new(None) };
    }

    #[tokio::test]
    async fn a_thread_without_work_goes_and_what_it_held_goes_along() {
        let threads = Threads::new(1, Duration::from_millis(1)).unwrap();
        let (held, gone) = channel();
        threads.run((), move || HELD.set(Some(held))).unwrap().await.unwrap();
        let waited = gone.recv_timeout(Duration::from_secs(5));
        assert_eq!(waited, Err(RecvTimeoutError::Disconnected));
    }

    #[tokio::test]
    async fn who_comes_alone_meets_the_same_thread_and_two_meet_two() {
        let threads = Threads::new(2, Duration::from_secs(60)).unwrap();
        let here = || std::thread::current().id();
        let first = threads.run((), here).unwrap().await.unwrap();
        for _ in 0..8 {
            assert_eq!(threads.run((), here).unwrap().await.unwrap(), first);
        }
        let (go_on, held) = channel::<()>();
        let busy = threads.run((), move || (here(), held.recv().is_ok())).unwrap();
        let other = threads.run((), here).unwrap().await.unwrap();
        go_on.send(()).unwrap();
        assert_eq!(busy.await.unwrap(), (first, true));
        assert_ne!(other, first);
    }
}
