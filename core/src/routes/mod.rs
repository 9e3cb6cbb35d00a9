//! Endpoints that belong to no sign-in method; one file each.

mod account_tokens;
mod assets;
mod delete_user;
mod delete_user_callback;
mod doctor;
mod error;
mod get_session;
mod health;
mod list_accounts;
mod list_sessions;
mod ok;
mod openapi;
mod revoke_other_sessions;
mod revoke_session;
mod revoke_sessions;
mod sign_out;
mod unlink_account;
mod update_session;
mod update_user;

pub(crate) use doctor::address as doctor_address;
pub(crate) use openapi::Document;

use crate::app::App;
use crate::http::Route;

/// All of them.
pub(crate) fn all(app: &App) -> Vec<Route> {
    // Where nobody has tokens elsewhere, there is nothing to ask for.
    let tokens = if app.account_tokens.is_empty() { Vec::new() } else { account_tokens::routes().to_vec() };
    vec![
        ok::route(),
        error::route(),
        get_session::route(),
        get_session::refused(),
        sign_out::route(),
        list_sessions::route(),
        revoke_session::route(),
        revoke_sessions::route(),
        revoke_other_sessions::route(),
        update_session::route(),
        update_user::route(),
        delete_user::route(),
        delete_user_callback::route(),
        list_accounts::route(),
        unlink_account::route(),
        doctor::route(),
        health::live(),
        health::ready(),
        openapi::route(),
    ]
    .into_iter()
    .chain(tokens)
    .chain(assets::routes())
    .collect()
}
