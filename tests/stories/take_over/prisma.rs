//! A database that Better Auth wrote through Prisma: an enum for the role, moments without zone, a nullable name.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{SESSION_COOKIE, TestDatabase, TestServer};

use super::better_auth::{better_auth_with, call, stopped};
use super::{columns, folder, kept, told};

const SETTINGS: &str = r#"
secret = "a-secret-from-the-days-of-better-auth"
[[user.fields]]
name = "role"
[[user.fields]]
name = "clientId"
[plugins.email-otp]
[plugins.email-password]
"#;
/// As the browser holds it.
const COOKIE: &str = "tok3nOfAnOldSession0123456789abc.O%2B8dviK1X4xTTmNSzcoBvbLi%2BLlq88K3FwM%2BdOA3VxM%3D";

async fn by_prisma() -> TestDatabase {
    let database = TestDatabase::postgres().await;
    database.run(include_str!("../../fixtures/better-auth.postgres.sql")).await;
    database
}

async fn taken_over() -> TestServer {
    TestServer::with(&guichet::plugins::all(), &by_prisma().await, SETTINGS).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_plan_only_adds_and_every_column_keeps_its_type() {
    let database = by_prisma().await;
    let before = columns(&database, "true").await;
    let folder = folder(SETTINGS);
    let said = told(folder.path(), &database, &["adopt"]);
    assert!(said.out.contains("nothing to take over") && said.code == 0, "{said:?}");
    let plan = told(folder.path(), &database, &["migrate", "--plan"]);
    assert_eq!(plan.code, 2, "{plan:?}");
    assert!(plan.out.contains(r#"+ column "session"."amr""#), "{plan:?}");
    assert!(
        plan.out.lines().take_while(|line| !line.is_empty()).all(|line| line.starts_with("+ ")),
        "{plan:?}"
    );
    assert_eq!(columns(&database, "true").await, before, "a plan changes nothing");
    told(folder.path(), &database, &["migrate"]).well();
    kept(&before, &columns(&database, "true").await);
}

#[tokio::test]
async fn an_old_cookie_still_answers() {
    let server = taken_over().await;
    let browser = server.browser();
    browser.set_cookie(SESSION_COOKIE, COOKIE);
    let session = browser.get("/get-session").await.expect(200).json();
    assert_eq!(session["user"]["name"], "Odile Ancienne");
    assert_eq!(session["user"]["role"], "UTILISATEUR");
    assert!(server.text(r#"select "token" from "session""#).await.unwrap().starts_with("sha256$"));
    assert!(browser.is_in().await);
}

#[tokio::test]
async fn old_passwords_sign_in_and_are_hashed_anew() {
    let server = taken_over().await;
    for (email, password) in
        [("odile@example.com", "une vieille phrase de passe"), ("maitre@example.com", "Le-Notaire-1975")]
    {
        let wrong = json!({"email": email, "password": format!("{password}!")});
        server.browser().post("/sign-in/email", wrong).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        let right = json!({"email": email, "password": password});
        server.browser().post("/sign-in/email", right.clone()).await.expect(200).json();
        server.browser().post("/sign-in/email", right).await.expect(200).json();
    }
    let anew = server.number(r#"select count(*) from "account" where "password" like '$argon2id$%'"#).await;
    assert_eq!(anew, 2);
}

#[tokio::test]
async fn new_people_fit_in_and_so_do_those_without_a_name() {
    let server = taken_over().await;
    let browser = server.browser();
    let ask = json!({"email": "nouvelle@example.com", "type": "sign-in"});
    browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
    let code = server.code("nouvelle@example.com").await;
    let entry = json!({"email": "nouvelle@example.com", "otp": code});
    let user = browser.post("/sign-in/email-otp", entry).await.expect(200).json();
    assert_eq!(user["user"]["role"], "UTILISATEUR", "the database's own default");
    crate::sign_in(&server, &browser, "maitre@example.com").await;
    let session = browser.get("/get-session").await.expect(200).json();
    assert_eq!((&session["user"]["name"], &session["user"]["role"]), (&Value::Null, &json!("NOTAIRE")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn better_auth_can_read_it_again() {
    let database = by_prisma().await;
    let settings = format!("{SETTINGS}[password]\nalgorithm = \"scrypt\"\n[session]\nstorage = \"plain\"\n");
    let server = TestServer::with(&guichet::plugins::all(), &database, &settings).await;
    let everyone =
        [("odile@example.com", "une vieille phrase de passe"), ("maitre@example.com", "Le-Notaire-1975")];
    for (email, password) in everyone {
        let right = json!({"email": email, "password": password});
        server.browser().post("/sign-in/email", right).await.expect(200).json();
    }
    server.stop().await;
    let (mut node, _) = better_auth_with(&database, "a-secret-from-the-days-of-better-auth").await;
    for (email, password) in everyone {
        let body = json!({"email": email, "password": password});
        let known = call(&mut node, json!({"call": "/sign-in/email", "body": body})).await;
        assert_eq!(known["status"], 200, "{known}");
    }
    let cookie = format!("better-auth.session_token={COOKIE}");
    let session = call(&mut node, json!({"call": "/get-session", "cookie": cookie})).await;
    assert_eq!(session["body"]["user"]["email"], "odile@example.com", "{session}");
    stopped(node).await;
}
