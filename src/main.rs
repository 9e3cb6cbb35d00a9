//! The program.

mod cli;
mod serve;

use std::process::ExitCode;

/// Gives memory back and is fast with many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
