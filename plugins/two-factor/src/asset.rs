//! The script of the page with the backup codes: the clipboard, a file and the printer are a browser's to give.

use guichet_core::http::{Route, asset};

/// Its path.
pub(crate) const SCRIPT: &str = "/assets/two-factor.js";

pub(crate) fn route() -> Route {
    let text = include_str!("../assets/two-factor.js");
    asset(SCRIPT, "two-factor.script", "text/javascript; charset=utf-8", text)
        .summary("The script of the page with the backup codes")
}
