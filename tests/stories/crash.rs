//! The program dies in the middle of its work, as in a power cut.

use std::collections::HashSet;
use std::time::Instant;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use guichet_core::serde_json::json;
use guichet_testing::{Browser, TestDatabase};

use crate::mail_sink::MailSink;
use crate::program::{DEADLINE, Serving};

const PEOPLE: usize = 200;
/// How many answers have come when the program dies.
const BY_THEN: usize = 100;

/// Asks for a code; whether that was answered with a yes.
async fn ask(browser: &Browser, email: String) -> Option<String> {
    let body = json!({"email": email, "type": "sign-in"}).to_string();
    let path = "/api/auth/email-otp/send-verification-otp";
    let answer = browser.try_request(http::Method::POST, path, Some("application/json"), Some(body)).await?;
    answer.expect(200).json()["success"].as_bool()?.then_some(email)
}

/// Two hundred people ask at once; gives those who got an answer, of which the last ones came after the end.
async fn two_hundred_ask_and_the_program_dies(server: &mut Serving) -> HashSet<String> {
    let base = server.base();
    let browser = Browser::new(&base, &base);
    let mut asking: FuturesUnordered<_> =
        (0..PEOPLE).map(|number| ask(&browser, format!("person-{number}@example.com"))).collect();
    let mut accepted = HashSet::new();
    while let Some(answer) = asking.next().await {
        accepted.extend(answer);
        if accepted.len() == BY_THEN {
            server.kill();
        }
    }
    accepted
}

/// The mails that wait, and makes them due: what was on its way when the program died is claimed for a minute.
async fn a_minute_later(database: &TestDatabase) -> u64 {
    let db = database.connect().await;
    let due = r#"update "mailOutbox" set "nextAttemptAt" = "createdAt" where "nextAttemptAt" is not null"#;
    let waiting = db.query(due).execute().await.unwrap();
    db.close().await;
    waiting
}

guichet_testing::stories! {
    async fn no_mail_that_was_accepted_is_lost(database) {
        // A slow mail server: when the program dies, mails are on their way and many more wait.
        let mut sink = MailSink::start(&[("SMTP_PAUSE", "100")]).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("guichet.toml");
        std::fs::write(&file, format!("rate_limit.enabled = false\n{}", sink.settings())).unwrap();
        let settings = [("GUICHET_DATABASE__URL", database.url())];
        let mut server = Serving::open(folder.path(), &[], &settings);
        let accepted = two_hundred_ask_and_the_program_dies(&mut server).await;
        assert!(accepted.len() >= BY_THEN && accepted.len() < PEOPLE, "it died in the middle: {}", accepted.len());
        assert!(a_minute_later(&database).await > 0, "mails were waiting when it died");

        let _again = Serving::open(folder.path(), &[], &settings);
        let (began, mut mailed) = (Instant::now(), HashSet::new());
        while !accepted.is_subset(&mailed) {
            let lost = accepted.difference(&mailed).count();
            assert!(began.elapsed() < DEADLINE, "{lost} mails that were accepted are lost");
            mailed.extend(sink.recipients());
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}
