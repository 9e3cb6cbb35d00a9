//! `guichet user list`

use std::fmt::Write as _;

use clap::Args;
use guichet_core::app::App;
use guichet_core::serde_json::json;
use guichet_core::terminal::{plain, table};

use crate::cli::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user list
  guichet user list --search @example.com --limit 100
  guichet user list --json | jq -r '.users[].email'";

#[derive(Args)]
pub(crate) struct Options {
    /// Only those whose e-mail address or name holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// How many to leave out
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u32,
    /// Prints {total, users} as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<()> {
    let search = options.search.as_deref();
    let total = app.users.count(&app.db, search).await?;
    let users = app.users.page(&app.db, search, options.limit, options.offset).await?;
    if options.json {
        let users: Vec<_> = users.iter().map(|user| app.users.json(user)).collect();
        return output::print(&format!("{:#}\n", json!({"total": total, "users": users})));
    }
    if users.is_empty() {
        let said = match (total, search) {
            (0, Some(search)) => format!("Nobody's e-mail address or name holds {search:?}.\n"),
            (0, None) => "There are no users yet.\n".to_owned(),
            _ => format!("There are {total}: --offset {} is past the last one.\n", options.offset),
        };
        return output::print(&said);
    }
    let rows: Vec<[String; 5]> = users
        .iter()
        .map(|user| {
            let name = plain(user.name.as_deref().unwrap_or_default(), 30);
            let verified = if user.email_verified { "yes" } else { "no" };
            [
                plain(&user.email, 60),
                name,
                verified.to_owned(),
                user.created_at.to_the_minute(),
                user.id.clone(),
            ]
        })
        .collect();
    let mut text = table(["E-MAIL", "NAME", "PROVEN", "SINCE (UTC)", "ID"], &rows);
    let shown = i64::try_from(users.len()).unwrap_or(i64::MAX);
    if shown < total {
        let after = i64::from(options.offset) + shown;
        let next = if after < total { format!("; the next ones: --offset {after}") } else { String::new() };
        writeln!(text, "\n{shown} of {total}{next}")?;
    }
    output::print(&text)
}
