//! The script of the pages: what only a script can ask a browser for.

use guichet_core::http::{Route, asset};

/// Its path.
pub(crate) const SCRIPT: &str = "/assets/passkey.js";

pub(crate) fn route() -> Route {
    let text = include_str!("../assets/passkey.js");
    asset(SCRIPT, "passkey.script", "text/javascript; charset=utf-8", text)
        .summary("The script of the passkey pages")
}
