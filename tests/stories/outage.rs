//! What happens when something around the server, or in it, breaks.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Visit, success};
use guichet_core::mail::transport::highlight;
use guichet_core::plugin::{Configured, Plugin, Registration};
use guichet_core::serde_json::json;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::mail_sink::MailSink;
use crate::outage_cluster::OutageCluster;

/// A plugin that has a bug and a slow route.
struct Fragile;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoOptions {}

impl Configured for Fragile {
    type Options = NoOptions;
    const ID: &'static str = "fragile";

    fn new(_: NoOptions, _: &Config) -> std::result::Result<Self, String> {
        Ok(Self)
    }
}

impl Plugin for Fragile {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![
            Route::post("/fragile/panic", "fragile.panic", panics, ()),
            Route::get("/fragile/page", "fragile.page", panics, ()).page(),
            Route::post("/fragile/slow", "fragile.slow", takes_a_minute, ()),
        ]
    }
}

async fn panics(_: Visit) -> Result<Reply> {
    panic!("a secret that no client may read");
}

/// The servers in which a slow request has begun.
static BEGUN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// By the server's clock, which the test moves.
async fn takes_a_minute(visit: Visit) -> Result<Reply> {
    let end = visit.now().plus(Duration::from_mins(1));
    BEGUN.lock().unwrap().push(visit.app().config.base_url.to_string());
    while visit.now() < end {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    success()
}

async fn start(database: &TestDatabase, mail: &str) -> TestServer {
    let mut plugins = guichet::plugins::all();
    plugins.push(Registration::of::<Fragile>());
    let settings = format!("plugins = {{ email-otp = {{}}, pages = {{}}, fragile = {{}} }}\n{mail}");
    TestServer::with(&plugins, database, &settings).await
}

async fn ask(browser: &Browser, email: &str) -> Answer {
    browser.post("/email-otp/send-verification-otp", json!({"email": email, "type": "sign-in"})).await
}

async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(40), "{what} does not come");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

guichet_testing::stories! {
    async fn a_panic_is_a_500_and_the_server_lives(database) {
        let server = start(&database, "").await;
        let browser = server.browser();
        for _ in 0..3 {
            let answer = browser.post("/fragile/panic", json!({})).await.expect(500);
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.code(), "INTERNAL_SERVER_ERROR");
            assert!(!answer.text.contains("secret"), "{answer:?}");
            assert!(!answer.header("x-request-id").is_empty(), "it can be found in the log");
        }
        let page = browser.page("/fragile/page").await.expect(500);
        assert!(page.header("content-type").starts_with("text/html") && !page.text.contains("secret"), "{page:?}");
        assert!(page.text.contains(page.header("x-request-id")), "the page tells what to quote");
        browser.get("/ok").await.expect(200).json();
        ask(&browser, "jean@example.com").await.expect(200).json();
        assert_eq!(server.mails("jean@example.com").await.len(), 1);
    }

    async fn a_graceful_stop_finishes_what_is_in_flight(database) {
        let server = start(&database, "").await;
        let (browser, late) = (server.browser(), server.browser());
        let base = server.app.config.base_url.to_string();
        let (clock, mailbox) = (server.clock.clone(), server.mailbox.clone());
        ask(&browser, "jean@example.com").await.expect(200).json();
        let slow = tokio::spawn(async move { browser.post("/fragile/slow", json!({})).await });
        eventually("the slow request", async || BEGUN.lock().unwrap().contains(&base).then_some(())).await;
        let address = base.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let stopping = tokio::spawn(server.stop());
        let closed = async || tokio::net::TcpStream::connect(&address).await.is_err().then_some(());
        eventually("the closed door", closed).await;
        assert!(!slow.is_finished() && !stopping.is_finished(), "it waits for the slow one");
        clock.advance(Duration::from_mins(1));
        slow.await.unwrap().expect(200).json();
        stopping.await.unwrap();
        assert_eq!(mailbox.list().len(), 1, "a mail that was accepted has left");
        drop(late);
    }
}

