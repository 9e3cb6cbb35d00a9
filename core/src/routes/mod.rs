//! Endpoints that belong to no sign-in method; one file each.

mod assets;
mod error;
mod get_session;
mod health;
mod list_sessions;
mod ok;
mod openapi;
mod revoke_other_sessions;
mod revoke_session;
mod revoke_sessions;
mod sign_out;

pub(crate) use openapi::Document;

use crate::http::Route;

/// All of them.
pub(crate) fn all() -> Vec<Route> {
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
        health::live(),
        health::ready(),
        openapi::route(),
    ]
    .into_iter()
    .chain(assets::routes())
    .collect()
}
