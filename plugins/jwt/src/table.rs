//! The `jwks` table, with Better Auth's columns: its rows work here, and ours work there.

use std::time::Duration;

use guichet_core::db::{Db, DbError, FromRow, Row};
use guichet_core::schema::{Column, Table};
use guichet_core::serde_json::{Map, Value, from_str};
use guichet_core::timestamp::Timestamp;

use crate::key::{Algorithm, Key};

pub(crate) fn tables() -> Vec<Table> {
    vec![
        Table::new("jwks")
            .column(Column::id())
            .column(Column::text("publicKey").required())
            .column(Column::text("privateKey").required())
            .column(Column::timestamp("createdAt").required())
            .column(Column::timestamp("expiresAt"))
            .column(Column::text("alg"))
            .column(Column::text("crv")),
    ]
}

/// A row.
pub(crate) struct Stored {
    pub(crate) id: String,
    public: String,
    pub(crate) private: String,
    pub(crate) created_at: Timestamp,
    /// When it signs no more.
    pub(crate) expires_at: Option<Timestamp>,
    alg: Option<String>,
    crv: Option<String>,
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            public: row.get("publicKey")?,
            private: row.get("privateKey")?,
            created_at: row.get("createdAt")?,
            expires_at: row.maybe("expiresAt")?,
            alg: row.maybe("alg")?,
            crv: row.maybe("crv")?,
        })
    }
}

impl Stored {
    /// Old rows of Better Auth have no `alg`: they are of its default.
    pub(crate) fn alg(&self) -> &str {
        self.alg.as_deref().unwrap_or(Algorithm::EdDSA.name())
    }

    /// `None` for one of Better Auth's that we only publish.
    pub(crate) fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::named(self.alg())
    }

    pub(crate) fn signs_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }

    pub(crate) fn is_published_at(&self, now: Timestamp, grace: Duration) -> bool {
        self.expires_at.is_none_or(|end| end.plus(grace) > now)
    }

    /// The public JWK as it is kept.
    pub(crate) fn public(&self) -> Option<Map<String, Value>> {
        from_str(&self.public).ok()
    }

    /// The public JWK as it is published.
    pub(crate) fn jwk(&self) -> Option<Value> {
        let mut jwk = Map::new();
        jwk.insert("alg".to_owned(), self.alg().into());
        if let Some(crv) = &self.crv {
            jwk.insert("crv".to_owned(), crv.as_str().into());
        }
        // Nothing private leaves, whatever a row holds (RFC 7518, section 6).
        jwk.extend(
            self.public()?
                .into_iter()
                .filter(|(name, _)| matches!(name.as_str(), "kty" | "crv" | "x" | "y" | "n" | "e" | "use")),
        );
        jwk.insert("kid".to_owned(), self.id.as_str().into());
        Some(Value::Object(jwk))
    }
}

/// Every key, the newest first. There are few.
pub(crate) async fn all(db: &Db) -> Result<Vec<Stored>, DbError> {
    db.query(
        r#"select "id", "publicKey", "privateKey", "createdAt", "expiresAt", "alg", "crv" from "jwks"
           order by "createdAt" desc, "id" desc"#,
    )
    .all()
    .await
}

/// The key of this id.
pub(crate) async fn of_id(db: &Db, id: &str) -> Result<Option<Stored>, DbError> {
    db.query(
        r#"select "id", "publicKey", "privateKey", "createdAt", "expiresAt", "alg", "crv" from "jwks"
           where "id" = $1"#,
    )
    .bind(id)
    .optional()
    .await
}

pub(crate) async fn insert(
    db: &Db,
    key: &Key,
    sealed: &str,
    now: Timestamp,
    ends: Option<Timestamp>,
) -> Result<(), DbError> {
    db.query(
        r#"insert into "jwks" ("id", "publicKey", "privateKey", "createdAt", "expiresAt", "alg", "crv")
           values ($1, $2, $3, $4, $5, $6, $7)"#,
    )
    .bind(key.id())
    .bind(Value::Object(key.public()).to_string())
    .bind(sealed)
    .bind(now)
    .bind(ends)
    .bind(key.algorithm().name())
    .bind(key.algorithm().curve().map(str::to_owned))
    .execute()
    .await
    .map(drop)
}

/// A key signs no more after `end`, unless it ends before.
pub(crate) async fn end(db: &Db, id: &str, end: Timestamp) -> Result<(), DbError> {
    db.query(
        r#"update "jwks" set "expiresAt" = $2 where "id" = $1 and ("expiresAt" is null or "expiresAt" > $2)"#,
    )
    .bind(id)
    .bind(end)
    .execute()
    .await
    .map(drop)
}
