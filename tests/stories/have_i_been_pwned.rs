//! Passwords from data breaches are refused wherever one is set, and the list learns five characters.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use guichet_testing::{TestDatabase, TestServer};
use serde_json::json;

use crate::{EMAIL, try_sign_up, with};

const GOOD: &str = "correct horse 1";
const BREACHED: &str = "correct horse 2";
/// What follows the first five characters of its SHA-1.
const BREACHED_SUFFIX: &str = "46E8D4A42472C5193A813C456510CA18D7C";

/// What the list does.
#[derive(Clone, Copy)]
enum Mood {
    Honest,
    Padding,
    Garbage,
    Down,
    Slow,
}

/// A list that holds `BREACHED`, and what it was asked: paths and the padding header.
struct List {
    url: String,
    asked: Arc<Mutex<Vec<(String, bool)>>>,
}

impl List {
    async fn open(mood: Mood) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        let answer = move |Path(path): Path<String>, headers: HeaderMap| {
            let padded = headers.get("add-padding").is_some_and(|value| value == "true");
            seen.lock().unwrap().push((path, padded));
            answer(mood)
        };
        Self { url: guichet_testing::serve(Router::new().route("/{*path}", get(answer))).await, asked }
    }

    fn asked(&self) -> Vec<(String, bool)> {
        self.asked.lock().unwrap().clone()
    }

    async fn server(&self, database: &TestDatabase) -> TestServer {
        let settings = format!(
            "[plugins.email-password]\n[plugins.email-otp]\n[plugins.pages]\n\
             [plugins.phone-number]\n[plugins.have-i-been-pwned]\nurl = {:?}\ntimeout = \"300ms\"\n",
            self.url
        );
        with(database, &settings).await
    }
}

async fn answer(mood: Mood) -> Response {
    let others = "000000000000000000000000000000000FF:7\r\n000000000000000000000000000000000FE:0";
    match mood {
        Mood::Honest => format!("{others}\r\n{BREACHED_SUFFIX}:3").into_response(),
        Mood::Padding => format!("{others}\r\n{BREACHED_SUFFIX}:0").into_response(),
        Mood::Garbage => format!("<html>{BREACHED_SUFFIX}:3</html>").into_response(),
        Mood::Down => (StatusCode::SERVICE_UNAVAILABLE, format!("{BREACHED_SUFFIX}:3")).into_response(),
        Mood::Slow => {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            format!("{BREACHED_SUFFIX}:3").into_response()
        }
    }
}

