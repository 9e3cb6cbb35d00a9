//! What a server says when it opens: its addresses.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::net::SocketAddr;

use anstyle::{AnsiColor, Style};
use guichet_core::language::Language;
use guichet_core::server::Server;

use super::demo;
use super::secret::Kept;
use crate::cli::output;
use crate::cli::settings::Settings;

const NAME: Style = AnsiColor::Green.on_default().bold();
const LABEL: Style = Style::new().dimmed();
const ADDRESS: Style = AnsiColor::Cyan.on_default();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// What it is made of.
pub(super) struct Banner<'a> {
    pub(super) server: &'a Server,
    pub(super) settings: &'a Settings,
    /// Where the server really listens.
    pub(super) address: SocketAddr,
    pub(super) secret: Option<&'a Kept>,
    pub(super) demo: bool,
}

impl Banner<'_> {
    /// For people on standard output; for machines as one line of the log.
    pub(super) fn show(&self) -> anyhow::Result<()> {
        let app = &self.server.app;
        if !std::io::stderr().is_terminal() {
            tracing::info!(address = %self.address, base_url = %app.config.base_url, "listening");
        }
        // In development codes are read here, terminal or not.
        if std::io::stdout().is_terminal() || app.mailbox.is_some() {
            output::print(&self.text()?)?;
        }
        Ok(())
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let app = &self.server.app;
        let mut text = String::new();
        let version = env!("CARGO_PKG_VERSION");
        let open = if app.config.app_name == "Guichet" { String::new() } else { format!(" for {}", app.config.app_name) };
        writeln!(text, "\n  {NAME}Guichet {version}{NAME:#}{open}\n")?;
        for door in app.doors.iter().filter(|door| self.serves(&door.path)) {
            let known = if self.demo && door.name == demo::PORTAL { format!("try {}", demo::VISITOR) } else { String::new() };
            line(&mut text, door.title.text(Language::English), &app.url(&door.path), &known)?;
        }
        if self.serves("/dev/mailbox") {
            line(&mut text, "Mails", &app.url("/dev/mailbox"), "and here, as they come")?;
        }
        line(&mut text, "API", &app.url("/api/auth"), "")?;
        line(&mut text, "OpenAPI", &app.url("/openapi.json"), "")?;
        if app.config.listen.ip() != self.address.ip() || !app.config.base_url.port_or_known_default().is_some_and(|p| p == self.address.port()) {
            line(&mut text, "Listens at", &self.address.to_string(), "")?;
        }
        line(&mut text, "Database", &self.settings.database(), "")?;
        if self.demo {
            line(&mut text, "", &format!("SQLite, {}", demo::FILE), "the demo's business")?;
        }
        if let Some(kept) = self.secret {
            line(&mut text, "Secret", &kept.file.display().to_string(), if kept.new { "made just now" } else { "kept" })?;
        }
        line(&mut text, "Settings", &self.settings.sources(), "")?;
        if app.mailbox.is_some() && !self.address.ip().is_loopback() {
            writeln!(
                text,
                "\n  {WARNING}Development only{WARNING:#}: whoever reaches {} reads every code at /dev/mailbox.",
                self.address
            )?;
        }
        writeln!(text, "\n  {LABEL}Ctrl-C closes.{LABEL:#}\n")?;
        Ok(text)
    }

    fn serves(&self, path: &str) -> bool {
        self.server.routes.iter().any(|route| route.path == path)
    }
}

fn line(text: &mut String, label: &str, what: &str, note: &str) -> std::fmt::Result {
    let note = if note.is_empty() { String::new() } else { format!("  {LABEL}{note}{LABEL:#}") };
    writeln!(text, "  {LABEL}{label:<11}{LABEL:#} {ADDRESS}{what}{ADDRESS:#}{note}")
}
