//! The endpoints of the contract, section 15.

mod fields;
mod manage;
mod options;
mod verify;

use std::sync::Arc;

use guichet_core::http::Route;

use crate::Passkey;

pub(crate) use fields::Label;

pub(crate) const REGISTER_OPTIONS: &str = "passkey.generate-register-options";
pub(crate) const SIGN_IN_OPTIONS: &str = "passkey.generate-authenticate-options";
pub(crate) const VERIFY_REGISTRATION: &str = "passkey.verify-registration";
pub(crate) const VERIFY_SIGN_IN: &str = "passkey.verify-authentication";
pub(crate) const DELETE: &str = "passkey.delete-passkey";
pub(crate) const UPDATE: &str = "passkey.update-passkey";

pub(crate) fn all(plugin: &Arc<Passkey>) -> Vec<Route> {
    let mut all = options::routes(plugin);
    all.extend(verify::routes(plugin));
    all.extend(manage::routes(plugin));
    all
}
