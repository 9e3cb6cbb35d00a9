//! The tables `revocation` and `revocationFeed`.
//!
//! A row is written in the transaction that ends its session, and such transactions become visible in any order: neither
//! a time nor a number that is drawn there says which rows a reader has seen. So rows are written without a position, and
//! readers give one to those that they can see. They do it one after the other, because each changes the feed's row
//! first: whoever has seen a position has seen every row up to it, and no row ever comes to lie before it.

use guichet_core::app::App;
use guichet_core::db::{Db, DbError, FromRow, Row, Tx};
use guichet_core::schema::{Column, Table};
use guichet_core::timestamp::Timestamp;

/// The one row of `revocationFeed`.
const FEED: &str = "feed";
/// How many rows get one position: an answer ends at a position, so that it holds at least one.
const AT_ONCE: i64 = 500;
/// How many rows an answer holds at the most.
pub(crate) const MOST: i64 = 10_000;

pub(crate) fn tables() -> Vec<Table> {
    vec![
        Table::new("revocation")
            .column(Column::id())
            .column(Column::integer("position").indexed())
            // Neither refers to its table: what they name is gone, or about to go.
            .column(Column::text("sessionId"))
            .column(Column::text("userId"))
            .column(Column::timestamp("notBefore"))
            .column(Column::timestamp("createdAt").required())
            .column(Column::timestamp("expiresAt").required().indexed()),
        Table::new("revocationFeed")
            .column(Column::id())
            .column(Column::text("epoch").required())
            .column(Column::integer("position").required()),
    ]
}

/// Something that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// A session.
    Session(String),
    /// Everything of a user that was issued before this second.
    User(String, Timestamp),
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) ended: Ended,
    /// Whatever it concerns has ended by itself then.
    pub(crate) expires_at: Timestamp,
    pub(crate) position: i64,
}

impl FromRow for Entry {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let ended = match row.maybe("sessionId")? {
            Some(session) => Ended::Session(session),
            None => Ended::User(row.get("userId")?, row.get("notBefore")?),
        };
        Ok(Self { ended, expires_at: row.get("expiresAt")?, position: row.get("position")? })
    }
}

/// How far the feed has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feed {
    /// Which feed this is: positions of another one (another database, before) mean nothing in it.
    pub(crate) epoch: String,
    /// The last position that was given.
    pub(crate) position: i64,
    /// Whether rows wait for one.
    pub(crate) behind: bool,
}

impl FromRow for Feed {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let waiting: Option<String> = row.maybe("waiting")?;
        Ok(Self { epoch: row.get("epoch")?, position: row.get("position")?, behind: waiting.is_some() })
    }
}

pub(crate) async fn insert(
    app: &App,
    tx: &mut Tx,
    ended: &Ended,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    let (session, user, not_before) = match ended {
        Ended::Session(id) => (Some(id.clone()), None, None),
        Ended::User(id, not_before) => (None, Some(id.clone()), Some(*not_before)),
    };
    tx.query(
        r#"insert into "revocation" ("id", "sessionId", "userId", "notBefore", "createdAt", "expiresAt")
           values ($1, $2, $3, $4, $5, $6)"#,
    )
    .bind(app.new_id())
    .bind(session)
    .bind(user)
    .bind(not_before)
    .bind(now)
    .bind(expires_at)
    .execute()
    .await
    .map(drop)
}

/// How far the feed has come, with every row that can be seen.
pub(crate) async fn advance(app: &App) -> Result<Feed, DbError> {
    match look(&app.db).await? {
        Some(feed) if !feed.behind => Ok(feed),
        _ => give_positions(app).await,
    }
}

/// How far the feed has come, for who only wants to know whether there is something new.
pub(crate) async fn look(db: &Db) -> Result<Option<Feed>, DbError> {
    db.query(
        r#"select "epoch", "position",
                  (select min("id") from "revocation" where "position" is null) as "waiting"
           from "revocationFeed" where "id" = $1"#,
    )
    .bind(FEED)
    .optional()
    .await
}

async fn give_positions(app: &App) -> Result<Feed, DbError> {
    let mut tx = app.db.begin().await?;
    // Whoever comes second waits here until the first has committed.
    let mut feed: Feed = tx
        .query(
            r#"insert into "revocationFeed" ("id", "epoch", "position") values ($1, $2, 0)
               on conflict ("id") do update set "position" = "revocationFeed"."position"
               returning "epoch", "position", null as "waiting""#,
        )
        .bind(FEED)
        .bind(app.keyring.random_alphanumeric(12))
        .one()
        .await?;
    loop {
        let given = tx
            .query(
                r#"update "revocation" set "position" = $1 where "id" in
                   (select "id" from "revocation" where "position" is null order by "id" limit $2)"#,
            )
            .bind(feed.position.saturating_add(1))
            .bind(AT_ONCE)
            .execute()
            .await?;
        if given == 0 {
            break;
        }
        feed.position = feed.position.saturating_add(1);
    }
    tx.query(r#"update "revocationFeed" set "position" = $2 where "id" = $1"#)
        .bind(FEED)
        .bind(feed.position)
        .execute()
        .await?;
    tx.commit().await?;
    Ok(feed)
}

/// What came after a position and still counts, in its order; one more than [`MOST`] when there is more.
pub(crate) async fn after(db: &Db, position: i64, last: i64, now: Timestamp) -> Result<Vec<Entry>, DbError> {
    db.query(
        r#"select "sessionId", "userId", "notBefore", "expiresAt", "position" from "revocation"
           where "position" > $1 and "position" <= $2 and "expiresAt" > $3 order by "position", "id" limit $4"#,
    )
    .bind(position)
    .bind(last)
    .bind(now)
    .bind(MOST + 1)
    .all()
    .await
}

/// Forgets what no longer counts.
pub(crate) async fn forget(db: &Db, now: Timestamp) -> Result<(), DbError> {
    db.query(r#"delete from "revocation" where "expiresAt" <= $1"#).bind(now).execute().await.map(drop)
}
