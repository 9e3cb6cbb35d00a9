//! The program dies in the middle of its work, as in a power cut.

use std::collections::HashSet;
use std::time::Instant;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use guichet_core::serde_json::json;
use guichet_testing::{Answer, Browser, TestDatabase};

use crate::mail_sink::MailSink;
use crate::program::{DEADLINE, Serving};

const PEOPLE: usize = 200;
/// How many answers have come when the program dies.
const BY_THEN: usize = 100;

/// Asks for a code; the address when that was answered with a yes.
async fn ask(browser: Browser, number: usize) -> Option<String> {
    let email = email(number);
    let body = json!({"email": email, "type": "sign-in"}).to_string();
    let answer = post(&browser, "/email-otp/send-verification-otp", body).await?;
    answer.expect(200).json()["success"].as_bool()?.then_some(email)
}

/// Signs up; the address when that was answered with a yes.
async fn sign_up(browser: Browser, number: usize) -> Option<String> {
    let email = email(number);
    let body = json!({"email": email, "password": password(&email), "name": "Somebody"}).to_string();
    let answer = post(&browser, "/sign-up/email", body).await?.expect(200).json();
    (answer["user"]["email"] == email && answer["token"].is_string()).then_some(email)
}

async fn post(browser: &Browser, path: &str, body: String) -> Option<Answer> {
    let path = format!("/api/auth{path}");
    browser.try_request(http::Method::POST, &path, Some("application/json"), Some(body)).await
}

fn email(number: usize) -> String {
    format!("person-{number}@example.com")
}

fn password(email: &str) -> String {
    format!("the long password of {email}")
}

/// Two hundred people ask at once; gives those who got an answer, of which the last ones came after the end.
async fn two_hundred_ask_and_the_program_dies<F>(
    server: &mut Serving,
    ask: impl Fn(Browser, usize) -> F,
) -> HashSet<String>
where
    F: Future<Output = Option<String>>,
{
    let base = server.base();
    let mut asking: FuturesUnordered<_> =
        (0..PEOPLE).map(|number| ask(Browser::new(&base, &base), number)).collect();
    let mut accepted = HashSet::new();
    while let Some(answer) = asking.next().await {
        accepted.extend(answer);
        if accepted.len() == BY_THEN {
            server.kill();
        }
    }
    assert!(
        accepted.len() >= BY_THEN && accepted.len() < PEOPLE,
        "it died in the middle: {}",
        accepted.len()
    );
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

/// How many rows a statement counts.
async fn count(database: &TestDatabase, sql: &str) -> i64 {
    let db = database.connect().await;
    let counted = db.query(sql).scalar().await.unwrap().unwrap();
    db.close().await;
    counted
}

/// Users who have no password to sign in with, and passwords of nobody.
const HALF_ACCOUNTS: &str = r#"select
    (select count(*) from "user" where id not in
        (select "userId" from account where "providerId" = 'credential' and password is not null))
    + (select count(*) from account where "userId" not in (select id from "user"))"#;

guichet_testing::stories! {
    async fn no_mail_that_was_accepted_is_lost(database) {
        // A slow mail server: when the program dies, mails are on their way and many more wait.
        let mut sink = MailSink::start(&[("SMTP_PAUSE", "100")]).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("guichet.toml");
        std::fs::write(&file, format!("rate_limit.enabled = false\n{}", sink.settings())).unwrap();
        let settings = [("GUICHET_DATABASE__URL", database.url())];
        let mut server = Serving::open(folder.path(), &[], &settings);
        let accepted = two_hundred_ask_and_the_program_dies(&mut server, ask).await;
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

    async fn no_account_that_was_acknowledged_is_lost_and_none_is_half_made(database) {
        let folder = tempfile::tempdir().unwrap();
        // Everybody may wait for their password's hash; none is turned away.
        let file = "rate_limit.enabled = false\npassword.queue = 256\n[plugins.email-password]\n";
        std::fs::write(folder.path().join("guichet.toml"), file).unwrap();
        let settings = [("GUICHET_DATABASE__URL", database.url())];
        let mut server = Serving::open(folder.path(), &[], &settings);
        let accepted = two_hundred_ask_and_the_program_dies(&mut server, sign_up).await;
        assert_eq!(count(&database, HALF_ACCOUNTS).await, 0, "as the program left it");

        let mut again = Serving::open(folder.path(), &[], &settings);
        let base = again.base();
        let mut unknown = 0;
        for number in 0..PEOPLE {
            let (email, browser) = (email(number), Browser::new(&base, &base));
            let body = json!({"email": email, "password": password(&email)}).to_string();
            let signed_in = post(&browser, "/sign-in/email", body).await.unwrap();
            if signed_in.status == 200 {
                assert_eq!(browser.get("/get-session").await.json()["user"]["email"], email);
                continue;
            }
            // Who was promised nothing may be unknown, and then begins anew.
            signed_in.refused(401, "INVALID_EMAIL_OR_PASSWORD");
            assert!(!accepted.contains(&email), "the account of {email} is lost");
            assert_eq!(sign_up(browser, number).await, Some(email));
            unknown += 1;
        }
        assert!(unknown > 0, "some sign-ups were cut off");
        assert_eq!(count(&database, r#"select count(*) from "user""#).await, i64::try_from(PEOPLE).unwrap());
        assert_eq!(count(&database, HALF_ACCOUNTS).await, 0, "as everybody begins again");
    }
}
