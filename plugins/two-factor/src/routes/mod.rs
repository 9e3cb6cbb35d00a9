//! The endpoints, a file each; codes that are typed in have one.

mod disable;
mod enable;
mod generate_backup_codes;
mod get_totp_uri;
mod send_otp;
mod verify_backup_code;
mod verify_code;

use std::sync::Arc;

use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as object;
use guichet_core::sign_in::Outcome;

use crate::TwoFactor;
use crate::verify::Verified;

pub(crate) const ENABLE: &str = "two-factor.enable";
pub(crate) const DISABLE: &str = "two-factor.disable";
const GET_URI: &str = "two-factor.get-totp-uri";
pub(crate) const VERIFY_TOTP: &str = "two-factor.verify-totp";
pub(crate) const SEND_OTP: &str = "two-factor.send-otp";
pub(crate) const VERIFY_OTP: &str = "two-factor.verify-otp";
pub(crate) const NEW_CODES: &str = "two-factor.generate-backup-codes";
pub(crate) const VERIFY_BACKUP: &str = "two-factor.verify-backup-code";

/// Every route's name.
pub(crate) const NAMES: [&str; 8] =
    [ENABLE, DISABLE, GET_URI, VERIFY_TOTP, SEND_OTP, VERIFY_OTP, NEW_CODES, VERIFY_BACKUP];

pub(crate) fn all(plugin: &Arc<TwoFactor>) -> Vec<Route> {
    vec![
        enable::route(plugin.clone()),
        disable::route(plugin.clone()),
        get_totp_uri::route(plugin.clone()),
        verify_code::of_authenticator(plugin.clone()),
        send_otp::route(plugin.clone()),
        verify_code::by_mail(plugin.clone()),
        generate_backup_codes::route(plugin.clone()),
        verify_backup_code::route(plugin.clone()),
    ]
}

guichet_core::input! {
    /// The password of who is signed in; who has none leaves it out.
    struct Password {
        password: Option<String>,
    }
}

guichet_core::input! {
    /// A code, and whether this device is to be trusted from now on.
    struct Code {
        code: String,
        trust_device as "trustDevice": Option<bool>,
    }
}

fn token_and_user_shape() -> Shape {
    Shape::object(&[("token", Shape::text(), false), ("user", Shape::named("User"), true)])
}

/// `{token, user}`; without the token while the sign-in still waits.
fn answer(visit: &Visit, verified: &Verified) -> Result<Reply> {
    let users = &visit.app().users;
    match verified {
        Verified::Through(Outcome::Granted(signed_in)) => json(&signed_in.token_and_user(visit)),
        Verified::Through(Outcome::Challenge(challenge)) => json(&challenge.answer),
        Verified::InSession { token, user } => json(&object!({"token": token, "user": users.json(user)})),
        Verified::Waiting(user) => json(&object!({"user": users.json(user)})),
    }
}
