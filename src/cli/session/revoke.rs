//! `guichet session revoke`

use anyhow::bail;
use clap::{ArgGroup, Args};
use guichet_core::session;

use crate::cli::back_office::{BackOffice, refused};
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
pub(super) async fn run(office: &BackOffice, options: &Options) -> anyhow::Result<bool> {
    match (&options.who, &options.session) {
        (Some(who), Some(id)) => one(office, who, id).await?,
        (Some(who), None) => all(office, who).await?,
        (None, _) => return everybodys(office, options.yes).await,
    }
    Ok(true)
}

async fn one(office: &BackOffice, who: &str, id: &str) -> anyhow::Result<()> {
    let user = office.person(who).await?;
    let sessions = office.sessions.of_user(&office.db, &user.id, office.clock.now()).await?;
    // Another user's session is not ended by mistake.
    if !sessions.iter().any(|session| session.id == id) {
        bail!("{0} has no session {id:?}; `guichet session list {0}` names them", user.email);
    }
    let mut tx = office.db.begin().await?;
    session::end_by_id(office, &mut tx, id).await.map_err(refused)?;
    tx.commit().await?;
    tracing::info!(user_id = user.id, session_id = id, "a session was ended by the operator");
    output::print(&format!("Ended the session {id} of {}.\n", user.email))
}

async fn all(office: &BackOffice, who: &str) -> anyhow::Result<()> {
    let user = office.person(who).await?;
    let live = office.sessions.of_user(&office.db, &user.id, office.clock.now()).await?.len();
    let mut tx = office.db.begin().await?;
    session::end_all(office, &mut tx, &user.id, None).await.map_err(refused)?;
    tx.commit().await?;
    tracing::info!(user_id = user.id, "all sessions of a user were ended by the operator");
    output::print(&format!("Ended {} of {}.\n", output::counted(live, "session"), user.email))
}

async fn everybodys(office: &BackOffice, yes: bool) -> anyhow::Result<bool> {
    let live = office.sessions.count_live(&office.db, office.clock.now()).await?;
    let live = output::counted(usize::try_from(live).unwrap_or_default(), "session");
    let question = format!("Sign everybody out ({live})?");
    if !ask::agreed(&question, yes)? {
        output::print("No session was ended.\n")?;
        return Ok(false);
    }
    let users = session::end_everybodys(office).await.map_err(refused)?;
    tracing::warn!(users, "all sessions of all users were ended by the operator");
    output::print(&format!("Ended {live} of {}.\n", output::counted(users, "user")))?;
    Ok(true)
}
