//! What the real program writes while people do everything they can (Kanidm CVE-2025-30205).

use guichet_core::serde_json::{self, Value, json};

use crate::program::{Serving, eventually};
use crate::serve::{browser, secret};

use crate::{ANOTHER, PASSWORD, sign_in_by_password};

async fn newest(browser: &guichet_testing::Browser, part: &str) -> String {
    let began = std::time::Instant::now();
    loop {
        let mails =
            browser.request("GET".parse().unwrap(), "/dev/mailbox.json", None, None).await.expect(200).json();
        let texts = mails.as_array().unwrap().iter().map(|mail| mail["text"].as_str().unwrap().to_owned());
        if let Some(text) = texts.into_iter().find(|text| text.contains(part)) {
            return text.split_whitespace().find(|word| word.contains(part)).unwrap().to_owned();
        }
        assert!(began.elapsed() < crate::program::DEADLINE, "no mail with {part}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// Wishes: 27.
#[tokio::test]
async fn cve_2025_30205_no_secret_is_in_the_log_at_its_most_talkative() {
    let folder = tempfile::tempdir().unwrap();
    let plugins: Vec<(String, &str)> =
        ["EMAIL_PASSWORD", "BEARER", "JWT", "MULTI_SESSION", "ONE_TIME_TOKEN", "LAST_LOGIN_METHOD"]
            .iter()
            .map(|name| (format!("GUICHET_PLUGINS__{name}"), "{}"))
            .collect();
    let mut settings: Vec<(&str, &str)> =
        plugins.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    settings.extend([
        ("GUICHET_LOG", "trace"),
        ("GUICHET_USER__DELETE_ACCOUNT", "true"),
        ("GUICHET_RATE_LIMIT__ENABLED", "false"),
    ]);
    let mut server = Serving::open(folder.path(), &[], &settings);
    let browser = browser(&mut server);
    let email = "jean.secret@example.com";
    let mut hidden =
        vec![PASSWORD.to_owned(), ANOTHER.to_owned(), "a wrong guess 77".to_owned(), email.to_owned()];
    let text = |value: &Value| value.as_str().unwrap().to_owned();

    let up = browser
        .post("/sign-up/email", json!({"email": email, "password": PASSWORD, "name": "Jean"}))
        .await
        .expect(200);
    hidden.push(text(&up.json()["token"]));
    hidden.push(up.header("set-auth-token").to_owned());
    browser
        .post("/sign-in/email", json!({"email": email, "password": "a wrong guess 77"}))
        .await
        .expect(401)
        .set_cookies();
    let session = browser.get("/get-session").await.expect(200);
    hidden.push(session.header("set-auth-jwt").to_owned());
    hidden.push(text(&browser.get("/token").await.expect(200).json()["token"]));
    let once = text(&browser.get("/one-time-token/generate").await.expect(200).json()["token"]);
    browser.post("/one-time-token/verify", json!({"token": once})).await.expect(200).json();
    hidden.push(once);
    let bearer = browser.clone().header("authorization", &format!("Bearer {}", up.header("set-auth-token")));
    bearer.get("/list-sessions").await.expect(200).json();
    browser
        .post("/request-password-reset", json!({"email": email, "redirectTo": "/r"}))
        .await
        .expect(200)
        .json();
    let link = newest(&browser, "/reset-password/").await;
    let token = link.split("/reset-password/").nth(1).unwrap().split('?').next().unwrap().to_owned();
    browser.get(&format!("/reset-password/{token}?callbackURL=/r")).await.expect(302).set_cookies();
    browser.post("/reset-password", json!({"newPassword": ANOTHER, "token": token})).await.expect(200).json();
    browser
        .post("/reset-password", json!({"newPassword": ANOTHER, "token": token}))
        .await
        .refused(400, "INVALID_TOKEN");
    hidden.push(token);
    let again = sign_in_by_password(&browser, email, ANOTHER).await.expect(200);
    hidden.push(text(&again.json()["token"]));
    browser.post("/delete-user", json!({})).await.expect(200).json();
    let deletion = newest(&browser, "/delete-user/callback")
        .await
        .split("token=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    browser.get(&format!("/delete-user/callback?token={deletion}")).await.expect(200).json();
    hidden.push(deletion);
    hidden.push(secret(folder.path()).unwrap().trim().to_owned());
    let last = browser.get("/ok").await.expect(200).header("x-request-id").to_owned();

    // The development mailbox frames its mails for people; the log is the lines of JSON.
    let lines = eventually("the last request is in the log", || {
        let log = server.log();
        let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        lines.iter().any(|line| line["request_id"] == *last).then_some(lines)
    });
    let all = lines.iter().map(Value::to_string).collect::<String>();
    assert!(lines.len() > 30, "{all}");
    for secret in hidden {
        assert!(secret.len() > 8 && !all.contains(&secret), "{secret} is in the log");
    }
}
