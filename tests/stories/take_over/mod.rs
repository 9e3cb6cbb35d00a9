//! Better Auth stops, Guichet starts on the same database with the same secret, and nobody notices.

mod better_auth;
mod drizzle;
mod names;
mod prisma;
mod uuids;
mod views;

use std::path::Path;

use guichet_core::db::Dialect;
use guichet_core::serde_json::Value;
use guichet_testing::TestDatabase;

use crate::program::{Said, guichet};

/// Every column with what it is, in its place.
async fn columns(database: &TestDatabase, condition: &str) -> Vec<String> {
    let sql = match database.dialect() {
        Dialect::Postgres => format!(
            "select concat_ws(' ', table_name, ordinal_position, column_name, udt_schema, udt_name, is_nullable, \
             coalesce(column_default, '-'), datetime_precision, character_maximum_length) as line \
             from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema') \
             and {condition} order by line"
        ),
        Dialect::Sqlite => format!(
            "select t.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' \
             || coalesce(c.dflt_value, '-') as line from (select name, name as table_name from sqlite_master \
             where type = 'table') t, pragma_table_info(t.name) c where {condition} order by line"
        ),
    };
    let db = database.connect().await;
    let rows = db.query(&sql).rows().await.unwrap();
    db.close().await;
    rows.iter().map(|row| row.get("line").unwrap()).collect()
}

/// Whether everything that was there is there as it was.
#[track_caller]
fn kept(before: &[String], after: &[String]) {
    let lost: Vec<&String> = before.iter().filter(|line| !after.contains(line)).collect();
    assert!(!before.is_empty() && lost.is_empty(), "changed: {lost:#?}\n{after:#?}");
}

/// Runs the program on a database.
fn told(folder: &Path, database: &TestDatabase, arguments: &[&str]) -> Said {
    guichet(folder, arguments, &[("GUICHET_DATABASE__URL", database.url())])
}

/// `guichet adopt … --json`, with its exit code.
fn adopt(folder: &Path, database: &TestDatabase, arguments: &[&str]) -> (i32, Value) {
    let said = told(folder, database, &[&["adopt", "--json"], arguments].concat());
    (said.code, guichet_core::serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}")))
}

/// The statements of a proposal as a script.
fn script(statements: &Value) -> String {
    let statements = statements.as_array().unwrap().iter().map(|sql| sql.as_str().unwrap());
    statements.flat_map(|sql| [sql, ";\n"]).collect()
}

/// A folder with settings.
fn folder(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("guichet.toml"), settings).unwrap();
    folder
}
