//! The database: its version, how fast it answers, its clock, and whether its tables are as they should be.

use std::time::{Duration, Instant};

use guichet_core::app::App;
use guichet_core::check::Check;
use guichet_core::db::{DbError, Dialect};
use guichet_core::migrate;
use guichet_core::terminal::counted;
use guichet_core::timestamp::Timestamp;

pub(super) const NAME: &str = "database";
const TABLES: &str = "tables";
const CLOCK: &str = "clock";

/// The oldest Postgres that is tested against, as `server_version_num` counts.
const OLDEST: i64 = 150_000;
/// A statement that takes longer is felt by whoever waits for a page.
const SLOW: Duration = Duration::from_millis(50);
/// Codes and sessions end by our clock; rows that the database dates itself are off by the difference.
const APART: Duration = Duration::from_secs(5);

pub(super) async fn check(app: &App, described: &str) -> Vec<Check> {
    let mut checks = match version(app, described).await {
        Ok(check) => vec![check],
        Err(error) => {
            let says = format!("{described}: {error}");
            return vec![Check::bad(NAME, says, "see that it runs and takes connections")];
        }
    };
    checks.push(tables(app).await);
    if app.db.dialect() == Dialect::Postgres {
        checks.extend(clock(app).await);
    }
    checks
}

async fn version(app: &App, described: &str) -> Result<Check, DbError> {
    let (sql, number) = match app.db.dialect() {
        Dialect::Postgres => ("select current_setting('server_version')", true),
        Dialect::Sqlite => ("select sqlite_version()", false),
    };
    let version: String = app.db.query(sql).scalar().await?.unwrap_or_default();
    let began = Instant::now();
    app.db.query("select 1").execute().await?;
    let took = began.elapsed();
    let version = version.split(' ').next().unwrap_or_default();
    let says = format!("{described}: version {version}, answers in {:.1} ms", took.as_secs_f64() * 1000.0);
    if number {
        let number = "select cast(current_setting('server_version_num') as bigint)";
        if app.db.query(number).scalar().await?.unwrap_or(OLDEST) < OLDEST {
            return Ok(Check::bad(NAME, says, "Guichet needs Postgres 15 or newer"));
        }
    }
    if took > SLOW {
        return Ok(Check::warning(
            NAME,
            says,
            "bring both nearer to each other: every page waits for this several times",
        ));
    }
    Ok(Check::good(NAME, says))
}

async fn tables(app: &App) -> Check {
    match migrate::propose(&app.db, &app.schema).await {
        Ok(plan) if plan.is_empty() => Check::good(TABLES, "up to date"),
        Ok(plan) => {
            let says = format!("{} pending", counted(plan.changes.len(), "change"));
            let advice = "`guichet migrate --plan` shows them, `guichet migrate` makes them";
            if app.config.database.migrate {
                return Check::warning(
                    TABLES,
                    says,
                    format!("the next `guichet serve` makes them; {advice}"),
                );
            }
            Check::bad(TABLES, says, advice)
        }
        Err(error) => {
            Check::bad(TABLES, error.to_string(), "mend what is named, then `guichet migrate --plan`")
        }
    }
}

async fn clock(app: &App) -> Option<Check> {
    let before = app.clock.now();
    let theirs: Timestamp = app.db.query("select clock_timestamp()").scalar().await.ok()??;
    let after = app.clock.now();
    // The moment of the answer lies between the two.
    let (apart, which) =
        if theirs < before { (theirs.until(before), "behind") } else { (after.until(theirs), "ahead") };
    if apart > APART {
        return Some(Check::warning(
            CLOCK,
            format!("the database's clock is {} s {which} of this machine's", apart.as_secs()),
            "let both follow a time server (NTP): codes and sessions end by the clock of who serves",
        ));
    }
    Some(Check::good(CLOCK, "the database's and this machine's agree"))
}
