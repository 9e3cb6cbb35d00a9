//! `[plugins.phone-number]`

use guichet_core::config::Span;
use guichet_core::email_address::EmailAddress;
use guichet_core::one_time_code::{CodeStorage, wrong_settings};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::number::PhoneNumber;

/// Settings of phone numbers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many digits a code has (6 to 10).
    pub digits: usize,
    /// How long a code lives (1 to 10 minutes).
    pub expires_in: Span,
    /// How many wrong tries a code survives.
    pub tries_per_code: u32,
    /// How many wrong codes a number has in `budget_window`, however many codes it asks for.
    pub tries_per_number: u32,
    /// The window of `tries_per_number`.
    pub budget_window: Span,
    /// `hmac`, or `plain` as Better Auth keeps them (parity).
    pub storage: CodeStorage,
    /// The address that somebody new gets who proves a number: `{digits}` stands for it without its `+`, `{phone}` with
    /// it. Nobody may be able to read mail there. Without it, nobody signs up by phone.
    pub sign_up_email: Option<String>,
    /// Whether only proven numbers sign in with a password; Better Auth's default is `false` (parity).
    pub require_verification: bool,
    /// The beginnings of numbers to which messages may go (`+33`); empty lets them go everywhere.
    pub prefixes: Vec<String>,
    /// Whether a reset of the password by a code ends every session; Better Auth's default is `false` (parity).
    pub revoke_sessions_on_reset: bool,
    /// Whether people with a proven address are told by mail that a number was added, or that the password was reset by
    /// one; `false` as Better Auth (parity).
    pub tell_of_changes: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            digits: 6,
            expires_in: Span::minutes(5),
            tries_per_code: 3,
            tries_per_number: 10,
            budget_window: Span::minutes(60),
            storage: CodeStorage::Hmac,
            sign_up_email: None,
            require_verification: true,
            prefixes: Vec::new(),
            revoke_sessions_on_reset: true,
            tell_of_changes: true,
        }
    }
}

impl Options {
    /// What cannot be meant, one a line.
    pub(crate) fn check(&self) -> Result<(), String> {
        let budget = ("tries_per_number", self.tries_per_number);
        let mut wrong = wrong_settings(self.digits, self.expires_in, self.tries_per_code, budget);
        if let Some(template) = &self.sign_up_email {
            // An address that is the same for all would be one account for all.
            let names_the_number = template.contains("{digits}") || template.contains("{phone}");
            if !names_the_number
                || PhoneNumber::example().and_then(|number| self.address_of(&number)).is_none()
            {
                wrong.push(format!(
                    "sign_up_email = {template:?}: must read as \"{{digits}}@phone.example.fr\""
                ));
            }
        }
        for prefix in &self.prefixes {
            let digits = prefix.strip_prefix('+').unwrap_or_default();
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                wrong.push(format!("prefixes: {prefix:?} does not read as \"+33\""));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// The address that stands for a number.
    pub(crate) fn address_of(&self, number: &PhoneNumber) -> Option<EmailAddress> {
        let template = self.sign_up_email.as_deref()?;
        let text = template.replace("{digits}", number.digits()).replace("{phone}", number.as_str());
        EmailAddress::parse_international(&text)
    }
}
