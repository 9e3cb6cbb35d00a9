//! What a server says when it opens: its addresses.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use guichet_core::language::Language;
use guichet_core::server::Server;

use super::demo;
use super::secret::Kept;
use super::served::{MAILBOX, doors, served};
use crate::cli::output;
use crate::cli::settings::{self, Settings};

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
        let whose = Some(&app.config.app_name).filter(|name| *name != "Guichet");
        let whose = whose.map(|name| format!(" for {name}")).unwrap_or_default();
        writeln!(text, "\n  {NAME}Guichet {version}{NAME:#}{whose}\n")?;
        let lines = self.lines();
        let width = lines.iter().map(|line| line.label.chars().count()).max().unwrap_or_default();
        for Line { label, what, note } in lines {
            let note = if note.is_empty() { note } else { format!("  {LABEL}{note}{LABEL:#}") };
            writeln!(text, "  {LABEL}{label:<width$}{LABEL:#}  {ADDRESS}{what}{ADDRESS:#}{note}")?;
        }
        if served(self.server, MAILBOX) && !self.address.ip().is_loopback() {
            writeln!(
                text,
                "\n  {WARNING}Development only{WARNING:#}: whoever reaches {} reads every code at {MAILBOX}.",
                self.address
            )?;
        }
        writeln!(text, "\n  {LABEL}Ctrl-C closes.{LABEL:#}\n")?;
        Ok(text)
    }

    fn lines(&self) -> Vec<Line> {
        let app = &self.server.app;
        let mut lines = Vec::new();
        let mut say = |label: &str, what: String, note: &str| {
            lines.push(Line { label: label.to_owned(), what, note: note.to_owned() });
        };
        for door in doors(self.server) {
            let known = if self.demo && door.name == demo::PORTAL { demo::VISITOR } else { "" };
            say(door.title.text(Language::English), app.url(&door.path), known);
        }
        if served(self.server, MAILBOX) {
            say("Mails", app.url(MAILBOX), "and here, as they come");
        }
        say("API", app.url("/api/auth"), "");
        say("OpenAPI", app.url("/openapi.json"), "");
        let base = &app.config.base_url;
        let named = format!(
            "{}:{}",
            base.host_str().unwrap_or_default(),
            base.port_or_known_default().unwrap_or_default()
        );
        if named != self.address.to_string() {
            say("Listens at", self.address.to_string(), "");
        }
        say("Database", self.settings.database(), "");
        if self.demo {
            say("", format!("SQLite, {}", demo::FILE), "the demo's business");
            let file = self.settings.loaded.file.as_deref().filter(|file| *file != Path::new(settings::FILE));
            let file = file.map(|file| format!("--config {} ", file.display())).unwrap_or_default();
            let command = format!("guichet {file}provision explain {} --demo", demo::VISITOR);
            say("Try", command, "what the door does, and why");
        }
        if let Some(kept) = self.secret {
            say("Secret", kept.file.display().to_string(), if kept.new { "made just now" } else { "kept" });
        }
        say("Settings", self.settings.sources(), "");
        lines
    }
}

struct Line {
    label: String,
    what: String,
    /// May be empty.
    note: String,
}
