//! Capitals with accents are lower-cased by some locales of Postgres and not by others: people come in all the same.

use guichet_core::db::Db;
use guichet_testing::{TestDatabase, TestServer};

use crate::{CLIENT, column, plugins, prepare};

async fn zoe_comes_in(locale: &str, lowered: &str) {
    let beside = TestDatabase::postgres().await;
    let name = format!("locale_{}_{}", std::process::id(), locale.replace('.', "_"));
    let admin = beside.connect().await;
    let create =
        format!(r#"create database "{name}" template template0 lc_collate '{locale}' lc_ctype '{locale}'"#);
    admin.query(&create).execute().await.unwrap();
    let mut parts: Vec<&str> = beside.url().split('/').collect();
    parts.pop();
    let url = format!("{}/{name}", parts.join("/"));

    let db = Db::connect(&url.clone().into(), 1).await.unwrap();
    let lower: Option<String> = db.query("select lower('É')").scalar().await.unwrap();
    assert_eq!(lower.as_deref(), Some(lowered), "the locale is not what the story is about");
    let script = include_str!("../../../../tests/fixtures/tenants.postgres.sql");
    let without_comments: Vec<&str> =
        script.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    for statement in without_comments.join("\n").split(";\n").filter(|statement| !statement.trim().is_empty())
    {
        db.query(statement).execute().await.unwrap();
    }
    let settings = CLIENT
        .replace("[plugins.prepare-login]", &format!("[plugins.prepare-login]\ndatabase_url = \"{url}\""));
    let server = TestServer::with(&plugins(), &beside, &settings).await;
    prepare(&server.browser(), "zoé.étienne@example.com").await.expect(200).json();
    assert_eq!(column(&server, "clientId").await.as_deref(), Some("cli_zoe"));
}

#[tokio::test]
async fn where_lower_knows_ascii_alone() {
    zoe_comes_in("C", "É").await;
}

#[tokio::test]
async fn where_lower_knows_accents() {
    zoe_comes_in("C.UTF-8", "é").await;
}
