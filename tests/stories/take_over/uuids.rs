//! A database that Better Auth made with `generateId: "uuid"`: ids, and what refers to them, are of Postgres's type `uuid`.

use guichet_core::db::violates;
use guichet_core::serde_json::{Value, json};
use guichet_core::store::{Verification, Verifications};
use guichet_testing::{Browser, SESSION_COOKIE, TestDatabase, TestServer};
use http::Method;

use super::{columns, kept};

/// Ids are to be random texts, which do not fit.
const SETTINGS: &str = r#"
secret = "a-secret-from-the-days-of-better-auth"
database = { ids = "random" }
[plugins.email-otp]
[plugins.email-password]
[plugins.admin]
[plugins.two-factor]
[plugins.token-api]
[plugins.jwt]
[plugins.revocation]
[plugins.known-devices]
"#;
const LIMITS: &str = "rate_limit = { enabled = true }\n";
/// As the browser holds it.
const OLD: &str = "tok3nOfAnOldSession0123456789abc.O%2B8dviK1X4xTTmNSzcoBvbLi%2BLlq88K3FwM%2BdOA3VxM%3D";
const ID: &str = "5f0c1c3e-8a52-4b7e-9c51-0f3c1d2e4a5b";
const PASSWORD: &str = "une vieille phrase de passe";

async fn with_uuids() -> TestDatabase {
    let database = TestDatabase::postgres().await;
    database.run(include_str!("../../fixtures/better-auth-uuids.postgres.sql")).await;
    database
}

async fn taken_over() -> TestServer {
    with(SETTINGS).await
}

async fn with(settings: &str) -> TestServer {
    TestServer::with(&guichet::plugins::all(), &with_uuids().await, settings).await
}

/// Odile, with the cookie that Better Auth gave her.
fn odile(server: &TestServer) -> Browser {
    let browser = server.browser();
    browser.set_cookie(SESSION_COOKIE, OLD);
    browser
}

async fn newcomer(server: &TestServer, email: &str) -> (Browser, Value) {
    let browser = server.browser();
    let new = json!({"email": email, "password": "une autre phrase", "name": "Nouvelle"});
    browser.post("/sign-up/email", new).await.expect(200).json();
    let user = browser.get("/get-session").await.expect(200).json()["user"].clone();
    (browser, user)
}

