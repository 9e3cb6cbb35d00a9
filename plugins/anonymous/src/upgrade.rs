//! The event that a guest became somebody: written in the transaction that signs them in, and told to the application
//! afterwards, until it answers that it took it, with growing pauses. At least once, also across a crash; replicas share
//! the table.

use std::time::Duration;

use guichet_core::app::App;
use guichet_core::backoff;
use guichet_core::db::{DbError, FromRow, Row, Tx};
use guichet_core::keyring::hmac_sha256_hex;
use guichet_core::schema::{Column, Default, Table};
use guichet_core::serde_json::json;
use guichet_core::timestamp::Timestamp;
use http::Request;
use tokio::task::JoinSet;

use crate::options::HandOver;

/// How often the table is looked at.
const ROUND: Duration = Duration::from_secs(2);
/// How many are told at once. All that a claim takes is on its way at once: nothing waits under it for its turn until it
/// runs out, and another process tells the same.
const AT_ONCE: u32 = 8;
/// An event is claimed for so long; when its process dies, another one takes it then. Longer than a call ever takes
/// ([`guichet_core::outbound`]), so that a slow application never makes two processes tell one event.
const CLAIM: Duration = Duration::from_mins(1);
/// After so long nobody is told any more.
const GIVE_UP: Duration = Duration::from_hours(7 * 24);

pub(crate) fn table() -> Table {
    Table::new("anonymousUpgrade")
        .column(Column::id())
        .column(Column::text("anonymousUserId").required())
        .column(Column::text("userId").required())
        .column(Column::timestamp("createdAt").required())
        .column(Column::timestamp("nextAttemptAt").required().indexed())
        .column(Column::integer("attempts").required().default(Default::Integer(0)))
}

/// Writes the event.
pub(crate) async fn note(app: &App, tx: &mut Tx, guest: &str, user: &str) -> Result<(), DbError> {
    tx.query(
        r#"insert into "anonymousUpgrade" ("id", "anonymousUserId", "userId", "createdAt", "nextAttemptAt")
           values ($1, $2, $3, $4, $4)"#,
    )
    .bind(app.new_id())
    .bind(guest)
    .bind(user)
    .bind(app.clock.now())
    .execute()
    .await
    .map(drop)
}

struct Event {
    id: String,
    guest: String,
    user: String,
    at: Timestamp,
    /// How often it was tried, this time included.
    attempts: i64,
    held_until: Timestamp,
}

impl FromRow for Event {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            guest: row.get("anonymousUserId")?,
            user: row.get("userId")?,
            at: row.get("createdAt")?,
            attempts: row.get("attempts")?,
            held_until: row.get("nextAttemptAt")?,
        })
    }
}

/// Claims what is due: of any number of processes, one gets each event.
const CLAIM_DUE: &str = r#"
update "anonymousUpgrade" set "nextAttemptAt" = $2, "attempts" = "attempts" + 1
where "id" in (select "id" from "anonymousUpgrade" where "nextAttemptAt" <= $1 order by "nextAttemptAt" limit $3)
  and "nextAttemptAt" <= $1
returning "id", "anonymousUserId", "userId", "createdAt", "attempts", "nextAttemptAt""#;

/// Tells the application what is due, each event once.
async fn deliver_due(app: &App, hand_over: &HandOver) -> Result<(), DbError> {
    loop {
        let now = app.clock.now();
        let claimed = app.db.query(CLAIM_DUE).bind(now).bind(now.plus(CLAIM)).bind(AT_ONCE);
        let due: Vec<Event> = claimed.all().await?;
        if due.is_empty() {
            return Ok(());
        }
        let mut calls = JoinSet::new();
        for event in due {
            let (app, hand_over) = (app.clone(), hand_over.clone());
            calls.spawn(async move { attempt(&app, &hand_over, &event).await });
        }
        let mut settled = Ok(());
        while let Some(done) = calls.join_next().await {
            match done {
                Ok(one) => settled = settled.and(one),
                Err(panic) => tracing::error!(error = %panic, "telling of a guest's upgrade broke off"),
            }
        }
        settled?;
    }
}

/// Tells one event and writes down what became of it.
async fn attempt(app: &App, hand_over: &HandOver, event: &Event) -> Result<(), DbError> {
    let Err(problem) = tell(app, hand_over, event).await else { return forget(app, event).await };
    let (event_id, attempts) = (&event.id, event.attempts);
    let next = app.clock.now().plus(backoff::pause(attempts, app.keyring.random_u64()));
    if event.at.plus(GIVE_UP) <= next {
        tracing::error!(
            event_id,
            attempts,
            error = problem,
            "an application is told of a guest's upgrade no more"
        );
        return forget(app, event).await;
    }
    tracing::warn!(event_id, attempts, error = problem, "an application was not told of a guest's upgrade");
    // Only while the claim holds: a later one knows better.
    app.db
        .query(
            r#"update "anonymousUpgrade" set "nextAttemptAt" = $3 where "id" = $1 and "nextAttemptAt" = $2"#,
        )
        .bind(event_id)
        .bind(event.held_until)
        .bind(next)
        .execute()
        .await
        .map(drop)
}

async fn forget(app: &App, event: &Event) -> Result<(), DbError> {
    app.db
        .query(r#"delete from "anonymousUpgrade" where "id" = $1"#)
        .bind(&event.id)
        .execute()
        .await
        .map(drop)
}

async fn tell(app: &App, hand_over: &HandOver, event: &Event) -> Result<(), String> {
    let body = json!({"id": event.id, "at": event.at, "anonymousUserId": event.guest, "userId": event.user})
        .to_string();
    let signature = hmac_sha256_hex(hand_over.secret.expose().as_bytes(), body.as_bytes());
    let request = Request::post(hand_over.url.as_str())
        .header("content-type", "application/json")
        .header("x-guichet-event", "anonymous.upgraded")
        .header("x-guichet-signature", format!("sha256={signature}"))
        .body(body.into_bytes())
        .map_err(|error| error.to_string())?;
    let answer = app.outbound.send(request).await.map_err(|error| error.to_string())?;
    if answer.status.is_success() { Ok(()) } else { Err(format!("it answered {}", answer.status.as_u16())) }
}

/// Rounds until the server stops, or the database is closed; what is being told by then is told.
pub(crate) fn deliver_in_the_background(app: App, hand_over: HandOver) {
    tokio::spawn(async move {
        while app.stopping.run_until_cancelled(tokio::time::sleep(ROUND)).await.is_some() {
            match deliver_due(&app, &hand_over).await {
                Err(_) if app.db.is_closed() => return,
                Err(error) => tracing::warn!(error = %error, "guests' upgrades wait for the database"),
                Ok(()) => {}
            }
        }
    });
}
