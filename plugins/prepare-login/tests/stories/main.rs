//! Stories of portals, on both databases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod api;
mod business;
mod columns;
mod doors;
mod explain;
mod locales;
mod settings;
mod sources;
mod tenants;

use guichet_core::db::Dialect;
use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_prepare_login::PrepareLogin;
use guichet_testing::{Answer, Browser, Credulous, TestDatabase, TestServer};

/// The portal of tenants.
const CLIENT: &str = r#"
[plugins.credulous]
form = true
[plugins.prepare-login]
[[plugins.prepare-login.portal]]
name = "client"
role = "UTILISATEUR"
lands_at = "/client"
methods = ["credulous"]
preset = "client-person-entreprise"
"#;

/// The same, and it says who is unknown.
const REVEALING: &str = r#"
[plugins.credulous]
form = true
[plugins.prepare-login]
[[plugins.prepare-login.portal]]
name = "client"
role = "UTILISATEUR"
methods = ["credulous"]
preset = "client-person-entreprise"
reveal_unknown = true
"#;

fn plugins() -> Vec<Registration> {
    vec![Registration::of::<PrepareLogin>(), Credulous::registration()]
}

/// Fills a database with the business tables.
async fn fill(database: &TestDatabase) {
    database
        .run(match database.dialect() {
            Dialect::Postgres => include_str!("../../../../tests/fixtures/tenants.postgres.sql"),
            Dialect::Sqlite => include_str!("../../../../tests/fixtures/tenants.sqlite.sql"),
        })
        .await;
}

/// The portal of tenants, whose business tables lie beside Guichet's.
async fn start(database: &TestDatabase) -> TestServer {
    with(database, CLIENT).await
}

async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    fill(database).await;
    TestServer::with(&plugins(), database, settings).await
}

/// The error of a start that is refused, on a database with the business tables.
async fn refused(database: &TestDatabase, settings: &str) -> String {
    fill(database).await;
    match TestServer::try_with(&plugins(), database, settings).await {
        Ok(_) => panic!("it starts"),
        Err(error) => error,
    }
}

async fn prepare(browser: &Browser, email: &str) -> Answer {
    browser.post("/client/prepare-login", json!({"email": email})).await
}

/// Signs in by a method that asks the portals and believes everybody else, at a door or by the API.
async fn knock(browser: &Browser, door: Option<&str>, email: &str) -> Answer {
    let body = match door {
        Some(door) => json!({"email": email, "asks": true, "door": door}),
        None => json!({"email": email, "asks": true}),
    };
    browser.post("/sign-in/credulous", body).await
}

/// A user who was there before.
async fn make_user(server: &TestServer, email: &str, role: Option<&str>) {
    let role = role.map_or("null".to_owned(), |role| format!("'{role}'"));
    server
        .execute(&format!(
            r#"insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "role")
               values ('old', 'Old', '{email}', {}, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', {role})"#,
            if server.database.dialect() == Dialect::Postgres { "false" } else { "0" }
        ))
        .await;
}

async fn users(server: &TestServer) -> i64 {
    server.count("user").await
}

/// A column of the only user.
async fn column(server: &TestServer, name: &str) -> Option<String> {
    assert_eq!(users(server).await, 1);
    server.text(&format!(r#"select "{name}" from "user""#)).await
}

fn success() -> Value {
    json!({"success": true})
}
