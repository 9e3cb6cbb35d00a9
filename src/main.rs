//! The program.

mod cli;
mod serve;

use std::process::ExitCode;

/// Gives memory back and is fast with many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The allocator has switched them off for everything; passwords are hashed on them.
    guichet_huge_pages::allow_where_asked_for();
    cli::main()
}
