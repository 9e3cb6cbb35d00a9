//! `guichet upstream status`: how many passwords have moved here.

use std::fmt::Write as _;

use guichet_core::app::App;
use guichet_core::db::DbError;
use guichet_core::timestamp::Timestamp;
use serde_json::{Value as Json, json};

use crate::options::Mode;
use crate::{PROVIDER, Upstream};

/// What can be counted here.
pub(crate) struct Status {
    /// Users whom it knows, with a password that is kept here.
    moved: i64,
    /// Users without a password here: those whom it knows, and those whom it may know.
    waiting: i64,
    /// Of all users whom it knows.
    known: i64,
    /// Users with a password of their own, whom it was never right about.
    own: i64,
    /// The newest account of its.
    last: Option<Timestamp>,
}

impl Status {
    pub(crate) fn moved_and_not(&self) -> (i64, i64) {
        (self.moved, self.waiting)
    }
}

impl Upstream {
    pub(crate) async fn count(&self, app: &App) -> Result<Status, DbError> {
        const WITH: &str = r#"exists (select 1 from "account" p where p."userId" = u."id"
            and p."providerId" = 'credential' and p."password" is not null)"#;
        const KNOWN: &str =
            r#"exists (select 1 from "account" a where a."userId" = u."id" and a."providerId" = $1)"#;
        let count = async |condition: String| -> Result<i64, DbError> {
            let sql = format!(r#"select count(*) from "user" u where {condition}"#);
            let statement = app.db.query(&sql);
            let statement = if condition.contains("$1") { statement.bind(PROVIDER) } else { statement };
            Ok(statement.scalar().await?.unwrap_or_default())
        };
        Ok(Status {
            moved: count(format!("{KNOWN} and {WITH}")).await?,
            waiting: count(format!("not {WITH}")).await?,
            known: count(KNOWN.to_owned()).await?,
            own: count(format!("{WITH} and not {KNOWN}")).await?,
            last: app
                .db
                .query(r#"select max("createdAt") from "account" where "providerId" = $1"#)
                .bind(PROVIDER)
                .scalar()
                .await?,
        })
    }

    /// The command's output.
    pub(crate) async fn status(&self, app: &App, as_json: bool) -> anyhow::Result<String> {
        let status = self.count(app).await?;
        Ok(if as_json { format!("{:#}", self.as_json(app, &status)) } else { self.as_text(app, &status) })
    }

    fn as_json(&self, app: &App, status: &Status) -> Json {
        let options = &self.shared.options;
        let judge = options.mode == Mode::Judge;
        json!({
            "mode": if judge { "judge" } else { "strangler" },
            "asked": judge || !self.has_ended(app.clock.now()),
            "until": options.until,
            "moved": status.moved,
            "notMoved": status.waiting,
            "known": status.known,
            "ownPassword": status.own,
            "population": options.population,
            "neverSeen": self.never_seen(status),
            "lastNew": status.last,
        })
    }

    /// How many of its people have not signed in here.
    fn never_seen(&self, status: &Status) -> Option<u64> {
        let population = self.shared.options.population?;
        Some(population.saturating_sub(u64::try_from(status.known).unwrap_or_default()))
    }

    fn as_text(&self, app: &App, status: &Status) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: &dyn std::fmt::Display| {
            let _ = writeln!(text, "{name:<28}{value}");
        };
        if self.shared.options.mode == Mode::Judge {
            line("mode", &"judge: it is asked at every sign-in, no password is kept here");
            line("users whom it knows", &status.known);
        } else {
            line("mode", &"strangler: passwords move here at the first sign-in");
            line("asked until", &self.shared.options.until.as_deref().unwrap_or("no end is set"));
            if self.has_ended(app.clock.now()) {
                line("", &"that day has passed: nobody is asked any more");
            }
            line("moved", &status.moved);
            line("not moved", &format!("{} (users without a password here)", status.waiting));
            line("passwords set here alone", &status.own);
        }
        if let (Some(population), Some(never)) = (self.shared.options.population, self.never_seen(status)) {
            line("never signed in here", &format!("{never} of {population}"));
        }
        if let Some(last) = status.last {
            line("last new one", &last);
        }
        text
    }
}
