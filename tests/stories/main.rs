//! Stories of the whole product, mostly of its program as people run it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod cli;
mod config;
mod example_file;
mod portals;
mod program;
mod serve;
