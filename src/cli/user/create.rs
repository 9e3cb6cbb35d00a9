//! `guichet user create`

use anyhow::{anyhow, bail};
use clap::Args;
use guichet_core::app::App;
use guichet_core::db::Value;
use guichet_core::email_address::EmailAddress;
use guichet_core::pathway::Pathway;
use guichet_core::schema::{Column, Kind};
use guichet_core::store::{Accounts, Fields, NewUser};
use guichet_core::terminal::refused;
use guichet_core::timestamp::Timestamp;

use crate::cli::pathways::ways_in;
use crate::cli::{ask, output};

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user create jean@example.com --name \"Jean Dupont\"
  guichet user create anna@example.com --verified --set role=ADMIN
  pass show anna | guichet user create anna@example.com --password-stdin";

#[derive(Args)]
pub(crate) struct Options {
    /// The e-mail address
    #[arg(value_parser = address)]
    email: EmailAddress,
    /// The name
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// Reads a password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// The person is known to read this mailbox
    #[arg(long)]
    verified: bool,
    /// Sets an additional column, also one that clients may not set; may be given several times
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Prints the user as JSON
    #[arg(long)]
    json: bool,
}

fn address(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse_international(text).ok_or_else(|| "this is no e-mail address".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as column=value")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) async fn run(app: &App, options: Options) -> anyhow::Result<()> {
    let extra = columns(app, options.set)?;
    let hash = if options.password_stdin {
        let password = ask::first_line()?;
        app.passwords.check_new(app, password.expose()).await.map_err(refused)?;
        Some(app.passwords.hash(password.expose()).await.map_err(refused)?)
    } else {
        None
    };
    let with_password = hash.is_some();
    let email = options.email.as_str().to_owned();
    let new = NewUser {
        email: options.email,
        email_verified: options.verified,
        name: options.name,
        image: None,
        extra,
    };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let made = app.users.insert_if_new(&mut tx, app.new_id(), new, now).await;
    let user = made.map_err(|error| match app.users.violated(&error) {
        Some(column) => anyhow!("somebody else has this {} already", column.name),
        None => error.into(),
    })?;
    let Some(user) = user else {
        bail!("{email} is a user already: see `guichet user show {email}`");
    };
    if let Some(hash) = hash {
        Accounts::put_password(&mut tx, app.new_id(), &user.id, hash, now).await?;
    }
    tx.commit().await?;
    tracing::info!(user_id = user.id, "a user was made by the operator");
    if options.json {
        return output::print(&format!("{:#}\n", app.users.json(&user)));
    }
    output::print(&format!("Made {email} ({}).\n{}\n", user.id, way_in(app, with_password)))
}

/// How the new user gets in.
fn way_in(app: &App, with_password: bool) -> String {
    let passwords = ways_in(app, Pathway::takes_password).join(", ");
    let by_mail = ways_in(app, |way| way.by_mail).join(", ");
    let at = app.main_door().map(|door| format!(": {}", app.url(&door.path))).unwrap_or_default();
    match (with_password, passwords.as_str(), by_mail.as_str()) {
        (true, "", _) => {
            "The password is kept, and nothing that is on lets anybody in with it: see `guichet config \
                          show pathways`."
                .to_owned()
        }
        (true, ways, _) => format!("They come in with the password ({ways}){at}"),
        (false, "", "") => {
            "Nothing that is on lets them in with a password or by e-mail: see `guichet config show \
                            pathways`."
                .to_owned()
        }
        (false, _, "") => format!(
            "They have no password yet: `guichet user set-password` sets one; whoever offers \"Forgot password?\" \
             lets them choose it themselves{at}"
        ),
        (false, _, ways) => format!("They come in by what is mailed to them ({ways}){at}"),
    }
}

/// Checks what is set against the declared columns; whoever types here may set what clients may not.
fn columns(app: &App, set: Vec<(String, String)>) -> anyhow::Result<Fields> {
    let mut fields = Fields::default();
    for (name, text) in set {
        let Some(column) = app.users.extra_columns().find(|column| column.name == name) else {
            let known: Vec<&str> = app.users.extra_columns().map(|column| column.name.as_ref()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            bail!("--set {name}: `user` has no additional column of that name; it has: {known}");
        };
        anyhow::ensure!(fields.get(&name).is_none(), "--set {name} is given twice");
        let value = typed(column, &text)
            .ok_or_else(|| anyhow!("--set {name}={text}: the column takes {}", wanted(column.kind)))?;
        fields.set(name, value);
    }
    let missing = |column: &&Column| {
        column.required && column.default.is_none() && fields.get(column.name.as_ref()).is_none()
    };
    if let Some(column) = app.users.extra_columns().find(missing) {
        bail!("every user has a {0:?}: add --set {0}=…", column.name);
    }
    Ok(fields)
}

fn typed(column: &Column, text: &str) -> Option<Value> {
    Some(match column.kind {
        Kind::Text => text.into(),
        Kind::Boolean => text.parse::<bool>().ok()?.into(),
        Kind::Timestamp => Timestamp::parse(text)?.into(),
        Kind::Integer => text.parse::<i32>().ok()?.into(),
        Kind::BigInteger => text.parse::<i64>().ok()?.into(),
    })
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Boolean => "true or false",
        Kind::Timestamp => "a moment such as 2026-01-31T12:00:00Z",
        Kind::Integer | Kind::BigInteger => "a whole number",
    }
}
