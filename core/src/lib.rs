//! What Guichet's plugins stand on. The core knows users, sessions, accounts, verifications, mails and limits;
//! it knows no way to sign in. See `docs/architecture.md`.

pub mod clock;
pub mod db;
pub mod keyring;
pub mod migrate;
pub mod schema;
pub mod timestamp;

pub use timestamp::Timestamp;
