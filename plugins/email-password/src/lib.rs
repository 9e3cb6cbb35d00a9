//! Sign-in with an address and a password.
