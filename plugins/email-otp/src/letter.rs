//! A new code and the mail that carries it: two rows, which are written together.

use guichet_core::db::Insert;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::recipient::mail_row;

use crate::codes::{self, Claim};
use crate::mail;
use crate::options::Options;
use crate::purpose::Purpose;

/// A code to be sent.
#[derive(Clone, Copy)]
pub(crate) struct Letter<'a> {
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// The account's address.
    pub(crate) email: &'a EmailAddress,
    /// The address that the account is to have, where the code changes it: it goes there.
    pub(crate) new_address: Option<&'a EmailAddress>,
    /// What binds it to the browser that asked; empty for the API.
    pub(crate) binding: &'a str,
    /// The person's name, perhaps empty.
    pub(crate) name: &'a str,
    /// Whether somebody is to get it. Otherwise both rows are decoys, at the same price, that nobody ever sees.
    pub(crate) is_real: bool,
}

impl Letter<'_> {
    /// Its rows, with a new code; the mail is rendered, so that a transaction is short.
    pub(crate) fn rows(self, visit: &Visit, options: &Options) -> Result<Vec<Insert>> {
        let app = visit.app();
        let code = app.keyring.random_digits(options.digits);
        let to = self.new_address.unwrap_or(self.email);
        let mail = mail::with_code(visit, options, self.purpose, to, self.name, &code)?;
        let claim = Claim {
            purpose: self.purpose,
            email: self.email,
            code: &code,
            binding: self.binding,
            new_address: self.new_address,
        };
        let row = codes::row(app, options, claim, self.is_real);
        let deadline = visit.now().plus(options.expires_in.0);
        Ok(vec![row, mail_row(app, &mail, self.is_real, deadline)?])
    }
}
