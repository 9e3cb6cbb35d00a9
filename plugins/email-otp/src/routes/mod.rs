//! The endpoints, one file each.

mod check;
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

/// Every route's name.
pub(crate) const NAMES: [&str; 4] = [SEND, check::NAME, sign_in::NAME, verify_email::NAME];

pub(crate) fn all(plugin: &Arc<EmailOtp>) -> Vec<Route> {
    vec![
        send::route(plugin.clone()),
        check::route(plugin.clone()),
        sign_in::route(plugin.clone()),
        verify_email::route(plugin.clone()),
    ]
}

/// An address, in its normal form. Codes also go to addresses beyond ASCII (RFC 6531): business databases hold them.
fn address(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse_international(text).ok_or_else(|| bad_request(INVALID_EMAIL))
}
