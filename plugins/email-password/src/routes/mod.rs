//! The endpoints, one file each.

mod change_email;
mod change_password;
pub(crate) mod names;
mod open_reset_link;
mod request_password_reset;
mod reset_password;
mod send_verification_email;
mod sign_in;
mod sign_up;
mod verify_email;
mod verify_password;

use std::sync::Arc;

use guichet_core::http::Route;

use crate::EmailPassword;

pub(crate) fn all(plugin: &Arc<EmailPassword>) -> Vec<Route> {
    vec![
        sign_up::route(plugin.clone()),
        sign_in::route(plugin.clone()),
        verify_password::route(),
        change_email::route(plugin.clone()),
        change_password::route(plugin.clone()),
        request_password_reset::route(plugin.clone()),
        open_reset_link::route(plugin.clone()),
        reset_password::route(plugin.clone()),
        send_verification_email::route(plugin.clone()),
        verify_email::route(plugin.clone()),
    ]
}
