//! Fills a database that has its tables: people with a password each, sessions, and codes that wait.

use std::fmt::Write as _;
use std::str::FromStr;

use anyhow::Context as _;
use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use clap::Parser;
use guichet_benches::{CODE, PASSWORD, SESSIONS, kept, token};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

#[derive(Parser)]
struct Arguments {
    /// Prints a kept form of everybody's password, and nothing else.
    #[arg(long)]
    hash: bool,
    #[arg(long, required_unless_present = "hash")]
    database: Option<String>,
    /// How many people there are, each with a session.
    #[arg(long, default_value_t = 10_000)]
    people: usize,
    /// How many of them have a password, and a code that waits.
    #[arg(long, default_value_t = 5_000)]
    ready: usize,
}

fn hash() -> anyhow::Result<String> {
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None)?);
    let hash: PasswordHash = hasher.hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16])?;
    Ok(hash.to_string())
}

/// The statements; what differs between the databases is how numbers are counted and moments are written.
fn statements(arguments: &Arguments, postgres: bool) -> anyhow::Result<Vec<String>> {
    let numbers = |from: usize, to: usize| {
        if postgres {
            format!("generate_series({from}, {to}) as g(n)")
        } else {
            format!(
                "(with recursive g(n) as (select {from} union all select n + 1 from g where n < {to}) select n from g) as g"
            )
        }
    };
    let moment = |iso: &str| {
        if postgres { format!("timestamptz '{iso}'") } else { format!("'{iso}'") }
    };
    let yes = if postgres { "true" } else { "1" };
    let (then, later) = (moment("2026-01-01T00:00:00.000Z"), moment("2199-01-01T00:00:00.000Z"));
    // The session began now, so that neither its absolute end nor its prolonging is due.
    let now = if postgres { "now()".to_owned() } else { "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')".to_owned() };
    let soon = if postgres {
        "now() + interval '7 days'".to_owned()
    } else {
        "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+7 days')".to_owned()
    };
    let people = arguments.people;
    let mut all = vec![format!(
        r#"insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
           select 'u' || n, 'Person ' || n, 'p' || n || '@bench.example', {yes}, {then}, {then} from {}"#,
        numbers(0, people - 1)
    )];
    all.push(format!(
        r#"insert into "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId", "amr", "aal")
           select 's' || n, {soon}, 'sha256$filler-of-the-table-that-nobody-has-' || n, {now}, {now}, '127.0.0.1', 'bench/1', 'u' || n, 'pwd', 1
           from {}"#,
        numbers(0, people - 1)
    ));
    let many = SESSIONS.min(people);
    for n in 0..many {
        // Spread over the table: neighbours would share pages.
        let row = n * (people / many);
        all.push(format!(r#"update "session" set "token" = '{}' where "id" = 's{row}'"#, kept(&token(n))));
    }
    let ready = arguments.ready.min(people);
    all.push(format!(
        r#"insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
           select 'a' || n, 'u' || n, 'credential', 'u' || n, '{}', {then}, {then} from {}"#,
        hash()?,
        numbers(0, ready - 1)
    ));
    all.push(format!(
        r#"insert into "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
           select 'v' || n, 'sign-in-otp-p' || n || '@bench.example', '{CODE}:0', {later}, {now}, {now} from {}"#,
        numbers(0, ready - 1)
    ));
    Ok(all)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if arguments.hash {
        println!("{}", hash()?);
        return Ok(());
    }
    let url = arguments.database.clone().context("--database")?;
    let postgres = !url.starts_with("sqlite:");
    let mut script = String::new();
    for statement in statements(&arguments, postgres)? {
        writeln!(script, "{statement};")?;
    }
    if postgres {
        let mut db = sqlx::PgConnection::connect(&url).await?;
        db.execute(sqlx::raw_sql(AssertSqlSafe(format!("begin; {script} commit;")))).await?;
        db.execute("vacuum analyze").await?;
        db.close().await?;
    } else {
        let options = SqliteConnectOptions::from_str(&url)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
        let mut db = sqlx::SqliteConnection::connect_with(&options).await?;
        db.execute(sqlx::raw_sql(AssertSqlSafe(format!("begin; {script} commit;")))).await?;
        db.execute("analyze").await?;
        db.execute("pragma wal_checkpoint(truncate)").await?;
        db.close().await?;
    }
    Ok(())
}
