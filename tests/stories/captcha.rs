//! A captcha before routes, with a provider of our own.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use guichet_testing::{TestDatabase, TestServer};
use serde_json::json;

use crate::{EMAIL, PASSWORD, sign_in_by_password, try_sign_up, with};

const HEADER: &str = "x-captcha-response";

/// A provider: what it is told decides what it says. It keeps the forms that it was sent.
struct Provider {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    async fn open() -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        let verify = move |form: String| {
            seen.lock().unwrap().push(form.clone());
            async move { verdict(&form) }
        };
        let base = guichet_testing::serve(Router::new().route("/siteverify", post(verify))).await;
        Self { url: format!("{base}/siteverify"), asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn settings(&self, provider: &str, more: &str) -> String {
        format!(
            "[plugins.email-password]\n[plugins.email-otp]\n[plugins.pages]\n[plugins.captcha]\n\
             provider = {provider:?}\nsecret_key = \"the provider's secret\"\nverify_url = {:?}\n\
             allowed_hostnames = [\"app.example\"]\n{more}",
            self.url
        )
    }

    async fn server(&self, database: &TestDatabase) -> TestServer {
        with(database, &self.settings("turnstile", "")).await
    }
}

fn verdict(form: &str) -> Response {
    let says = |text: &str| form.contains(&format!("response={text}"));
    if says("right") {
        json!({"success": true, "hostname": "app.example", "score": 0.9}).to_string().into_response()
    } else if says("elsewhere") {
        json!({"success": true, "hostname": "evil.example"}).to_string().into_response()
    } else if says("robot") {
        json!({"success": true, "hostname": "app.example", "score": 0.1}).to_string().into_response()
    } else if says("away") {
        (StatusCode::SERVICE_UNAVAILABLE, r#"{"success": true}"#).into_response()
    } else if says("mumble") {
        "<html>success</html>".into_response()
    } else {
        let body = json!({"success": false, "error-codes": ["invalid-input-response"]}).to_string();
        (StatusCode::BAD_REQUEST, body).into_response()
    }
}

guichet_testing::stories! {
    async fn a_right_answer_passes_and_any_other_stops_before_the_route(database) {
        let provider = Provider::open().await;
        let server = provider.server(&database).await;
        let with_answer = |answer: &str| server.browser().header(HEADER, answer);
        for (browser, status, code) in [
            (server.browser(), 400, "MISSING_RESPONSE"),
            (with_answer(""), 400, "MISSING_RESPONSE"),
            (with_answer("wrong"), 403, "VERIFICATION_FAILED"),
            (with_answer("elsewhere"), 403, "VERIFICATION_FAILED"),
            (with_answer("robot"), 403, "VERIFICATION_FAILED"),
            (with_answer(&"x".repeat(17_000)), 403, "VERIFICATION_FAILED"),
            (with_answer("away"), 503, "SERVICE_UNAVAILABLE"),
            (with_answer("mumble"), 503, "SERVICE_UNAVAILABLE"),
        ] {
            try_sign_up(&browser, EMAIL, PASSWORD).await.refused(status, code);
        }
        assert_eq!(server.count("user").await, 0);
        try_sign_up(&with_answer("right"), EMAIL, PASSWORD).await.expect(200).json();
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(400, "MISSING_RESPONSE");
        sign_in_by_password(&with_answer("right"), EMAIL, PASSWORD).await.expect(200).json();
        let ask = json!({"email": EMAIL});
        server.browser().post("/request-password-reset", ask.clone()).await.refused(400, "MISSING_RESPONSE");
        with_answer("right").post("/request-password-reset", ask).await.expect(200).json();

        // A missing answer, and one that cannot be right, cost the provider nothing.
        let asked = provider.asked();
        assert_eq!(asked.len(), 8, "{asked:?}");
        assert!(asked[0].contains("secret=the+provider%27s+secret&response=wrong"), "{}", asked[0]);
        assert!(asked[0].contains("remoteip="), "{}", asked[0]);
    }

    async fn a_provider_that_is_gone_lets_nobody_in(database) {
        let provider = Provider { url: "http://127.0.0.1:1/siteverify".to_owned(), asked: Arc::default() };
        let server = provider.server(&database).await;
        let answer = try_sign_up(&server.browser().header(HEADER, "right"), EMAIL, PASSWORD).await;
        assert_eq!(answer.header("retry-after"), "5");
        answer.refused(503, "SERVICE_UNAVAILABLE");
    }

    async fn no_spelling_of_a_path_goes_around_it(database) {
        let provider = Provider::open().await;
        let server = provider.server(&database).await;
        try_sign_up(&server.browser().header(HEADER, "right"), EMAIL, PASSWORD).await.expect(200).json();
        let body = json!({"email": EMAIL, "password": PASSWORD});
        for path in ["//sign-in/email", "/sign-in//email", "/sign-in/email/", "/./sign-in/email", "/x/../sign-in/email",
            "/sign-in/%65mail", "/SIGN-IN/email", "/sign-in/email;x", "/sign-in/email?x", "/sign%2din/email"]
        {
            let browser = server.browser();
            let answer = browser.post(path, body.clone()).await;
            assert!(answer.status == 404 || answer.code() == "MISSING_RESPONSE", "{path}: {}", answer.status);
            assert!(!browser.is_in().await, "{path}");
        }
        assert_eq!(provider.asked().len(), 1);
    }

    async fn a_hosted_form_is_no_way_around_it_and_says_so(database) {
        let provider = Provider::open().await;
        let server = provider.server(&database).await;
        try_sign_up(&server.browser().header(HEADER, "right"), EMAIL, PASSWORD).await.expect(200).json();
        let known = [("email", EMAIL), ("password", PASSWORD)];
        let new = [("email", "new@example.com"), ("password", PASSWORD), ("name", "New")];
        let forms: [(&str, &[(&str, &str)]); 3] =
            [("/login/email-password/sign-in", &known), ("/signup", &new), ("/forgot-password", &known[..1])];
        for (path, fields) in forms {
            let browser = server.page_browser();
            let page = browser.form(path, fields).await.expect(403).text;
            assert!(page.contains("demande un captcha"), "{path}: {page}");
            assert!(!browser.is_in().await, "{path}");
        }
        assert_eq!(server.count("user").await, 1);
        assert!(server.mails(EMAIL).await.is_empty());
        // What is not guarded is open.
        let ask = json!({"email": EMAIL, "type": "sign-in"});
        server.browser().post("/email-otp/send-verification-otp", ask).await.expect(200).json();
        let landed = server.page_browser().form("/login/email-otp/send", &[("email", EMAIL)]).await.expect(303);
        assert!(landed.header("location").starts_with("/login/email-otp/"));
    }

    async fn limits_come_before_it(database) {
        let provider = Provider::open().await;
        let settings = format!("rate_limit = {{ enabled = true }}\n{}", provider.settings("recaptcha", ""));
        let server = with(&database, &settings).await;
        let browser = server.browser().header(HEADER, "wrong");
        for _ in 0..3 {
            sign_in_by_password(&browser, EMAIL, PASSWORD).await.refused(403, "VERIFICATION_FAILED");
        }
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.refused(429, "TOO_MANY_REQUESTS");
        assert_eq!(provider.asked().len(), 3);
    }

    async fn a_provider_is_told_the_site_key_where_it_wants_it(database) {
        let provider = Provider::open().await;
        let settings = provider.settings("hcaptcha", "site_key = \"the widget\"\nroutes = [\"core.get-session\"]\n");
        let server = with(&database, &settings).await;
        server.browser().get("/get-session").await.refused(400, "MISSING_RESPONSE");
        server.browser().header(HEADER, "right").get("/get-session").await.expect(200).json();
        assert!(provider.asked()[0].contains("sitekey=the+widget"), "{:?}", provider.asked());
        try_sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
    }

    async fn a_route_that_does_not_exist_stops_the_start_by_name(database) {
        let provider = Provider::open().await;
        let settings = provider.settings("turnstile", "routes = [\"email-password.sign-inn\"]\n");
        let refused = TestServer::try_with(&guichet::plugins::all(), &database, &settings).await.err().unwrap();
        let text = format!("{refused:#}");
        assert!(text.contains("captcha guards the route \"email-password.sign-inn\""), "{text}");
    }
}

#[test]
fn what_cannot_be_a_captcha_stops_the_start_and_no_secret_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let start = |section: &str| {
        let text = format!("[plugins.email-password]\n[plugins.captcha]\n{section}\n");
        std::fs::write(folder.path().join("guichet.toml"), text).unwrap();
        crate::program::guichet(folder.path(), &["config", "check"], &[])
    };
    for (section, said) in [
        ("", "provider"),
        ("provider = \"turnstile\"", "secret_key"),
        ("provider = \"turnstile\"\nsecret_key = \"\"", "is empty"),
        ("provider = \"turnstile\"\nsecret_key = \"s\"\nroutes = []", "at least one"),
        ("provider = \"turnstile\"\nsecret_key = \"s\"\nmin_score = 2.0", "from 0 to 1"),
        (
            "provider = \"turnstile\"\nsecret_key = \"s\"\nverify_url = \"http://elsewhere.example\"",
            "https://",
        ),
    ] {
        let refused = start(section);
        assert!(refused.code != 0 && refused.err.contains(said), "{section}: {}", refused.err);
    }
    start("provider = \"turnstile\"\nsecret_key = \"a secret of theirs\"").well();
    let shown = crate::program::guichet(folder.path(), &["config", "show"], &[]).well();
    assert!(!shown.contains("a secret of theirs"), "{shown}");
}
