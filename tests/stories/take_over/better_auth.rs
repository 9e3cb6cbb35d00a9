//! Databases that Better Auth itself made, by its own migrations, with people whom it signed up.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, SESSION_COOKIE, TestDatabase, TestServer};

use super::{adopt, columns, folder, kept, told};
use crate::node::Node;

const SECRET: &str = "a-very-old-secret-of-32-characters!!";
const SETTINGS: &str = r#"
secret = "a-very-old-secret-of-32-characters!!"
[[user.fields]]
name = "clientId"
[plugins.email-otp]
[plugins.email-password]
"#;
/// With these, Better Auth can read what Guichet writes.
const WAY_BACK: &str = "[password]\nalgorithm = \"scrypt\"\n[session]\nstorage = \"plain\"\n";
const EMAIL: &str = "ancienne@example.com";
const PASSWORD: &str = "correct horse battery staple";

async fn better_auth(database: &TestDatabase) -> (Node, Value) {
    better_auth_with(database, SECRET).await
}

/// Better Auth, running with a secret, and what its migrations had to make.
pub(super) async fn better_auth_with(database: &TestDatabase, secret: &str) -> (Node, Value) {
    let mut node = Node::start("better-auth-server.mjs", &[("DATABASE", database.url()), ("SECRET", secret)]);
    let Some(opened) = node.next().await else { panic!("it ended: {}", node.end().1) };
    (node, opened)
}

pub(super) async fn call(node: &mut Node, what: Value) -> Value {
    node.tell(&what);
    node.next().await.unwrap_or_else(|| panic!("no answer to {what}"))
}

pub(super) async fn stopped(mut node: Node) {
    if let Some(said) = node.said_already() {
        panic!("nobody asked: {said}");
    }
    let (good, complaints) = tokio::task::spawn_blocking(move || node.end()).await.unwrap();
    assert!(good, "{complaints}");
}

/// A database with a user of Better Auth's who is signed in; gives the cookie.
async fn made_by_better_auth(database: &TestDatabase) -> String {
    let (mut node, opened) = better_auth(database).await;
    assert_eq!(opened["created"], json!(["user", "session", "account", "verification", "twoFactor"]));
    let body =
        json!({"email": EMAIL, "password": PASSWORD, "name": "Ancienne Cliente", "username": "ancienne"});
    let made = call(&mut node, json!({"call": "/sign-up/email", "body": body})).await;
    assert_eq!(made["status"], 200, "{made}");
    let ask = json!({"email": EMAIL, "type": "sign-in"});
    let sent =
        call(&mut node, json!({"call": "/email-otp/send-verification-otp", "body": ask, "mail": true})).await;
    assert_eq!(sent["code"].as_str().map(str::len), Some(6), "{sent}");
    stopped(node).await;
    made["cookie"].as_str().unwrap().to_owned()
}

fn with_cookie(server: &TestServer, cookie: &str) -> Browser {
    let browser = server.browser();
    browser.set_cookie(SESSION_COOKIE, cookie.strip_prefix("better-auth.session_token=").unwrap());
    browser
}

