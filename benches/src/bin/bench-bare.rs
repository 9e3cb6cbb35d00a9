//! The bare server that Guichet is compared with: axum, sqlx, the same statement, the same JSON, the same allocator,
//! as many connections, and nothing else. No signature is checked, nothing is limited, logged or prolonged.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Context as _;
use argon2::Argon2;
use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::Parser;
use guichet_benches::{PASSWORD, kept};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use time::OffsetDateTime;
use time::macros::format_description;
use tokio::sync::Semaphore;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Arguments {
    #[arg(long)]
    listen: SocketAddr,
    #[arg(long)]
    database: String,
    #[arg(long, default_value_t = 20)]
    connections: u32,
    /// A kept password of the form that Guichet writes.
    #[arg(long)]
    hash: String,
}

enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

struct Bare {
    pool: Pool,
    hash: String,
    turns: Arc<Semaphore>,
}

const SQL: &str = r#"select s."id" as "s_id", s."expiresAt" as "s_expiresAt", s."token" as "s_token",
s."createdAt" as "s_createdAt", s."updatedAt" as "s_updatedAt", s."ipAddress" as "s_ipAddress",
s."userAgent" as "s_userAgent", s."userId" as "s_userId", s."amr" as "s_amr", s."aal" as "s_aal",
u."id" as "u_id", u."name" as "u_name", u."email" as "u_email", u."emailVerified" as "u_emailVerified",
u."image" as "u_image", u."createdAt" as "u_createdAt", u."updatedAt" as "u_updatedAt"
from "session" s join "user" u on u."id" = s."userId" where s."token" in ($1, $2)"#;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session<'a> {
    id: String,
    expires_at: String,
    token: &'a str,
    created_at: String,
    updated_at: String,
    ip_address: Option<String>,
    user_agent: Option<String>,
    user_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    name: String,
    email: String,
    email_verified: bool,
    image: Option<String>,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
struct Signed<'a> {
    session: Session<'a>,
    user: User,
}

/// A moment in the form of the answer; `SQLite` keeps it in that form.
trait Moments: sqlx::Row {
    fn moment(&self, column: &str) -> anyhow::Result<String>;
    fn truth(&self, column: &str) -> anyhow::Result<bool>;
}

impl Moments for sqlx::postgres::PgRow {
    fn moment(&self, column: &str) -> anyhow::Result<String> {
        let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        Ok(self.try_get::<OffsetDateTime, _>(column)?.format(form)?)
    }
    fn truth(&self, column: &str) -> anyhow::Result<bool> {
        Ok(self.try_get(column)?)
    }
}

impl Moments for sqlx::sqlite::SqliteRow {
    fn moment(&self, column: &str) -> anyhow::Result<String> {
        Ok(self.try_get(column)?)
    }
    fn truth(&self, column: &str) -> anyhow::Result<bool> {
        Ok(self.try_get::<i64, _>(column)? != 0)
    }
}

macro_rules! signed {
    ($row:expr, $token:expr) => {{
        let row = $row;
        Signed {
            session: Session {
                id: row.try_get("s_id")?,
                expires_at: row.moment("s_expiresAt")?,
                token: $token,
                created_at: row.moment("s_createdAt")?,
                updated_at: row.moment("s_updatedAt")?,
                ip_address: row.try_get("s_ipAddress")?,
                user_agent: row.try_get("s_userAgent")?,
                user_id: row.try_get("s_userId")?,
            },
            user: User {
                id: row.try_get("u_id")?,
                name: row.try_get("u_name")?,
                email: row.try_get("u_email")?,
                email_verified: row.truth("u_emailVerified")?,
                image: row.try_get("u_image")?,
                created_at: row.moment("u_createdAt")?,
                updated_at: row.moment("u_updatedAt")?,
            },
        }
    }};
}

async fn read(bare: &Bare, token: &str) -> anyhow::Result<String> {
    let hashed = kept(token);
    let signed = match &bare.pool {
        Pool::Postgres(pool) => {
            let row = sqlx::query(SQL).bind(hashed).bind(token).fetch_optional(pool).await?;
            row.map(|row| anyhow::Ok(signed!(row, token))).transpose()?
        }
        Pool::Sqlite(pool) => {
            let row = sqlx::query(SQL).bind(hashed).bind(token).fetch_optional(pool).await?;
            row.map(|row| anyhow::Ok(signed!(row, token))).transpose()?
        }
    };
    Ok(serde_json::to_string(&signed)?)
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let value = cookies.split(';').find_map(|pair| pair.trim().strip_prefix("better-auth.session_token="))?;
    value.get(..32)
}

async fn get_session(State(bare): State<Arc<Bare>>, headers: HeaderMap) -> Response {
    let answer = match token(&headers) {
        Some(token) => read(&bare, token).await,
        None => Ok("null".to_owned()),
    };
    answer.map_or_else(failed, json)
}

/// One comparison, as a sign-in makes it, on a bounded number of threads.
async fn hash(State(bare): State<Arc<Bare>>) -> Response {
    let Ok(_turn) = bare.turns.acquire().await else { return failed(anyhow::anyhow!("closed")) };
    let hash = bare.hash.clone();
    let right = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|kept| Argon2::default().verify_password(PASSWORD.as_bytes(), &kept).is_ok())
    });
    match right.await {
        Ok(true) => json("true".to_owned()),
        _ => failed(anyhow::anyhow!("the password is not the one of --hash")),
    }
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_or_else calls")]
fn failed(error: anyhow::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response()
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let pool = if arguments.database.starts_with("sqlite:") {
        let options =
            SqliteConnectOptions::from_str(&arguments.database)?.journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePoolOptions::new().max_connections(arguments.connections);
        Pool::Sqlite(pool.connect_with(options).await?)
    } else {
        let pool = PgPoolOptions::new().max_connections(arguments.connections);
        Pool::Postgres(pool.connect(&arguments.database).await?)
    };
    let at_once = std::thread::available_parallelism()?.get().min(2);
    let bare = Arc::new(Bare { pool, hash: arguments.hash, turns: Arc::new(Semaphore::new(at_once)) });
    let service = Router::new()
        .route("/api/auth/get-session", get(get_session))
        .route("/hash", post(hash))
        .route("/healthz", get(|| async { "alive" }))
        .with_state(bare);
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, service).await.context("the bare server stopped")
}
