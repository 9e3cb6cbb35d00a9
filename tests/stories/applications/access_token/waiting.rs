//! Services that wait for what ends next.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::revocations::said;
use super::*;
use crate::{EMAIL, visitor};

/// How soon everybody knows.
const SOON: Duration = Duration::from_secs(1);

async fn cursor(server: &TestServer) -> String {
    let answer = server.browser().get("/revocations").await.expect(200);
    said(server, &answer)["cursor"].as_str().unwrap().to_owned()
}

/// Waits; gives what is told, and when.
async fn wait(server: &TestServer, cursor: &str, seconds: u64) -> (Value, Instant) {
    let answer =
        server.browser().get(&format!("/revocations?cursor={cursor}&wait={seconds}")).await.expect(200);
    assert_eq!((answer.header("cache-control"), answer.header("etag")), ("no-store", ""));
    (said(server, &answer), Instant::now())
}

/// Until requests that were sent wait: nobody asks the database but the one task that watches it.
async fn settled() {
    tokio::time::sleep(Duration::from_millis(300)).await;
}

guichet_testing::stories! {
    async fn whoever_waits_knows_at_once_what_ends_here_and_within_a_second_what_ends_elsewhere(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let beside = start(&database).await;
        let sid = claims(&token(&browser).await)["sid"].clone();
        let cursor = cursor(&server).await;
        let ((one, _), (other, heard), ended) = futures_util::join!(
            wait(&server, &cursor, 20),
            wait(&beside, &cursor, 20),
            async {
                settled().await;
                sign_out(&browser).await;
                Instant::now()
            },
        );
        assert_eq!((&one["sessions"][0]["sid"], &other["sessions"][0]["sid"]), (&sid, &sid));
        assert!(heard.saturating_duration_since(ended) < SOON, "{:?}", heard.saturating_duration_since(ended));
        assert_eq!(one["cursor"], other["cursor"]);
    }

    async fn what_has_ended_already_is_not_waited_for(database) {
        let server = start(&database).await;
        let cursor = cursor(&server).await;
        sign_out(&visitor(&server, EMAIL).await).await;
        let began = Instant::now();
        let (told, heard) = wait(&server, &cursor, 20).await;
        assert_eq!(told["sessions"].as_array().unwrap().len(), 1);
        let (told, _) = wait(&server, "unknown", 20).await;
        assert_eq!(told["reset"], true);
        assert!(heard - began < SOON * 5);
    }

    async fn nothing_comes_once_the_time_is_over(database) {
        let server = start(&database).await;
        let cursor = cursor(&server).await;
        let began = Instant::now();
        let (told, heard) = wait(&server, &cursor, 1).await;
        assert!((Duration::from_secs(1)..Duration::from_secs(10)).contains(&(heard - began)));
        assert_eq!((&told["sessions"], &told["users"], &told["cursor"]), (&json!([]), &json!([]), &json!(cursor)));
        for bad in ["26", "-1", "x", "1.5", "", "999999999999999999999"] {
            server.browser().get(&format!("/revocations?cursor={cursor}&wait={bad}")).await.refused(400, "INVALID_WAIT");
        }
    }

    async fn so_many_wait_and_others_are_told_to_come_back(database) {
        let server = beside_sign_in(&database, "[plugins.jwt]\n[plugins.revocation]\nwaiters = 3").await;
        let cursor = cursor(&server).await;
        let browser = visitor(&server, EMAIL).await;
        let ask = format!("/revocations?cursor={cursor}&wait=20");
        let all = join_all((0..8).map(|_| async {
            let answer = server.browser().get(&ask).await;
            if answer.status != 200 {
                assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
            }
            answer.status.as_u16()
        }));
        let (all, ()) = futures_util::join!(all, async {
            settled().await;
            // Whoever does not wait is served all the same.
            assert_eq!(server.browser().get("/revocations").await.status, 200);
            sign_out(&browser).await;
        });
        assert_eq!(all.iter().filter(|&&status| status == 200).count(), 3, "{all:?}");
        assert!(wait(&server, &cursor, 20).await.0["sessions"][0]["sid"].is_string(), "places come free");
    }

    async fn a_server_that_stops_keeps_nobody_waiting(database) {
        let server = start(&database).await;
        let (cursor, browser) = (cursor(&server).await, server.browser());
        let asked = tokio::spawn(async move { browser.get(&format!("/revocations?cursor={cursor}&wait=20")).await.status });
        settled().await;
        let began = Instant::now();
        server.stop().await;
        assert_eq!(asked.await.unwrap(), 200);
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}
