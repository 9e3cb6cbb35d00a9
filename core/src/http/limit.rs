//! Limits: how often somebody may knock. Named limits are kept in the database, so that replicas share them; the
//! general one is kept in memory, because it only keeps a single client from hogging a single process.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moka::sync::Cache;
use serde_json::{Map, Value};

use super::route::Route;
use crate::config::RateLimitOptions;
use crate::db::{Db, DbError, FromRow, Row};
use crate::error::{Error, Result, TOO_MANY_REQUESTS};
use crate::keyring::Keyring;
use crate::schema::{Column, Kind, Table};
use crate::timestamp::Timestamp;

/// How many clients the general limit remembers at once, in each process.
const REMEMBERED: u64 = 100_000;

/// How many octets of a field are looked at.
const LONGEST_NAMED: usize = 1024;

/// So many in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The window; it slides: each admitted request renews it.
    pub window: Duration,
    /// How many requests it admits.
    pub max: u32,
}

impl Budget {
    /// How many mails of one kind a recipient gets, whoever asks for them and from wherever.
    pub const MAILS: Self = Self { window: Duration::from_mins(10), max: 10 };
}

/// A limit on a route, declared by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    /// The route's name.
    pub route: Cow<'static, str>,
    /// How much.
    pub budget: Budget,
    /// What is counted: the client's address, or this field of the body (an account, a recipient).
    pub field: Option<&'static str>,
}

impl RateLimit {
    /// So many requests to `route` in `seconds` from one address.
    pub fn by_address(route: &'static str, seconds: u64, max: u32) -> Self {
        Self {
            route: route.into(),
            budget: Budget { window: Duration::from_secs(seconds), max },
            field: None,
        }
    }

    /// Better Auth's number for what signs in or up, or changes a password or an address: 3 requests to `route` in 10
    /// seconds from one address (contract, section 19).
    pub fn of_sign_in(route: &'static str) -> Self {
        Self::by_address(route, 10, 3)
    }

    /// So many requests to `route` in `seconds` that name the same `field`.
    pub fn by_field(route: &'static str, field: &'static str, seconds: u64, max: u32) -> Self {
        Self { field: Some(field), ..Self::by_address(route, seconds, max) }
    }

    /// [`Budget::MAILS`] for each recipient that `field` names: `route` mails something.
    pub fn by_recipient(route: &'static str, field: &'static str) -> Self {
        Self { budget: Budget::MAILS, ..Self::by_field(route, field, 0, 0) }
    }
}

/// The table of counts; Better Auth's `rateLimit`.
pub(crate) fn table() -> Table {
    Table::new("rateLimit")
        .column(Column::id())
        .column(Column::text("key").required().unique())
        .column(Column::integer("count").required())
        .column(Column::new("lastRequest", Kind::BigInteger).required())
}

/// Which limits hold on one route.
#[derive(Debug, Clone, Default)]
pub struct RateLimits {
    by_address: Option<Budget>,
    by_field: Vec<(&'static str, Budget)>,
}

impl RateLimits {
    /// The limits of the route `name`: the configuration's rule, else the plugins'.
    fn named(name: &str, declared: &[RateLimit], options: &RateLimitOptions) -> Self {
        if !options.enabled {
            return Self::default();
        }
        let declared = || declared.iter().filter(|limit| limit.route == name);
        let configured = options
            .rules
            .iter()
            .find(|rule| rule.route == name)
            .map(|rule| Budget { window: rule.window.0, max: rule.max });
        let by_address =
            configured.or_else(|| declared().find(|limit| limit.field.is_none()).map(|limit| limit.budget));
        let by_field = declared().filter_map(|limit| Some((limit.field?, limit.budget)));
        Self { by_address, by_field: if options.by_account { by_field.collect() } else { Vec::new() } }
    }
}

/// Counts requests.
#[derive(Clone)]
pub struct Limiter {
    db: Db,
    keyring: Keyring,
    enabled: bool,
    general: Option<Budget>,
    rules: Arc<Rules>,
    memory: Cache<String, Arc<Mutex<Count>>>,
}

/// What was declared, for those who count on behalf of a route.
struct Rules {
    declared: Vec<RateLimit>,
    options: RateLimitOptions,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    count: i64,
    last: i64,
}

impl FromRow for Count {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self { count: row.get("count")?, last: row.get("lastRequest")? })
    }
}

