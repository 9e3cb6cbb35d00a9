//! Snake case, as Drizzle's schema generator has it: renamed for good, and back.

use guichet_core::serde_json::json;
use guichet_testing::{SESSION_COOKIE, TestDatabase, TestServer};

use super::{adopt, columns, folder, kept, script, told};

pub(super) const FIXTURE: &str = include_str!("../../fixtures/better-auth-by-drizzle.postgres.sql");
pub(super) const SETTINGS: &str = r#"
secret = "a-secret-from-the-days-of-drizzle-and-node"
[[user.fields]]
name = "role"
[[user.fields]]
name = "clientId"
[plugins.email-otp]
[plugins.email-password]
"#;
const COOKIE: &str = "dr1zzleTokenOfAnOldSession012345.mrkMz8OP60c8RqhZ6ZSoRQwc3vy4j1RhjEHzL4fWtNI%3D";
const PASSWORD: &str = "une phrase de passe de Drizzle";

/// A database as Drizzle made it.
pub(super) async fn by_drizzle() -> TestDatabase {
    let database = TestDatabase::postgres().await;
    database.run(FIXTURE).await;
    database
}

/// The old cookie answers, the old password signs in, and somebody new walks in by code.
pub(super) async fn nobody_notices(server: &TestServer) {
    let browser = server.browser();
    browser.set_cookie(SESSION_COOKIE, COOKIE);
    for _ in 0..2 {
        let session = browser.get("/get-session").await.expect(200).json();
        assert_eq!(session["user"]["name"], "Iris Bruine");
        assert_eq!(session["user"]["clientId"], "client-7");
        assert_eq!(session["user"]["emailVerified"], true);
    }
    let wrong = json!({"email": "iris@example.com", "password": "une phrase de passe de drizzle"});
    server.browser().post("/sign-in/email", wrong).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
    for _ in 0..2 {
        let right = json!({"email": "iris@example.com", "password": PASSWORD});
        server.browser().post("/sign-in/email", right).await.expect(200).json();
    }
    let kept_as = server.text(r#"select "password" from "account" where "providerId" = 'credential'"#).await;
    assert!(kept_as.unwrap().starts_with("$argon2id$"));
    crate::sign_in(server, &server.browser(), "nouvelle@example.com").await;
    crate::sign_in(server, &server.browser(), "marc@example.com").await;
    assert_eq!(server.count("user").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_being_told_to_nothing_is_renamed() {
    let database = by_drizzle().await;
    let before = columns(&database, "true").await;
    let folder = folder(SETTINGS);
    let said = told(folder.path(), &database, &["adopt"]);
    assert_eq!(said.code, 2, "{said:?}");
    for part in [
        r#"alter table "user" rename column "email_verified" to "emailVerified";"#,
        r#"alter table "user" rename column "emailVerified" to "email_verified";"#,
        "-- The way back",
        r#"+ column "session"."amr" text"#,
        "guichet adopt --apply",
    ] {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
    let (code, proposal) = adopt(folder.path(), &database, &[]);
    assert_eq!((code, &proposal["applied"], &proposal["way"]), (2, &json!(false), &json!("renames")));
    assert_eq!(columns(&database, "true").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn renamed_it_works_and_the_way_back_restores_every_name() {
    let database = by_drizzle().await;
    let before = columns(&database, "true").await;
    let folder = folder(SETTINGS);
    let (code, done) = adopt(folder.path(), &database, &["--apply"]);
    assert_eq!((code, &done["applied"]), (0, &json!(true)), "{done}");
    assert_ne!(columns(&database, "true").await, before);
    database.run(&script(&done["reverse"])).await;
    assert_eq!(columns(&database, "true").await, before, "to the letter");

    adopt(folder.path(), &database, &["--apply"]);
    assert_eq!(adopt(folder.path(), &database, &["--apply"]).0, 0, "twice is once");
    let server = TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await;
    nobody_notices(&server).await;
    server.stop().await;
    // After Guichet ran: what it added stays, everything else is as it was.
    database.run(&script(&done["reverse"])).await;
    kept(&before, &columns(&database, "true").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plural_tables_are_known_and_a_business_table_is_not_taken_for_one() {
    let database = TestDatabase::postgres().await;
    let plural = ["user", "session", "account", "verification", "two_factor"]
        .iter()
        .fold(FIXTURE.to_owned(), |sql, table| {
            sql.replace(&format!("\"{table}\""), &format!("\"{table}s\""))
        });
    database.run(&plural).await;
    database
        .run(r#"create table "accounts_payable" ("id" integer primary key, "account_id" integer);"#)
        .await;
    let before = columns(&database, "true").await;
    let (code, done) = adopt(folder(SETTINGS).path(), &database, &["--apply"]);
    assert_eq!(code, 0, "{done}");
    let renamed = |statement: &str| done["sql"].as_array().unwrap().contains(&json!(statement));
    assert!(renamed(r#"alter table "users" rename to "user""#), "{done}");
    let server = TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await;
    nobody_notices(&server).await;
    server.stop().await;
    database.run(&script(&done["reverse"])).await;
    kept(&before, &columns(&database, "true").await);
}
