//! Codes on their way through a real mail server.

use std::time::{Duration, Instant};

use guichet_core::mail::transport::highlight;
use guichet_core::serde_json::{Value, json};
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

use crate::mail_sink::MailSink;

const EMAIL: &str = "jean@example.com";

async fn start(database: &TestDatabase, settings: &str) -> TestServer {
    TestServer::with(&guichet::plugins::all(), database, settings).await
}

async fn ask(browser: &Browser, email: &str) -> Answer {
    browser.post("/email-otp/send-verification-otp", json!({"email": email, "type": "sign-in"})).await
}

fn code(mail: &Value) -> String {
    highlight(mail["text"].as_str().unwrap()).expect("the mail has a code").to_owned()
}

/// Waits until a statement gives this number.
async fn until(server: &TestServer, sql: &str, wanted: i64) {
    let began = Instant::now();
    while server.number(sql).await != wanted {
        assert!(began.elapsed() < Duration::from_secs(20), "{sql} is not {wanted}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

const WAITING: &str = r#"select count(*) from "mailOutbox" where "failedAt" is null"#;
const POSTPONED: &str = r#"select count(*) from "mailOutbox" where "claimedUntil" is null and "lastError" is not null and "failedAt" is null"#;
const GIVEN_UP: &str = r#"select count(*) from "mailOutbox" where "failedAt" is not null"#;
const LAST_ERROR: &str = r#"select "lastError" from "mailOutbox""#;

guichet_testing::stories! {
    /// Wishes: 118.
    async fn a_code_comes_by_encrypted_mail_and_signs_in(database) {
        let mut sink = MailSink::start(&[]).await;
        let server = start(&database, &sink.settings()).await;
        let browser = server.browser().header("accept-language", "fr-FR,fr;q=0.9");
        ask(&browser, EMAIL).await.expect(200).json();
        let mail = sink.mail().await;
        assert_eq!(mail["to"], json!([EMAIL]));
        assert_eq!((&mail["secured"], &mail["user"]), (&json!(true), &json!("guichet")), "{mail}");
        assert_eq!(mail["subject"], "Votre code de connexion");
        assert!(mail["from"].as_str().unwrap().contains("Résidence Les Lilas"), "{}", mail["from"]);
        assert!(mail["from"].as_str().unwrap().contains("no-reply@lilas.example"), "{}", mail["from"]);
        assert_eq!(mail["headers"]["auto-submitted"], "auto-generated");
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("Voici votre code pour vous connecter à Guichet"), "{text}");
        assert!(text.contains("Il est valable 10 minutes"), "{text}");
        let code = code(&mail);
        assert!(mail["html"].as_str().unwrap().contains(&code), "both bodies say the same");
        assert!(!mail["subject"].as_str().unwrap().contains(&code), "a subject is shown on locked screens");
        let signed_in = browser.post("/sign-in/email-otp", json!({"email": EMAIL, "otp": code})).await;
        assert_eq!(signed_in.expect(200).json()["user"]["email"], EMAIL);
        until(&server, WAITING, 0).await;
    }

    async fn a_mail_server_that_is_busy_gets_the_mail_later(database) {
        let mut sink = MailSink::start(&[("SMTP_FAIL_FIRST", "2")]).await;
        let server = start(&database, &sink.settings()).await;
        ask(&server.browser(), EMAIL).await.expect(200).json();
        for pause in [5, 10] {
            until(&server, POSTPONED, 1).await;
            let said = server.text(LAST_ERROR).await.unwrap();
            assert!(said.contains("451") && !said.contains(EMAIL), "{said}");
            server.clock.advance(Duration::from_secs(pause));
            // The next failure, or the end, must come from a new attempt.
            server.execute(r#"update "mailOutbox" set "lastError" = null"#).await;
            server.app.outbox.deliver_due().await.unwrap();
        }
        let mail = sink.mail().await;
        assert_eq!(mail["to"], json!([EMAIL]));
        until(&server, WAITING, 0).await;
        let browser = server.browser();
        let right = json!({"email": EMAIL, "otp": code(&mail)});
        browser.post("/sign-in/email-otp", right).await.expect(200).json();
    }

    async fn no_mail_goes_out_in_the_clear_where_tls_is_required(database) {
        let mut sink = MailSink::start(&[("SMTP_TLS", "none")]).await;
        let server = start(&database, &sink.settings()).await;
        ask(&server.browser(), EMAIL).await.expect(200).json();
        until(&server, POSTPONED, 1).await;
        // Nothing of the first mail arrived: what comes first is what the operator allows afterwards.
        drop(server);
        let another = database.another().await;
        let allowed = sink.settings().replace("tls = \"required\"", "tls = \"none\"\nallow_plaintext = true");
        let server = start(&another, &allowed).await;
        ask(&server.browser(), "marie@example.com").await.expect(200).json();
        let mail = sink.mail().await;
        assert_eq!((&mail["to"], &mail["secured"]), (&json!(["marie@example.com"]), &json!(false)), "{mail}");
    }

    async fn a_mail_server_with_a_strange_certificate_gets_nothing(database) {
        let sink = MailSink::start(&[]).await;
        let settings = sink.settings();
        let strange: Vec<&str> = settings.lines().filter(|line| !line.starts_with("ca_file")).collect();
        let server = start(&database, &strange.join("\n")).await;
        ask(&server.browser(), EMAIL).await.expect(200).json();
        until(&server, POSTPONED, 1).await;
        let said = server.text(LAST_ERROR).await.unwrap();
        assert!(said.to_lowercase().contains("certificate"), "the operator can tell why: {said}");
    }

    async fn a_recipient_whom_the_mail_server_refuses_is_given_up(database) {
        let mut sink = MailSink::start(&[("SMTP_REFUSE", EMAIL)]).await;
        let server = start(&database, &sink.settings()).await;
        let refused = ask(&server.browser(), EMAIL).await.expect(200).json();
        until(&server, GIVEN_UP, 1).await;
        let taken = ask(&server.browser(), "marie@example.com").await.expect(200).json();
        assert_eq!(sink.mail().await["to"], json!(["marie@example.com"]), "others get theirs");
        assert_eq!(refused, taken, "the answer does not tell which mailboxes exist");
        let said = server.text(LAST_ERROR).await.unwrap();
        assert!(said.contains("550") && !said.contains(EMAIL), "{said}");
    }

    async fn an_address_beyond_ascii_gets_its_code(database) {
        let mut sink = MailSink::start(&[]).await;
        let server = start(&database, &sink.settings()).await;
        let browser = server.page_browser();
        let sent = browser.form("/login/email-otp/send", &[("email", "Amélie@Exemple.fr")]).await.expect(303);
        assert_eq!(sent.header("location"), "/login/email-otp/code");
        let mail = sink.mail().await;
        assert_eq!(mail["to"], json!(["amélie@exemple.fr"]));
        let landed = browser.form("/login/email-otp/code", &[("code", &code(&mail))]).await.expect(303);
        assert_eq!(landed.header("location"), "/signed-in");
    }

    async fn an_address_beyond_ascii_that_the_mail_server_cannot_take_is_given_up(database) {
        let sink = MailSink::start(&[("SMTP_NO_UTF8", "1")]).await;
        let server = start(&database, &sink.settings()).await;
        let browser = server.page_browser();
        let sent = browser.form("/login/email-otp/send", &[("email", "amélie@exemple.fr")]).await.expect(303);
        assert_eq!(sent.header("location"), "/login/email-otp/code", "the page goes on as for everybody");
        until(&server, GIVEN_UP, 1).await;
        let said = server.text(LAST_ERROR).await.unwrap();
        assert!(said.contains("beyond ASCII"), "{said}");
    }
}
