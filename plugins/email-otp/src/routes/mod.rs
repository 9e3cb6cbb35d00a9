//! The endpoints, one file each.

mod change_email;
mod check;
mod request_email_change;
mod request_password_reset;
mod reset_password;
mod send;
mod sign_in;
mod verify_email;

use std::sync::Arc;

use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_EMAIL, Result, bad_request};
use guichet_core::http::Route;

use crate::EmailOtp;

/// The route that sends codes.
pub(crate) const SEND: &str = "email-otp.send-verification-otp";

/// The route that signs in.
pub(crate) const SIGN_IN: &str = sign_in::NAME;
pub(crate) const VERIFY_EMAIL: &str = verify_email::NAME;
const REQUEST_RESET: &str = "email-otp.request-password-reset";
const REQUEST_RESET_BEFORE: &str = "email-otp.forget-password";

/// Every route's name.
pub(crate) const NAMES: [&str; 9] = [
    SEND,
    check::NAME,
    sign_in::NAME,
    verify_email::NAME,
    REQUEST_RESET,
    REQUEST_RESET_BEFORE,
    reset_password::NAME,
    request_email_change::NAME,
    change_email::NAME,
];

/// Routes that send a code, and the field that names its recipient.
pub(crate) const SENDERS: [(&str, &str); 4] = [
    (SEND, "email"),
    (REQUEST_RESET, "email"),
    (REQUEST_RESET_BEFORE, "email"),
    (request_email_change::NAME, "newEmail"),
];

pub(crate) fn all(plugin: &Arc<EmailOtp>) -> Vec<Route> {
    vec![
        send::route(plugin.clone()),
        check::route(plugin.clone()),
        sign_in::route(plugin.clone()),
        verify_email::route(plugin.clone()),
        reset_password::route(plugin.clone()),
        request_email_change::route(plugin.clone()),
        change_email::route(plugin.clone()),
    ]
    .into_iter()
    .chain(request_password_reset::routes(plugin))
    .collect()
}

/// An address, in its normal form. Codes also go to addresses beyond ASCII (RFC 6531): business databases hold them.
fn address(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse_international(text).ok_or_else(|| bad_request(INVALID_EMAIL))
}
