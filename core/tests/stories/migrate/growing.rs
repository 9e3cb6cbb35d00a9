//! A database that has people in it already.

use guichet_core::Timestamp;
use guichet_core::db::Dialect;
use guichet_core::migrate::{apply, propose};
use guichet_core::schema::{Column, Default, Schema, Table};

use super::{lines, settled};
use crate::databases::{Database, on_both};
use crate::sample::{self, PEOPLE};

async fn with_people(database: &Database) {
    apply(&database.db, &sample::core()).await.unwrap();
    database.db.query(PEOPLE).bind(true).execute().await.unwrap();
}

#[tokio::test]
async fn a_plugin_switched_on_later_adds_only_its_column() {
    on_both(async |database| {
        with_people(database).await;
        let schema = sample::with_user([Column::text("role")]);
        let done = apply(&database.db, &schema).await.unwrap();
        assert_eq!(lines(&done), [r#"+ column "user"."role" text"#]);
        assert_eq!(done.sql(), "alter table \"user\" add column \"role\" text;\n");
        settled(database, &schema).await;
        // Switched off again: what is there stays, and nobody minds.
        settled(database, &sample::core()).await;
        assert_eq!(database.count(r#"select count(*) from "user" where "role" is null"#).await, 2);
    })
    .await;
}

#[tokio::test]
async fn unique_indexed_and_referring_columns_come_to_rows_that_exist() {
    on_both(async |database| {
        with_people(database).await;
        let columns = || {
            [
                Column::text("username").unique(),
                Column::text("locale").required().default(Default::Text("fr".into())).indexed(),
                Column::boolean("banned").default(Default::Boolean(false)),
                Column::text("invitedBy").references("user").indexed(),
            ]
        };
        let schema = sample::with_user(columns());
        let done = apply(&database.db, &schema).await.unwrap();
        assert_eq!(lines(&done)[4], r#"+ unique index "user_username_key" on "user" ("username")"#);
        settled(database, &schema).await;
        let filled = r#"select count(*) from "user" where "locale" = 'fr' and not ("banned" = $1)"#;
        assert_eq!(database.db.query(filled).bind(true).scalar::<i64>().await.unwrap(), Some(2));
        let name = r#"update "user" set "username" = 'same'"#;
        assert!(database.db.query(name).execute().await.is_err());
        let stranger = r#"update "user" set "invitedBy" = 'nobody'"#;
        assert!(database.db.query(stranger).execute().await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_moment_that_is_required_is_filled_for_rows_that_exist() {
    on_both(async |database| {
        with_people(database).await;
        let schema = sample::with_user([Column::timestamp("seenAt").required().default(Default::Now)]);
        apply(&database.db, &schema).await.unwrap();
        settled(database, &schema).await;
        let seen = r#"select "seenAt" from "user" where "id" = 'u2'"#;
        let seen: Timestamp = database.db.query(seen).scalar().await.unwrap().unwrap();
        assert!(seen > Timestamp::parse("2024-01-01T00:00:00Z").unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_empty_table_takes_required_columns() {
    on_both(async |database| {
        apply(&database.db, &sample::core()).await.unwrap();
        let schema = sample::with(vec![
            Table::new("session")
                .column(Column::timestamp("provenAt").required().default(Default::Now))
                .column(Column::text("device").required())
                .column(Column::text("actor").references("user").default(Default::Text("nobody".into()))),
        ]);
        apply(&database.db, &schema).await.unwrap();
        settled(database, &schema).await;
    })
    .await;
}

#[tokio::test]
async fn an_index_whose_name_is_taken_gets_another() {
    on_both(async |database| {
        with_people(database).await;
        // The name that ours would have, on something else: partial, so that it does not serve.
        database.run(r#"create index "user_image_idx" on "user" ("image") where "name" = 'Ada'"#).await;
        let mut tables = sample::core_tables();
        tables[0].columns[4].indexed = true;
        let schema = Schema::merge([("core".into(), tables)]).unwrap();
        let done = apply(&database.db, &schema).await.unwrap();
        assert_eq!(lines(&done), [r#"+ index "user_image_idx2" on "user" ("image")"#]);
        settled(database, &schema).await;
    })
    .await;
}

#[tokio::test]
async fn when_a_statement_fails_nothing_of_the_plan_stays() {
    on_both(async |database| {
        with_people(database).await;
        // On both databases tables and indexes share their names.
        database.run(r#"create index "note" on "user" ("image")"#).await;
        let team = || Table::new("team").column(Column::id());
        let schema = sample::with(vec![team(), Table::new("note").column(Column::id())]);
        let error = apply(&database.db, &schema).await.unwrap_err().to_string();
        assert!(error.contains("create table \"note\""), "{error}");
        let left = propose(&database.db, &sample::with(vec![team()])).await.unwrap();
        assert_eq!(lines(&left), [r#"+ table "team" ("id")"#]);
    })
    .await;
}

#[tokio::test]
async fn a_column_with_long_values_is_indexed_for_equality() {
    on_both(async |database| {
        with_people(database).await;
        // Longer than an ordinary index of Postgres takes, even compressed.
        let long: String =
            (0..20_000_u32).map(|n| char::from_u32(33 + n * n % 89 * n % 90).unwrap()).collect();
        let long = long.replace('\'', "");
        // Inserted, not updated: while other transactions run, Postgres uses no index that was made after an update.
        let row = format!(
            r#"insert into "user" ("id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt")
               select 'long', "name", 'long@example.com', "emailVerified", '{long}', "createdAt", "updatedAt"
               from "user" limit 1"#
        );
        database.run(&row).await;
        let mut tables = sample::core_tables();
        let image = tables[0].columns.iter_mut().find(|column| column.name == "image").unwrap();
        *image = image.clone().indexed_though_long();
        let schema = Schema::merge([("core".into(), tables)]).unwrap();
        let done = apply(&database.db, &schema).await.unwrap();
        assert_eq!(lines(&done), [r#"+ index "user_image_idx" on "user" ("image")"#]);
        settled(database, &schema).await;
        database.run(&format!(r#"update "user" set "image" = '{long}{long}' where "id" = 'long'"#)).await;

        let mut tx = database.db.begin().await.unwrap();
        if database.db.dialect() == Dialect::Postgres {
            // A table of four rows is read faster without any index.
            tx.query("set local enable_seqscan = off").execute().await.unwrap();
        }
        let explain = database.pick("explain", "explain query plan");
        let sql = format!(r#"{explain} delete from "user" where "image" = 'x'"#);
        let plan = tx.query(&sql).rows().await.unwrap();
        let column = database.pick("QUERY PLAN", "detail");
        let plan: Vec<String> = plan.iter().map(|row| row.get(column).unwrap()).collect();
        assert!(plan.join("\n").contains("user_image_idx"), "{plan:#?}");
        tx.rollback().await.unwrap();
    })
    .await;
}
