//! The `jwks` table, with Better Auth's columns: its rows work here, and ours work there.

use guichet_core::app::App;
use guichet_core::db::{DbError, FromRow, Row};
use guichet_core::error::{Error, Result};
use guichet_core::schema::{Column, Table};
use guichet_core::serde_json::{Map, Value, from_str};
use guichet_core::timestamp::Timestamp;

use crate::Options;
use crate::key::Key;

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
struct Stored {
    id: String,
    public: String,
    private: String,
    expires_at: Option<Timestamp>,
    alg: Option<String>,
    crv: Option<String>,
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            public: row.get("publicKey")?,
            private: row.get("privateKey")?,
            expires_at: row.maybe("expiresAt")?,
            alg: row.maybe("alg")?,
            crv: row.maybe("crv")?,
        })
    }
}

impl Stored {
    /// Old rows of Better Auth have no `alg`: they are of its default.
    fn alg(&self) -> &str {
        self.alg.as_deref().unwrap_or("EdDSA")
    }

    fn jwk(&self) -> Option<Value> {
        let Value::Object(public) = from_str(&self.public).ok()? else { return None };
        let mut jwk = Map::new();
        jwk.insert("alg".to_owned(), self.alg().into());
        if let Some(crv) = &self.crv {
            jwk.insert("crv".to_owned(), crv.as_str().into());
        }
        // Nothing private leaves, whatever a row holds (RFC 7518, section 6).
        jwk.extend(
            public
                .into_iter()
                .filter(|(name, _)| matches!(name.as_str(), "kty" | "crv" | "x" | "y" | "n" | "e" | "use")),
        );
        jwk.insert("kid".to_owned(), self.id.as_str().into());
        Some(Value::Object(jwk))
    }
}

/// Every key, the newest first. There are few.
async fn all(app: &App) -> Result<Vec<Stored>, DbError> {
    app.db
        .query(
            r#"select "id", "publicKey", "privateKey", "expiresAt", "alg", "crv" from "jwks"
               order by "createdAt" desc, "id" desc"#,
        )
        .all()
        .await
}

/// The key that signs: the newest one that lives. Made now when there is none. Processes that make theirs at the
/// same moment all keep them, and all of them are published, so that no token is lost.
pub(crate) async fn current(app: &App, options: &Options) -> Result<Key> {
    let now = app.clock.now();
    let stored = all(app).await?;
    let lives = |key: &&Stored| key.alg() == "EdDSA" && key.expires_at.is_none_or(|end| end > now);
    let mut unreadable = 0;
    for key in stored.iter().filter(lives) {
        match Key::open(key.id.clone(), &key.private, &app.keyring) {
            Some(key) => return Ok(key),
            None => unreadable += 1,
        }
    }
    if unreadable > 0 {
        // A new key would do, and would hide that the secret is not the one that it was.
        return Err(Error::internal(anyhow::anyhow!(
            "no signing key in `jwks` can be opened with the secrets that are configured"
        )));
    }
    make(app, options, now).await
}

async fn make(app: &App, options: &Options, now: Timestamp) -> Result<Key> {
    let id = app.new_id();
    let key = Key::new(id.clone(), &app.keyring);
    let ends = (!options.rotate_after.0.is_zero()).then(|| now.plus(options.rotate_after.0));
    app.db
        .query(
            r#"insert into "jwks" ("id", "publicKey", "privateKey", "createdAt", "expiresAt", "alg", "crv")
               values ($1, $2, $3, $4, $5, 'EdDSA', 'Ed25519')"#,
        )
        .bind(&id)
        .bind(key.public())
        .bind(key.sealed(&app.keyring).map_err(Error::internal)?)
        .bind(now)
        .bind(ends)
        .execute()
        .await?;
    tracing::info!(kid = id, "a signing key was made");
    Ok(key)
}

/// The public keys, as a JWK set (RFC 7517, section 5): those that sign, and those that signed until lately.
pub(crate) async fn published(app: &App, options: &Options) -> Result<Vec<Value>> {
    let now = app.clock.now();
    let mut stored = all(app).await?;
    if stored.is_empty() {
        make(app, options, now).await?;
        stored = all(app).await?;
    }
    let fresh = |key: &&Stored| key.expires_at.is_none_or(|end| end.plus(options.grace.0) > now);
    Ok(stored.iter().filter(fresh).filter_map(Stored::jwk).collect())
}
