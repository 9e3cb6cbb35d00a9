//! `guichet session revoke`

use anyhow::bail;
use clap::{ArgGroup, Args};
use guichet_core::app::App;
use guichet_core::session;
use guichet_core::terminal::{counted, person, refused};

use crate::cli::{ask, output};

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet session revoke jean@example.com --session 0192f3c1-…
  guichet session revoke jean@example.com --all
  guichet session revoke --all-users                    after a leak: everybody signs in anew";

#[derive(Args)]
#[command(group(ArgGroup::new("which").required(true).args(["session", "all", "all_users"])))]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER", required_unless_present = "all_users", conflicts_with = "all_users")]
    who: Option<String>,
    /// One session, as `guichet session list` names it
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Every session of this user, and every device that comes in without a second proof
    #[arg(long)]
    all: bool,
    /// Every session of every user
    #[arg(long)]
    all_users: bool,
    /// Asks nothing before --all-users
    #[arg(long, short)]
    yes: bool,
}

/// Whether it was done.
pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<bool> {
    match (&options.who, &options.session) {
        (Some(who), Some(id)) => one(app, who, id).await?,
        (Some(who), None) => all(app, who).await?,
        (None, _) => return everybodys(app, options.yes).await,
    }
    Ok(true)
}

async fn one(app: &App, who: &str, id: &str) -> anyhow::Result<()> {
    let user = person(app, who).await?;
    let sessions = app.sessions.of_user(&app.db, &user.id, app.clock.now()).await?;
    // Another user's session is not ended by mistake.
    if !sessions.iter().any(|session| session.id == id) {
        bail!("{0} has no session {id:?}; `guichet session list {0}` names them", user.email);
    }
    let mut tx = app.db.begin().await?;
    session::end_by_id(app, &mut tx, id).await.map_err(refused)?;
    tx.commit().await?;
    tracing::info!(user_id = user.id, session_id = id, "a session was ended by the operator");
    output::print(&format!("Ended the session {id} of {}.\n", user.email))
}

async fn all(app: &App, who: &str) -> anyhow::Result<()> {
    let user = person(app, who).await?;
    let live = app.sessions.of_user(&app.db, &user.id, app.clock.now()).await?.len();
    let mut tx = app.db.begin().await?;
    session::end_all(app, &mut tx, &user.id, None).await.map_err(refused)?;
    tx.commit().await?;
    tracing::info!(user_id = user.id, "all sessions of a user were ended by the operator");
    output::print(&format!("Ended {} of {}.\n", counted(live, "session"), user.email))
}

async fn everybodys(app: &App, yes: bool) -> anyhow::Result<bool> {
    let live = app.sessions.count_live(&app.db, app.clock.now()).await?;
    let live = counted(usize::try_from(live).unwrap_or_default(), "session");
    let question = format!("Sign everybody out ({live})?");
    if !ask::agreed(&question, yes)? {
        output::print("No session was ended.\n")?;
        return Ok(false);
    }
    let users = session::end_everybodys(app).await.map_err(refused)?;
    tracing::warn!(users, "all sessions of all users were ended by the operator");
    output::print(&format!("Ended {live} of {}.\n", counted(users, "user")))?;
    Ok(true)
}
