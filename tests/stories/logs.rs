//! What the log says: enough to find a request, and no secret.

use guichet_core::serde_json::{self, Value};

use crate::program::{Serving, eventually};
use crate::serve::{browser, secret, sign_in};

#[tokio::test]
async fn a_log_line_names_its_request_and_no_line_holds_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::open(folder.path(), &[], &[("GUICHET_LOG", "debug")]);
    let browser = browser(&mut server);
    sign_in(std::slice::from_ref(&browser), "jean@example.com").await;
    let mails = browser.request("GET".parse().unwrap(), "/dev/mailbox.json", None, None).await.json();
    let code = mails[0]["text"].as_str().unwrap().split(|c: char| !c.is_ascii_digit()).find(|w| w.len() == 6);
    let answer = browser.get("/get-session").await.expect(200);
    let token = answer.json()["session"]["token"].as_str().unwrap().to_owned();
    let request_id = answer.header("x-request-id").to_owned();

    // The development mailbox frames its mails for people; the log is the lines of JSON.
    let lines = eventually("the request is in the log", || {
        let log = server.log();
        let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        lines.iter().any(|line| line["request_id"] == *request_id).then_some(lines)
    });
    let line = lines.iter().find(|line| line["request_id"] == *request_id).unwrap();
    assert_eq!((&line["route"], &line["status"]), (&"core.get-session".into(), &200.into()));
    let text = lines.iter().map(Value::to_string).collect::<String>();
    assert!(lines.len() > 5, "{text}");
    for hidden in [code.unwrap(), &token, secret(folder.path()).unwrap().trim(), "jean@example.com"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
}

#[tokio::test]
async fn a_proxy_that_was_forgotten_is_named_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::open(folder.path(), &[], &[]);
    let browser = browser(&mut server).header("x-forwarded-for", "203.0.113.9");
    for _ in 0..3 {
        browser.get("/ok").await.expect(200).json();
    }
    let lines = eventually("three requests are in the log", || {
        let log = server.log();
        (log.matches("\"core.ok\"").count() >= 3).then_some(log)
    });
    assert_eq!(lines.matches("is not in trusted_proxies").count(), 1, "{lines}");
}
