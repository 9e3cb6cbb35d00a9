//! Guichet's names as views over tables that keep theirs: Drizzle goes on reading and writing.

use guichet_core::serde_json::json;
use guichet_testing::{TestDatabase, TestServer};

use super::drizzle::{FIXTURE, SETTINGS, by_drizzle, nobody_notices};
use super::{adopt, columns, folder, script, told};

fn searching(database: &TestDatabase, schema: &str) -> TestDatabase {
    TestDatabase::at(&format!("{}?options=-csearch_path%3D{schema},public", database.url()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guichet_works_through_views_and_the_tables_stay_what_they_are() {
    let database = by_drizzle().await;
    let folder = folder(SETTINGS);
    let tables = "table_schema = 'public'";
    let before = columns(&database, tables).await;
    let said = told(folder.path(), &database, &["adopt", "--views"]);
    assert!(said.code == 2 && said.out.contains("?options=-csearch_path%3Dguichet,public"), "{said:?}");
    let (code, done) = adopt(folder.path(), &database, &["--views", "--apply"]);
    assert_eq!(
        (code, &done["into"], &done["needsSearchPath"]),
        (0, &json!("guichet"), &json!(true)),
        "{done}"
    );
    super::kept(&before, &columns(&database, tables).await);

    let server = TestServer::with(&guichet::plugins::all(), &searching(&database, "guichet"), SETTINGS).await;
    nobody_notices(&server).await;
    // Drizzle sees what Guichet wrote, under its own names and with the table's own defaults.
    let new = r#"select count(*) from public."user" where "email" = 'nouvelle@example.com' and "email_verified" and "created_at" is not null and not "banned""#;
    assert_eq!(server.number(new).await, 1);
    let sessions = r#"select count(*) from public."session" s join public."user" u on u."id" = s."user_id""#;
    assert!(server.number(sessions).await >= 5);
    // And Guichet what Drizzle writes.
    server.execute(r#"update public."user" set "name" = 'Iris Nouvelle' where "username" = 'iris'"#).await;
    assert_eq!(
        server.text(r#"select "name" from "user" where "email" = 'iris@example.com'"#).await.unwrap(),
        "Iris Nouvelle"
    );
    // Who is deleted is deleted with everything: the tables' references work below the views.
    server.execute(r#"delete from "user" where "email" = 'iris@example.com'"#).await;
    assert_eq!(server.number(r#"select count(*) from "account" where "providerId" = 'credential'"#).await, 0);
    // `on conflict` and a unique value that somebody else has.
    let again = r#"insert into "user" ("id", "name", "email") values ('x', 'x', 'marc@example.com') on conflict ("email") do nothing returning "id""#;
    assert_eq!(server.text(again).await, None);
    let clash = server
        .app
        .db
        .query(r#"insert into "user" ("id", "name", "email") values ('x', 'x', 'marc@example.com')"#);
    let error = clash.execute().await.unwrap_err();
    assert!(guichet_core::db::violates(&error, "user", "email"), "{error}");
    server.stop().await;

    let known = adopt(folder.path(), &searching(&database, "guichet"), &["--views"]);
    assert_eq!((known.0, &known.1["sql"]), (0, &json!([])), "{}", known.1);
    assert_eq!(adopt(folder.path(), &database, &["--views"]).1["error"]["code"], "NAME_TAKEN");
    database.run(&script(&done["reverse"])).await;
    assert_eq!(columns(&database, tables).await, before, "to the letter");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_of_a_race_is_known_through_a_view() {
    let database = by_drizzle().await;
    adopt(folder(SETTINGS).path(), &database, &["--views", "--apply"]);
    let server = TestServer::with(&guichet::plugins::all(), &searching(&database, "guichet"), SETTINGS).await;
    let sign_up = async || {
        let body =
            json!({"email": "course@example.com", "password": "une course de vitesse", "name": "Course"});
        server.browser().post("/sign-up/email", body).await.status.as_u16()
    };
    let all = tokio::join!(sign_up(), sign_up(), sign_up(), sign_up(), sign_up());
    let all = [all.0, all.1, all.2, all.3, all.4];
    assert_eq!(all.iter().filter(|status| **status == 200).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| *status < 500), "{all:?}");
    assert_eq!(
        server.number(r#"select count(*) from public."user" where "email" = 'course@example.com'"#).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plural_tables_leave_the_names_free_and_the_views_stand_beside_them() {
    let database = TestDatabase::postgres().await;
    let plural = ["user", "session", "account", "verification", "two_factor"]
        .iter()
        .fold(FIXTURE.to_owned(), |sql, table| {
            sql.replace(&format!("\"{table}\""), &format!("\"{table}s\""))
        });
    database.run(&plural).await;
    let before = columns(&database, "true").await;
    let (code, done) = adopt(folder(SETTINGS).path(), &database, &["--views", "--apply"]);
    assert_eq!(
        (code, &done["into"], &done["needsSearchPath"]),
        (0, &json!("public"), &json!(false)),
        "{done}"
    );
    database.run(&script(&done["reverse"])).await;
    assert_eq!(columns(&database, "true").await, before, "to the letter");
    adopt(folder(SETTINGS).path(), &database, &["--views", "--apply"]);
    let server = TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await;
    nobody_notices(&server).await;
    let clash = server
        .app
        .db
        .query(r#"insert into "user" ("id", "name", "email") values ('x', 'x', 'marc@example.com')"#);
    let error = clash.execute().await.unwrap_err();
    assert!(
        guichet_core::db::violates(&error, "user", "email"),
        "known by the table below the view: {error}"
    );
}
