//! Devices that are not asked for the second factor: rows of their user, so that they end with what the user ends. The
//! cookie is Better Auth's (contract, section 12): `<hmac of "user!name">!trust-device-<32>`, replaced at each sign-in.

use guichet_core::app::App;
use guichet_core::db::{DbError, FromRow, Row, Tx};
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::keyring::digest;
use guichet_core::schema::{Column, Table};
use guichet_core::store::On;
use guichet_core::timestamp::Timestamp;

use crate::options::Options;

/// The cookie.
pub(crate) const COOKIE: &str = "trust_device";
const PREFIX: &str = "trust-device-";

pub(crate) fn table() -> Table {
    Table::new("trustedDevice")
        .column(Column::id())
        .column(Column::text("userId").required().references("user").indexed())
        .column(Column::text("token").required().unique())
        .column(Column::timestamp("createdAt").required())
        .column(Column::timestamp("updatedAt").required())
        .column(Column::timestamp("expiresAt").required().indexed())
        .column(Column::text("userAgent"))
        .column(Column::text("ipAddress"))
}

/// A device, as its user sees it.
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    pub(crate) used_at: Timestamp,
    pub(crate) user_agent: String,
}

impl FromRow for Device {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            created_at: row.get("createdAt")?,
            used_at: row.get("updatedAt")?,
            user_agent: row.maybe("userAgent")?.unwrap_or_default(),
        })
    }
}

/// Whether this browser is a trusted one of this user; then it gets another cookie, and the old one is dead. A cookie
/// that opens nothing for them goes.
pub(crate) async fn renew(visit: &Visit, options: &Options, tx: &mut Tx, user_id: &str) -> Result<bool> {
    let Some(cookie) = visit.signed_cookie(COOKIE) else { return Ok(false) };
    if let Some(name) = name_in(visit.app(), &cookie, user_id).filter(|_| options.trusts_devices())
        && let Some(since) = take(visit, tx, user_id, name).await?
    {
        add_since(visit, options, tx, user_id, since).await?;
        return Ok(true);
    }
    visit.remove_cookie(COOKIE);
    Ok(false)
}

/// Trusts this browser from now on.
pub(crate) async fn add(visit: &Visit, options: &Options, tx: &mut Tx, user_id: &str) -> Result<()> {
    add_since(visit, options, tx, user_id, visit.now()).await
}

async fn add_since(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    user_id: &str,
    since: Timestamp,
) -> Result<()> {
    let (app, now, life) = (visit.app(), visit.now(), options.trust_devices_for.0);
    let name = format!("{PREFIX}{}", app.keyring.random_alphanumeric(32));
    tx.query(
        r#"insert into "trustedDevice"
             ("id", "userId", "token", "createdAt", "updatedAt", "expiresAt", "userAgent", "ipAddress")
           values ($1, $2, $3, $4, $5, $6, $7, $8)"#,
    )
    .bind(app.new_id())
    .bind(user_id)
    .bind(digest(&name))
    .bind(since)
    .bind(now)
    .bind(now.plus(life))
    .bind(visit.user_agent())
    .bind(visit.address())
    .execute()
    .await?;
    visit.set_signed_cookie(COOKIE, &format!("{}!{name}", tag(app, user_id, &name)), Some(life));
    Ok(())
}

/// Uses a device's row up and says since when it is trusted: exactly one of any number of callers gets an answer. Rows
/// that Better Auth wrote into `verification` are honoured once.
async fn take(visit: &Visit, tx: &mut Tx, user_id: &str, name: &str) -> Result<Option<Timestamp>, DbError> {
    let now = visit.now();
    let own = tx
        .query(
            r#"delete from "trustedDevice" where "token" = $1 and "userId" = $2 and "expiresAt" > $3
               returning "createdAt""#,
        )
        .bind(digest(name))
        .bind(user_id)
        .bind(now)
        .scalar()
        .await?;
    if own.is_some() {
        return Ok(own);
    }
    tx.query(
        r#"delete from "verification" where "identifier" = $1 and "value" = $2 and "expiresAt" > $3
           returning "createdAt""#,
    )
    .bind(name)
    .bind(user_id)
    .bind(now)
    .scalar()
    .await
}

/// The devices of a user, the latest used first.
pub(crate) async fn of(on: impl Into<On<'_>>, user_id: &str, now: Timestamp) -> Result<Vec<Device>, DbError> {
    on.into()
        .query(
            r#"select "id", "createdAt", "updatedAt", "userAgent" from "trustedDevice"
               where "userId" = $1 and "expiresAt" > $2 order by "updatedAt" desc, "id""#,
        )
        .bind(user_id)
        .bind(now)
        .all()
        .await
}

/// A user no longer trusts one of their devices. `false` when they have no such one.
pub(crate) async fn forget(on: impl Into<On<'_>>, user_id: &str, id: &str) -> Result<bool, DbError> {
    let gone = on
        .into()
        .query(r#"delete from "trustedDevice" where "id" = $1 and "userId" = $2"#)
        .bind(id)
        .bind(user_id)
        .execute()
        .await?;
    Ok(gone > 0)
}

/// No device of a user is trusted any more.
pub(crate) async fn forget_all(on: impl Into<On<'_>>, user_id: &str) -> Result<(), DbError> {
    on.into()
        .query(r#"delete from "trustedDevice" where "userId" = $1"#)
        .bind(user_id)
        .execute()
        .await
        .map(drop)
}

/// Deletes rows that have ended.
pub(crate) async fn clean(on: impl Into<On<'_>>, now: Timestamp) -> Result<(), DbError> {
    on.into()
        .query(r#"delete from "trustedDevice" where "expiresAt" < $1"#)
        .bind(now)
        .execute()
        .await
        .map(drop)
}

/// The device's name in a cookie, when the cookie was made for this user.
fn name_in<'a>(app: &App, cookie: &'a str, user_id: &str) -> Option<&'a str> {
    let (tag, name) = cookie.split_once('!')?;
    if !name.starts_with(PREFIX) {
        return None;
    }
    let standard = format!("{}=", tag.replace('-', "+").replace('_', "/"));
    app.keyring.verify(&format!("{user_id}!{name}.{standard}"))?;
    Some(name)
}

/// The keyring's signature of `user!name`, which is Base64 with padding, in Base64 for URLs without.
fn tag(app: &App, user_id: &str, name: &str) -> String {
    let signed = app.keyring.sign(&format!("{user_id}!{name}"));
    let standard = signed.rsplit_once('.').map_or("", |(_, tag)| tag);
    standard.trim_end_matches('=').replace('+', "-").replace('/', "_")
}
