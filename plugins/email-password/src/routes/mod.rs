//! The endpoints, one file each.

mod change_email;
mod change_password;
mod open_reset_link;
mod request_password_reset;
mod reset_password;
mod send_verification_email;
pub(crate) mod sign_in;
mod sign_up;
mod verify_email;
mod verify_password;

use std::sync::Arc;

use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::{Issues, Route, Shape};

use crate::EmailPassword;
use crate::options::Options;

pub(crate) const CHANGE_EMAIL: &str = "email-password.change-email";
pub(crate) const CHANGE_PASSWORD: &str = "email-password.change-password";
pub(crate) const REQUEST_RESET: &str = "email-password.request-password-reset";
pub(crate) const RESET: &str = "email-password.reset-password";
pub(crate) const SEND_VERIFICATION: &str = "email-password.send-verification-email";
pub(crate) const SIGN_UP: &str = "email-password.sign-up";
pub(crate) const VERIFY_EMAIL: &str = "email-password.verify-email";

pub(crate) fn all(plugin: &Arc<EmailPassword>) -> Vec<Route> {
    vec![
        sign_up::route(plugin.clone()),
        sign_in::route(plugin.clone()),
        verify_password::route(),
        change_email::route(plugin.clone()),
        change_password::route(plugin.clone()),
        request_password_reset::route(plugin.clone()),
        open_reset_link::route(),
        reset_password::route(plugin.clone()),
        send_verification_email::route(plugin.clone()),
        verify_email::route(plugin.clone()),
    ]
}

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

/// `{"status": true}`
fn status_shape() -> Shape {
    Shape::object(&[("status", Shape::yes(), true)])
}