/// What clients saw while they kept asking.
#[derive(Default)]
struct Seen {
    accepted: Vec<String>,
    unavailable: usize,
    wrong: Vec<Answer>,
    slowest: Duration,
}

/// One client that does not give up: its session, and a code for somebody else, again and again.
async fn keeps_asking(browser: Browser, stop: Arc<AtomicBool>, name: usize) -> Seen {
    let mut seen = Seen::default();
    for round in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let began = Instant::now();
        let email = format!("person-{name}-{round}@example.com");
        let (session, sent) = (browser.get("/get-session").await, ask(&browser, &email).await);
        seen.slowest = seen.slowest.max(began.elapsed());
        for (answer, is_mail) in [(session, false), (sent, true)] {
            match answer.status.as_u16() {
                200 if is_mail => seen.accepted.push(email.clone()),
                // A session that cannot be read is no missing session.
                200 if answer.text != "null" => {}
                503 if !answer.header("retry-after").is_empty() => seen.unavailable += 1,
                _ => seen.wrong.push(answer),
            }
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_goes_away_under_load_and_comes_back() {
    let cluster = OutageCluster::start();
    let database = TestDatabase::at(&cluster.url());
    let mut sink = MailSink::start(&[]).await;
    let server = start(&database, &sink.settings()).await;
    let browser = server.browser();
    ask(&browser, "jean@example.com").await.expect(200).json();
    let mail = sink.mail().await;
    let code = highlight(mail["text"].as_str().unwrap()).unwrap();
    browser
        .post("/sign-in/email-otp", json!({"email": "jean@example.com", "otp": code}))
        .await
        .expect(200)
        .json();

    let stop = Arc::new(AtomicBool::new(false));
    let load: Vec<_> =
        (0..6).map(|name| tokio::spawn(keeps_asking(browser.clone(), stop.clone(), name))).collect();
    for _ in 0..2 {
        cluster.goes_away();
        let gone = async || {
            let answer = browser.get("/get-session").await;
            (answer.status == 503).then_some(answer)
        };
        let refused = eventually("a 503", gone).await;
        assert_eq!(refused.code(), "SERVICE_UNAVAILABLE");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{refused:?}");
        browser.request(http::Method::GET, "/readyz", None, None).await.expect(503).code();
        browser.request(http::Method::GET, "/healthz", None, None).await.expect(200).code();
        let page = browser.form("/login/email-otp/send", &[("email", "jean@example.com")]).await.expect(503);
        assert!(page.text.contains("Service momentanément indisponible"), "{page:?}");
        cluster.comes_back();
        eventually("the recovery", async || (browser.get("/get-session").await.status == 200).then_some(()))
            .await;
    }
    stop.store(true, Ordering::SeqCst);
    let mut accepted = Vec::new();
    let (mut unavailable, mut slowest) = (0, Duration::ZERO);
    for client in load {
        let seen = client.await.unwrap();
        assert!(seen.wrong.is_empty(), "{:?}", seen.wrong);
        accepted.extend(seen.accepted);
        unavailable += seen.unavailable;
        slowest = slowest.max(seen.slowest);
    }
    assert!(unavailable > 0 && !accepted.is_empty(), "the load met the outage");
    assert!(slowest < Duration::from_secs(20), "nobody waits long: {slowest:?}");
    let session = browser.get("/get-session").await.expect(200).json();
    assert_eq!(session["user"]["email"], "jean@example.com", "the session outlived the outage");
    let mailed = delivered(&server, &mut sink).await;
    let lost: Vec<_> = accepted.iter().filter(|email| !mailed.contains(*email)).collect();
    assert!(lost.is_empty(), "accepted, but never mailed: {lost:?}");
}

/// Who got a mail, once no mail waits any more.
async fn delivered(server: &TestServer, sink: &mut MailSink) -> HashSet<String> {
    // What was on its way when the database left is due again when the claims end.
    server.clock.advance(Duration::from_mins(1));
    let emptied = async || server.app.outbox.pending().await.is_ok_and(|waiting| waiting == 0).then_some(());
    eventually("an empty outbox", emptied).await;
    sink.recipients()
}
