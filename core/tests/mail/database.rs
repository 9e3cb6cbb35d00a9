//! A database of its own for each story, on `SQLite` and on Postgres.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use guichet_core::db::{Db, Dialect};
use secrecy::SecretString;

/// The URL of a Postgres server on which databases may be made.
const ADMIN: &str = "GUICHET_TEST_POSTGRES";

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Where a story's database is.
#[derive(Clone)]
pub(crate) struct Place {
    url: String,
    name: String,
    file: Option<PathBuf>,
}

impl Place {
    /// A new pool on it, as another replica would have.
    pub(crate) async fn connect(&self) -> Db {
        Db::connect(&SecretString::from(self.url.clone()), 5).await.unwrap()
    }
}

/// Runs the story on both databases; each run has an empty outbox of its own.
pub(crate) async fn on_both<S, F>(story: S)
where
    S: Fn(Place) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    play(&story, sqlite()).await;
    play(&story, postgres().await).await;
}

async fn play<S, F>(story: &S, place: Place)
where
    S: Fn(Place) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let db = place.connect().await;
    println!("on {}", db.dialect().name());
    db.query(create_table(db.dialect())).execute().await.unwrap();
    db.query(r#"create index "due" on "mailOutbox" ("nextAttemptAt")"#).execute().await.unwrap();
    db.close().await;
    let outcome = tokio::spawn(story(place.clone())).await;
    remove(&place).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

fn name() -> String {
    format!("guichet_mail_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

fn sqlite() -> Place {
    let name = name();
    let file = std::env::temp_dir().join(format!("{name}.db"));
    Place { url: format!("sqlite:{}", file.display()), name, file: Some(file) }
}

#[expect(clippy::disallowed_methods, reason = "the test's own settings come from the environment")]
fn admin_url() -> String {
    std::env::var(ADMIN).unwrap_or_else(|_| {
        panic!("set {ADMIN} to the URL of a Postgres server on which this test may make databases")
    })
}

async fn postgres() -> Place {
    let name = name();
    let mut url: url::Url = admin_url().parse().unwrap();
    let admin = Db::connect(&SecretString::from(url.to_string()), 1).await.unwrap();
    admin.query(&format!(r#"create database "{name}""#)).execute().await.unwrap();
    admin.close().await;
    url.set_path(&name);
    Place { url: url.into(), name, file: None }
}

async fn remove(place: &Place) {
    if let Some(file) = &place.file {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.display()));
        }
        return;
    }
    let admin = Db::connect(&SecretString::from(admin_url()), 1).await.unwrap();
    let drop = format!(r#"drop database "{}" with (force)"#, place.name);
    admin.query(&drop).execute().await.unwrap();
    admin.close().await;
}

fn create_table(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            r#"create table "mailOutbox" ("id" text primary key, "sealed" text not null, "kind" text not null,
               "attempts" integer not null, "nextAttemptAt" timestamptz, "claimedUntil" timestamptz,
               "lastError" text, "createdAt" timestamptz not null, "expiresAt" timestamptz,
               "failedAt" timestamptz)"#
        }
        Dialect::Sqlite => {
            r#"create table "mailOutbox" ("id" text primary key, "sealed" text not null, "kind" text not null,
               "attempts" integer not null, "nextAttemptAt" date, "claimedUntil" date, "lastError" text,
               "createdAt" date not null, "expiresAt" date, "failedAt" date)"#
        }
    }
}
