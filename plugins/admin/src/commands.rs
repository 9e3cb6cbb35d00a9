//! `guichet admin ban`, `unban`, `role` and `list`: how the first administrator is made, and how people are locked out from
//! a terminal.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use guichet_core::app::App;
use guichet_core::db::{Value, like_escaped};
use guichet_core::plugin::{AS_JSON, Command, CommandName, Switch, Typed};
use guichet_core::serde_json::{Value as Json, json};
use guichet_core::session;
use guichet_core::store::User;
use guichet_core::terminal::{named, person, plain, refused, table};
use guichet_core::timestamp::Timestamp;

use crate::ban::{self, Ban, Standing, standing};
use crate::caller::say_operator;
use crate::{Admin, BAN_EXPIRES, BAN_REASON, ROLE, hooks};

const REASON: Switch = Switch::with("reason", "TEXT", "Why; administrators see it");
const FOR: Switch = Switch::with("for", "SPAN", "For how long, such as 1h or 7d; without it, for ever");
const BANNED_ONES: Switch = Switch::new("banned", "Lists who is banned instead");

pub(crate) const BAN: CommandName = CommandName {
    group: "admin",
    name: "ban",
    about: "Bans a user, named by e-mail address or id, and ends every session of theirs",
    argument: "USER",
    switches: &[REASON, FOR, AS_JSON],
    examples: "  guichet admin ban jean@example.com\n  \
               guichet admin ban jean@example.com --reason Spam --for 7d\n  \
               guichet admin ban 0198c2f0-5c3e-7a51-b1c5-0f3c1d2e4a5b --json",
};
pub(crate) const UNBAN: CommandName = CommandName {
    group: "admin",
    name: "unban",
    about: "Lifts the ban of a user, named by e-mail address or id",
    argument: "USER",
    switches: &[AS_JSON],
    examples: "  guichet admin unban jean@example.com",
};
pub(crate) const ROLE_OF: CommandName = CommandName {
    group: "admin",
    name: "role",
    about: "Sets the role of a user, named by e-mail address or id: the first administrator is made so",
    argument: "USER ROLE",
    switches: &[AS_JSON],
    examples: "  guichet admin role anna@example.com admin        makes an administrator\n  \
               guichet admin role anna@example.com user         takes it back\n  \
               guichet admin role anna@example.com user,support several roles",
};
pub(crate) const LIST: CommandName = CommandName {
    group: "admin",
    name: "list",
    about: "Lists the administrators, or who is banned",
    argument: "",
    switches: &[BANNED_ONES, AS_JSON],
    examples: "  guichet admin list\n  guichet admin list --banned --json | jq -r '.[].email'",
};

pub(crate) fn all(plugin: &Arc<Admin>) -> Vec<Command> {
    let [bans, roles, lists] = [plugin.clone(), plugin.clone(), plugin.clone()];
    vec![
        BAN.does(move |app, typed| {
            let plugin = bans.clone();
            async move { begin(&plugin, &app, &typed).await }
        }),
        UNBAN.does(|app, typed| async move { end(&app, &typed).await }),
        ROLE_OF.does(move |app, typed| {
            let plugin = roles.clone();
            async move { set_role(&plugin, &app, &typed).await }
        }),
        LIST.does(move |app, typed| {
            let plugin = lists.clone();
            async move { list(&plugin, &app, &typed).await }
        }),
    ]
}

async fn begin(plugin: &Admin, app: &App, typed: &Typed) -> anyhow::Result<String> {
    let user = person(app, &typed.argument).await?;
    let span = match typed.value(FOR) {
        Some(text) => {
            let span = humantime::parse_duration(text);
            Some(span.map_err(|problem| anyhow!("--for {text}: {problem}; write it as 30m, 1h or 7d"))?)
        }
        None => plugin.options.default_ban_expires_in.map(|span| span.0),
    };
    let until = match span {
        Some(span) if span.is_zero() => bail!("--for 0: leave it out for a ban without an end"),
        Some(span) => Some(later(app.clock.now(), span)?),
        None => None,
    };
    let reason = typed.value(REASON).filter(|text| !text.trim().is_empty());
    let reason = reason.unwrap_or(&plugin.options.default_ban_reason).to_owned();
    let mut tx = app.db.begin().await?;
    let banned = ban::ban(app, &mut tx, &user.id, Ban { reason, until }).await.map_err(refused)?;
    let banned = banned.ok_or_else(|| gone(&user))?;
    tx.commit().await?;
    say_operator("ban-user", &user.id);
    if typed.has(AS_JSON) {
        return Ok(format!("{:#}", app.users.json(&banned)));
    }
    let until =
        until.map_or_else(|| "for ever".to_owned(), |end| format!("until {} (UTC)", end.to_the_minute()));
    Ok(format!("{} is banned {until}, and every session of theirs has ended.", user.email))
}

fn later(now: Timestamp, span: std::time::Duration) -> anyhow::Result<Timestamp> {
    let millis = i64::try_from(span.as_millis()).ok().and_then(|span| now.millis().checked_add(span));
    let end = millis.and_then(Timestamp::from_millis);
    end.ok_or_else(|| anyhow!("--for: that is too long; leave it out for a ban without an end"))
}

