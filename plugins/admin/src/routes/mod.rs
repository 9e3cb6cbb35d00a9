//! The API.

mod authenticator;
pub(crate) mod create;
mod find;
mod has_permission;
pub(crate) mod impersonate;
mod lock;
pub(crate) mod password;
mod remove;
pub(crate) mod reset;
mod role;
mod sessions;
mod update;

use std::sync::Arc;

use guichet_core::http::{Route, Shape};
use guichet_core::store::User;

use crate::Admin;
use crate::input::Coerced;

guichet_core::input! {
    /// Whom it is about.
    pub(crate) struct Whom {
        /// The user's id.
        user_id as "userId": Coerced,
    }
}

pub(crate) fn all(plugin: &Arc<Admin>) -> Vec<Route> {
    let p = || plugin.clone();
    vec![
        role::route(p()),
        find::get(p()),
        create::route(p()),
        update::route(p()),
        find::list(p()),
        sessions::list(p()),
        lock::unban(p()),
        lock::ban(p()),
        impersonate::begin(p()),
        impersonate::stop(),
        sessions::revoke_one(p()),
        sessions::revoke_all(p()),
        remove::route(p()),
        password::route(p()),
        authenticator::route(p()),
        reset::route(p()),
        has_permission::route(p()),
    ]
}

/// `{user}`.
fn with_user() -> Shape {
    Shape::object(&[("user", Shape::named("User"), true)])
}

/// `{success: true}`.
fn succeeded() -> Shape {
    Shape::object(&[("success", Shape::yes(), true)])
}

/// `{user}`.
fn shown(app: &guichet_core::App, user: &User) -> guichet_core::serde_json::Value {
    guichet_core::serde_json::json!({"user": app.users.json(user)})
}
