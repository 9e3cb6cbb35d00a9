//! Checks before the first request: a portal that could fail at its first visitor stops the start instead.

use std::collections::BTreeSet;

use anyhow::{Context as _, anyhow, bail};
use guichet_core::app::App;
use guichet_core::db::{Db, DbError, Dialect, Row};
use guichet_core::email_address::EmailAddress;
use guichet_core::schema::Column;

use crate::portal::Portal;
use crate::source::{Lookup, Source};

/// Nobody's address: the domain is reserved (RFC 6761, section 6.4).
pub(crate) const NOBODY: &str = "prepare@check.invalid";

/// Columns of `user` that no source fills.
const OWN: [&str; 5] = ["id", "role", "emailVerified", "createdAt", "updatedAt"];

pub(crate) async fn check(app: &App, db: &Db, portal: &Portal, asked: &str) -> anyhow::Result<()> {
    async {
        check_surroundings(app, portal)?;
        app.db
            .query(r#"select 1 from "user" where "role" is null limit 1"#)
            .execute()
            .await
            .context("the table \"user\" has no column \"role\" yet: run `guichet migrate`")?;
        app.db
            .query(r#"select 1 from "user" where "role" = $1 limit 1"#)
            .bind(&portal.role)
            .execute()
            .await
            .with_context(|| format!("role = {:?} is nothing that user.role can hold", portal.role))?;
        for source in &portal.sources {
            check_source(app, db, source)
                .await
                .with_context(|| format!("source {:?}, which asks {asked}", source.name))?;
        }
        anyhow::Ok(())
    }
    .await
    .with_context(|| format!("portal {:?}", portal.name))
}

fn check_surroundings(app: &App, portal: &Portal) -> anyhow::Result<()> {
    if let Some(target) = portal.lands_at.as_deref().filter(|target| !app.trusted.target(target)) {
        bail!("lands_at = {target:?} is neither a path of ours nor on one of the `trusted_origins`");
    }
    let known: Vec<&str> = app.forms.iter().map(|form| form.id()).collect();
    if let Some(unknown) = portal.methods.iter().find(|method| !known.contains(&method.as_str())) {
        bail!(
            "methods: {unknown:?} is no sign-in method that is switched on; those are: {}",
            known.join(", ")
        );
    }
    Ok(())
}

async fn check_source(app: &App, db: &Db, source: &Source) -> anyhow::Result<()> {
    let row = probe(db, &source.probe()).await?.ok_or_else(|| anyhow!("the query cannot be checked"))?;
    let columns = match &source.lookup {
        Lookup::Table(_) => vec!["clientId".to_owned(), "name".to_owned()],
        Lookup::Query(_) => row.columns(),
    };
    check_columns(app, &columns)?;
    let nobody = EmailAddress::parse(NOBODY).ok_or_else(|| anyhow!("the address of the check is none"))?;
    let findings = source.look_up(db, &app.users, &nobody).await?;
    if !findings.people.is_empty() {
        bail!("the query finds somebody for {NOBODY}, an address that nobody has: it must compare with $1");
    }
    Ok(())
}

/// Runs a query once, for nobody, so that the database refuses now what it would refuse later. On Postgres it must
/// pass as one that only reads, functions included.
async fn probe(db: &Db, sql: &str) -> Result<Option<Row>, DbError> {
    let rows = match db.dialect() {
        Dialect::Sqlite => db.query(sql).bind(NOBODY).rows().await?,
        Dialect::Postgres => {
            let mut tx = db.begin().await?;
            tx.query("set transaction read only").execute().await?;
            let rows = tx.query(sql).bind(NOBODY).rows().await?;
            tx.rollback().await?;
            rows
        }
    };
    Ok(rows.into_iter().next())
}

fn check_columns(app: &App, given: &[String]) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    let extra = || app.users.extra_columns().filter(|column| column.name != "role");
    let known = || ["email", "name", "image"].into_iter().chain(extra().map(|column| column.name.as_ref()));
    for name in given {
        if !seen.insert(name.as_str()) {
            bail!("the query gives the column {name:?} twice");
        }
        if OWN.contains(&name.as_str()) {
            bail!("the query gives the column {name:?}, which Guichet fills itself");
        }
        if !known().any(|column| column == name) {
            bail!(
                "the query gives the column {name:?}, which `user` does not have; it may give: {}. Declare others \
                 with [[plugins.prepare-login.column]]",
                known().collect::<Vec<_>>().join(", ")
            );
        }
    }
    let empty = |column: &&Column| {
        column.required && column.default.is_none() && !seen.contains(column.name.as_ref())
    };
    match extra().find(empty) {
        Some(column) => bail!(
            "`user` requires the column {:?} and has no default for it, and the query does not give it",
            column.name
        ),
        None => Ok(()),
    }
}
