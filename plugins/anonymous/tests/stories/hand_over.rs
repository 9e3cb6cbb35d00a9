//! A guest becomes somebody, and an application is told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use guichet_anonymous::Anonymous;
use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, from_str, json};
use guichet_testing::{Credulous, TestDatabase, TestServer};
use hmac::{Hmac, Mac};
use tokio::sync::Semaphore;

use crate::guest;

const SECRET: &str = "a secret of the application, long enough";

fn signature(body: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// An application that takes an event at the second attempt.
async fn application() -> (String, Heard) {
    let heard = Heard::default();
    let listen = |State(heard): State<Heard>, headers: HeaderMap, body: String| async move {
        let mut heard = heard.lock().unwrap();
        heard.push((headers, body));
        if heard.len() == 1 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
    };
    (serve(Router::new().route("/guests", post(listen)).with_state(heard.clone())).await, heard)
}

type Slow = (Heard, Arc<AtomicUsize>, Arc<Semaphore>);

/// An application that answers nothing until it is let go; the number is of those that wait for it.
async fn slow_application() -> (String, Heard, Arc<AtomicUsize>, Arc<Semaphore>) {
    let (heard, waiting, gate) =
        (Heard::default(), Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let listen = |State((heard, waiting, gate)): State<Slow>, headers: HeaderMap, body: String| async move {
        waiting.fetch_add(1, Ordering::SeqCst);
        drop(gate.acquire().await);
        waiting.fetch_sub(1, Ordering::SeqCst);
        heard.lock().unwrap().push((headers, body));
        StatusCode::NO_CONTENT
    };
    let state = (heard.clone(), waiting.clone(), gate.clone());
    (serve(Router::new().route("/guests", post(listen)).with_state(state)).await, heard, waiting, gate)
}

/// An application that takes nothing.
async fn deaf_application() -> (String, Heard) {
    let heard = Heard::default();
    let listen = |State(heard): State<Heard>, headers: HeaderMap, body: String| async move {
        heard.lock().unwrap().push((headers, body));
        StatusCode::SERVICE_UNAVAILABLE
    };
    (serve(Router::new().route("/guests", post(listen)).with_state(heard.clone())).await, heard)
}

async fn serve(routes: Router) -> String {
    format!("{}/guests", guichet_testing::serve(routes).await)
}

async fn start(database: &TestDatabase, own: &str) -> TestServer {
    let plugins = [Registration::of::<Anonymous>(), Credulous::registration()];
    let settings = format!("plugins.credulous = {{}}\n[plugins.anonymous]\n{own}");
    TestServer::with(&plugins, database, &settings).await
}

async fn become_somebody(server: &TestServer) -> (Value, Value) {
    let (browser, user) = guest(server).await;
    let somebody = server.user("jean@example.com").await;
    let entry = browser.post("/sign-in/credulous", json!({"email": "jean@example.com"})).await.expect(200);
    assert_eq!(entry.json()["user"]["id"], somebody.id.as_str());
    (user["id"].clone(), json!(somebody.id))
}

async fn until(what: &str, mut true_at_last: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !true_at_last().await {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

guichet_testing::stories! {
    async fn the_guest_is_gone_and_the_session_is_somebodys(database) {
        let server = start(&database, "").await;
        let (guest, somebody) = become_somebody(&server).await;
        assert_ne!(guest, somebody);
        assert_eq!(server.count("user").await, 1);
        assert_eq!(server.count("session").await, 1);
        assert_eq!(server.count("anonymousUpgrade").await, 0, "nobody is to be told");
    }

    async fn the_application_is_told_until_it_listens(database) {
        let (url, heard) = application().await;
        let server = start(&database, &format!("upgrade_url = \"{url}\"\nupgrade_secret = \"{SECRET}\"")).await;
        let (guest, somebody) = become_somebody(&server).await;
        until("it is told", async || !heard.lock().unwrap().is_empty()).await;
        assert_eq!(heard.lock().unwrap().len(), 1);
        server.clock.advance(Duration::from_mins(1));
        let waiting = async || server.count("anonymousUpgrade").await;
        until("it is told again", async || waiting().await == 0).await;

        let heard = heard.lock().unwrap();
        let [(_, first), (headers, second)] = &heard[..] else { unreachable!("two attempts") };
        assert_eq!(first, second, "one event, with one id");
        let event: Value = from_str(second).unwrap();
        assert_eq!([&event["anonymousUserId"], &event["userId"]], [&guest, &somebody]);
        assert_eq!(headers["x-guichet-signature"], signature(second).as_str());
    }

    // A claim runs out after a minute: what waited under it for its turn was told by another process meanwhile.
    async fn whatever_is_claimed_is_on_its_way(database) {
        let (url, heard, waiting, gate) = slow_application().await;
        let server = start(&database, &format!("upgrade_url = \"{url}\"\nupgrade_secret = \"{SECRET}\"")).await;
        let now = server.now();
        let rows: Vec<String> = (0..20).map(|n| format!("('e{n}', 'g{n}', 'u{n}', '{now}', '{now}')")).collect();
        server.execute(&format!(
            r#"insert into "anonymousUpgrade" ("id", "anonymousUserId", "userId", "createdAt", "nextAttemptAt") values {}"#,
            rows.join(", "),
        )).await;
        let claimed = format!(r#"select count(*) from "anonymousUpgrade" where "nextAttemptAt" > '{now}'"#);
        until("all that is claimed is on its way", async || {
            let claimed = server.number(&claimed).await;
            claimed > 0 && claimed == i64::try_from(waiting.load(Ordering::SeqCst)).unwrap()
        }).await;
        gate.add_permits(Semaphore::MAX_PERMITS);
        until("all are told", async || server.count("anonymousUpgrade").await == 0).await;
        let mut told: Vec<String> = heard.lock().unwrap().iter().map(|(_, body)| body.clone()).collect();
        told.sort();
        told.dedup();
        assert_eq!((told.len(), heard.lock().unwrap().len()), (20, 20), "each once");
    }

    async fn an_application_that_takes_nothing_is_asked_after_growing_pauses(database) {
        let (url, heard) = deaf_application().await;
        let server = start(&database, &format!("upgrade_url = \"{url}\"\nupgrade_secret = \"{SECRET}\"")).await;
        let now = server.now();
        // The test's clock ticks: pauses that are long beside it.
        server.execute(&format!(
            r#"insert into "anonymousUpgrade" ("id", "anonymousUserId", "userId", "createdAt", "nextAttemptAt", "attempts")
               values ('new', 'g', 'u', '{now}', '{now}', 0), ('known', 'g', 'u', '{now}', '{now}', 8), ('old', 'g', 'u', '{now}', '{now}', 40)"#,
        )).await;
        let asked = |id: &str| heard.lock().unwrap().iter().filter(|(_, body)| body.contains(&format!("\"id\":\"{id}\""))).count();
        for (id, tried, soonest, latest) in [("known", 9, 640, 1280), ("old", 41, 1800, 3600)] {
            until("it waits longer, the longer it was in vain", async || {
                let [soonest, latest] = [now.plus(Duration::from_secs(soonest)), server.now().plus(Duration::from_secs(latest))];
                let waits = format!(
                    r#"select count(*) from "anonymousUpgrade" where "id" = '{id}' and "attempts" = {tried} and "nextAttemptAt" between '{soonest}' and '{latest}'"#,
                );
                server.number(&waits).await == 1
            }).await;
        }
        server.clock.advance(Duration::from_mins(9));
        let before = asked("new");
        until("the new one is asked again soon", async || asked("new") > before).await;
        assert_eq!((asked("known"), asked("old")), (1, 1));
        server.clock.advance(Duration::from_mins(55));
        until("and the others at last", async || asked("known") > 1 && asked("old") > 1).await;
    }

    async fn an_address_without_a_secret_refuses_the_start(database) {
        let settings = "plugins.anonymous = { upgrade_url = \"https://app.example.fr/guests\" }";
        let refused = TestServer::try_with(&[Registration::of::<Anonymous>()], &database, settings).await;
        assert!(refused.err().unwrap().contains("upgrade_secret"));
    }

    async fn the_secret_may_stand_in_a_file(database) {
        let (url, heard) = application().await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("guests-key");
        let settings = format!("upgrade_url = \"{url}\"\nupgrade_secret_file = {file:?}");
        let refusal = async |settings: &str| {
            let own = format!("[plugins.anonymous]\n{settings}\n");
            let refused = TestServer::try_with(&[Registration::of::<Anonymous>()], &database, &own).await;
            refused.err().unwrap()
        };
        assert!(refusal(&settings).await.contains("upgrade_secret_file"), "it cannot be read");
        std::fs::write(&file, "short\n").unwrap();
        assert!(refusal(&settings).await.contains("at least 32 characters"));
        std::fs::write(&file, format!("{SECRET}\n")).unwrap();
        assert!(refusal(&format!("{settings}\nupgrade_secret = \"{SECRET}\"")).await.contains("not both"));

        let server = start(&database, &settings).await;
        become_somebody(&server).await;
        until("it is told", async || !heard.lock().unwrap().is_empty()).await;
        let (headers, body) = heard.lock().unwrap()[0].clone();
        assert_eq!(headers["x-guichet-signature"], signature(&body).as_str());
    }

    // What is sent there names people.
    async fn an_address_without_tls_refuses_the_start(database) {
        let settings =
            format!("plugins.anonymous = {{ upgrade_url = \"http://app.internal/guests\", upgrade_secret = \"{SECRET}\" }}");
        let refused = TestServer::try_with(&[Registration::of::<Anonymous>()], &database, &settings).await;
        assert!(refused.err().unwrap().contains("upgrade_url must begin with https://"));
    }
}
