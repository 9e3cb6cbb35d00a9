//! Where requests that change something may come from.

use serde_json::json;

use crate::{EMAIL, start, visitor};

guichet_testing::stories! {
    async fn with_a_cookie_only_a_trusted_origin_may_change_anything(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let post = async |origin: &str| {
            browser.clone().at_origin(origin).post("/revoke-session", json!({"token": "x"})).await
        };
        for good in ["http://app.localhost:5173", server.base(), "HTTP://APP.LOCALHOST:5173", "http://app.localhost:5173/"] {
            post(good).await.expect(200).json();
        }
        for bad in [
            "https://evil.test", "http://app.localhost:5173.evil.test", "http://evil.test/http://app.localhost:5173",
            "https://app.localhost:5173", "http://app.localhost:1",
        ] {
            post(bad).await.refused(403, "INVALID_ORIGIN");
        }
        post("").await.refused(403, "MISSING_OR_NULL_ORIGIN");
        post("null").await.refused(403, "MISSING_OR_NULL_ORIGIN");
    }

    // Better Auth #10304, #10368: a page elsewhere made visitors' browsers send mails without any cookie.
    async fn without_a_cookie_a_page_elsewhere_sends_no_mail(database) {
        let server = start(&database).await;
        let body = json!({"email": EMAIL, "type": "sign-in"});
        let send = "/email-otp/send-verification-otp";
        server.browser().at_origin("https://evil.test").post(send, body.clone()).await.refused(403, "INVALID_ORIGIN");
        let navigation = server
            .browser()
            .at_origin("https://evil.test")
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", "navigate");
        navigation.post(send, body.clone()).await.refused(403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED");
        let hidden = server.browser().at_origin("").header("sec-fetch-site", "cross-site");
        hidden.post(send, body.clone()).await.refused(403, "MISSING_OR_NULL_ORIGIN");
        assert!(server.mails(EMAIL).await.is_empty());
        // A server, or curl.
        server.browser().at_origin("").post(send, body).await.expect(200).json();
    }

    async fn a_page_elsewhere_spends_nobodys_tries(database) {
        let server = crate::with(&database, "plugins.email-otp = {}\nrate_limit.enabled = true\nrate_limit.max = 1000").await;
        let body = json!({"email": EMAIL, "type": "sign-in"});
        let send = "/email-otp/send-verification-otp";
        for _ in 0..20 {
            let elsewhere = server.browser().at_origin("https://evil.test");
            let refused = elsewhere.post(send, body.clone()).await;
            assert!(matches!(refused.status.as_u16(), 403 | 429), "{refused:?}");
        }
        assert_eq!(server.number(r#"select count(*) from "rateLimit" where "key" like '%|email|%'"#).await, 0);
    }

    async fn a_sign_in_from_elsewhere_is_refused_on_every_route(database) {
        let server = start(&database).await;
        for route in server.routes.iter().filter(|route| route.method == "POST") {
            let path = route.full_path("/api/auth").replace("{method}", "email-otp").replace("{action}", "send");
            let browser = server.browser().at_origin("https://evil.test");
            let answer = browser.request("POST".parse().unwrap(), &path, None, None).await;
            assert_eq!(answer.status, 403, "{path} {answer:?}");
        }
    }

    async fn a_browser_on_a_trusted_origin_may_read_answers_and_one_elsewhere_may_not(database) {
        let server = start(&database).await;
        let ask = async |origin: &str| {
            let browser = server
                .browser()
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "content-type,x-captcha-response");
            browser.request("OPTIONS".parse().unwrap(), "/api/auth/sign-out", None, None).await
        };
        let trusted = ask("http://app.localhost:5173").await;
        assert_eq!(trusted.header("access-control-allow-origin"), "http://app.localhost:5173");
        assert_eq!(trusted.header("access-control-allow-credentials"), "true");
        let headers = trusted.header("access-control-allow-headers");
        assert!(headers.contains("x-captcha-response"), "what a plugin reads may be sent: {headers}");
        assert_eq!(ask("https://evil.test").await.header("access-control-allow-origin"), "");
    }

    async fn a_refusal_can_be_read_by_a_page_of_a_trusted_origin(database) {
        let server = start(&database).await;
        let refused = async |origin: &str, path: &str, status: u16| {
            let browser = server.browser().at_origin(origin);
            let answer = browser.post(path, json!({"email": "nope"})).await.expect(status);
            assert!(status == 404 || answer.code().len() > 3, "{answer:?}");
            (answer.header("access-control-allow-origin").to_owned(), answer.header("vary").contains("origin"))
        };
        let trusted = "http://app.localhost:5173";
        for (path, status) in [("/email-otp/send-verification-otp", 400), ("/update-user", 401), ("/no-such", 404)] {
            assert_eq!(refused(trusted, path, status).await, (trusted.to_owned(), true), "{path}");
        }
        let (allowed, varies) = refused("https://evil.test", "/update-user", 403).await;
        assert!(allowed.is_empty() && varies, "{allowed}");
    }
}
