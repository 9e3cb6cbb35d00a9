//! What Guichet's plugins stand on. The core knows users, sessions, accounts, verifications, mails and limits;
//! it knows no way to sign in. See `docs/architecture.md`.

pub mod clock;
pub mod db;
pub mod email_address;
pub mod keyring;
pub mod mail;
pub mod schema;
pub mod timestamp;

pub use email_address::EmailAddress;
pub use timestamp::Timestamp;
