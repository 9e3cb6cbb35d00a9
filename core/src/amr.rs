//! How somebody proved who they are: the values of `amr` (RFC 8176).

/// The registered values (RFC 8176, section 2, and IANA's registry of them).
pub const REGISTERED: [&str; 21] = [
    "face", "fpt", "geo", "hwk", "iris", "kba", "mca", "mfa", "otp", "pin", "pop", "pwd", "rba", "retina",
    "sc", "sms", "swk", "tel", "user", "vbm", "wia",
];

/// Elsewhere, at somebody else's sign-in. Not registered, and widely used.
pub const FED: &str = "fed";

/// The value of this name, as an attempt ([`crate::sign_in::Attempt::amr`]) may carry it; `None` for any other text.
pub fn known(name: &str) -> Option<&'static str> {
    REGISTERED.into_iter().chain([FED]).find(|known| *known == name)
}
