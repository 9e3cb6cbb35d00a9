//! Which addresses may be used here.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::Issues;

use crate::options::Options;

/// Whether an address may be used here.
pub(crate) fn allows(options: &Options, email: &EmailAddress) -> bool {
    options.international_addresses || email.as_str().is_ascii()
}

/// Refuses an address beyond ASCII where it may not be used, in the words of validation.
pub(crate) fn check_address(options: &Options, email: &EmailAddress) -> Result<()> {
    if allows(options, email) {
        return Ok(());
    }
    let mut issues = Issues::default();
    issues.note("body.email", "Invalid email address");
    Err(issues.into_error())
}
