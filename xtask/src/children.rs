//! The programs a chore starts, one at a time, and their end when the chore is told to stop.
//!
//! A step's program gets a process group of its own, so that stopping it stops what it started as well.
//! The chore itself goes on to its end, which lets guards (the private Postgres) clean up.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a program may take to end after it was asked to.
const PATIENCE: Duration = Duration::from_secs(10);

/// The chore was told to stop by Ctrl-C, SIGTERM or SIGHUP.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Running {
    /// A step, in its own process group, without input.
    Step(Pid),
    /// The person's own command: it shares our terminal, which tells it about Ctrl-C.
    Foreground(Pid),
}

impl Running {
    fn send(self, signal: Signal) {
        // It may just have ended by itself: then there is nobody left to tell.
        let _gone = match self {
            Self::Step(pid) => kill_process_group(pid, signal),
            Self::Foreground(pid) => kill_process(pid, signal),
        };
    }
}

#[derive(Default)]
struct State {
    stop: AtomicBool,
    running: Mutex<Option<Running>>,
}

impl State {
    fn running(&self) -> Option<Running> {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_running(&self, running: Option<Running>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = running;
    }

    fn told(self: &Arc<Self>, signal: i32) {
        let running = self.running();
        if signal == SIGINT && matches!(running, Some(Running::Foreground(_))) {
            return;
        }
        self.stop.store(true, Ordering::SeqCst);
        if let Some(running) = running {
            running.send(Signal::TERM);
            let state = Arc::clone(self);
            std::thread::spawn(move || {
                std::thread::sleep(PATIENCE);
                if state.running() == Some(running) {
                    running.send(Signal::KILL);
                }
            });
        }
    }
}

/// Starts programs and passes on the wish to stop.
pub(crate) struct Children(Arc<State>);

impl Children {
    /// Listens to SIGINT, SIGTERM and SIGHUP from now on.
    pub(crate) fn listen() -> Result<Self> {
        let state = Arc::new(State::default());
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen to signals")?;
        let listener = Arc::clone(&state);
        std::thread::spawn(move || {
            for signal in signals.forever() {
                listener.told(signal);
            }
        });
        Ok(Self(state))
    }

    /// [`Interrupted`] once the chore was told to stop.
    pub(crate) fn go_on(&self) -> Result<()> {
        if self.0.stop.load(Ordering::SeqCst) { Err(Interrupted.into()) } else { Ok(()) }
    }

    /// Runs a step's program to its end; its output goes where the command says, ours by default.
    pub(crate) fn status(&self, command: &mut Command) -> Result<ExitStatus> {
        use std::os::unix::process::CommandExt;
        command.process_group(0).stdin(Stdio::null());
        self.wait(command, Running::Step)
    }

    /// Runs a step's program; an end other than success is an error that names it.
    pub(crate) fn succeed(&self, command: &mut Command) -> Result<()> {
        let status = self.status(command)?;
        must_be_good(command, status)
    }

    /// Runs a step's program and gives what it writes to its standard output.
    pub(crate) fn output(&self, command: &mut Command) -> Result<Vec<u8>> {
        use std::io::Read;
        use std::os::unix::process::CommandExt;
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut written = Vec::new();
        let status = self.follow(command, Running::Step, |child| {
            if let Some(out) = &mut child.stdout {
                out.read_to_end(&mut written)?;
            }
            child.wait()
        })?;
        must_be_good(command, status)?;
        Ok(written)
    }

    /// Runs the person's own command in our terminal, input included.
    pub(crate) fn foreground(&self, command: &mut Command) -> Result<ExitStatus> {
        self.wait(command, Running::Foreground)
    }

    fn wait(&self, command: &mut Command, kind: fn(Pid) -> Running) -> Result<ExitStatus> {
        self.follow(command, kind, Child::wait)
    }

    fn follow(
        &self,
        command: &mut Command,
        kind: fn(Pid) -> Running,
        to_its_end: impl FnOnce(&mut Child) -> std::io::Result<ExitStatus>,
    ) -> Result<ExitStatus> {
        self.go_on()?;
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let running = kind(Pid::from_child(&child));
        self.0.set_running(Some(running));
        if self.go_on().is_err() {
            // Told between the look and the start.
            running.send(Signal::TERM);
        }
        let status = to_its_end(&mut child);
        self.0.set_running(None);
        self.go_on()?;
        status.with_context(|| format!("cannot wait for {name}"))
    }
}

/// An end other than success is an error that names the program.
fn must_be_good(command: &Command, status: ExitStatus) -> Result<()> {
    ensure!(status.success(), "{} ended with {status}", command.get_program().to_string_lossy());
    Ok(())
}
