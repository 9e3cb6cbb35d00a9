//! Listing and revoking refresh tokens, by their owner and by the operator.

use std::time::Duration;

use guichet_testing::TestServer;
use http::Method;
use serde_json::{Value, json};

use super::{ask, login, me, pair, post, program, refresh, refused, register, start, text};
use crate::{EMAIL, PASSWORD};

async fn listed(server: &TestServer, access: &str) -> Vec<Value> {
    ask(server, Method::GET, "/auth/tokens", access).await.expect(200).json().as_array().unwrap().clone()
}

async fn revoke(server: &TestServer, access: &str, id: &str) -> guichet_testing::Answer {
    ask(server, Method::DELETE, &format!("/auth/tokens/{id}"), access).await
}

/// What a command of the plugin says.
async fn said(server: &TestServer, name: &str, argument: &str, json: bool) -> Result<String, String> {
    use guichet_core::plugin::{AS_JSON, Configured as _, Plugin as _, Typed};
    let config = guichet_core::config::Config::default();
    let plugin = guichet_token_api::TokenApi::new(guichet_token_api::Options::default(), &config).unwrap();
    let commands = std::sync::Arc::new(plugin).commands();
    let command = commands.into_iter().find(|command| command.typed.name == name).unwrap();
    let switches = if json { vec![AS_JSON.name] } else { Vec::new() };
    let typed = Typed { argument: argument.to_owned(), switches, ..Typed::default() };
    (command.run)(server.app.clone(), typed).await.map_err(|error| format!("{error:#}"))
}

guichet_testing::stories! {
    /// Wishes: 84.
    async fn people_see_their_tokens_and_end_them_one_by_one(database) {
        let server = start(&database).await;
        let (here, token) = pair(&register(&server).await);
        let body = json!({"identifier": EMAIL, "password": PASSWORD});
        let phone = program(&server).header("user-agent", "MyTone/2.1 (iPhone)");
        let (_, on_phone) = pair(&post(&phone, "/auth/login", body).await.expect(200).json());
        let all = listed(&server, &here).await;
        assert_eq!(all.len(), 2);
        let names: Vec<&String> = all[0].as_object().unwrap().keys().collect();
        assert_eq!(names, ["id", "last_used_at", "expires_at", "user_agent", "ip_address", "current"]);
        assert_eq!([&all[0]["current"], &all[1]["current"]], [&json!(true), &json!(false)]);
        assert_eq!([&all[1]["user_agent"], &all[1]["ip_address"]], ["MyTone/2.1 (iPhone)", "127.0.0.1"]);
        // The id stays while the token changes.
        server.clock.advance(Duration::from_secs(60));
        let (here, _) = pair(&refresh(&server, &token).await.expect(200).json());
        let after = listed(&server, &here).await;
        let own = after.iter().find(|one| one["current"] == true).unwrap();
        assert_eq!((after.len(), &own["id"]), (2, &all[0]["id"]));
        assert_ne!(own["last_used_at"], all[0]["last_used_at"]);

        let phone = text(&all[1], "id");
        assert_eq!(revoke(&server, &here, phone).await.expect(200).json(), json!({"success": true}));
        refused(refresh(&server, &on_phone).await, 401, "INVALID_REFRESH_TOKEN");
        assert_eq!(listed(&server, &here).await.len(), 1);
        refused(revoke(&server, &here, phone).await, 404, "TOKEN_NOT_FOUND");
        let _ = revoke(&server, &here, text(own, "id")).await.expect(200);
        refused(me(&server, &here).await, 401, "INVALID_ACCESS_TOKEN");
    }

    async fn nobody_sees_or_ends_somebody_elses(database) {
        let server = start(&database).await;
        let (jean, token) = pair(&register(&server).await);
        let body = json!({"name": "Eve", "email": "eve@example.com", "password": PASSWORD});
        let (eve, _) = pair(&post(&program(&server), "/auth/register", body).await.expect(201).json());
        let id = listed(&server, &jean).await[0]["id"].as_str().unwrap().to_owned();
        assert!(listed(&server, &eve).await.iter().all(|one| one["id"] != id.as_str()));
        for id in [id.as_str(), "nope", "%00", "a%20b", "'"] {
            refused(revoke(&server, &eve, id).await, 404, "TOKEN_NOT_FOUND");
        }
        for access in ["", "x", token.as_str()] {
            let code = if access.is_empty() { "UNAUTHORIZED" } else { "INVALID_ACCESS_TOKEN" };
            refused(revoke(&server, access, &id).await, 401, code);
            refused(ask(&server, Method::GET, "/auth/tokens", access).await, 401, code);
        }
        let _ = refresh(&server, &token).await.expect(200);
    }

    /// Wishes: 84.
    async fn the_operator_lists_and_revokes(database) {
        let server = start(&database).await;
        let made = register(&server).await;
        let (_, first) = pair(&made);
        let (_, second) = pair(&login(&server, EMAIL, PASSWORD).await.expect(200).json());
        let all: Value = serde_json::from_str(&said(&server, "list", EMAIL, true).await.unwrap()).unwrap();
        assert_eq!(all.as_array().unwrap().len(), 2);
        let id = text(&all[0], "id").to_owned();
        let shown = said(&server, "list", text(&made["user"], "id"), false).await.unwrap();
        assert!(shown.contains(&id) && shown.lines().count() == 3 && shown.contains("LAST USED (UTC)"), "{shown}");
        assert!(said(&server, "revoke", &id, false).await.unwrap().contains(&id));
        refused(refresh(&server, &first).await, 401, "INVALID_REFRESH_TOKEN");
        assert!(said(&server, "revoke", EMAIL, false).await.unwrap().starts_with("Ended 1 "));
        refused(refresh(&server, &second).await, 401, "INVALID_REFRESH_TOKEN");
        assert!(said(&server, "list", EMAIL, false).await.unwrap().contains("no refresh token"));
        let wrong = said(&server, "revoke", "nobody@example.com", false).await.unwrap_err();
        assert!(wrong.contains("there is neither a user nor a refresh token"), "{wrong}");
    }
}
