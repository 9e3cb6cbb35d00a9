//! Codes of this plugin: what they are for, and how it answers for them.

use guichet_core::app::App;
use guichet_core::db::{Insert, Tx};
use guichet_core::error::{Error, Result};
use guichet_core::one_time_code::{self, OneTimeCodes, TryBudget, Use};

use crate::OTP_NOT_FOUND;
use crate::number::PhoneNumber;
use crate::options::Options;

/// Wrong tries per number.
pub(crate) const BUDGET: &str = "phoneNumberBudget";

/// What a code is for. A code for one purpose is never right for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Proves the number: signs in, or adds it to an account.
    Verify,
    /// Sets a new password.
    Reset,
}

impl Purpose {
    /// The `identifier` of its rows (contract, section 6).
    fn identifier(self, number: &PhoneNumber) -> String {
        match self {
            Self::Verify => number.as_str().to_owned(),
            Self::Reset => format!("{}-request-password-reset", number.as_str()),
        }
    }
}

/// What is checked, or kept.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) number: &'a PhoneNumber,
    pub(crate) code: &'a str,
}

impl<'a> Claim<'a> {
    fn identifier(&self) -> String {
        self.purpose.identifier(self.number)
    }

    fn of<'b>(self, identifier: &'b str) -> one_time_code::Claim<'b>
    where
        'a: 'b,
    {
        one_time_code::Claim { identifier, counted_by: identifier, code: self.code, binding: "" }
    }
}

impl Options {
    /// A new code ends the one before.
    fn codes(&self) -> OneTimeCodes {
        OneTimeCodes {
            storage: self.storage,
            expires_in: self.expires_in.0,
            good_at_once: 1,
            tries_per_code: self.tries_per_code,
            budget: Some(TryBudget {
                table: BUDGET,
                tries: self.tries_per_number,
                window: self.budget_window.0,
            }),
        }
    }
}

/// The row of a new code; older ones are good no more; of what looks like one and is none for a number that gets no message.
pub(crate) fn row(app: &App, options: &Options, claim: Claim<'_>, is_real: bool) -> Insert {
    options.codes().row_or_decoy(app, claim.of(&claim.identifier()), is_real)
}

/// Checks a code. The inner refusal is answered once `tx` is committed: what was counted has to stay.
pub(crate) async fn check(
    app: &App,
    options: &Options,
    tx: &mut Tx,
    claim: Claim<'_>,
    usage: Use,
) -> Result<Result<(), Error>> {
    Ok(options.codes().checked(app, tx, claim.of(&claim.identifier()), usage, OTP_NOT_FOUND).await?)
}
