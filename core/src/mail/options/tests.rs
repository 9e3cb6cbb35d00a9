use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::*;
use crate::mail::transport::SmtpConnection;

fn options(section: Value) -> MailOptions {
    serde_json::from_value(section).unwrap()
}

fn smtp(section: &Value) -> Result<SmtpConnection, String> {
    options(json!({ "smtp": section })).smtp.connection().map_err(|error| error.to_string())
}

fn refused(section: Value) -> String {
    options(section).transport(None, &Outbound::new().unwrap()).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_url_says_all_at_once() {
    let connection =
        smtp(&json!({ "url": "smtp://us%40er:p%C3%A9%2Fss@mail.example.com?tls=required" })).unwrap();
    let (user, password) = connection.credentials.unwrap();
    assert_eq!(
        (connection.host.as_str(), connection.port, connection.tls),
        ("mail.example.com", 587, Tls::Required)
    );
    assert_eq!((user.as_str(), password.expose_secret()), ("us@er", "pé/ss"));
    let connection = smtp(&json!({ "url": "smtps://mail.example.com" })).unwrap();
    assert_eq!((connection.port, connection.tls), (465, Tls::Implicit));
    let connection = smtp(&json!({ "url": "smtp://[::1]:1025?tls=none" })).unwrap();
    assert_eq!((connection.host.as_str(), connection.port, connection.tls), ("::1", 1025, Tls::None));
}

#[test]
fn a_url_that_is_not_understood_is_refused_without_being_repeated() {
    for bad in [
        "http://u:hidden@h",
        "smtp://u:hidden@",
        "smtp://:hidden@h",
        "smtp://u@h",
        "smtp://u:hidden@h?tls=maybe",
        "smtp://u:hidden@h?ssl=1",
        "smtps://u:hidden@h?tls=none",
        "smtp://u:hidden@h/path",
        "hidden",
        "",
    ] {
        let error = smtp(&json!({ "url": bad })).unwrap_err();
        assert!(error.starts_with("mail.smtp.url: ") && !error.contains("hidden"), "{bad}: {error}");
    }
    let error = smtp(&json!({ "url": "smtp://h", "host": "h" })).unwrap_err();
    assert!(error.starts_with("mail.smtp.url: "), "{error}");
}

#[test]
fn plain_text_stays_on_this_machine_unless_it_is_allowed() {
    for host in ["localhost", "127.0.0.1", "::1"] {
        assert!(smtp(&json!({ "host": host, "tls": "none" })).is_ok());
    }
    let credentials = |tls: &str, allow: bool| {
        smtp(
            &json!({ "host": "h.example", "tls": tls, "username": "u", "password": "p", "allow_plaintext": allow }),
        )
    };
    assert!(credentials("none", false).unwrap_err().contains("mail.smtp.allow_plaintext"));
    assert!(credentials("opportunistic", false).unwrap_err().contains("mail.smtp.allow_plaintext"));
    assert!(credentials("none", true).is_ok() && credentials("opportunistic", true).is_ok());
    assert!(credentials("required", false).is_ok());
    assert!(smtp(&json!({ "host": "h.example", "tls": "opportunistic" })).is_ok());
    assert!(smtp(&json!({ "url": "smtp://h.example?tls=none" })).is_err());
}

#[test]
fn every_refusal_names_the_key() {
    for (section, key) in [
        (json!({}), "mail.transport:"),
        (json!({ "transport": "smtp" }), "mail.smtp.host:"),
        (json!({ "transport": "smtp", "smtp": { "host": "h", "username": "u" } }), "mail.smtp.password:"),
        (json!({ "transport": "smtp", "smtp": { "host": "h", "password": "p" } }), "mail.smtp.username:"),
        (
            json!({ "transport": "smtp", "smtp": { "host": "h", "username": "u", "password_file": "/nowhere/x" } }),
            "mail.smtp.password_file:",
        ),
        (
            json!({ "transport": "smtp", "smtp": { "host": "h", "ca_file": "/nowhere/x" } }),
            "mail.smtp.ca_file:",
        ),
        (
            json!({ "transport": "smtp", "smtp": { "host": "h", "timeout_seconds": 0 } }),
            "mail.smtp.timeout_seconds:",
        ),
        (json!({ "transport": "smtp", "smtp": { "host": "h", "pool_size": 0 } }), "mail.smtp.pool_size:"),
        (json!({ "transport": "http" }), "mail.http.api_key:"),
        (json!({ "transport": "http", "http": { "api_key": "" } }), "mail.http.api_key:"),
        (
            json!({ "transport": "http", "http": { "api_key": "k", "url": "http://h.example/" } }),
            "mail.http.url:",
        ),
        (
            json!({ "transport": "http", "http": { "api_key": "k", "api_key_file": "f" } }),
            "mail.http.api_key:",
        ),
    ] {
        let error = refused(section.clone());
        assert!(error.starts_with(key), "{section}: {error}");
    }
}

#[test]
fn what_is_complete_is_taken() {
    let http = json!({ "transport": "http", "http": { "api_key": "k" } });
    assert!(options(http).transport(None, &Outbound::new().unwrap()).is_ok());
    let plain = json!({ "transport": "http", "http": { "api_key": "k", "url": "http://127.0.0.1:9/" } });
    assert!(options(plain).transport(None, &Outbound::new().unwrap()).is_ok());
    assert!(options(json!({})).transport(Some(Arc::new(Mailbox::new())), &Outbound::new().unwrap()).is_ok());
}

#[tokio::test]
async fn a_mail_server_is_taken() {
    assert!(
        options(json!({ "transport": "smtp", "smtp": { "host": "h.example" } }))
            .transport(None, &Outbound::new().unwrap())
            .is_ok()
    );
}

#[test]
fn the_sender_is_checked() {
    assert_eq!(options(json!({})).outbox().unwrap().from, "Guichet <no-reply@localhost>");
    let missing = options(json!({ "transport": "smtp" })).outbox().unwrap_err().to_string();
    assert!(missing.starts_with("mail.from:"), "{missing}");
    for bad in ["", "nobody", "A <a@b.fr>, B <b@b.fr>", "A <a@b.fr>\r\nBcc: c@d.fr"] {
        let error = options(json!({ "from": bad })).outbox().unwrap_err().to_string();
        assert!(error.starts_with("mail.from:"), "{error}");
    }
    let named =
        options(json!({ "from": "L’Étude <no-reply@example.com>", "max_age_hours": 2 })).outbox().unwrap();
    assert_eq!(named.give_up_after, Duration::from_hours(2));
}

#[test]
fn a_secret_may_come_from_a_file_and_is_never_shown() {
    let file = std::env::temp_dir().join(format!("guichet-mail-secret-{}", std::process::id()));
    std::fs::write(&file, "from-a-file\r\n").unwrap();
    let section = json!({ "host": "h", "username": "u", "password_file": file });
    let connection = smtp(&section).unwrap();
    assert_eq!(connection.credentials.as_ref().unwrap().1.expose_secret(), "from-a-file");
    assert!(!format!("{connection:?}").contains("from-a-file"));
    std::fs::write(&file, "\n").unwrap();
    assert!(smtp(&section).unwrap_err().starts_with("mail.smtp.password_file: is empty"));
    std::fs::remove_file(&file).unwrap();
    let inline = options(
        json!({ "smtp": { "password": "hidden", "url": "hidden" }, "http": { "api_key": "hidden" } }),
    );
    assert!(!format!("{inline:?}").contains("hidden"));
}

#[test]
fn unknown_keys_are_refused_and_the_schema_knows_every_key() {
    for section in
        [json!({ "form": "x" }), json!({ "smtp": { "hots": "x" } }), json!({ "http": { "key": "x" } })]
    {
        assert!(serde_json::from_value::<MailOptions>(section).is_err());
    }
    let schema = serde_json::to_string(&schemars::schema_for!(MailOptions)).unwrap();
    for key in ["password_file", "allow_plaintext", "api_key_file", "max_age_hours", "ca_file"] {
        assert!(schema.contains(key), "{key}");
    }
}
