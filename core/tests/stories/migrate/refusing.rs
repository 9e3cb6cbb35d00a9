//! What would hurt is refused before anything runs.

use guichet_core::db::Dialect;
use guichet_core::migrate::{apply, propose};
use guichet_core::schema::{Column, Default, Schema, Table};

use super::{refusals, settled, the_refusal};
use crate::databases::{on_both, on_sqlite};
use crate::sample::{self, PEOPLE};

fn said(code: &'static str, table: &str, column: &str) -> (&'static str, String, String) {
    (code, table.to_owned(), column.to_owned())
}

#[tokio::test]
async fn a_required_column_without_default_on_rows_is_refused_before_anything_runs() {
    on_both(async |database| {
        apply(&database.db, &sample::core()).await.unwrap();
        database.db.query(PEOPLE).bind(true).execute().await.unwrap();
        let schema = sample::with(vec![
            Table::new("team").column(Column::id()),
            Table::new("user").column(Column::text("nickname")).column(Column::text("surname").required()),
        ]);
        assert_eq!(the_refusal(database, &schema).await, said("REQUIRED_COLUMN_ON_ROWS", "user", "surname"));
        let left = propose(&database.db, &sample::with(vec![Table::new("team").column(Column::id())])).await;
        assert_eq!(left.unwrap().changes.len(), 1, "the team was not made");
    })
    .await;
}

#[tokio::test]
async fn duplicates_refuse_a_unique_index_and_are_counted_not_shown() {
    on_both(async |database| {
        let email = Column::text("email").required();
        let loose = Table::new("user").column(Column::id()).column(email.clone());
        let loose = Schema::merge([("core".into(), vec![loose])]).unwrap();
        apply(&database.db, &loose).await.unwrap();
        database
            .run(r#"insert into "user" values ('1', 'a@b.c'), ('2', 'a@b.c'), ('3', 'd@e.f'), ('4', 'd@e.f'), ('5', 'x')"#)
            .await;
        let strict = Table::new("user").column(Column::id()).column(email.unique());
        let strict = Schema::merge([("core".into(), vec![strict])]).unwrap();
        let all = refusals(database, &strict).await;
        assert_eq!((all.len(), all[0].code), (1, "DUPLICATE_VALUES"));
        let text = all[0].to_string();
        assert!(text.contains(": 2 ") && !text.contains("a@b.c"), "{text}");
        database.run(r#"delete from "user" where "id" in ('2', '4')"#).await;
        apply(&database.db, &strict).await.unwrap();
        settled(database, &strict).await;
        let same = sample::with_user([]);
        assert!(refusals(database, &same).await.iter().any(|r| r.code == "REQUIRED_COLUMN_ON_ROWS"));
    })
    .await;
}

#[tokio::test]
async fn a_unique_column_with_a_default_cannot_come_to_several_rows() {
    on_both(async |database| {
        apply(&database.db, &sample::core()).await.unwrap();
        database.db.query(PEOPLE).bind(true).execute().await.unwrap();
        let schema = sample::with_user([Column::text("code").unique().default(Default::Text("x".into()))]);
        assert_eq!(the_refusal(database, &schema).await, said("DUPLICATE_VALUES", "user", "code"));
    })
    .await;
}

#[tokio::test]
async fn a_required_column_that_nobody_declares_is_refused_unless_it_has_a_default() {
    on_both(async |database| {
        let created = |extra: &str| format!(r#"create table "verification" ("id" text not null primary key, "identifier" text, "value" text, "expiresAt" timestamp, "createdAt" timestamp, "updatedAt" timestamp, {extra});
"#);
        database.run(&created(r#""tenant" text not null"#)).await;
        let said = said("UNFILLED_REQUIRED_COLUMN", "verification", "tenant");
        assert_eq!(the_refusal(database, &sample::core()).await, said);
        database.run(r#"drop table "verification""#).await;
        database.run(&created(r#""tenant" text not null default 'one'"#)).await;
        apply(&database.db, &sample::core()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_declared_column_that_may_be_left_out_cannot_be_required_there() {
    on_both(async |database| {
        apply(&database.db, &sample::with_user([Column::text("phone").required()])).await.unwrap();
        let schema = sample::with_user([Column::text("phone")]);
        assert_eq!(the_refusal(database, &schema).await, said("UNFILLED_REQUIRED_COLUMN", "user", "phone"));
    })
    .await;
}

#[tokio::test]
async fn a_type_that_cannot_hold_it_is_refused_with_its_name() {
    on_both(async |database| {
        let (numbers, name) = match database.db.dialect() {
            Dialect::Postgres => ("numeric(10,2)", "numeric(10,2)"),
            Dialect::Sqlite => ("INTEGER", "INTEGER"),
        };
        database
            .run(&format!(r#"create table "verification" ("id" {numbers} primary key not null, "identifier" text, "value" {numbers}, "expiresAt" {numbers}, "createdAt" text, "updatedAt" date);
"#))
            .await;
        let all = refusals(database, &sample::core()).await;
        let columns: Vec<&str> = all.iter().filter_map(|r| r.column.as_deref()).collect();
        let expected: &[&str] = match database.db.dialect() {
            Dialect::Postgres => &["id", "value", "expiresAt", "createdAt", "updatedAt"],
            Dialect::Sqlite => &["id", "value", "expiresAt"],
        };
        assert_eq!(columns, expected);
        assert!(all.iter().all(|r| r.code == "TYPE_MISMATCH"));
        assert!(all[0].to_string().contains(name), "{}", all[0]);
    })
    .await;
}

#[tokio::test]
async fn moments_that_are_numbers_are_refused_until_they_are_converted() {
    on_sqlite(async |database| {
        database
            .run(r#"create table "verification" ("id" text primary key, "identifier" text, "value" text, "expiresAt" DATETIME, "createdAt" DATETIME, "updatedAt" DATETIME);
insert into "verification" values ('v', 'i', 'v', 1714557600123, null, '2024-05-01T10:00:00.000Z');
"#)
            .await;
        let all = refusals(database, &sample::core()).await;
        assert_eq!((all.len(), all[0].code, all[0].column.as_deref()), (1, "NUMERIC_MOMENTS", Some("expiresAt")));
        let (_, remedy) = all[0].remedy.split_once(": ").unwrap();
        database.run(remedy).await;
        apply(&database.db, &sample::core()).await.unwrap();
        let moment = r#"select "expiresAt" from "verification""#;
        let moment: Option<String> = database.db.query(moment).scalar().await.unwrap();
        assert_eq!(moment.as_deref(), Some("2024-05-01T10:00:00.123Z"));
    })
    .await;
}

#[tokio::test]
async fn a_table_without_key_is_refused() {
    on_both(async |database| {
        database
            .run(r#"create table "user" ("id" text, "name" text, "email" text, "emailVerified" boolean, "image" text, "createdAt" timestamp, "updatedAt" timestamp)"#)
            .await;
        assert_eq!(the_refusal(database, &sample::core()).await, said("MISSING_KEY", "user", ""));
        database.run(r#"create unique index on_id on "user" ("id")"#).await;
        apply(&database.db, &sample::core()).await.unwrap();
        settled(database, &sample::core()).await;
    })
    .await;
}
