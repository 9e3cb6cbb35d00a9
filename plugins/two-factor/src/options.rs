//! `[plugins.two-factor]`

use std::time::Duration;

use guichet_core::config::Span;
use guichet_core::one_time_code::CodeStorage;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of the second factor.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the configuration")]
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// `all` asks at every sign-in by one factor; `credential` only after a password, as Better Auth (parity).
    pub scope: Scope,
    /// Whether everybody must have one: who has none sets an authenticator up before they are in (ASVS 6.3.3). Passkeys
    /// that know their owner are two factors; guests are nobody's accounts.
    pub required: bool,
    /// The roles whose people must, by the column `role`: `["admin"]`.
    pub required_roles: Vec<String>,
    /// What authenticator apps call the account's owner. Default: `app_name`.
    pub issuer: Option<String>,
    /// Whether a code by e-mail counts as a second factor. Who reads the mailbox also resets the password, so it is off
    /// by default, and is never asked for where the mailbox was the first factor.
    pub email_codes: bool,
    /// How long such a code lives (at most 10 minutes).
    pub email_codes_expire_in: Span,
    /// `hmac`, or `plain` as Better Auth keeps them (parity).
    pub email_codes_storage: CodeStorage,
    /// `hashed`, or `sealed` as Better Auth keeps them (parity). Both are read.
    pub backup_codes: BackupStorage,
    /// How long a sign-in waits for its second factor (at most an hour).
    pub challenge_expires_in: Span,
    /// How many wrong codes one sign-in survives.
    pub tries_per_challenge: u32,
    /// How many wrong codes in a row lock an account, over all factors and sign-ins.
    pub tries_per_account: u32,
    /// For how long.
    pub lock_for: Span,
    /// How long a trusted device is not asked; each sign-in renews it. `0s` trusts none.
    pub trust_devices_for: Span,
    /// Whether people without a password may not change anything here; by default they need a fresh session. `true` is
    /// parity.
    pub password_required: bool,
    /// Whether an authenticator's code is accepted once (RFC 6238, section 5.2); `false` is parity.
    pub accept_once: bool,
    /// Whether a right code inside a session begins a new, stronger one; `false` is parity.
    pub renew_sessions: bool,
    /// Whether other sessions end when the second factor is switched on or off; `false` is parity.
    pub end_sessions: bool,
    /// Whether people are told by mail of what was changed, used or locked; `false` is parity.
    pub tell_of_changes: bool,
    /// Whether the code that switches it on is answered with the session from before, which has ended; `true` is parity.
    pub answer_as_before: bool,
}

/// Whose sign-ins are asked for a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Those of everybody who has one.
    All,
    /// Those that proved a password.
    Credential,
}

/// How backup codes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BackupStorage {
    /// As keyed hashes.
    Hashed,
    /// So that they can be opened again with the secret.
    Sealed,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            scope: Scope::All,
            required: false,
            required_roles: Vec::new(),
            issuer: None,
            email_codes: false,
            email_codes_expire_in: Span::minutes(3),
            email_codes_storage: CodeStorage::Hmac,
            backup_codes: BackupStorage::Hashed,
            challenge_expires_in: Span::minutes(10),
            tries_per_challenge: 5,
            tries_per_account: 10,
            lock_for: Span::minutes(15),
            trust_devices_for: Span(Duration::from_hours(30 * 24)),
            password_required: false,
            accept_once: true,
            renew_sessions: true,
            end_sessions: true,
            tell_of_changes: true,
            answer_as_before: false,
        }
    }
}

impl Options {
    /// What cannot be meant, one a line.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut wrong = Vec::new();
        let mut within = |key: &str, span: Span, least: Duration, most: Duration, words: &str| {
            if span.0 < least || span.0 > most {
                wrong.push(format!("{key} must be between {words}"));
            }
        };
        let (minute, hour) = (Duration::from_mins(1), Duration::from_hours(1));
        within("email_codes_expire_in", self.email_codes_expire_in, minute, minute * 10, "1m and 10m");
        within("challenge_expires_in", self.challenge_expires_in, minute, hour, "1m and 1h");
        within("lock_for", self.lock_for, minute, hour * 24, "1m and 24h");
        within("trust_devices_for", self.trust_devices_for, Duration::ZERO, hour * 24 * 90, "0s and 90d");
        // NIST SP 800-63B, section 3.2.2, allows 100 in a row at most.
        for (key, tries) in
            [("tries_per_challenge", self.tries_per_challenge), ("tries_per_account", self.tries_per_account)]
        {
            if !(1..=99).contains(&tries) {
                wrong.push(format!("{key} = {tries}: must be 1 to 99"));
            }
        }
        if self.issuer.as_deref().is_some_and(|issuer| issuer.is_empty() || issuer.contains(':')) {
            wrong.push("issuer: a name without a colon, which separates it from the address".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// Whether devices can be trusted at all.
    pub(crate) fn trusts_devices(&self) -> bool {
        !self.trust_devices_for.0.is_zero()
    }
}
