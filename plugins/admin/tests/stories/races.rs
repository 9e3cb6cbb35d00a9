//! Two things at once: whatever comes first, a banned person has no session.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, TestServer};
use tokio::task::JoinSet;

use crate::{EMAIL, act, admin, session, sign_in, somebody, start};

const ROUNDS: usize = 6;

/// Nobody who is banned has a session.
async fn nobody_is_in(server: &TestServer) {
    let sql = r#"select count(*) from "session" s join "user" u on u."id" = s."userId" where u."email" = 'jean@example.com'"#;
    assert_eq!(server.number(sql).await, 0);
}

async fn ban(browser: Browser, id: String) {
    let _ = act(&browser, "ban-user", json!({"userId": id})).await.expect(200);
}

guichet_testing::stories! {
    async fn a_ban_while_signing_in_leaves_no_session(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        for _ in 0..ROUNDS {
            let mut all = JoinSet::new();
            for turn in 0..8 {
                if turn == 4 {
                    all.spawn(ban(browser.clone(), user.id.clone()));
                }
                let jean = server.browser();
                all.spawn(async move {
                    let answer = sign_in(&jean, EMAIL).await;
                    assert!([200, 403].contains(&answer.status.as_u16()), "{answer:?}");
                });
            }
            while let Some(done) = all.join_next().await {
                done.unwrap();
            }
            nobody_is_in(&server).await;
            let _ = act(&browser, "unban-user", json!({"userId": user.id})).await.expect(200);
        }
    }

    // A session that is begun anew for somebody who was in a moment ago is one that begins.
    async fn a_ban_while_a_session_is_renewed_leaves_none(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, user) = somebody(&server, EMAIL).await;
        for _ in 0..ROUNDS {
            let jean = server.browser();
            sign_in(&jean, EMAIL).await.expect(200).json();
            let mut all = JoinSet::new();
            all.spawn(ban(browser.clone(), user.id.clone()));
            for _ in 0..4 {
                let jean = jean.clone();
                all.spawn(async move {
                    let answer = jean.post("/renew", json!({})).await;
                    assert!([200, 401, 403].contains(&answer.status.as_u16()), "{answer:?}");
                });
            }
            while let Some(done) = all.join_next().await {
                done.unwrap();
            }
            nobody_is_in(&server).await;
            let _ = act(&browser, "unban-user", json!({"userId": user.id})).await.expect(200);
        }
    }

    async fn a_ban_of_an_administrator_ends_what_they_are_beginning(database) {
        let server = start(&database).await;
        let (browser, _) = admin(&server).await;
        let (_, other) = somebody(&server, "second@example.com").await;
        let (_, jean) = somebody(&server, EMAIL).await;
        for _ in 0..ROUNDS {
            let _ = act(&browser, "set-role", json!({"userId": other.id, "role": "admin"})).await.expect(200);
            let second = server.browser();
            sign_in(&second, "second@example.com").await.expect(200).json();
            let mut all = JoinSet::new();
            let (whom, acting) = (jean.id.clone(), second.clone());
            all.spawn(async move {
                let answer = act(&acting, "impersonate-user", json!({"userId": whom})).await;
                assert!([200, 401, 403].contains(&answer.status.as_u16()), "{answer:?}");
            });
            all.spawn(ban(browser.clone(), other.id.clone()));
            while let Some(done) = all.join_next().await {
                done.unwrap();
            }
            assert_eq!(session(&second).await, Value::Null);
            assert_eq!(server.number(r#"select count(*) from "session" where "impersonatedBy" is not null"#).await, 0);
            let _ = act(&browser, "unban-user", json!({"userId": other.id})).await.expect(200);
        }
    }
}
