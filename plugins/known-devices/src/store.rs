//! The tables `knownDevice` and `knownDeviceOwner`.
//!
//! An owner's row says that the account was signed in to before. It outlives its devices: when they are forgotten, the
//! next sign-in is not the first one, and is told. It also makes the sign-ins of one account wait for each other.

use std::time::Duration;

use guichet_core::db::{DbError, Tx};
use guichet_core::http::Visit;
use guichet_core::schema::{Column, Table};
use guichet_core::store::On;
use guichet_core::timestamp::Timestamp;

use crate::device::{self, Device};

/// How many devices of one account are known: who signs in without a cookie over and over fills no table.
const MOST: i64 = 100;
/// A browser that signs in twice at once has its cookie from neither yet.
const AT_ONCE: Duration = Duration::from_mins(1);
/// How exact the last use is. A row that was used lately is only read: whoever ends sessions meanwhile is not waited for.
const DAY: Duration = Duration::from_hours(24);

pub(crate) fn tables() -> Vec<Table> {
    vec![
        Table::new("knownDevice")
            .column(Column::id())
            .column(Column::text("userId").required().references("user").indexed())
            // A keyed hash of user and name: one browser's rows of two accounts have nothing in common.
            .column(Column::text("device").required().unique())
            // As much of a browser and its address, for the case that it comes twice at once.
            .column(Column::text("arrival"))
            .column(Column::timestamp("firstUsedAt").required())
            .column(Column::timestamp("lastUsedAt").required().indexed()),
        Table::new("knownDeviceOwner")
            .column(Column::id())
            .column(Column::text("userId").required().references("user").unique())
            .column(Column::timestamp("createdAt").required()),
    ]
}

/// Whose sign-in this is, and by when a device must have been used to be known still.
pub(crate) struct SignIn<'a> {
    pub(crate) visit: &'a Visit,
    pub(crate) user_id: &'a str,
    pub(crate) since: Timestamp,
}

impl SignIn<'_> {
    /// Whether the account was never signed in to before. Others of the same account wait until `tx` ends.
    pub(crate) async fn is_first(&self, tx: &mut Tx) -> Result<bool, DbError> {
        let id = self.visit.app().new_id();
        let kept: Option<String> = tx
            .query(
                r#"insert into "knownDeviceOwner" ("id", "userId", "createdAt") values ($1, $2, $3)
                   on conflict ("userId") do update set "userId" = excluded."userId" returning "id""#,
            )
            .bind(&id)
            .bind(self.user_id)
            .bind(self.visit.now())
            .scalar()
            .await?;
        Ok(kept.as_ref() == Some(&id))
    }

    /// Whether the account knows this device; from now on it does. A browser is given its name.
    pub(crate) async fn knows(&self, tx: &mut Tx, device: Device, life: Duration) -> Result<bool, DbError> {
        let (name, arrival) = match device {
            Device::Named(name) => (name, None),
            Device::Nameless => (device::new_name(self.visit), Some(self.arrival())),
            Device::Cookieless(name) => return self.meets(tx, &name, None).await,
        };
        device::keep(self.visit, &name, life);
        self.meets(tx, &name, arrival).await
    }

    async fn meets(&self, tx: &mut Tx, name: &str, arrival: Option<String>) -> Result<bool, DbError> {
        for hash in self.hashes(name) {
            if let Some(last) = self.last_use(tx, &hash).await? {
                if last.plus(DAY) <= self.visit.now() {
                    self.touch(tx, &hash).await?;
                }
                return Ok(true);
            }
        }
        let known = match &arrival {
            Some(arrival) => self.has_just_come(tx, arrival).await?,
            None => false,
        };
        self.add(tx, name, arrival).await?;
        Ok(known)
    }

    async fn last_use(&self, tx: &mut Tx, hash: &str) -> Result<Option<Timestamp>, DbError> {
        tx.query(r#"select "lastUsedAt" from "knownDevice" where "device" = $1 and "lastUsedAt" > $2"#)
            .bind(hash)
            .bind(self.since)
            .scalar()
            .await
    }

    async fn touch(&self, tx: &mut Tx, hash: &str) -> Result<(), DbError> {
        tx.query(r#"update "knownDevice" set "lastUsedAt" = $2 where "device" = $1"#)
            .bind(hash)
            .bind(self.visit.now())
            .execute()
            .await
            .map(drop)
    }

    async fn has_just_come(&self, tx: &mut Tx, arrival: &str) -> Result<bool, DbError> {
        let there: Option<String> = tx
            .query(
                r#"select "id" from "knownDevice"
                   where "userId" = $1 and "arrival" = $2 and "firstUsedAt" > $3 limit 1"#,
            )
            .bind(self.user_id)
            .bind(arrival)
            .bind(self.visit.now().minus(AT_ONCE))
            .scalar()
            .await?;
        Ok(there.is_some())
    }

    async fn add(&self, tx: &mut Tx, name: &str, arrival: Option<String>) -> Result<(), DbError> {
        let (app, now) = (self.visit.app(), self.visit.now());
        // One that was not used for too long may be there still.
        tx.query(
            r#"insert into "knownDevice" ("id", "userId", "device", "arrival", "firstUsedAt", "lastUsedAt")
               values ($1, $2, $3, $4, $5, $5)
               on conflict ("device") do update set
                 "firstUsedAt" = excluded."firstUsedAt", "lastUsedAt" = excluded."lastUsedAt""#,
        )
        .bind(app.new_id())
        .bind(self.user_id)
        .bind(app.keyring.keyed_hash("known-device", &format!("{}:{name}", self.user_id)))
        .bind(arrival)
        .bind(now)
        .execute()
        .await?;
        tx.query(
            r#"delete from "knownDevice" where "userId" = $1 and "id" not in (
                 select "id" from "knownDevice" where "userId" = $1
                 order by "lastUsedAt" desc, "firstUsedAt" desc, "id" desc limit $2)"#,
        )
        .bind(self.user_id)
        .bind(MOST)
        .execute()
        .await
        .map(drop)
    }

    fn hashes(&self, name: &str) -> Vec<String> {
        self.visit.app().keyring.keyed_hashes("known-device", &format!("{}:{name}", self.user_id))
    }

    fn arrival(&self) -> String {
        let text = format!("{}:{}:{}", self.user_id, self.visit.address(), self.visit.user_agent());
        self.visit.app().keyring.keyed_hash("known-arrival", &text)
    }
}

/// No device of a user is known any more. That they signed in before still is.
pub(crate) async fn forget_devices(on: impl Into<On<'_>>, user_id: &str) -> Result<(), DbError> {
    let sql = r#"delete from "knownDevice" where "userId" = $1"#;
    on.into().query(sql).bind(user_id).execute().await.map(drop)
}

/// As if nobody had ever signed in.
pub(crate) async fn forget_owner(tx: &mut Tx, user_id: &str) -> Result<(), DbError> {
    forget_devices(&mut *tx, user_id).await?;
    let sql = r#"delete from "knownDeviceOwner" where "userId" = $1"#;
    tx.query(sql).bind(user_id).execute().await.map(drop)
}

/// Devices go that were last used before `since`.
pub(crate) async fn clean(on: impl Into<On<'_>>, since: Timestamp) -> Result<(), DbError> {
    let sql = r#"delete from "knownDevice" where "lastUsedAt" <= $1"#;
    on.into().query(sql).bind(since).execute().await.map(drop)
}
