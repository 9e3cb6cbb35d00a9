//! A chore's steps: each printed with its name, its seconds and how it ended, and summed up at the end.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

struct Done {
    name: &'static str,
    took: Duration,
    well: bool,
}

#[derive(Default)]
pub(crate) struct Steps(Vec<Done>);

impl Steps {
    /// Runs one step. A failure is printed here and kept for the summary; the caller decides with `?`
    /// whether the next steps make sense without it.
    pub(crate) fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("── {name}");
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        match &outcome {
            Ok(_) => println!("── {name}: {:.1} s", took.as_secs_f64()),
            Err(error) => println!("── {name} FAILED after {:.1} s: {error:#}", took.as_secs_f64()),
        }
        self.0.push(Done { name, took, well: outcome.is_ok() });
        outcome
    }

    /// Prints one line for each step; the exit code says whether all ended well.
    pub(crate) fn sum_up(&self) -> ExitCode {
        println!("\nsummary");
        for step in &self.0 {
            let verdict = if step.well { "ok" } else { "FAILED" };
            println!("  {:<16} {:>8.1} s  {verdict}", step.name, step.took.as_secs_f64());
        }
        if self.0.iter().all(|step| step.well) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