#[tokio::test]
async fn columns_stay_and_references_to_them_are_of_their_type() {
    let database = with_uuids().await;
    let before = columns(&database, "true").await;
    let server = TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await;
    kept(&before, &columns(&database, "true").await);
    let references = columns(&database, "column_name in ('userId', 'sessionId') and udt_name = 'uuid'").await;
    for table in ["refreshToken", "twoFactor", "trustedDevice", "knownDevice"] {
        assert!(references.iter().any(|line| line.starts_with(table)), "{table}: {references:#?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn who_was_there_goes_on() {
    let server = with(&format!("{LIMITS}{SETTINGS}")).await;
    let browser = odile(&server);
    let session = browser.get("/get-session").await.expect(200).json();
    assert_eq!((&session["user"]["id"], &session["user"]["name"]), (&json!(ID), &json!("Odile Ancienne")));
    browser.post("/update-user", json!({"name": "Odile"})).await.expect(200).json();

    let wrong = json!({"email": "odile@example.com", "password": "une autre"});
    server.browser().post("/sign-in/email", wrong).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
    let elsewhere = server.browser();
    let right = json!({"email": "odile@example.com", "password": PASSWORD});
    elsewhere.post("/sign-in/email", right.clone()).await.expect(200).json();
    let by_code = server.browser();
    crate::sign_in(&server, &by_code, "odile@example.com").await;
    let sessions = by_code.get("/list-sessions").await.expect(200).json();
    assert_eq!(sessions.as_array().map(Vec::len), Some(3), "{sessions}");

    by_code.post("/revoke-session", json!({"token": "nobody"})).await.expect(200).json();
    by_code.post("/revoke-other-sessions", json!({})).await.expect(200).json();
    assert!(!elsewhere.is_in().await);
    assert!(!browser.is_in().await);
    assert_eq!(by_code.get("/get-session").await.expect(200).json()["user"]["name"], "Odile");
    by_code.post("/sign-out", json!({})).await.expect(200).json();
    assert_eq!(server.count("session").await, 0);

    let turn_on = server.browser();
    turn_on.post("/sign-in/email", right).await.expect(200).json();
    turn_on.post("/two-factor/enable", json!({"password": PASSWORD})).await.expect(200).json();
    turn_on.get("/token").await.expect(200).json();
}

#[tokio::test]
async fn new_people_get_ids_that_fit_whatever_the_settings_say() {
    let server = taken_over().await;
    let (browser, user) = newcomer(&server, "nouvelle@example.com").await;
    assert_eq!(user["id"].as_str().map(str::len), Some(36), "{user}");
    crate::sign_in(&server, &server.browser(), "tierce@example.com").await;
    assert_eq!(server.count("user").await, 3);
    let accounts = browser.get("/list-accounts").await.expect(200).json();
    assert_eq!(accounts[0]["userId"], user["id"]);
    let program = server.browser().at_origin("");
    let entry = json!({"identifier": "nouvelle@example.com", "password": "une autre phrase"});
    let entry = Some(entry.to_string());
    program.request(Method::POST, "/auth/login", Some("application/json"), entry).await.expect(200).json();
}

#[tokio::test]
async fn what_can_be_no_id_is_nobodys() {
    let server = taken_over().await;
    let browser = odile(&server);
    server.execute(r#"update "user" set "role" = 'admin'"#).await;
    crate::sign_in(&server, &browser, "odile@example.com").await;
    let (_, user) = newcomer(&server, "nouvelle@example.com").await;
    // Another spelling of an id is no id, as among texts: nobody comes past "not yourself" by it.
    let capitals = ID.to_uppercase();
    for nobody in ["nobody", "7", "", &capitals, "ffffffff-ffff-ffff-ffff-ffffffffffff"] {
        for action in ["ban-user", "remove-user", "impersonate-user", "unban-user", "list-user-sessions"] {
            let answer = browser.post(&format!("/admin/{action}"), json!({"userId": nobody})).await;
            assert!(matches!(answer.status.as_u16(), 200 | 400 | 404), "{action} {nobody}: {}", answer.text);
        }
        let answer = browser.get(&format!("/admin/get-user?id={nobody}")).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{nobody}: {}", answer.text);
        let answer = browser.post("/unlink-account", json!({"accountId": nobody})).await;
        assert_eq!(answer.status, 400, "{nobody}: {}", answer.text);
        let answer = browser.get(&format!("/admin/list-users?filterField=id&filterValue={nobody}")).await;
        assert!(answer.status == 400 || answer.expect(200).json()["total"] == 0, "{nobody}");
    }
    browser.get("/admin/get-user?id=nobody").await.refused(404, "USER_NOT_FOUND");
    assert_eq!(server.count("user").await, 2);
    let (id, listed) = (user["id"].as_str().unwrap(), "/admin/list-users?filterField=id&filterValue=");
    assert_eq!(browser.get(&format!("{listed}{id}")).await.expect(200).json()["total"], 1);
    browser.post("/admin/remove-user", json!({"userId": id})).await.expect(200).json();
    assert_eq!(server.count("user").await, 1);
}

#[tokio::test]
async fn ids_of_another_program_are_refused_where_they_cannot_be_kept() {
    let judge = "[plugins.upstream]\nurl = \"http://127.0.0.1:9/login\"\nuser_id = \"upstream\"\n";
    let settings = format!("{}{judge}", SETTINGS.replace("[plugins.token-api]\n", ""));
    let refused = TestServer::try_with(&guichet::plugins::all(), &with_uuids().await, &settings).await;
    let error = refused.err().unwrap();
    assert!(error.contains("[plugins.upstream]") && error.contains("of type uuid"), "{error}");
}

/// As of a passkey that two requests register at once.
#[tokio::test]
async fn a_key_that_is_no_uuid_is_written_once() {
    let server = taken_over().await;
    let row = Verification {
        id: "a digest".to_owned(),
        identifier: "a digest".to_owned(),
        value: String::new(),
        expires_at: server.now().plus(std::time::Duration::from_secs(60)),
    };
    let write = || Verifications::insert(&server.app.db, &row, server.now());
    write().await.unwrap();
    assert!(violates(&write().await.unwrap_err(), "verification", "id"));
    let deleted = server.app.db.query(r#"delete from "verification" where "id" = $1"#).bind(&row.id);
    assert_eq!(deleted.execute().await.unwrap(), 1);
}
