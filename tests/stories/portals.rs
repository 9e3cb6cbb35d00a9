//! Tenants come in at the portal's page by a code, without ever having signed up.

use guichet_core::db::Dialect;
use guichet_testing::{Answer, Browser, TestDatabase, TestServer};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const SETTINGS: &str = r#"
[plugins.pages]
[plugins.email-otp]
disable_sign_up = true
[plugins.prepare-login]
[[plugins.prepare-login.portal]]
name = "client"
role = "UTILISATEUR"
lands_at = "/client"
preset = "client-person-entreprise"
"#;

async fn open(database: &TestDatabase) -> TestServer {
    database
        .run(match database.dialect() {
            Dialect::Postgres => include_str!("../fixtures/tenants.postgres.sql"),
            Dialect::Sqlite => include_str!("../fixtures/tenants.sqlite.sql"),
        })
        .await;
    TestServer::with(&guichet::plugins::all(), database, SETTINGS).await
}

async fn type_address(browser: &Browser, email: &str) -> Answer {
    browser.form("/client/login/email-otp/send", &[("email", email)]).await
}

async fn users(server: &TestServer) -> i64 {
    server.count("user").await
}

/// Types address and code at the portal's page; gives the session.
async fn comes_in(server: &TestServer, email: &str) -> Value {
    let browser = server.page_browser();
    let sent = type_address(&browser, email).await.expect(303);
    assert_eq!(sent.header("location"), "/client/login/email-otp/code");
    let code = server.code(email).await;
    let landed = browser.form("/client/login/email-otp/code", &[("code", &code)]).await.expect(303);
    assert_eq!(landed.header("location"), "/client");
    browser.get("/get-session").await.expect(200).json()
}

guichet_testing::stories! {
    /// Wishes: 56, 100, 119, 126, 127, 130.
    async fn a_tenant_comes_in_at_the_portals_page(database) {
        let server = open(&database).await;
        let page = server.page_browser().page("/client/login").await.expect(200);
        assert!(page.text.contains("Espace locataire"), "{}", page.text);
        let session = comes_in(&server, "jean@example.com").await;
        assert_eq!(session["user"]["role"], "UTILISATEUR");
        assert_eq!(session["user"]["clientId"], "cli_jean");
        assert_eq!(session["user"]["name"], "Jean Dupont");
        assert_eq!(session["user"]["emailVerified"], true);
        let mails = server.mails("jean@example.com").await;
        assert!(mails[0].text.contains("Jean Dupont"), "{}", mails[0].text);
    }

    async fn every_tenant_comes_in(database) {
        let server = open(&database).await;
        let tenants = [
            ("zoé.étienne@example.com", "cli_zoe"),
            ("noël@example.com", "cli_noel"),
            ("anonyme@example.com", "cli_anonyme"),
            ("deux@example.com", "cli_deux"),
            ("contact@societe.fr", "cli_societe"),
        ];
        for (email, client) in tenants {
            assert_eq!(comes_in(&server, email).await["user"]["clientId"], client);
        }
    }

    /// Wishes: 114.
    async fn nobody_else_gets_a_mail_and_everybody_sees_the_same_page(database) {
        let server = open(&database).await;
        server
            .app
            .db
            .query(
                r#"insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "role")
                   values ('n', 'Maître', 'notaire@example.com', $1, $2, $2, 'NOTAIRE')"#,
            )
            .bind(true)
            .bind(server.now())
            .execute()
            .await
            .unwrap();
        for email in ["inconnu@example.com", "bailleur@example.com", "notaire@example.com", "jumeaux@example.com"] {
            let browser = server.page_browser();
            let sent = type_address(&browser, email).await.expect(303);
            assert_eq!(sent.header("location"), "/client/login/email-otp/code");
            assert!(server.mails(email).await.is_empty(), "{email}");
            assert!(browser.page("/client/login/email-otp/code").await.expect(200).text.contains(email));
        }
        assert_eq!(users(&server).await, 1);
    }

    /// Wishes: 116.
    async fn asking_for_a_code_is_enough_by_the_api(database) {
        let server = open(&database).await;
        let browser = server.browser();
        let ask = json!({"email": "contact@societe.fr", "type": "sign-in"});
        browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
        assert_eq!(users(&server).await, 1);
        let code = server.code("contact@societe.fr").await;
        let body = json!({"email": "contact@societe.fr", "otp": code});
        let signed_in = browser.post("/sign-in/email-otp", body).await.expect(200).json();
        assert_eq!(signed_in["user"]["clientId"], "cli_societe");
    }

    /// Wishes: 128.
    async fn two_hundred_simultaneous_first_codes_make_one_user(database) {
        let server = open(&database).await;
        let browser = server.browser();
        let mut asked = JoinSet::new();
        for _ in 0..200 {
            let browser = browser.clone();
            let body = json!({"email": "jean@example.com", "type": "sign-in"});
            asked.spawn(async move { browser.post("/email-otp/send-verification-otp", body).await });
        }
        for answer in asked.join_all().await {
            assert_eq!(answer.expect(200).json(), json!({"success": true}));
        }
        assert_eq!(users(&server).await, 1);
    }
}
