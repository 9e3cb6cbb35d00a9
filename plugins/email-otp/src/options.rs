//! `[plugins.email-otp]`

use guichet_core::config::Span;
use guichet_core::one_time_code::{CodeStorage, wrong_settings};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of sign-in by e-mail code.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the configuration")]
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many digits a code has (6 to 10).
    pub digits: usize,
    /// How long a code lives (at most 10 minutes; NIST SP 800-63B, section 3.1.3).
    pub expires_in: Span,
    /// How many wrong tries a code survives.
    pub tries_per_code: u32,
    /// How many wrong tries an address has in `budget_window`, however many codes it asks for.
    pub tries_per_address: u32,
    /// The window of `tries_per_address`.
    pub budget_window: Span,
    /// How many codes of one purpose stay valid at once; Better Auth's number is 1 (parity).
    pub codes_kept: usize,
    /// `hmac`, or `plain` as Better Auth keeps them (parity).
    pub storage: CodeStorage,
    /// Whether signing in makes no users: only those who exist, or whom a portal knows, get a code.
    pub disable_sign_up: bool,
    /// Whether proving one's address with a code (`/email-otp/verify-email`) also signs in.
    pub auto_sign_in_after_verification: bool,
    /// Whether who signs up with a password is sent a code (of type `email-verification`) that proves the address.
    pub send_on_sign_up: bool,
    /// Whether such a code is sent wherever a link that proves an address would be: at sign-up, at a sign-in that is
    /// refused for want of proof, and by `/send-verification-email`.
    pub replaces_links: bool,
    /// Whether a reset of the password by a code ends every session, and what an unproven address had set up before;
    /// Better Auth's default is `false` (parity).
    pub revoke_sessions_on_reset: bool,
    /// Whether people may change their address by a code that is sent to the new one; off by default, as Better Auth.
    pub change_email: bool,
    /// Whether that also takes a code (of type `email-verification`) that was sent to the address until now; Better
    /// Auth's default is `false` (parity).
    pub confirm_old_address: bool,
    /// Whether people are told by mail that their password was reset by a code, and at the address until now that their
    /// account has another one; Better Auth tells nobody (parity).
    pub tell_of_changes: bool,
    /// How long a page asks people to wait before they ask for another code.
    pub resend_after: Span,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            digits: 6,
            expires_in: Span::minutes(10),
            tries_per_code: 3,
            tries_per_address: 10,
            budget_window: Span::minutes(60),
            codes_kept: 3,
            storage: CodeStorage::Hmac,
            disable_sign_up: false,
            auto_sign_in_after_verification: false,
            send_on_sign_up: false,
            replaces_links: false,
            revoke_sessions_on_reset: true,
            change_email: false,
            confirm_old_address: true,
            tell_of_changes: true,
            resend_after: Span::seconds(30),
        }
    }
}

impl Options {
    /// What cannot be meant, one a line.
    pub(crate) fn check(&self) -> Result<(), String> {
        let budget = ("tries_per_address", self.tries_per_address);
        let mut wrong = wrong_settings(self.digits, self.expires_in, self.tries_per_code, budget);
        if self.codes_kept == 0 {
            wrong.push("codes_kept must be at least 1".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }
}
