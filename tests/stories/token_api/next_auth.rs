//! A `NextAuth` front end that was written for a `FastAPI` back end, as it is: what its `authorize`, `jwt` and `session`
//! callbacks ask for.

use std::time::Duration;

use guichet_testing::TestServer;
use http::Method;
use serde_json::{Value, json};

use super::{ask, login, pair, post, program, refresh, refused, register, start, start_with};
use crate::{EMAIL, PASSWORD};

/// `authorize(credentials)`: posts what the form held, field for field; `null` on anything but 200.
async fn authorize(server: &TestServer, identifier: &str, password: &str) -> Option<Value> {
    let credentials = json!({
        "identifier": identifier, "password": password, "redirect": "false", "csrfToken": "4c1f0b", "callbackUrl": "/dashboard",
        "json": "true",
    });
    let program = program(server).header("user-agent", "node");
    let answer = post(&program, "/auth/login", credentials).await;
    if answer.status != 200 {
        // What it throws to the form.
        assert!(answer.json()["detail"].is_string());
        return None;
    }
    let data = answer.json();
    let (access, refresh) = pair(&data);
    let me = ask(server, Method::GET, "/auth/me", &access).await.expect(200).json();
    Some(
        json!({"id": me["id"], "email": me["email"], "name": me["name"], "accessToken": access, "refreshToken": refresh,
        "expiresAt": server.now().seconds() + data["expires_in"].as_i64().unwrap()}),
    )
}

/// The `jwt` callback: a token that has expired is refreshed.
async fn kept(server: &TestServer, mut token: Value) -> Value {
    if server.now().seconds() < token["expiresAt"].as_i64().unwrap() {
        return token;
    }
    let answer = refresh(server, token["refreshToken"].as_str().unwrap()).await;
    if answer.status != 200 {
        token["error"] = "RefreshAccessTokenError".into();
        return token;
    }
    let data = answer.json();
    token["accessToken"] = data["access_token"].clone();
    token["refreshToken"] = data["refresh_token"].clone();
    token["expiresAt"] = (server.now().seconds() + data["expires_in"].as_i64().unwrap()).into();
    token
}

guichet_testing::stories! {
    /// Wishes: 88.
    async fn a_credentials_provider_calls_it_unchanged(database) {
        let server = start(&database).await;
        register(&server).await;
        let token = authorize(&server, EMAIL, PASSWORD).await.expect("they are in");
        assert_eq!((&token["email"], &token["name"]), (&json!(EMAIL), &json!("Jean")));
        assert!(authorize(&server, "jean_d", PASSWORD).await.is_some());
        assert_eq!(authorize(&server, EMAIL, "wrong horse 1").await, None);
        assert_eq!(kept(&server, token.clone()).await, token, "it is good still");
        server.clock.advance(Duration::from_secs(901));
        let renewed = kept(&server, token.clone()).await;
        assert_ne!(renewed["accessToken"], token["accessToken"]);
        let access = renewed["accessToken"].as_str().unwrap();
        let _ = ask(&server, Method::GET, "/auth/me", access).await.expect(200);
        // The callback runs for every request; a page makes several at once, each from the same cookie.
        server.clock.advance(Duration::from_secs(901));
        let all = futures_util::future::join_all((0..10).map(|_| kept(&server, renewed.clone()))).await;
        assert!(all.iter().all(|one| one.get("error").is_none() && one["refreshToken"] == all[0]["refreshToken"]), "{all:?}");
        let out = json!({"refresh_token": all[0]["refreshToken"]});
        let _ = post(&program(&server), "/auth/logout", out).await.expect(200);
        server.clock.advance(Duration::from_secs(901));
        assert_eq!(kept(&server, all[0].clone()).await["error"], "RefreshAccessTokenError");
    }

    /// The business tables of the back end keep what refers to a user: old rows are taken over with their ids, and
    /// nothing of theirs is touched.
    /// Wishes: 78, 99.
    async fn users_of_the_old_back_end_are_taken_over_with_their_ids(database) {
        let server = start_with(&database, "numeric_ids = true").await;
        for sql in [
            r#"create table "users" ("id" integer primary key, "name" text, "surname" text, "email" text, "username" text, "password_hash" text, "email_verified" boolean)"#,
            r#"create table "playlists" ("id" integer primary key, "user_id" integer not null references "users" ("id"), "title" text)"#,
            r#"insert into "users" values (123, 'Ada', 'Lovelace', 'Ada@Example.com', 'Ada', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', true)"#,
            r#"insert into "playlists" values (1, 123, 'Notes')"#,
        ] {
            server.execute(sql).await;
        }
        // The guide's statements.
        let guide = include_str!("../../../docs/guides/from-fastapi-auth.md");
        let script = guide.split("```sql\n").nth(1).unwrap().split("```").next().unwrap();
        for statement in script.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
            server.execute(statement).await;
        }
        refused(login(&server, "ada", "U*V").await, 401, "INVALID_CREDENTIALS");
        let entry = login(&server, "ada", "U*U").await.expect(200).json();
        let user = &entry["user"];
        assert_eq!([&user["id"], &user["surname"], &user["email"], &user["username"]], [&json!(123), &json!("Lovelace"), &json!("ada@example.com"), &json!("ada")]);
        assert_eq!(server.number(r#"select count(*) from "playlists" p join "users" u on u."id" = p."user_id""#).await, 1);
        let playlists = format!(r#"select count(*) from "playlists" where "user_id" = {}"#, user["id"]);
        assert_eq!(server.number(&playlists).await, 1);
    }
}