guichet_testing::stories! {
    async fn its_cookies_and_passwords_go_on_working(database) {
        let cookie = made_by_better_auth(&database).await;
        let before = columns(&database, "true").await;
        let folder = folder(SETTINGS);
        let said = told(folder.path(), &database, &["adopt"]);
        assert!(said.out.contains("nothing to take over") && said.code == 0, "{said:?}");
        let plan = told(folder.path(), &database, &["migrate", "--plan"]);
        assert!(plan.code == 2 && plan.out.lines().take_while(|l| !l.is_empty()).all(|l| l.starts_with("+ ")), "{plan:?}");

        let server = TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await;
        kept(&before, &columns(&database, "true").await);
        let session = with_cookie(&server, &cookie).get("/get-session").await.expect(200).json();
        assert_eq!(session["user"]["email"], EMAIL);
        assert_eq!(session["user"]["emailVerified"], false);
        assert!(session["session"]["expiresAt"].as_str().unwrap().ends_with('Z'));
        assert!(server.text(r#"select "token" from "session""#).await.unwrap().starts_with("sha256$"));

        let wrong = json!({"email": EMAIL, "password": "correct horse battery stapler"});
        server.browser().post("/sign-in/email", wrong).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        for _ in 0..2 {
            let right = json!({"email": EMAIL, "password": PASSWORD});
            server.browser().post("/sign-in/email", right).await.expect(200).json();
        }
        assert!(server.text(r#"select "password" from "account""#).await.unwrap().starts_with("$argon2id$"));
        crate::sign_in(&server, &server.browser(), "nouvelle@example.com").await;
        assert_eq!(server.count("user").await, 2, "new people fit in");
    }

    async fn and_better_auth_can_have_it_back(database) {
        let cookie = made_by_better_auth(&database).await;
        let settings = format!("{SETTINGS}{WAY_BACK}");
        let server = TestServer::with(&guichet::plugins::all(), &database, &settings).await;
        let newcomer = json!({"email": "nouvelle@example.com", "password": "une autre phrase", "name": "Nouvelle"});
        let browser = server.browser();
        browser.post("/sign-up/email", newcomer).await.expect(200).json();
        let new_cookie = format!("{SESSION_COOKIE}={}", browser.cookie(SESSION_COOKIE).unwrap());
        let right = json!({"email": EMAIL, "password": PASSWORD});
        server.browser().post("/sign-in/email", right.clone()).await.expect(200).json();
        with_cookie(&server, &cookie).get("/get-session").await.expect(200).json();
        server.stop().await;

        let (mut node, opened) = better_auth(&database).await;
        assert_eq!((&opened["created"], &opened["added"]), (&json!([]), &json!([])), "it misses nothing");
        for (email, password) in [(EMAIL, PASSWORD), ("nouvelle@example.com", "une autre phrase")] {
            let body = json!({"email": email, "password": format!("{password}!")});
            let refused = call(&mut node, json!({"call": "/sign-in/email", "body": body})).await;
            assert_eq!(refused["body"]["code"], "INVALID_EMAIL_OR_PASSWORD", "{refused}");
            let body = json!({"email": email, "password": password});
            let known = call(&mut node, json!({"call": "/sign-in/email", "body": body})).await;
            assert_eq!((&known["status"], &known["body"]["user"]["email"]), (&json!(200), &json!(email)), "{known}");
        }
        for (cookie, email) in [(cookie, EMAIL), (new_cookie, "nouvelle@example.com")] {
            let session = call(&mut node, json!({"call": "/get-session", "cookie": cookie})).await;
            assert_eq!(session["body"]["user"]["email"], email, "{session}");
        }
        let body = json!({"email": "tierce@example.com", "password": "encore une phrase", "name": "Tierce"});
        let made = call(&mut node, json!({"call": "/sign-up/email", "body": body})).await;
        assert_eq!(made["status"], 200, "{made}");
        stopped(node).await;

        // And forth again.
        let server = TestServer::with(&guichet::plugins::all(), &database, SETTINGS).await;
        let session = with_cookie(&server, made["cookie"].as_str().unwrap()).get("/get-session").await;
        assert_eq!(session.expect(200).json()["user"]["email"], "tierce@example.com");
    }

    async fn json_says_that_there_is_nothing_to_do(database) {
        made_by_better_auth(&database).await;
        let (code, said) = adopt(folder(SETTINGS).path(), &database, &["--apply"]);
        assert_eq!((code, &said["sql"], &said["applied"]), (0, &json!([]), &json!(false)), "{said}");
        let names: Vec<&str> = said["tables"].as_array().unwrap().iter().filter_map(|t| t["name"].as_str()).collect();
        assert!(["user", "session", "account", "verification"].iter().all(|name| names.contains(name)), "{said}");
    }
}
