//! How signing keys change: by command, by age, and when they are made in several places at once.

use std::time::Duration;

use futures_util::future::join_all;
use guichet_core::config::Config;
use guichet_core::plugin::{Typed, switched_on};

use super::*;
use crate::program::guichet;
use crate::{EMAIL, visitor};

/// Runs `guichet key <name>` as the command line does: on a plugin of its own, which serves nobody.
async fn key(server: &TestServer, name: &str, switches: &[&'static str]) -> String {
    let config = Config { plugins: server.app.config.plugins.clone(), ..Config::default() };
    let plugins = switched_on(&guichet::plugins::all(), &config).unwrap();
    let mut commands = plugins.into_iter().flat_map(guichet_core::plugin::Plugin::commands);
    let command =
        commands.find(|command| (command.typed.group, command.typed.name) == ("key", name)).unwrap();
    let typed = Typed { switches: switches.to_vec(), ..Typed::default() };
    (command.run)(server.app.clone(), typed).await.unwrap()
}

async fn listed(server: &TestServer) -> Vec<(String, String)> {
    let list: Value = serde_json::from_str(&key(server, "list", &["json"]).await).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(|key| (text(&key["kid"]), text(&key["state"]))).collect()
}

async fn published(server: &TestServer) -> Vec<String> {
    let keys = server.browser().get("/jwks").await.expect(200).json();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn kid(token: &str) -> String {
    header(token)["kid"].as_str().unwrap().to_owned()
}

guichet_testing::stories! {
    async fn a_new_key_is_seen_by_everybody_before_it_signs(database) {
        let server = start(&database).await;
        assert!(key(&server, "list", &[]).await.contains("no key yet"));
        assert!(listed(&server).await.is_empty());
        let browser = visitor(&server, EMAIL).await;
        let old = token(&browser).await;
        server.clock.advance(Duration::from_secs(60));
        let said = key(&server, "rotate", &[]).await;
        let list = listed(&server).await;
        let states: Vec<&str> = list.iter().map(|(_, state)| state.as_str()).collect();
        assert_eq!(states, ["waits", "signs"], "the newest first");
        let (new, first) = (&list[0].0, &list[1].0);
        assert!(said.contains(new.as_str()), "{said}");
        assert_eq!(kid(&token(&browser).await), *first, "services may keep the public keys for five minutes");
        assert_eq!(published(&server).await, [new.clone(), first.clone()]);

        server.clock.advance(Duration::from_secs(300));
        let token = token(&browser).await;
        assert_eq!(kid(&token), *new);
        assert!(taken(&server, &token).await.is_some() && taken(&server, &old).await.is_some());
        assert_eq!(listed(&server).await.iter().map(|(_, state)| state.as_str()).collect::<Vec<_>>(), ["signs", "verifies"]);
        assert!(key(&server, "list", &[]).await.contains("verifies until 2"));

        server.clock.advance(Duration::from_secs(30 * 86_400));
        assert_eq!(published(&server).await, std::slice::from_ref(new), "its grace is over");
        assert_eq!(listed(&server).await[1].1, "ended");
        assert!(taken(&server, &old).await.is_none());
    }

    async fn after_a_leak_the_new_key_signs_at_once(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let old = token(&browser).await;
        let said: Value = serde_json::from_str(&key(&server, "rotate", &["now", "json"]).await).unwrap();
        let new = token(&browser).await;
        assert_eq!((kid(&new), kid(&new) == kid(&old)), (said["kid"].as_str().unwrap().to_owned(), false));
        assert!(taken(&server, &old).await.is_some(), "tokens outlive the key that signed them");
        server.execute(&format!(r#"delete from "jwks" where "id" = '{}'"#, kid(&old))).await;
        assert!(taken(&server, &old).await.is_none(), "unless its row goes, too");
        assert!(taken(&server, &new).await.is_some());
    }

    async fn rotations_at_the_same_moment_lose_no_token(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let mut all = vec![token(&browser).await];
        let (_, more) = futures_util::join!(
            join_all((0..4).map(|_| key(&server, "rotate", &["now"]))),
            join_all((0..8).map(|_| token(&browser))),
        );
        all.extend(more);
        all.push(token(&browser).await);
        for token in all {
            assert!(published(&server).await.contains(&kid(&token)));
            assert!(taken(&server, &token).await.is_some());
        }
        let states: Vec<String> = listed(&server).await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(states.iter().filter(|state| *state == "signs").count(), 1, "{states:?}");
        assert_eq!(states.iter().filter(|state| *state == "ended").count(), 0, "{states:?}");
    }

    async fn a_key_that_ages_is_succeeded_before_it_ends(database) {
        let server = beside_sign_in(&database, "[plugins.jwt]\nrotate_after = \"1d\"").await;
        let first = token(&visitor(&server, EMAIL).await).await;
        server.clock.advance(Duration::from_secs(86_400 - 299));
        let browser = visitor(&server, EMAIL).await;
        assert_eq!(kid(&token(&browser).await), kid(&first));
        assert_eq!(published(&server).await.len(), 2, "the next one is published already");
        token(&browser).await;
        assert_eq!(published(&server).await.len(), 2, "and is made once");
        server.clock.advance(Duration::from_secs(300));
        let next = token(&browser).await;
        assert_ne!(kid(&next), kid(&first));
        assert!(taken(&server, &next).await.is_some());
    }

    async fn keys_are_made_once_however_many_ask_and_nothing_else_waits(database) {
        let server = beside_sign_in(&database, "[plugins.jwt]\nalgorithm = \"RS256\"").await;
        let browser = visitor(&server, EMAIL).await;
        let tokens = join_all((0..10).map(|_| token(&browser))).await;
        assert_eq!(server.count("jwks").await, 1);
        for token in tokens {
            assert!(taken(&server, &token).await.is_some());
        }
    }
}

#[test]
fn the_commands_explain_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let help = guichet(folder.path(), &["key", "rotate", "--help"], &[]).well();
    for part in ["--now", "--json", "Examples:", "guichet key rotate --now"] {
        assert!(help.contains(part), "{help}");
    }
    let said = guichet(folder.path(), &["key", "list"], &[]).failed();
    assert!(said.contains("[plugins.jwt], which is off"), "{said}");
    assert_eq!(guichet(folder.path(), &["key", "list", "what"], &[]).code, 2);
    assert_eq!(guichet(folder.path(), &["key", "rotate", "--never"], &[]).code, 2);
}
