//! Stories of the core, each told on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story that goes wrong stops"
)]

mod built_in_sqlite;
mod databases;
mod migrate;
mod sample;