/// One statement: an expired window begins anew, a full one stays as it is (one past `max` says so), and
/// everything else is counted. Parallel requests are serialised by the row. Its id is random: were it the key, two
/// first requests could collide on the id, which `on conflict ("key")` does not cover.
const COUNT: &str = r#"
insert into "rateLimit" ("id", "key", "count", "lastRequest") values ($5, $1, 1, $2)
on conflict ("key") do update set
  "count" = case when $2 - "rateLimit"."lastRequest" >= $3 then 1
                 when "rateLimit"."count" >= $4 then $4 + 1
                 else "rateLimit"."count" + 1 end,
  "lastRequest" = case when $2 - "rateLimit"."lastRequest" < $3 and "rateLimit"."count" >= $4
                       then "rateLimit"."lastRequest" else $2 end
returning "count", "lastRequest""#;

impl Limiter {
    /// Counts in `db`, and in memory for the general limit. `declared` are the plugins' limits.
    pub fn new(db: Db, keyring: Keyring, options: &RateLimitOptions, declared: Vec<RateLimit>) -> Self {
        let general = options.enabled.then_some(Budget { window: options.window.0, max: options.max });
        let rules = Arc::new(Rules { declared, options: options.clone() });
        Self { db, keyring, enabled: options.enabled, general, rules, memory: Cache::new(REMEMBERED) }
    }

    /// The limits of a route.
    pub(super) fn of(&self, route: &Route) -> RateLimits {
        RateLimits::named(&route.name, &self.rules.declared, &self.rules.options)
    }

