//! One run of the load generator.

use std::process::{Child, Command, Stdio};

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::figures::Workload;
use super::place::Programs;
use super::server::{SECRET, Server};
use crate::children::Children;

/// What is asked, by how many at once.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) name: String,
    path: &'static str,
    good: &'static str,
    connections: usize,
    more: Vec<String>,
}

/// What the load generator prints.
#[derive(Deserialize)]
pub(crate) struct Seen {
    requests: u32,
    answered: u32,
    failures: u32,
    first_failure: Option<String>,
    seconds: f64,
    pub(crate) mean_us: f64,
    p50_us: f64,
    pub(crate) p99_us: f64,
}

impl Load {
    /// GET.
    pub(crate) fn get(name: &str, path: &'static str, good: &'static str) -> Self {
        Self { name: name.to_owned(), path, good, connections: 16, more: Vec::new() }
    }

    /// POST with this body, `{n}` in it being another number each time.
    pub(crate) fn post(name: &str, path: &'static str, body: &str, good: &'static str) -> Self {
        Self { more: vec!["--body".to_owned(), body.to_owned()], ..Self::get(name, path, good) }
    }

    pub(crate) fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    pub(crate) fn by(mut self, connections: usize) -> Self {
        self.connections = connections;
        self
    }

    /// With the sessions' cookies.
    pub(crate) fn signed_in(self) -> Self {
        self.with("--secret", SECRET)
    }

    pub(crate) fn with(mut self, flag: &str, value: &(impl std::fmt::Display + ?Sized)) -> Self {
        self.more.extend([flag.to_owned(), value.to_string()]);
        self
    }

    fn command(&self, programs: &Programs, server: &Server, seconds: f64) -> Command {
        let mut command = programs.command("bench-load");
        command.args(["--server", &server.address.to_string(), "--path", self.path, "--good", self.good]);
        command.args(["--connections", &self.connections.to_string(), "--seconds", &seconds.to_string()]);
        command.args(&self.more);
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(
        &self,
        children: &Children,
        programs: &Programs,
        server: &Server,
        seconds: f64,
    ) -> Result<Seen> {
        let printed = children.output(&mut self.command(programs, server, seconds))?;
        let seen: Seen = serde_json::from_slice(&printed)?;
        let failure = seen.first_failure.as_deref().unwrap_or_default();
        ensure!(seen.failures == 0, "{}, {}: {} × {failure}", self.name, server.name, seen.failures);
        Ok(seen)
    }

    /// Lets it run beside something else, until it is dropped.
    pub(crate) fn beside(&self, programs: &Programs, server: &Server, seconds: f64) -> Result<Beside> {
        use std::os::unix::process::CommandExt;
        let mut command = self.command(programs, server, seconds);
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Beside(command.spawn()?))
    }

    /// Runs it and watches what it takes of the server.
    pub(crate) fn measure(
        &self,
        children: &Children,
        programs: &Programs,
        server: &Server,
        seconds: f64,
    ) -> Result<(Seen, Workload)> {
        server.forget_peak()?;
        let before = server.processor()?;
        let seen = self.run(children, programs, server, seconds)?;
        let processor = server.processor()?.saturating_sub(before).as_secs_f64() * 1e6;
        let workload = Workload {
            name: self.name.clone(),
            server: server.name,
            per_second: f64::from(seen.requests) / seen.seconds,
            p50_ms: seen.p50_us / 1000.0,
            p99_ms: seen.p99_us / 1000.0,
            cpu_us: processor / f64::from(seen.answered),
            peak_mib: server.peak()?,
        };
        Ok((seen, workload))
    }
}

/// A load in the background.
pub(crate) struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _ended = self.0.wait();
    }
}
