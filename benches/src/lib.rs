//! What the programs of `cargo xtask bench` share: the people that the rows speak of, and how they are recognised.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Everybody's password, and their code.
pub const PASSWORD: &str = "a long walk by the sea";
/// The code that waits for each of the people who sign in by one.
pub const CODE: &str = "408173";
/// How many sessions the load goes through; the other rows make the tables as large as they are to be.
pub const SESSIONS: usize = 2_000;

/// The token of the session `n`, 32 characters as all tokens have.
pub fn token(n: usize) -> String {
    format!("bench{n:027}")
}

/// A token as it is kept: Guichet's marked SHA-256.
pub fn kept(token: &str) -> String {
    format!("sha256${}", URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes())))
}

/// The `Cookie` header of the session `n`, signed with `secret` as Better Auth signs.
///
/// # Errors
/// Never: HMAC takes a key of any length.
pub fn cookie(secret: &str, n: usize) -> anyhow::Result<String> {
    let token = token(n);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    mac.update(token.as_bytes());
    let signed = format!("{token}.{}", STANDARD.encode(mac.finalize().into_bytes()));
    Ok(format!("better-auth.session_token={}", utf8_percent_encode(&signed, NON_ALPHANUMERIC)))
}