async fn end(app: &App, typed: &Typed) -> anyhow::Result<String> {
    let user = person(app, &typed.argument).await?;
    let was = standing(&user, app.clock.now());
    let mut tx = app.db.begin().await?;
    let free = ban::lift(app, &mut tx, &user.id).await?.ok_or_else(|| gone(&user))?;
    tx.commit().await?;
    say_operator("unban-user", &user.id);
    Ok(match (typed.has(AS_JSON), was) {
        (true, _) => format!("{:#}", app.users.json(&free)),
        (false, Standing::Free) => format!("{} was not banned.", user.email),
        (false, _) => format!("{} is not banned any more.", user.email),
    })
}

async fn set_role(plugin: &Admin, app: &App, typed: &Typed) -> anyhow::Result<String> {
    let user = person(app, &typed.argument).await?;
    let role = typed.others.first().map(String::as_str).unwrap_or_default();
    let access = &plugin.access;
    for one in role.split(',') {
        if one.is_empty() || one.trim() != one {
            bail!("{role:?}: a role, or several with commas and no spaces between them");
        }
        if !access.can_be_set(one) {
            bail!("there is no role {one:?}: [plugins.admin.roles] has {}", access.known());
        }
    }
    let mut tx = app.db.begin().await?;
    session::hold_user(app, &mut tx, &user.id).await.map_err(refused)?;
    let changed = app.users.update(&mut tx, &user.id, vec![(ROLE, role.into())], app.clock.now()).await?;
    let changed = changed.ok_or_else(|| gone(&user))?;
    hooks::end_lent(app, &mut tx, &user.id).await.map_err(refused)?;
    tx.commit().await?;
    say_operator("set-role", &user.id);
    if typed.has(AS_JSON) {
        return Ok(format!("{:#}", app.users.json(&changed)));
    }
    let mut said = format!("{} has the role {role} now.", user.email);
    if let Some(unknown) = role.split(',').find(|one| !access.knows(one)) {
        write!(said, " As {unknown} they may nothing here; the roles that may are: {}.", access.known())?;
    }
    Ok(said)
}

async fn list(plugin: &Admin, app: &App, typed: &Typed) -> anyhow::Result<String> {
    let banned = typed.has(BANNED_ONES);
    let users = if banned { all_banned(app).await? } else { all_admins(plugin, app).await? };
    if typed.has(AS_JSON) {
        let users: Vec<Json> = users.iter().map(|user| app.users.json(user)).collect();
        return Ok(format!("{:#}", json!(users)));
    }
    if users.is_empty() {
        return Ok(if banned {
            "Nobody is banned.".to_owned()
        } else {
            let role = plugin.access.admin_roles().first().map_or("admin", String::as_str);
            format!("There is no administrator yet: `guichet admin role USER {role}` makes one.")
        });
    }
    if banned {
        let rows: Vec<[String; 4]> = users.iter().map(of_ban).collect();
        return Ok(table(["E-MAIL", "ID", "UNTIL (UTC)", "REASON"], &rows));
    }
    let role = |user: &User| plain(user.extra.text(ROLE).unwrap_or_default(), 80);
    let rows: Vec<[String; 3]> =
        users.iter().map(|user| [plain(&user.email, 60), user.id.clone(), role(user)]).collect();
    Ok(table(["E-MAIL", "ID", "ROLE"], &rows))
}

fn of_ban(user: &User) -> [String; 4] {
    let end = user.extra.get(BAN_EXPIRES).and_then(Value::as_timestamp);
    let end = end.map_or_else(|| "for ever".to_owned(), Timestamp::to_the_minute);
    let reason = plain(user.extra.text(BAN_REASON).unwrap_or_default(), 80);
    [plain(&user.email, 60), user.id.clone(), end, reason]
}

async fn all_banned(app: &App) -> anyhow::Result<Vec<User>> {
    let now = app.clock.now();
    let tail = r#" where u."banned" = $1 order by u."email""#;
    let mut users = app.users.matching(&app.db, tail, vec![true.into()]).await?;
    users.retain(|user| standing(user, now) == Standing::Banned);
    Ok(users)
}

async fn all_admins(plugin: &Admin, app: &App) -> anyhow::Result<Vec<User>> {
    let access = &plugin.access;
    let mut admins: Vec<User> = Vec::new();
    for role in access.admin_roles() {
        let escaped = like_escaped(role);
        let tail = r#" where cast(u."role" as text) like $1 escape '!' order by u."email""#;
        admins.extend(app.users.matching(&app.db, tail, vec![format!("%{escaped}%").into()]).await?);
    }
    for id in access.admin_ids() {
        admins.extend(named(app, id).await?);
    }
    // A role may be part of another one's name.
    admins.retain(|user| access.is_admin(user));
    admins.sort_by(|one, other| one.email.cmp(&other.email));
    admins.dedup_by(|one, other| one.id == other.id);
    Ok(admins)
}

fn gone(user: &User) -> anyhow::Error {
    anyhow!("{} was deleted meanwhile", user.email)
}
