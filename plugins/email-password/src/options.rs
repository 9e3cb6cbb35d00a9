//! `[plugins.email-password]`

use guichet_core::config::{Span, TokenStorage};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of sign-in with a password. Lengths and hashes are in `[password]`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the configuration")]
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// `false` refuses sign-in and sign-up, and leaves the rest: 400 `EMAIL_PASSWORD_DISABLED`.
    pub enabled: bool,
    /// Whether people may sign up by themselves.
    pub sign_up: bool,
    /// Whether a sign-up must give a name; `true` is parity.
    pub name_required: bool,
    /// Whether a sign-up also signs in. When `false`, a taken address is answered like a new one.
    pub auto_sign_in: bool,
    /// Whether only proven addresses sign in. When `true`, a taken address is answered like a new one.
    pub require_email_verification: bool,
    /// Whether a sign-up sends the link that proves the address; when not set, it does if that is required.
    pub send_on_sign_up: Option<bool>,
    /// Whether a sign-in that is refused for want of proof sends the link again; Better Auth's default is `false`.
    pub send_on_sign_in: bool,
    /// Whether opening that link also signs in.
    pub auto_sign_in_after_verification: bool,
    /// How long that link is good (at most a day).
    pub verification_expires_in: Span,
    /// How long the link of a reset is good (at most a day).
    pub reset_expires_in: Span,
    /// `hashed`, or `plain` as Better Auth keeps them (parity).
    pub reset_tokens: TokenStorage,
    /// Whether a reset ends every session; `false` is parity.
    pub revoke_sessions_on_reset: bool,
    /// Whether a change of password ends every other session when the request does not say; `false` is parity.
    pub revoke_sessions_on_change: bool,
    /// Whether the link of a reset, which only the mailbox's owner has, also proves the address; what an account
    /// with an unproven address had before then dies. `false` is parity.
    pub reset_proves_email: bool,
    /// Whether people are told by mail that their password was changed; `false` is parity.
    pub tell_of_changes: bool,
    /// Whether people may change their address (`/change-email`); `false` as Better Auth by default.
    pub change_email: bool,
    /// Whether the address until now has to approve a change before the new one is proven: `always`, `when-proven` or
    /// `never`. The latter two are Better Auth's, with and without its confirmation.
    pub confirm_old_address: ConfirmOld,
    /// Whether the links of a change work only in a browser where the user is signed in; `false` is parity.
    pub change_email_needs_session: bool,
    /// Whether the owner of a taken address is told by mail that somebody tried to sign up with it, where the
    /// answer does not tell; `false` is parity.
    pub tell_of_sign_ups: bool,
    /// Whether addresses may hold letters beyond ASCII before the `@`; `false` is parity.
    pub international_addresses: bool,
    /// How many wrong passwords an account admits in ten minutes, from wherever they come.
    pub tries_per_account: u32,
    /// How many in a day (fewer than 100; NIST SP 800-63B, section 3.2.2). A right one forgives all before it.
    pub tries_per_account_and_day: u32,
}

/// Whether the address until now approves a change of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConfirmOld {
    /// Both addresses are proven, whatever was before.
    Always,
    /// Where it was proven itself.
    WhenProven,
    /// The new address alone is proven.
    Never,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            enabled: true,
            sign_up: true,
            name_required: false,
            auto_sign_in: true,
            require_email_verification: false,
            send_on_sign_up: None,
            send_on_sign_in: true,
            auto_sign_in_after_verification: false,
            verification_expires_in: Span::minutes(60),
            reset_expires_in: Span::minutes(60),
            reset_tokens: TokenStorage::Hashed,
            revoke_sessions_on_reset: true,
            revoke_sessions_on_change: true,
            reset_proves_email: true,
            tell_of_changes: true,
            tell_of_sign_ups: true,
            change_email: false,
            confirm_old_address: ConfirmOld::Always,
            change_email_needs_session: true,
            international_addresses: true,
            tries_per_account: 10,
            tries_per_account_and_day: 90,
        }
    }
}

impl Options {
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut wrong = Vec::new();
        let sensible = Span::minutes(5)..=Span::days(1);
        for (key, span) in [
            ("verification_expires_in", self.verification_expires_in),
            ("reset_expires_in", self.reset_expires_in),
        ] {
            if !sensible.contains(&span) {
                wrong.push(format!("{key} must be between 5m and 1d"));
            }
        }
        if self.tries_per_account == 0 || !(1..100).contains(&self.tries_per_account_and_day) {
            wrong.push("tries_per_account must be at least 1, tries_per_account_and_day 1 to 99".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// Whether a sign-up sends the link that proves the address.
    pub(crate) fn sends_on_sign_up(&self) -> bool {
        self.send_on_sign_up.unwrap_or(self.require_email_verification)
    }

    /// Whether a sign-up ends in a session.
    pub(crate) fn signs_in_on_sign_up(&self) -> bool {
        self.auto_sign_in && !self.require_email_verification
    }
}
