//! The endpoints, one file each.

mod request_password_reset;
mod reset_password;
mod send_otp;
mod sign_in;
mod verify;

use std::sync::Arc;

use guichet_core::http::Route;

use crate::PhoneNumber;

pub(crate) const SIGN_IN: &str = "phone-number.sign-in";
const SEND: &str = "phone-number.send-otp";
pub(crate) const VERIFY: &str = "phone-number.verify";
const REQUEST_RESET: &str = "phone-number.request-password-reset";
const RESET: &str = "phone-number.reset-password";

/// Routes with the reference's own numbers.
pub(crate) const NAMES: [&str; 4] = [SEND, VERIFY, REQUEST_RESET, RESET];

/// Routes that send a message.
pub(crate) const SENDERS: [&str; 2] = [SEND, REQUEST_RESET];

pub(crate) fn all(plugin: &Arc<PhoneNumber>) -> Vec<Route> {
    vec![
        sign_in::route(plugin.clone()),
        send_otp::route(plugin.clone()),
        verify::route(plugin.clone()),
        request_password_reset::route(plugin.clone()),
        reset_password::route(plugin.clone()),
    ]
}
