//! The `passkey` table, with Better Auth's columns (contract, section 23): its rows work here, and ours work there.

use guichet_core::db::{Db, DbError, FromRow, Row, Tx};
use guichet_core::keyring::digest;
use guichet_core::schema::{Column, Table};
use guichet_core::serde_json::{Value, json};
use guichet_core::store::{Verification, Verifications};
use guichet_core::timestamp::Timestamp;
use std::time::Duration;

use crate::webauthn::{Assertion, NewCredential};

pub(crate) fn tables() -> Vec<Table> {
    vec![
        Table::new("passkey")
            .column(Column::id())
            .column(Column::text("name"))
            .column(Column::text("publicKey").required())
            .column(Column::text("userId").required().references("user").indexed())
            .column(Column::text("credentialID").required().indexed())
            .column(Column::integer("counter").required())
            .column(Column::text("deviceType").required())
            .column(Column::boolean("backedUp").required())
            .column(Column::text("transports"))
            .column(Column::timestamp("createdAt"))
            .column(Column::text("aaguid")),
    ]
}

macro_rules! columns {
    () => {
        r#""id", "name", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp", "transports",
           "createdAt", "aaguid""#
    };
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) public_key: String,
    pub(crate) user_id: String,
    pub(crate) credential_id: String,
    pub(crate) counter: i64,
    pub(crate) device_type: String,
    pub(crate) backed_up: bool,
    pub(crate) transports: Option<String>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) aaguid: Option<String>,
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            name: row.maybe("name")?,
            public_key: row.get("publicKey")?,
            user_id: row.get("userId")?,
            credential_id: row.get("credentialID")?,
            counter: row.get("counter")?,
            device_type: row.get("deviceType")?,
            backed_up: row.get("backedUp")?,
            transports: row.maybe("transports")?,
            created_at: row.maybe("createdAt")?,
            aaguid: row.maybe("aaguid")?,
        })
    }
}

impl Stored {
    /// As the contract answers it: every column.
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "publicKey": self.public_key, "userId": self.user_id,
            "credentialID": self.credential_id, "counter": self.counter, "deviceType": self.device_type,
            "backedUp": self.backed_up, "transports": self.transports, "createdAt": self.created_at,
            "aaguid": self.aaguid,
        })
    }

    /// As options name it (WebAuthn Level 3, section 5.8.3).
    pub(crate) fn descriptor(&self) -> Value {
        let transports: Vec<&str> =
            self.transports.iter().flat_map(|text| text.split(',')).filter(|name| !name.is_empty()).collect();
        let mut descriptor = json!({"id": self.credential_id, "type": "public-key"});
        if let (Some(object), false) = (descriptor.as_object_mut(), transports.is_empty()) {
            object.insert("transports".to_owned(), json!(transports));
        }
        descriptor
    }
}

/// Whose passkey a new row is.
pub(crate) struct Owner<'a> {
    pub(crate) id: String,
    pub(crate) user_id: &'a str,
    pub(crate) name: Option<&'a str>,
}

/// Adds a row; `None` when anybody has that credential already. The index of the contract is not unique, so that a row
/// of `verification`, whose key is, makes parallel registrations of one credential wait for each other.
pub(crate) async fn insert(
    tx: &mut Tx,
    owner: Owner<'_>,
    made: &NewCredential,
    now: Timestamp,
) -> Result<Option<Stored>, DbError> {
    let place = digest(&format!("passkey:{}", made.id));
    let row = Verification {
        id: place.clone(),
        identifier: place.clone(),
        value: String::new(),
        expires_at: now.plus(Duration::from_secs(60)),
    };
    Verifications::insert(&mut *tx, &row, now).await?;
    let known: Option<i64> = tx
        .query(r#"select count(*) from "passkey" where "credentialID" = $1"#)
        .bind(&made.id)
        .scalar()
        .await?;
    Verifications::take(&mut *tx, &place).await?;
    if known != Some(0) {
        return Ok(None);
    }
    tx.query(concat!(
        r#"insert into "passkey" ("#,
        columns!(),
        ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ",
        columns!()
    ))
    .bind(&owner.id)
    .bind(owner.name)
    .bind(&made.public_key)
    .bind(owner.user_id)
    .bind(&made.id)
    .bind(i64::from(made.counter))
    .bind(device_type(made.backup_eligible))
    .bind(made.backed_up)
    .bind(made.transports.join(","))
    .bind(now)
    .bind(&made.aaguid)
    .optional()
    .await
}

/// Better Auth's words for whether a credential may live on several devices.
fn device_type(backup_eligible: bool) -> &'static str {
    if backup_eligible { "multiDevice" } else { "singleDevice" }
}

/// Whose credential it is. Better Auth keeps nobody from registering another's a second time: the first one has it.
pub(crate) async fn by_credential(db: &Db, credential_id: &str) -> Result<Option<Stored>, DbError> {
    db.query(concat!(
        "select ",
        columns!(),
        r#" from "passkey" where "credentialID" = $1 order by "createdAt", "id" limit 1"#
    ))
    .bind(credential_id)
    .optional()
    .await
}

/// A user's passkeys, the oldest first.
pub(crate) async fn of_user(db: &Db, user_id: &str) -> Result<Vec<Stored>, DbError> {
    db.query(concat!(
        "select ",
        columns!(),
        r#" from "passkey" where "userId" = $1 order by "createdAt", "id""#
    ))
    .bind(user_id)
    .all()
    .await
}

/// One passkey, whosever it is.
pub(crate) async fn by_id(db: &Db, id: &str) -> Result<Option<Stored>, DbError> {
    db.query(concat!("select ", columns!(), r#" from "passkey" where "id" = $1"#)).bind(id).optional().await
}

/// Notes a use; `false` when a parallel one was faster and the counter would go back.
pub(crate) async fn used(tx: &mut Tx, id: &str, said: &Assertion) -> Result<bool, DbError> {
    let rows = tx
        .query(
            r#"update "passkey" set "counter" = $2, "deviceType" = $3, "backedUp" = $4
               where "id" = $1 and ("counter" < $2 or ("counter" = 0 and $5))"#,
        )
        .bind(id)
        .bind(i64::from(said.counter))
        .bind(device_type(said.backup_eligible))
        .bind(said.backed_up)
        .bind(said.counter == 0)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Names a user's passkey; `None` when it is not theirs.
pub(crate) async fn rename(db: &Db, user_id: &str, id: &str, name: &str) -> Result<Option<Stored>, DbError> {
    db.query(concat!(
        r#"update "passkey" set "name" = $3 where "id" = $1 and "userId" = $2 returning "#,
        columns!()
    ))
    .bind(id)
    .bind(user_id)
    .bind(name)
    .optional()
    .await
}

/// Removes a user's passkey; `false` when it is not theirs.
pub(crate) async fn remove(tx: &mut Tx, user_id: &str, id: &str) -> Result<bool, DbError> {
    let rows = tx
        .query(r#"delete from "passkey" where "id" = $1 and "userId" = $2"#)
        .bind(id)
        .bind(user_id)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Removes every passkey of a user; gives how many there were.
pub(crate) async fn remove_all(tx: &mut Tx, user_id: &str) -> Result<u64, DbError> {
    tx.query(r#"delete from "passkey" where "userId" = $1"#).bind(user_id).execute().await
}
