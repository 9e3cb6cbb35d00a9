//! What an answer holds.

use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::serde_json::{Map, Value, json};
use guichet_core::timestamp::Timestamp;

use crate::cursor::Cursor;
use crate::table::{self, Ended, Entry, MOST};

/// `typ` of the signed answer.
pub(crate) const TYP: &str = "revocations+jwt";

/// A part of the feed.
pub(crate) struct Part {
    entries: Vec<Entry>,
    from: i64,
    to: Cursor,
    /// Whether the cursor was unknown.
    reset: bool,
    /// Whether there is more after this part.
    more: bool,
}

impl Part {
    /// What came after `cursor`; everything that counts, without one or where it is unknown.
    pub(crate) async fn after(app: &App, cursor: Option<&str>) -> Result<Self> {
        let now = app.clock.now();
        let feed = table::advance(app).await?;
        let known = cursor.map(|cursor| Cursor::position(cursor, &feed));
        let from = known.flatten().unwrap_or_default();
        let mut entries = table::after(&app.db, from, feed.position, now).await?;
        let more = i64::try_from(entries.len()).unwrap_or(i64::MAX) > MOST;
        let mut to = feed.position;
        if let (true, Some(last)) = (more, entries.last().map(|last| last.position)) {
            // An answer ends where a position ends: the rest of the last one comes next time.
            entries.retain(|entry| entry.position < last);
            to = last - 1;
        }
        Ok(Self { entries, from, to: Cursor::at(&feed, to), reset: known == Some(None), more })
    }

    /// Where it ends.
    pub(crate) fn position(&self) -> i64 {
        self.to.position
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty() && !self.reset
    }

    /// What tells this answer from others: where it begins and ends, and what has been forgotten since.
    pub(crate) fn tag(&self, now: Timestamp) -> String {
        let count = self.entries.iter().filter(|entry| entry.expires_at > now).count();
        format!("\"{}-{}-{count}{}\"", self.from, self.to, if self.reset { "-reset" } else { "" })
    }

    /// The answer, signed.
    pub(crate) async fn signed(&self, app: &App) -> Result<String> {
        let tokens = app.access_tokens.as_ref().ok_or_else(|| Error::internal(anyhow::anyhow!("no keys")))?;
        let iss = tokens.issuer(app);
        let (mut sessions, mut users) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            let exp = entry.expires_at.seconds();
            match &entry.ended {
                Ended::Session(sid) => sessions.push(json!({"sid": sid, "exp": exp})),
                Ended::User(sub, not_before) => {
                    users.push(json!({"sub": sub, "not_before": not_before.seconds(), "exp": exp}));
                }
            }
        }
        let mut claims = Map::new();
        let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        say("iss", iss.into());
        say("iat", app.clock.now().seconds().into());
        say("cursor", self.to.to_string().into());
        say("reset", self.reset.into());
        say("more", self.more.into());
        say("sessions", sessions.into());
        say("users", users.into());
        tokens.sign(app, TYP, &claims).await
    }
}
