//! An empty database.

use guichet_core::Timestamp;
use guichet_core::db::{Db, Dialect};
use guichet_core::migrate::{apply, generate, propose};
use guichet_core::schema::{Column, Default, Kind, Schema, Table};

use super::{lines, refusals, settled, the_refusal};
use crate::databases::{on_both, on_postgres};
use crate::sample::{self, PEOPLE};

#[tokio::test]
async fn an_empty_database_gets_everything_and_then_nothing_is_missing() {
    on_both(async |database| {
        let schema = sample::core();
        let done = apply(&database.db, &schema).await.unwrap();
        assert_eq!(
            lines(&done)[0],
            r#"+ table "user" ("id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt")"#
        );
        assert_eq!(lines(&done)[4], r#"+ index "session_userId_idx" on "session" ("userId")"#);
        assert_eq!(lines(&done).len(), 7);
        settled(database, &schema).await;
        assert!(apply(&database.db, &schema).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_proposal_changes_nothing() {
    on_both(async |database| {
        let schema = sample::core();
        let first = propose(&database.db, &schema).await.unwrap();
        assert_eq!(first, propose(&database.db, &schema).await.unwrap());
        assert_eq!(first, apply(&database.db, &schema).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn defaults_are_filled_in_our_own_form_and_sessions_go_with_their_user() {
    on_both(async |database| {
        apply(&database.db, &sample::core()).await.unwrap();
        database.db.query(PEOPLE).bind(true).execute().await.unwrap();
        let created = r#"select "createdAt" from "user" where "id" = 'u1'"#;
        let created: Timestamp = database.db.query(created).scalar().await.unwrap().unwrap();
        assert!(created > Timestamp::parse("2024-01-01T00:00:00Z").unwrap());
        if database.db.dialect() == Dialect::Sqlite {
            // Text must have the width of what we bind, or it sorts wrongly.
            let text: String =
                database.db.query(r#"select "createdAt" from "user""#).scalar().await.unwrap().unwrap();
            assert_eq!(Timestamp::parse(&text).unwrap().to_string(), text);
        }
        let session = r#"insert into "session" ("id", "expiresAt", "token", "updatedAt", "userId") values ('s', $1, 't', $1, 'u1')"#;
        database.db.query(session).bind(created).execute().await.unwrap();
        database.db.query(r#"delete from "user" where "id" = 'u1'"#).execute().await.unwrap();
        assert_eq!(database.count(r#"select count(*) from "session""#).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_at_once_succeed_and_one_does_the_work() {
    on_both(async |database| {
        let mut starting = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let url = database.url.clone();
            starting.spawn(async move {
                let db = Db::connect(&url, 2).await.unwrap();
                let done = apply(&db, &sample::core()).await;
                db.close().await;
                done.unwrap()
            });
        }
        let working = starting.join_all().await.iter().filter(|plan| !plan.is_empty()).count();
        assert_eq!(working, 1);
        settled(database, &sample::core()).await;
    })
    .await;
}

/// Wishes: 62.
#[tokio::test]
async fn the_generated_sql_makes_the_same_database() {
    on_both(async |database| {
        let schema = awkward();
        let sql = generate(&schema, database.db.dialect()).unwrap();
        assert_eq!(sql, generate(&schema, database.db.dialect()).unwrap());
        database.run(&sql).await;
        settled(database, &schema).await;
    })
    .await;
}

#[test]
fn the_generated_sql_is_laid_out_for_people() {
    let schema =
        Schema::merge([("core".into(), sample::core_tables().into_iter().take(2).collect())]).unwrap();
    let postgres = generate(&schema, Dialect::Postgres).unwrap();
    assert!(
        postgres.ends_with(
            r#"
create table "session" (
  "id"        text        not null primary key,
  "expiresAt" timestamptz not null,
  "token"     text        not null unique,
  "createdAt" timestamptz not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId"    text        not null references "user" ("id") on delete cascade
);

create index "session_userId_idx" on "session" ("userId");
"#
        ),
        "{postgres}"
    );
    let sqlite = generate(&schema, Dialect::Sqlite).unwrap();
    assert!(sqlite.contains(r#""emailVerified" integer not null default 0,"#), "{sqlite}");
    assert!(sqlite.contains(r#""createdAt"     date    not null default (strftime("#), "{sqlite}");
}

#[tokio::test]
async fn awkward_names_are_quoted() {
    on_both(async |database| {
        let schema = awkward();
        apply(&database.db, &schema).await.unwrap();
        settled(database, &schema).await;
        database.run(r#"insert into "or""der; --" ("select", "é'") values (1, 2)"#).await;
        let text = r#"select "it's" from "or""der; --""#;
        assert_eq!(database.db.query(text).scalar::<String>().await.unwrap().unwrap(), r"l'été \ 'n'");
    })
    .await;
}

fn awkward() -> Schema {
    let long = "aVeryLongNameOfAColumnThatGoesOnAndOnUntilPostgresWouldCutItOff";
    sample::with(vec![
        // Declared before what it refers to.
        Table::new("member").column(Column::id()).column(Column::text("team").references("team")),
        Table::new("team").column(Column::id()).column(Column::text("parent").references("team").indexed()),
        Table::new(r#"or"der; --"#)
            .column(Column { primary: true, ..Column::integer("select").required() })
            .column(Column { primary: true, ..Column::new("é'", Kind::BigInteger).required() })
            .column(Column::text("it's").default(Default::Text(r"l'été \ 'n'".into())))
            .column(Column::integer("n").default(Default::Integer(-1)).indexed())
            .column(Column::text(long).indexed())
            .index(&["n", "it's"]),
    ])
}

#[tokio::test]
async fn references_and_indexes_that_lead_nowhere_are_refused() {
    on_both(async |database| {
        let circle = sample::with(vec![
            Table::new("a").column(Column::id()).column(Column::text("b").references("b")),
            Table::new("b").column(Column::id()).column(Column::text("a").references("a")),
        ]);
        let codes: Vec<_> =
            refusals(database, &circle).await.into_iter().map(|r| (r.code, r.table)).collect();
        assert_eq!(codes, [("BAD_REFERENCE", "a".to_owned()), ("BAD_REFERENCE", "b".to_owned())]);
        let nobody = sample::with_user([Column::text("team").references("team")]);
        assert_eq!(refusals(database, &nobody).await[0].code, "BAD_REFERENCE");
        let missing = sample::with(vec![Table::new("user").index(&["email", "missing"])]);
        assert_eq!(the_refusal(database, &missing).await.0, "BAD_INDEX");
        assert!(generate(&nobody, database.db.dialect()).is_err());
    })
    .await;
}

#[tokio::test]
async fn a_search_path_without_schema_is_named_as_such() {
    on_postgres(async |database| {
        let sql = "drop schema public cascade";
        database.run(sql).await;
        let error = apply(&database.db, &sample::core()).await.unwrap_err();
        assert!(error.to_string().contains("search_path"), "{error}");
    })
    .await;
}
