//! Better Auth stops, Guichet starts on the same database with the same secret, and nobody notices.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{TestDatabase, TestServer};

const SETTINGS: &str = r#"
secret = "a-secret-from-the-days-of-better-auth"
[[user.fields]]
name = "role"
[[user.fields]]
name = "clientId"
[plugins.email-otp]
[plugins.email-password]
"#;
/// As the browser holds it.
const COOKIE: &str = "tok3nOfAnOldSession0123456789abc.O%2B8dviK1X4xTTmNSzcoBvbLi%2BLlq88K3FwM%2BdOA3VxM%3D";
/// What every column was, and is to stay.
const COLUMNS: &str = "select string_agg(table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable, ', ' \
                       order by table_name, ordinal_position) from information_schema.columns \
                       where table_schema = 'public' and column_name not in ('amr', 'aal') \
                       and table_name in ('user', 'session', 'account', 'verification')";

async fn taken_over() -> (TestServer, String) {
    let database = TestDatabase::postgres().await;
    database.run(include_str!("../fixtures/better-auth.postgres.sql")).await;
    let before = database.connect().await;
    let columns: String = before.query(COLUMNS).scalar().await.unwrap().unwrap();
    before.close().await;
    (TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await, columns)
}

#[tokio::test]
async fn an_old_cookie_still_answers() {
    let (server, _) = taken_over().await;
    let browser = server.browser();
    browser.set_cookie("better-auth.session_token", COOKIE);
    let session = browser.get("/get-session").await.expect(200).json();
    assert_eq!(session["user"]["name"], "Odile Ancienne");
    assert_eq!(session["user"]["role"], "UTILISATEUR");
    assert!(server.text(r#"select "token" from "session""#).await.unwrap().starts_with("sha256$"));
    assert_ne!(browser.get("/get-session").await.json(), Value::Null);
}

#[tokio::test]
async fn old_passwords_sign_in_and_are_hashed_anew() {
    let (server, _) = taken_over().await;
    for (email, password) in
        [("odile@example.com", "une vieille phrase de passe"), ("maitre@example.com", "Le-Notaire-1975")]
    {
        let wrong = json!({"email": email, "password": format!("{password}!")});
        server.browser().post("/sign-in/email", wrong).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        let right = json!({"email": email, "password": password});
        server.browser().post("/sign-in/email", right.clone()).await.expect(200).json();
        server.browser().post("/sign-in/email", right).await.expect(200).json();
    }
    let anew = server.number(r#"select count(*) from "account" where "password" like '$argon2id$%'"#).await;
    assert_eq!(anew, 2);
}

#[tokio::test]
async fn every_column_keeps_its_type_and_new_people_fit_in() {
    let (server, before) = taken_over().await;
    assert_eq!(server.text(COLUMNS).await.unwrap(), before);
    let browser = server.browser();
    let ask = json!({"email": "nouvelle@example.com", "type": "sign-in"});
    browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
    let code = server.code("nouvelle@example.com").await;
    let entry = json!({"email": "nouvelle@example.com", "otp": code});
    let user = browser.post("/sign-in/email-otp", entry).await.expect(200).json();
    assert_eq!(user["user"]["role"], "UTILISATEUR", "the database's own default");
}
