//! Threads that do nothing but hash. On two cores, two hashes leave none to requests that hash nothing: so these threads
//! let everybody else go first.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// How far they step back (`nice`), which is as far as it goes: beside an ordinary thread that never rests they get a
/// seventieth of a core, alone all of it. Requests come and go in between, and wait less for their turn (`docs/speed.md`).
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

pub(super) struct Threads {
    /// Only its pool of blocking threads is used: they come when there is work, and go when there is none.
    runtime: Option<Runtime>,
}

impl Threads {
    /// A thread that has had no work for `idle` goes.
    pub(super) fn new(at_most: usize, idle: Duration) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(at_most)
            .thread_keep_alive(idle)
            .thread_name("password")
            .on_thread_start(step_back)
            .build()?;
        Ok(Self { runtime: Some(runtime) })
    }

    /// Does `work` there; `None` when they are being stopped.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<JoinHandle<T>> {
        self.runtime.as_ref().map(|runtime| runtime.spawn_blocking(work))
    }
}

impl Drop for Threads {
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
        threads.run(move || HELD.set(Some(held))).unwrap().await.unwrap();
        let waited = gone.recv_timeout(Duration::from_secs(5));
        assert_eq!(waited, Err(RecvTimeoutError::Disconnected));
    }
}
