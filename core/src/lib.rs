//! What Guichet's plugins stand on. The core knows users, sessions, accounts, verifications, mails and limits;
//! it knows no way to sign in. See `docs/architecture.md`.

pub mod access_token;
pub mod account_tokens;
pub mod address_change;
pub mod amr;
pub mod app;
pub mod authenticators;
pub mod backoff;
pub mod check;
pub mod clock;
pub mod config;
pub mod cookie;
pub mod db;
pub mod email_address;
pub mod error;
pub mod events;
pub mod farewell;
pub mod hooks;
pub mod http;
pub mod keyring;
pub mod language;
pub mod link_token;
pub mod mail;
pub mod meters;
pub mod migrate;
pub mod newcomer;
pub mod notice;
pub mod one_time_code;
pub mod outbound;
pub mod pages;
pub mod password;
pub mod pathway;
pub mod plugin;
pub mod profile;
pub mod recipient;
mod routes;
pub mod schema;
pub mod second_factor;
pub mod server;
pub mod session;
mod session_cache;
pub mod sign_in;
pub mod store;
pub mod terminal;
pub mod this_machine;
pub mod timestamp;
pub mod unlink;
mod uri_component;

pub use app::App;
pub use error::{Error, ErrorCode, Result};
pub use timestamp::Timestamp;

/// For the macros [`input!`] and [`choices!`].
pub use serde_json;
