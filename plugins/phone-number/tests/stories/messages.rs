//! Messages leave by the API, and survive one that is down.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, from_str};
use guichet_phone_number::PhoneNumber;
use guichet_testing::TestServer;

use crate::{PHONE, SETTINGS, send, verify};

type Seen = Arc<Mutex<Vec<(HeaderMap, Value)>>>;

/// An API that is down at first, and then takes everything.
async fn api() -> (String, Seen) {
    let seen = Seen::default();
    let log = seen.clone();
    let take = move |headers: HeaderMap, body: String| async move {
        let mut log = log.lock().unwrap();
        log.push((headers, from_str(&body).unwrap()));
        if log.len() == 1 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::ACCEPTED }
    };
    let base = guichet_testing::serve(Router::new().route("/send", post(take))).await;
    (format!("{base}/send"), seen)
}

guichet_testing::stories! {
    async fn a_message_waits_for_an_api_that_is_down_and_says_one_thing(database) {
        let (url, seen) = api().await;
        let settings = format!("[sms]\nurl = {url:?}\napi_key = \"their key\"\n{SETTINGS}");
        let server = crate::with(&database, &settings).await;
        send(&server.browser(), PHONE).await.expect(200).json();
        for _ in 0..100 {
            server.app.outbox.deliver_due().await.unwrap();
            if seen.lock().unwrap().len() >= 2 {
                break;
            }
            server.clock.advance(Duration::from_secs(20));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let seen = seen.lock().unwrap().clone();
        let (headers, body) = &seen[1];
        assert_eq!(headers["authorization"], "Bearer their key");
        assert_eq!(headers["idempotency-key"], seen[0].0["idempotency-key"]);
        assert_eq!(body["to"], PHONE);
        let text = body["text"].as_str().unwrap();
        let code = text.rsplit_once(" #").unwrap().1;
        assert!(text.contains("\n@127.0.0.1 #") && code.len() == 6, "{text}");
        assert!(text.chars().count() <= 160, "{text}");
        verify(&server.browser(), PHONE, code).await.expect(200).json();
    }

    async fn without_a_way_out_the_server_does_not_start(database) {
        let settings = format!(
            "[mail]\nfrom = \"a@example.com\"\ntransport = \"smtp\"\n[mail.smtp]\nurl = \"smtp://localhost:2525?tls=none\"\n{SETTINGS}"
        );
        let plugins = [Registration::of::<PhoneNumber>()];
        let refused = TestServer::try_with(&plugins, &database, &settings).await.err().unwrap();
        assert!(refused.contains("sms.url"), "{refused}");
    }
}