    /// Counts what does the same work as `route` without being it: a page's form. Its declared limits hold, by
    /// address in a count of the pages' own, by field in the very count of the route.
    pub(super) async fn admit_as(
        &self,
        route: &str,
        address: &str,
        fields: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<()> {
        let limits = RateLimits::named(route, &self.rules.declared, &self.rules.options);
        if let Some(budget) = limits.by_address {
            self.admit(&format!("{address}|page|{route}"), budget, now).await?;
        }
        self.admit_fields(&limits, route, fields, now).await
    }

    /// Counts a request from `address` to the route at `path` (the general limit or the route's own).
    pub(super) async fn admit_address(
        &self,
        limits: &RateLimits,
        address: &str,
        path: &str,
        now: Timestamp,
    ) -> Result<()> {
        let key = format!("{address}|{path}");
        match (limits.by_address, self.general) {
            (Some(budget), _) => self.admit(&key, budget, now).await.map(drop),
            (None, Some(general)) => self.admit_in_memory(key, general, now),
            (None, None) => Ok(()),
        }
    }

    /// Counts a request to `route` that names accounts or recipients.
    pub(super) async fn admit_fields(
        &self,
        limits: &RateLimits,
        route: &str,
        fields: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<()> {
        for (field, budget) in &limits.by_field {
            let Some(named) = fields.get(*field).and_then(Value::as_str) else { continue };
            self.admit_account(route, field, named, *budget, now).await?;
        }
        Ok(())
    }

    /// Counts against an account or a recipient (`value`) what no field of a body names, under a name of its own (`field`), or
    /// along with what a route counts by that field; gives how many are counted with this one. 429 when `budget` is spent.
    /// Nothing is counted where the settings have it so (`rate_limit.by_account`).
    pub async fn admit_account(
        &self,
        route: &str,
        field: &str,
        value: &str,
        budget: Budget,
        now: Timestamp,
    ) -> Result<i64> {
        if !self.rules.options.by_account {
            return Ok(0);
        }
        self.admit(&account_key(route, field, value), budget, now).await
    }

    /// Counts against `key` in the shared store and gives how many are counted with this one; 429 when its budget is
    /// spent. Nothing is counted while limits are switched off.
    async fn admit(&self, key: &str, budget: Budget, now: Timestamp) -> Result<i64> {
        if !self.enabled {
            return Ok(0);
        }
        let window = i64::try_from(budget.window.as_millis()).unwrap_or(i64::MAX);
        let count: Count = self
            .db
            .query(COUNT)
            .bind(key)
            .bind(now.millis())
            .bind(window)
            .bind(budget.max)
            .bind(uuid::Builder::from_random_bytes(self.keyring.random_bytes()).into_uuid().to_string())
            .one()
            .await?;
        refuse_past(count, budget, now)?;
        Ok(count.count)
    }

    /// Forgets what was counted against an account under two names (a short window and a long one): whoever proved who they
    /// are was not guessing.
    pub async fn forgive_account(&self, route: &str, fields: [&str; 2], value: &str) -> Result<(), DbError> {
        self.on_both(r#"delete from "rateLimit" where "key" in ($1, $2)"#, route, fields, value).await
    }

    /// Takes one back that was counted against an account under each of two names: nothing was tried after all, because
    /// whoever had to tell could not.
    pub async fn give_back_account(
        &self,
        route: &str,
        fields: [&str; 2],
        value: &str,
    ) -> Result<(), DbError> {
        let sql = r#"update "rateLimit" set "count" = "count" - 1 where "key" in ($1, $2) and "count" > 0"#;
        self.on_both(sql, route, fields, value).await
    }

    async fn on_both(
        &self,
        sql: &str,
        route: &str,
        [one, other]: [&str; 2],
        value: &str,
    ) -> Result<(), DbError> {
        if !self.enabled || !self.rules.options.by_account {
            return Ok(());
        }
        let (one, other) = (account_key(route, one, value), account_key(route, other, value));
        self.db.query(sql).bind(one).bind(other).execute().await.map(drop)
    }

    fn admit_in_memory(&self, key: String, budget: Budget, now: Timestamp) -> Result<()> {
        let entry =
            self.memory.get_with(key, || Arc::new(Mutex::new(Count { count: 0, last: now.millis() })));
        let mut count = entry.lock().unwrap_or_else(PoisonError::into_inner);
        let window = i64::try_from(budget.window.as_millis()).unwrap_or(i64::MAX);
        if now.millis() - count.last >= window {
            count.count = 0;
        }
        count.count += 1;
        if count.count <= i64::from(budget.max) {
            count.last = now.millis();
        }
        refuse_past(*count, budget, now)
    }

    /// Forgets counts that no window reaches any more.
    pub async fn clean(&self, now: Timestamp) -> Result<u64, DbError> {
        let day = 24 * 60 * 60 * 1000;
        self.db
            .query(r#"delete from "rateLimit" where "lastRequest" < $1"#)
            .bind(now.millis() - day)
            .execute()
            .await
    }
}

/// The key under which `route` counts a field's value. Hashed: the table is no list of addresses, and a huge field makes no huge key.
fn account_key(route: &str, field: &str, value: &str) -> String {
    // Nobody's account or recipient is so long; normalising such a text is dear, and all of them count as one.
    let value = if value.len() > LONGEST_NAMED { "" } else { value };
    format!("{route}|{field}|{}", crate::keyring::digest(&crate::email_address::normal_form(value)))
}

fn refuse_past(count: Count, budget: Budget, now: Timestamp) -> Result<()> {
    if count.count <= i64::from(budget.max) {
        return Ok(());
    }
    let passed = Duration::from_millis(u64::try_from(now.millis() - count.last).unwrap_or(0));
    let left = budget.window.saturating_sub(passed).max(Duration::from_secs(1));
    Err(Error::coded(http::StatusCode::TOO_MANY_REQUESTS, TOO_MANY_REQUESTS).retry_after(left))
}
