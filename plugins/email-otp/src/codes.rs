//! Codes of this plugin: what they are for, and how it answers for them.

use guichet_core::app::App;
use guichet_core::db::{Insert, Tx};
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, INVALID_OTP, Result};
use guichet_core::one_time_code::{self, OneTimeCodes, TryBudget, Use};

use crate::options::Options;
use crate::purpose::Purpose;

/// Wrong tries per address.
pub(crate) const BUDGET: &str = "emailOtpBudget";

/// What is checked.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) email: &'a EmailAddress,
    pub(crate) code: &'a str,
    /// What binds the code to the browser that asked for it; empty for the API, which has no browser.
    pub(crate) binding: &'a str,
    /// The address that the account is to have, where the code changes it; it went there.
    pub(crate) new_address: Option<&'a EmailAddress>,
}

impl<'a> Claim<'a> {
    /// A claim of the API, for the address that the code went to.
    pub(crate) fn new(purpose: Purpose, email: &'a EmailAddress, code: &'a str) -> Self {
        Self { purpose, email, code, binding: "", new_address: None }
    }

    fn identifier(&self) -> String {
        self.purpose.identifier(self.email, self.new_address)
    }

    fn of<'b>(self, identifier: &'b str) -> one_time_code::Claim<'b>
    where
        'a: 'b,
    {
        one_time_code::Claim { identifier, counted_by: identifier, code: self.code, binding: self.binding }
    }
}

impl Options {
    fn codes(&self) -> OneTimeCodes {
        OneTimeCodes {
            storage: self.storage,
            expires_in: self.expires_in.0,
            good_at_once: self.codes_kept,
            tries_per_code: self.tries_per_code,
            budget: Some(TryBudget {
                table: BUDGET,
                tries: self.tries_per_address,
                window: self.budget_window.0,
            }),
        }
    }
}

/// The row of a new code; of what looks like one and is none for an address that gets no mail.
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
    Ok(options.codes().checked(app, tx, claim.of(&claim.identifier()), usage, INVALID_OTP).await?)
}
