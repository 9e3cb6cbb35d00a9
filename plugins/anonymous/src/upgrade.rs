//! The event that a guest became somebody: written in the transaction that signs them in, and told to the application
//! afterwards, until it answers that it took it. At least once, also across a crash; replicas share the table.

use std::time::Duration;

use guichet_core::app::App;
use guichet_core::db::{DbError, FromRow, Row, Tx};
use guichet_core::keyring::hmac_sha256_hex;
use guichet_core::schema::{Column, Table};
use guichet_core::serde_json::json;
use guichet_core::timestamp::Timestamp;
use http::Request;

use crate::options::HandOver;

/// How often the table is looked at.
const ROUND: Duration = Duration::from_secs(2);
/// An event is claimed for so long; when its process dies, another one takes it then.
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
}

impl FromRow for Event {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            guest: row.get("anonymousUserId")?,
            user: row.get("userId")?,
            at: row.get("createdAt")?,
        })
    }
}

/// Claims what is due: of any number of processes, one gets each event.
const CLAIM_DUE: &str = r#"
update "anonymousUpgrade" set "nextAttemptAt" = $2
where "id" in (select "id" from "anonymousUpgrade" where "nextAttemptAt" <= $1 order by "nextAttemptAt" limit 20)
  and "nextAttemptAt" <= $1
returning "id", "anonymousUserId", "userId", "createdAt""#;

/// Tells the application what is due, once. Public to the plugin's own rounds.
pub(crate) async fn deliver_due(app: &App, hand_over: &HandOver) -> Result<(), DbError> {
    let now = app.clock.now();
    let due: Vec<Event> = app.db.query(CLAIM_DUE).bind(now).bind(now.plus(CLAIM)).all().await?;
    for event in due {
        let told = tell(app, hand_over, &event).await;
        if let Err(problem) = &told {
            tracing::warn!(
                event_id = event.id,
                error = problem,
                "an application was not told of a guest's upgrade"
            );
        }
        let too_old = event.at.plus(GIVE_UP) <= now;
        if told.is_ok() || too_old {
            app.db
                .query(r#"delete from "anonymousUpgrade" where "id" = $1"#)
                .bind(&event.id)
                .execute()
                .await?;
        }
    }
    Ok(())
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

/// Rounds for as long as the database is open.
pub(crate) fn deliver_in_the_background(app: App, hand_over: HandOver) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(ROUND).await;
            match deliver_due(&app, &hand_over).await {
                Err(_) if app.db.is_closed() => return,
                Err(error) => tracing::warn!(error = %error, "guests' upgrades wait for the database"),
                Ok(()) => {}
            }
        }
    });
}
