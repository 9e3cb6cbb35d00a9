//! A refresh token becomes a new pair, once.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use guichet_testing::TestServer;
use serde_json::{Value, json};

use super::{
    FIELDS, PLUGINS, fields, login, me, pair, post, program, refresh, refused, register, start, start_with,
    text,
};
use crate::{EMAIL, PASSWORD};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

async fn sessions(server: &TestServer) -> i64 {
    server.count("session").await
}

guichet_testing::stories! {
    /// The old one is dead then, and whoever comes back with it later ends them all.
    /// Wishes: 82.
    async fn a_refresh_token_gives_a_new_pair_and_is_dead(database) {
        let server = start(&database).await;
        let (access, token) = pair(&register(&server).await);
        let answer = refresh(&server, &token).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let names: Vec<String> = answer.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["access_token", "refresh_token", "token_type", "expires_in"]);
        let (new_access, new_token) = pair(&answer.json());
        assert_ne!((&access, &token), (&new_access, &new_token));
        me(&server, &new_access).await.expect(200).json();
        server.clock.advance(MINUTE);
        refused(refresh(&server, &token).await, 401, "INVALID_REFRESH_TOKEN");
    }

    /// Ten at once, of one program whose access token has just expired: one rotation, ten times the same pair, and
    /// nobody is signed out.
    /// Wishes: 91.
    async fn ten_parallel_refreshes_make_one_rotation_and_get_one_pair(database) {
        let server = start(&database).await;
        let (_, token) = pair(&register(&server).await);
        server.clock.advance(16 * MINUTE);
        let answers = join_all((0..10).map(|_| refresh(&server, &token))).await;
        let pairs: BTreeSet<(String, String)> = answers.into_iter().map(|a| pair(&a.expect(200).json())).collect();
        assert_eq!(pairs.len(), 1, "{pairs:?}");
        assert_eq!(server.count("refreshToken").await, 2);
        assert_eq!(sessions(&server).await, 1);
        let (access, next) = pairs.into_iter().next().unwrap();
        me(&server, &access).await.expect(200).json();
        server.clock.advance(16 * MINUTE);
        let _ = refresh(&server, &next).await.expect(200);
    }

    async fn who_asks_again_at_once_gets_the_same_pair_with_what_is_left_of_it(database) {
        let server = start(&database).await;
        let (_, token) = pair(&register(&server).await);
        let first = refresh(&server, &token).await.expect(200).json();
        server.clock.advance(Duration::from_secs(29));
        let again = refresh(&server, &token).await.expect(200).json();
        assert_eq!(pair(&again), pair(&first), "an answer that got lost");
        let left = again["expires_in"].as_i64().unwrap();
        assert!((869..=871).contains(&left), "{left}");
    }

    /// A slow request must not be left with a token that ends the session later.
    async fn a_slow_request_gets_what_its_program_has_by_now(database) {
        let server = start(&database).await;
        let (_, first) = pair(&register(&server).await);
        let (_, second) = pair(&refresh(&server, &first).await.expect(200).json());
        server.clock.advance(Duration::from_secs(5));
        let third = pair(&refresh(&server, &second).await.expect(200).json());
        server.clock.advance(Duration::from_secs(5));
        assert_eq!(pair(&refresh(&server, &first).await.expect(200).json()), third);
        server.clock.advance(DAY);
        let _ = refresh(&server, &third.1).await.expect(200);
    }

    /// Another process, which shares nothing but the database and the secret.
    async fn another_replica_gives_the_same_pair(database) {
        let server = start(&database).await;
        let other = start(&database).await;
        let (_, token) = pair(&register(&server).await);
        let first = pair(&refresh(&server, &token).await.expect(200).json());
        assert_eq!(pair(&refresh(&other, &token).await.expect(200).json()), first);
    }

    async fn a_secret_that_changes_meanwhile_ends_nobodys_session(database) {
        let old = "a-secret-of-the-tests-that-nobody-else-uses";
        let both = format!("secrets = \"2:a-new-secret-of-the-tests-with-length-enough,1:{old}\"");
        let server = start(&database).await;
        let (_, token) = pair(&register(&server).await);
        let first = pair(&refresh(&server, &token).await.expect(200).json());
        server.stop().await;
        let server = crate::with(&database, &format!("{both}\n{FIELDS}{PLUGINS}[plugins.token-api]")).await;
        assert_eq!(pair(&refresh(&server, &token).await.expect(200).json()), first);
        let next = pair(&refresh(&server, &first.1).await.expect(200).json());
        let _ = refresh(&server, &next.1).await.expect(200);
    }

    /// What is in the database gives no token away.
    async fn the_database_holds_no_token(database) {
        let server = start(&database).await;
        let (access, token) = pair(&register(&server).await);
        let (new_access, new_token) = pair(&refresh(&server, &token).await.expect(200).json());
        let rows = server.app.db.query(r#"select "id", "tokenHash", "accessToken", "successor" from "refreshToken""#).rows().await.unwrap();
        for row in &rows {
            for column in ["id", "tokenHash", "accessToken", "successor"] {
                let kept = row.maybe::<String>(column).unwrap().unwrap_or_default();
                assert!([&access, &token, &new_access, &new_token].iter().all(|secret| !kept.contains(secret.as_str())));
            }
        }
        let hash = rows[0].get::<String>("tokenHash").unwrap();
        refused(refresh(&server, &hash).await, 401, "INVALID_REFRESH_TOKEN");
        refused(refresh(&server, &format!("grt_{hash}")).await, 401, "INVALID_REFRESH_TOKEN");
    }

    async fn what_is_no_token_is_refused_alike(database) {
        let server = start(&database).await;
        let (access, token) = pair(&register(&server).await);
        let cut = &token[..token.len() - 1];
        for bad in ["", "x", "grt_", access.as_str(), cut, "grt_é", "' or 1=1 --", &"grt_".repeat(5000)] {
            refused(refresh(&server, bad).await, 401, "INVALID_REFRESH_TOKEN");
        }
        for (body, code) in [(json!({}), "MISSING_FIELD"), (json!({"refresh_token": 7}), "INVALID_TYPE")] {
            let body = refused(post(&program(&server), "/auth/refresh", body).await, 422, "VALIDATION_ERROR");
            assert_eq!(fields(&body), [("refresh_token", code)]);
        }
        let _ = refresh(&server, &token).await.expect(200);
    }

    /// Unused it is good for `refresh_expires_in`; used, the sign-in goes on until `absolute_expires_in`.
    /// Wishes: 86.
    async fn a_refresh_token_lives_as_long_as_configured_and_the_sign_in_has_an_end(database) {
        let server = start_with(&database, "refresh_expires_in = \"7d\"\nabsolute_expires_in = \"20d\"").await;
        let (_, unused) = pair(&register(&server).await);
        let (_, mut token) = pair(&login(&server, EMAIL, PASSWORD).await.expect(200).json());
        for _ in 0..3 {
            server.clock.advance(6 * DAY);
            token = pair(&refresh(&server, &token).await.expect(200).json()).1;
        }
        refused(refresh(&server, &unused).await, 401, "INVALID_REFRESH_TOKEN");
        server.clock.advance(DAY + 23 * HOUR + 59 * MINUTE);
        let last = refresh(&server, &token).await.expect(200).json();
        server.clock.advance(2 * MINUTE);
        refused(refresh(&server, text(&last, "refresh_token")).await, 401, "INVALID_REFRESH_TOKEN");
        refused(me(&server, text(&last, "access_token")).await, 401, "INVALID_ACCESS_TOKEN");
        assert!(server.mails(EMAIL).await.is_empty(), "an end is no theft");
    }

    /// The session's own end holds beside it, and it lives as long as its refresh token.
    async fn the_session_lives_as_long_as_its_token_and_no_longer_than_it_may(database) {
        let settings = format!("session = {{ absolute = \"40d\" }}\n{FIELDS}{PLUGINS}[plugins.token-api]");
        let server = crate::with(&database, &settings).await;
        let (_, token) = pair(&register(&server).await);
        server.clock.advance(29 * DAY);
        let (_, token) = pair(&refresh(&server, &token).await.expect(200).json());
        server.clock.advance(10 * DAY);
        let (_, token) = pair(&refresh(&server, &token).await.expect(200).json());
        server.clock.advance(DAY + MINUTE);
        refused(refresh(&server, &token).await, 401, "INVALID_REFRESH_TOKEN");
    }

    async fn the_user_is_told_as_they_are_now(database) {
        let server = start(&database).await;
        let (access, token) = pair(&register(&server).await);
        server.execute(r#"update "user" set "name" = 'Jeanne'"#).await;
        assert_eq!(me(&server, &access).await.expect(200).json()["name"], "Jeanne");
        let (access, _) = pair(&refresh(&server, &token).await.expect(200).json());
        assert_eq!(me(&server, &access).await.expect(200).json()["name"], Value::from("Jeanne"));
    }
}
