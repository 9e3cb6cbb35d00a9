//! The endpoints.

mod list;
mod revoke;
mod set_active;

pub(crate) use list::route as list;
pub(crate) use revoke::route as revoke;
pub(crate) use set_active::route as set_active;

guichet_core::input! {
    /// Which of the browser's sessions.
    pub(crate) struct Which {
        /// Its token, or the handle that the list gave.
        session_token as "sessionToken": String,
    }
}
