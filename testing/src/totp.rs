//! An authenticator app: the codes that it shows (RFC 6238).

use std::time::Duration;

use totp_rs::{Algorithm, Secret, TOTP};

use crate::TestServer;

/// How long a code is shown, in seconds.
const STEP: u64 = 30;

/// The secret in the `otpauth:` address that an app scans.
///
/// # Panics
/// When there is none.
pub fn secret_in(uri: &str) -> Vec<u8> {
    let secret = uri.split("secret=").nth(1).and_then(|rest| rest.split('&').next()).expect("a secret");
    spelled(secret)
}

/// A secret that is typed instead, in base32.
///
/// # Panics
/// When it is none.
pub fn spelled(secret: &str) -> Vec<u8> {
    Secret::Encoded(secret.to_owned()).to_bytes().expect("base32")
}

/// The six digits at a moment, in seconds since 1970.
///
/// # Panics
/// When the moment is earlier.
pub fn code_at(secret: &[u8], seconds: i64) -> String {
    let totp = TOTP::new_unchecked(Algorithm::SHA1, 6, 1, STEP, secret.to_vec());
    totp.generate(u64::try_from(seconds).expect("a moment after 1970"))
}

/// The code that the app shows now.
pub fn code_now(server: &TestServer, secret: &[u8]) -> String {
    code_at(secret, server.now().seconds())
}

/// A code that nobody has used yet: the clock goes on to where the app shows another.
pub fn next_code(server: &TestServer, secret: &[u8]) -> String {
    server.clock.advance(Duration::from_secs(STEP));
    code_now(server, secret)
}
