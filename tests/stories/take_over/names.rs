//! Where tables are looked for, what is refused, and `SQLite`.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{TestDatabase, TestServer};

use super::drizzle::{FIXTURE, SETTINGS, by_drizzle, nobody_notices};
use super::{adopt, columns, folder, kept, script, told};

/// The same tables in a schema of their own.
async fn in_schema(database: &TestDatabase, schema: &str) {
    database.run(&format!("create schema \"{schema}\";\n")).await;
    let names = ["user", "session", "account", "verification", "two_factor"];
    let mut sql = FIXTURE.to_owned();
    for verb in ["CREATE TABLE", "ALTER TABLE", "REFERENCES", "ON", "INTO"] {
        for name in names {
            sql = sql.replace(&format!("{verb} \"{name}\""), &format!("{verb} \"{schema}\".\"{name}\""));
        }
    }
    database.run(&sql).await;
}

#[track_caller]
fn refused((code, said): (i32, Value), expected: &str) {
    assert_eq!((code, &said["error"]["code"]), (1, &json!(expected)), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_of_another_schema_move_in_and_back() {
    let database = TestDatabase::postgres().await;
    in_schema(&database, "auth").await;
    let before = columns(&database, "true").await;
    let folder = folder(SETTINGS);
    let proposal = told(folder.path(), &database, &["adopt"]);
    assert!(proposal.out.contains("?options=-csearch_path%3Dauth"), "{proposal:?}");
    let (code, done) = adopt(folder.path(), &database, &["--apply"]);
    assert_eq!((code, &done["from"], &done["into"]), (0, &json!("auth"), &json!("public")), "{done}");
    database.run(&script(&done["reverse"])).await;
    assert_eq!(columns(&database, "true").await, before, "to the letter");
    adopt(folder.path(), &database, &["--apply"]);
    nobody_notices(&TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_schemas_one_is_chosen() {
    let database = TestDatabase::postgres().await;
    in_schema(&database, "auth").await;
    in_schema(&database, "old auth").await;
    let folder = folder(SETTINGS);
    refused(adopt(folder.path(), &database, &["--apply"]), "SEVERAL_SCHEMAS");
    refused(adopt(folder.path(), &database, &["--apply", "--from", "nowhere"]), "NO_TABLES_FOUND");
    let (code, done) = adopt(folder.path(), &database, &["--apply", "--from", "old auth"]);
    assert_eq!((code, &done["from"]), (0, &json!("old auth")), "{done}");
    nobody_notices(&TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_that_is_searched_first_needs_only_what_it_needs() {
    let database = TestDatabase::postgres().await;
    in_schema(&database, "auth").await;
    let there = TestDatabase::at(&format!("{}?options=-csearch_path%3Dauth", database.url()));
    let (code, done) = adopt(folder(SETTINGS).path(), &there, &["--apply"]);
    assert_eq!((code, &done["into"]), (0, &json!("auth")), "{done}");
    assert!(!done["sql"].to_string().contains("set schema"), "{done}");
    nobody_notices(&TestServer::with(&guichet::plugins::all(), &there, SETTINGS).await).await;
}

guichet_testing::stories! {
    async fn where_nothing_is_better_auths_that_is_said(database) {
        let folder = folder(SETTINGS);
        refused(adopt(folder.path(), &database, &["--apply"]), "NO_TABLES_FOUND");
        // People of somebody else's, with an e-mail address and all.
        database.run("create table \"users\" (\"id\" text primary key, \"email\" text, \"created_at\" text);\n").await;
        refused(adopt(folder.path(), &database, &["--apply"]), "NO_TABLES_FOUND");
        let said = told(folder.path(), &database, &["adopt"]).failed();
        assert!(said.contains("[NO_TABLES_FOUND]"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_are_taken_or_ambiguous_are_refused_and_nothing_changes() {
    let database = by_drizzle().await;
    database
        .run(
            "create table \"users\" as select * from \"user\";\nalter table \"user\" rename to \"user_s\";\n",
        )
        .await;
    let before = columns(&database, "true").await;
    let folder = folder(SETTINGS);
    refused(adopt(folder.path(), &database, &["--apply"]), "SEVERAL_TABLES");
    database.run("drop table \"users\";\ncreate table \"user\" (\"id\" integer);\n").await;
    refused(adopt(folder.path(), &database, &["--apply"]), "NAME_TAKEN");
    database.run("drop table \"user\";\ncreate table \"users\" as select * from \"user_s\";\n").await;
    kept(&before, &columns(&database, "true").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_used_afterwards_is_not_begun() {
    let database = by_drizzle().await;
    database.run("alter table \"user\" add column \"payroll_number\" integer not null default 1;\nalter table \"user\" alter column \"payroll_number\" drop default;\n").await;
    let before = columns(&database, "true").await;
    let folder = folder(SETTINGS);
    refused(adopt(folder.path(), &database, &["--apply"]), "UNFIT_TABLES");
    let said = told(folder.path(), &database, &["adopt", "--apply"]).failed();
    assert!(said.contains("payroll_number") && said.contains("UNFILLED_REQUIRED_COLUMN"), "{said}");
    assert_eq!(columns(&database, "true").await, before);
}

const SQLITE: &str = include_str!("../../../core/tests/fixtures/better-auth-own.sqlite.sql");

/// Better Auth's own tables on `SQLite` with mapped names (`modelName`, `fields`).
async fn sqlite_in_snake_case() -> TestDatabase {
    let database = TestDatabase::sqlite();
    let mut sql = SQLITE.to_owned();
    for (camel, snake) in [
        ("emailVerified", "email_verified"),
        ("createdAt", "created_at"),
        ("updatedAt", "updated_at"),
        ("expiresAt", "expires_at"),
        ("ipAddress", "ip_address"),
        ("userAgent", "user_agent"),
        ("userId", "user_id"),
        ("accountId", "account_id"),
        ("providerId", "provider_id"),
        ("accessToken", "access_token"),
        ("refreshToken", "refresh_token"),
        ("idToken", "id_token"),
        ("accessTokenExpiresAt", "access_token_expires_at"),
        ("refreshTokenExpiresAt", "refresh_token_expires_at"),
        ("user", "users"),
        ("session", "sessions"),
        ("account", "accounts"),
        ("verification", "verifications"),
    ] {
        sql = sql.replace(&format!("\"{camel}\""), &format!("\"{snake}\""));
    }
    database.run(&sql).await;
    database.run("insert into \"users\" (\"id\", \"name\", \"email\", \"email_verified\", \"created_at\", \"updated_at\") values ('u1', 'Ida', 'ida@example.com', 1, '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z');\n").await;
    database
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_is_renamed_and_back() {
    let database = sqlite_in_snake_case().await;
    let before = columns(&database, "true").await;
    let folder = folder(SETTINGS);
    assert_eq!(adopt(folder.path(), &database, &[]).0, 2);
    assert_eq!(columns(&database, "true").await, before);
    let (code, done) = adopt(folder.path(), &database, &["--apply"]);
    assert_eq!(code, 0, "{done}");
    database.run(&script(&done["reverse"])).await;
    assert_eq!(columns(&database, "true").await, before, "to the letter");
    adopt(folder.path(), &database, &["--apply"]);
    let server = TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await;
    let browser = server.browser();
    crate::sign_in(&server, &browser, "ida@example.com").await;
    let session = browser.get("/get-session").await.expect(200).json();
    assert_eq!(
        (&session["user"]["id"], &session["user"]["createdAt"]),
        (&json!("u1"), &json!("2026-01-02T03:04:05.678Z"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_gets_no_views_and_no_moments_as_numbers() {
    let database = sqlite_in_snake_case().await;
    let folder = folder(SETTINGS);
    refused(adopt(folder.path(), &database, &["--views", "--apply"]), "VIEWS_NOT_ON_SQLITE");
    // As Drizzle declares moments on SQLite.
    database.run("alter table \"users\" rename column \"created_at\" to \"was\";\nalter table \"users\" add column \"created_at\" integer;\nupdate \"users\" set \"was\" = 'x';\n").await;
    let before = columns(&database, "true").await;
    refused(adopt(folder.path(), &database, &["--apply"]), "UNFIT_TABLES");
    assert_eq!(columns(&database, "true").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_not_there_is_not_made() {
    let folder = folder(SETTINGS);
    let file = folder.path().join("none.db");
    let database = TestDatabase::at(&format!("sqlite:{}", file.display()));
    refused(adopt(folder.path(), &database, &[]), "NO_TABLES_FOUND");
    assert!(!file.exists());
}
