//! What is counted while people sign in, and what the log tells of it.

use guichet_core::serde_json::{self, Value, json};
use guichet_testing::TestServer;

use crate::program::{Serving, eventually};
use crate::two_factor::enrol;
use crate::{EMAIL, PASSWORD, sign_up, visitor, with};

const SETTINGS: &str = "[plugins.email-otp]\n[plugins.email-password]\n[plugins.two-factor]\n[plugins.metrics]\n\
                        token = \"a-token-of-the-tests-that-is-long-enough\"\n";

async fn count(server: &TestServer, line: &str) -> Option<i64> {
    let token = "Bearer a-token-of-the-tests-that-is-long-enough";
    let browser = server.browser().header("authorization", token);
    let text = browser.request("GET".parse().unwrap(), "/metrics", None, None).await.expect(200).text;
    assert!(!text.contains(EMAIL) && !text.contains("jean"), "nobody is named: {text}");
    text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' ')?.parse().ok())
}

guichet_testing::stories! {
    /// Wishes: 145.
    async fn sign_ins_refusals_and_mails_are_counted(database) {
        let server = with(&database, SETTINGS).await;
        visitor(&server, EMAIL).await;
        let browser = sign_up(&server, "jean.b@example.com").await;
        for password in ["wrong one 1", "wrong one 2"] {
            let body = json!({"email": "jean.b@example.com", "password": password});
            server.browser().post("/sign-in/email", body).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        }
        assert_eq!(count(&server, r#"guichet_sign_ins_total{method="email-otp",outcome="granted"}"#).await, Some(1));
        assert_eq!(count(&server, r#"guichet_sign_ins_total{method="email-password",outcome="granted"}"#).await, Some(1));
        let refused = r#"guichet_refusals_total{code="INVALID_EMAIL_OR_PASSWORD",route="email-password.sign-in"}"#;
        assert_eq!(count(&server, refused).await, Some(2));
        assert_eq!(count(&server, r#"guichet_mails_total{kind="email-otp/mail/code",outcome="sent"}"#).await, Some(1));
        assert_eq!(count(&server, "guichet_mails_waiting").await, Some(0));

        enrol(&server, &browser, PASSWORD).await;
        let body = json!({"email": "jean.b@example.com", "password": PASSWORD});
        server.browser().post("/sign-in/email", body).await.expect(200).json();
        assert_eq!(count(&server, r#"guichet_sign_ins_total{method="email-password",outcome="challenged"}"#).await, Some(1));
    }
}

/// Wishes: 146.
#[tokio::test]
async fn each_step_of_a_person_is_an_event_with_user_and_organisation() {
    let folder = tempfile::tempdir().unwrap();
    let fields = [
        ("GUICHET_USER__FIELDS", r#"[{ name = "clientId", default = "cli_7", acts_for = true }]"#),
        ("GUICHET_USER__DELETE_ACCOUNT", "true"),
        ("GUICHET_USER__DELETE_BY_MAIL", "false"),
        ("GUICHET_SESSION__FIELDS", r#"[{ name = "activeOrganizationId", input = true, acts_for = true }]"#),
        ("GUICHET_PLUGINS__EMAIL_PASSWORD", "{}"),
    ];
    let mut server = Serving::open(folder.path(), &[], &fields);
    let browser = crate::serve::browser(&mut server);
    let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean"});
    let id = browser.post("/sign-up/email", body).await.expect(200).json()["user"]["id"].clone();
    browser.post("/update-session", json!({"activeOrganizationId": "org_1"})).await.expect(200).json();
    browser.post("/sign-out", json!({})).await.expect(200).json();
    let body = json!({"email": EMAIL, "password": PASSWORD});
    browser.post("/sign-in/email", body).await.expect(200).json();
    browser.post("/delete-user", json!({"password": PASSWORD})).await.expect(200).json();

    let events = eventually("the last event is in the log", || {
        let log = server.log();
        let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let events: Vec<Value> = lines.filter(|line| line["event"].is_string()).collect();
        events.iter().any(|event| event["event"] == "account_deleted").then_some(events)
    });
    let told: Vec<(&str, &str)> = events
        .iter()
        .map(|event| (event["event"].as_str().unwrap(), event["organization_id"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("sign_up", "cli_7"),
            ("sign_in", "cli_7"),
            ("sign_out", "org_1"),
            ("sign_in", "cli_7"),
            ("account_deleted", "cli_7")
        ]
    );
    for event in &events {
        assert_eq!(event["user_id"], id);
        assert!(event["request_id"].is_string() && !event.to_string().contains(EMAIL), "{event}");
    }
}
