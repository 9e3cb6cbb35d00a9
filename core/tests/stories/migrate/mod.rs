//! How a database comes to hold what is declared.

mod fresh;
mod growing;
mod refusing;
mod taking_over;

use guichet_core::migrate::{MigrateError, Plan, Refusal, apply, propose};
use guichet_core::schema::Schema;

use crate::databases::Database;

async fn refusals(database: &Database, schema: &Schema) -> Vec<Refusal> {
    match apply(&database.db, schema).await {
        Err(MigrateError::Refused(refusals)) => refusals.0,
        other => panic!("not refused: {other:?}"),
    }
}

/// The only refusal's code, table and column.
async fn the_refusal(database: &Database, schema: &Schema) -> (&'static str, String, String) {
    let all = refusals(database, schema).await;
    let [only] = all.as_slice() else { panic!("{all:#?}") };
    (only.code, only.table.clone(), only.column.clone().unwrap_or_default())
}

async fn settled(database: &Database, schema: &Schema) {
    let left = propose(&database.db, schema).await.unwrap();
    assert!(left.is_empty(), "{left}");
}

fn lines(plan: &Plan) -> Vec<String> {
    plan.to_string().lines().map(str::to_owned).collect()
}
