//! `guichet secret`

use std::process::ExitCode;

use super::output;
use crate::serve::secret;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    output::print(&format!("{}\n", secret::new()))?;
    Ok(ExitCode::SUCCESS)
}
