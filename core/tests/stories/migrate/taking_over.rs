//! Databases that other programs made.

use std::collections::BTreeMap;

use guichet_core::db::Dialect;
use guichet_core::migrate::{apply, propose};
use guichet_core::schema::{Column, Table};

use super::{lines, settled, the_refusal};
use crate::databases::{Database, on_both, on_postgres};
use crate::sample;

const PRISMA_POSTGRES: &str = include_str!("../../fixtures/better-auth-by-prisma.postgres.sql");
const PRISMA_SQLITE: &str = include_str!("../../fixtures/better-auth-by-prisma.sqlite.sql");
const OWN_POSTGRES: &str = include_str!("../../fixtures/better-auth-own.postgres.sql");
const OWN_SQLITE: &str = include_str!("../../fixtures/better-auth-own.sqlite.sql");
const TENANTS: &str = include_str!("../../fixtures/tenants.postgres.sql");

/// Every column with its type and nullability, business tables included.
async fn columns(database: &Database) -> BTreeMap<String, String> {
    let sql = database.pick(
        r#"select table_name || '.' || column_name as "column", udt_name || ' ' || is_nullable || ' ' || coalesce(datetime_precision::text, '') || coalesce(column_default, '') as "type" from information_schema.columns where table_schema = 'public'"#,
        r#"select t.name || '.' || c.name as "column", c.type || ' ' || c."notnull" || coalesce(c.dflt_value, '') as "type" from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table'"#,
    );
    let rows = database.db.query(sql).rows().await.unwrap();
    rows.iter().map(|row| (row.get("column").unwrap(), row.get("type").unwrap())).collect()
}

#[tokio::test]
async fn a_database_by_prisma_is_only_added_to() {
    on_both(async |database| {
        database.run(database.pick(PRISMA_POSTGRES, PRISMA_SQLITE)).await;
        let before = columns(database).await;
        let schema = sample::with_user([
            Column::text("role"),
            Column::text("clientId"),
            Column::boolean("twoFactorEnabled"),
            Column::boolean("banned"),
        ]);
        let done = apply(&database.db, &schema).await.unwrap();
        assert_eq!(
            lines(&done),
            [
                database.pick(r#"+ column "user"."banned" boolean"#, r#"+ column "user"."banned" integer"#),
                r#"+ index "session_userId_idx" on "session" ("userId")"#,
                r#"+ index "account_userId_idx" on "account" ("userId")"#,
                r#"+ index "verification_identifier_idx" on "verification" ("identifier")"#,
            ]
        );
        let after = columns(database).await;
        assert_eq!(after.len(), before.len() + 1);
        assert!(before.iter().all(|(column, kind)| after.get(column) == Some(kind)));
        assert_eq!(database.count(r#"select count(*) from "user" where "role" = 'NOTAIRE'"#).await, 1);
        assert_eq!(
            database.count(r#"select count(*) from "session" s join "user" u on u."id" = s."userId""#).await,
            1
        );
        settled(database, &schema).await;
    })
    .await;
}

#[tokio::test]
async fn better_auths_own_tables_need_nothing() {
    on_both(async |database| {
        database.run(database.pick(OWN_POSTGRES, OWN_SQLITE)).await;
        settled(database, &sample::with_user([Column::text("username").unique()])).await;
    })
    .await;
}

/// Wishes: 99.
#[tokio::test]
async fn business_tables_beside_ours_are_left_alone() {
    on_postgres(async |database| {
        database.run(TENANTS).await;
        let before = columns(database).await;
        apply(&database.db, &sample::core()).await.unwrap();
        let after = columns(database).await;
        assert!(before.iter().all(|(column, kind)| after.get(column) == Some(kind)));
        assert_eq!(database.count(r#"select count(*) from "Client""#).await, 9);
        settled(database, &sample::core()).await;
    })
    .await;
}

#[tokio::test]
async fn tables_of_another_schema_are_not_ours() {
    on_postgres(async |database| {
        database.run("create schema other;\ncreate table other.\"user\" (\"id\" integer not null);\n").await;
        apply(&database.db, &sample::core()).await.unwrap();
        settled(database, &sample::core()).await;
    })
    .await;
}

#[tokio::test]
async fn neighbouring_types_are_taken_and_new_references_follow_the_ids() {
    on_postgres(async |database| {
        database
            .run(
                r#"create domain short as varchar(200);
create table "user" ("id" uuid primary key default gen_random_uuid(), "name" short, "email" varchar(255) constraint mail unique, "emailVerified" boolean not null default false, "image" text, "createdAt" timestamp, "updatedAt" timestamptz(3), "age" bigint generated always as identity);
insert into "user" ("email") values ('ada@example.com');
"#,
            )
            .await;
        let schema = sample::with_user([Column::integer("age"), Column::text("invitedBy").references("user")]);
        let done = apply(&database.db, &schema).await.unwrap();
        assert!(done.to_string().contains(r#"+ column "user"."invitedBy" uuid"#), "{done}");
        assert!(done.sql().contains(r#""userId"    uuid        not null references"#), "{}", done.sql());
        settled(database, &schema).await;
    })
    .await;
}

#[tokio::test]
async fn a_view_is_taken_as_it_is_or_refused() {
    on_both(async |database| {
        let moment = database.pick("timestamptz", "date");
        database
            .run(&format!(
                r#"create table auth_users (id text primary key, name text not null, email text not null unique, email_verified {}, image text, created_at {moment}, updated_at {moment});
create view "user" as select id as "id", name as "name", email as "email", email_verified as "emailVerified", image as "image", created_at as "createdAt", updated_at as "updatedAt" from auth_users;
"#,
                database.pick("boolean", "integer"),
            ))
            .await;
        let done = apply(&database.db, &sample::core()).await.unwrap();
        assert!(!done.sql().contains(r#"references "user""#), "a view cannot be referred to");
        let below = done.sql().contains(r#"references public.auth_users ("id") on delete cascade"#);
        assert_eq!(below, database.db.dialect() == Dialect::Postgres, "the table below it can");
        settled(database, &sample::core()).await;
        let schema = sample::with_user([Column::text("role")]);
        let expected = ("MISSING_IN_VIEW", "user".to_owned(), "role".to_owned());
        assert_eq!(the_refusal(database, &schema).await, expected);
    })
    .await;
}

#[tokio::test]
async fn indexes_count_by_their_columns() {
    on_both(async |database| {
        let note = |index: &[&'static str]| {
            sample::with(vec![
                Table::new("note")
                    .column(Column::id())
                    .column(Column::text("a").indexed())
                    .column(Column::text("b"))
                    .column(Column::text("c").unique())
                    .index(index),
            ])
        };
        database
            .run(
                r#"create table "note" ("id" text not null primary key, "a" text, "b" text, "c" text);
create unique index "one" on "note" ("a", "b");
create index "two" on "note" ("c");
create unique index "three" on "note" (lower("c"));
"#,
            )
            .await;
        let plan = propose(&database.db, &note(&["a", "b"])).await.unwrap();
        let of_note: Vec<String> = lines(&plan).into_iter().filter(|line| line.contains("note")).collect();
        assert_eq!(of_note, [r#"+ unique index "note_c_key" on "note" ("c")"#]);
        let plan = propose(&database.db, &note(&["b", "a"])).await.unwrap();
        assert!(plan.to_string().contains(r#"+ index "note_b_a_idx" on "note" ("b", "a")"#), "{plan}");
    })
    .await;
}