guichet_testing::stories! {
    // ASVS 6.2.12.
    async fn a_breached_password_is_refused_on_every_route_that_sets_one(database) {
        let list = List::open(Mood::Honest).await;
        let server = list.server(&database).await;
        try_sign_up(&server.browser(), EMAIL, BREACHED).await.refused(400, "PASSWORD_COMPROMISED");
        assert_eq!(server.count("user").await, 0);

        let browser = server.browser();
        try_sign_up(&browser, EMAIL, GOOD).await.expect(200).json();
        let change = json!({"currentPassword": GOOD, "newPassword": BREACHED});
        browser.post("/change-password", change).await.refused(400, "PASSWORD_COMPROMISED");

        browser.post("/request-password-reset", json!({"email": EMAIL})).await.expect(200).json();
        let mail = server.mails(EMAIL).await.pop().unwrap().text;
        let token = mail.split("/reset-password/").nth(1).unwrap().split(['?', '\n', ' ']).next().unwrap().to_owned();
        let reset = json!({"token": token, "newPassword": BREACHED});
        browser.post("/reset-password", reset).await.refused(400, "PASSWORD_COMPROMISED");

        browser.post("/email-otp/request-password-reset", json!({"email": EMAIL})).await.expect(200).json();
        let code = server.code(EMAIL).await;
        let reset = json!({"email": EMAIL, "otp": code, "password": BREACHED});
        browser.post("/email-otp/reset-password", reset).await.refused(400, "PASSWORD_COMPROMISED");

        server.execute(r#"update "user" set "phoneNumber" = '+33612345678', "phoneNumberVerified" = true"#).await;
        let ask = json!({"phoneNumber": "+33612345678"});
        browser.post("/phone-number/request-password-reset", ask).await.expect(200).json();
        let code = server.code("+33612345678@sms.localhost").await;
        let reset = json!({"phoneNumber": "+33612345678", "otp": code, "newPassword": BREACHED});
        browser.post("/phone-number/reset-password", reset).await.refused(400, "PASSWORD_COMPROMISED");

        // Pages say so at the field.
        let visitor = server.page_browser();
        let form = [("email", EMAIL), ("password", GOOD)];
        assert_eq!(visitor.form("/login/email-password/sign-in", &form).await.expect(303).header("location"), "/signed-in");
        let form = [("current", GOOD), ("password", BREACHED)];
        for (visitor, path, form) in [
            (&visitor, "/account/email-password/password", form),
            (&server.page_browser(), "/signup", [("email", "new@example.com"), ("password", BREACHED)]),
        ] {
            let page = visitor.form(path, &form).await.expect(400).text;
            assert!(page.contains("id=\"email-password-new-error\""), "{page}");
        }

        // The password is as it was.
        let body = json!({"email": EMAIL, "password": GOOD});
        server.browser().post("/sign-in/email", body).await.expect(200).json();
    }

    async fn a_page_says_so_in_words(database) {
        let list = List::open(Mood::Honest).await;
        let server = list.server(&database).await;
        let fields = [("email", EMAIL), ("password", BREACHED), ("name", "Jean")];
        let page = server.page_browser().form("/signup", &fields).await.expect(400).text;
        assert!(page.contains("fuite de données"), "{page}");
    }

    async fn five_characters_leave_the_house(database) {
        let list = List::open(Mood::Honest).await;
        let server = list.server(&database).await;
        try_sign_up(&server.browser(), EMAIL, GOOD).await.expect(200).json();
        let asked = list.asked();
        let (path, padded) = &asked[0];
        let prefix = path.strip_prefix("range/").unwrap();
        assert!(prefix.len() == 5 && prefix.bytes().all(|b| b.is_ascii_hexdigit()), "{path}");
        assert!(*padded && asked.len() == 1, "{asked:?}");
    }

    async fn padding_refuses_nobody(database) {
        let list = List::open(Mood::Padding).await;
        try_sign_up(&list.server(&database).await.browser(), EMAIL, BREACHED).await.expect(200).json();
        assert_eq!(list.asked().len(), 1);
    }

    async fn a_list_in_trouble_refuses_nobody(database) {
        for mood in [Mood::Garbage, Mood::Down, Mood::Slow] {
            let list = List::open(mood).await;
            let server = list.server(&database).await;
            try_sign_up(&server.browser(), EMAIL, BREACHED).await.expect(200).json();
            assert_eq!(list.asked().len(), 1);
            server.execute(r#"delete from "user""#).await;
            server.stop().await;
        }
        let nobody = List { url: "http://127.0.0.1:1".to_owned(), asked: Arc::default() };
        try_sign_up(&nobody.server(&database).await.browser(), EMAIL, BREACHED).await.expect(200).json();
    }

    async fn what_is_too_short_is_not_even_asked_about(database) {
        let list = List::open(Mood::Honest).await;
        try_sign_up(&list.server(&database).await.browser(), EMAIL, "short").await.refused(400, "PASSWORD_TOO_SHORT");
        assert!(list.asked().is_empty());
    }
}

#[test]
fn an_address_that_cannot_be_asked_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    for (line, said) in [("url = \"ftp://lists.example\"", "https://"), ("timeout = \"1m\"", "at most 10s")] {
        let text = format!("[plugins.have-i-been-pwned]\n{line}\n");
        std::fs::write(folder.path().join("guichet.toml"), text).unwrap();
        let refused = crate::program::guichet(folder.path(), &["config", "check"], &[]);
        assert!(refused.code != 0 && refused.err.contains(said), "{}", refused.err);
    }
}
