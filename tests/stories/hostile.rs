//! No input reaches a 500.

use http::Method;
use serde_json::json;

use crate::{EMAIL, start};

guichet_testing::stories! {
    async fn odd_methods_and_paths_are_nothing(database) {
        let server = start(&database).await;
        let browser = server.browser();
        for method in ["HEAD", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] {
            for path in ["/api/auth/get-session", "/api/auth/sign-out", "/api/auth/nope"] {
                let answer = browser.request(method.parse().unwrap(), path, None, None).await;
                assert_eq!(answer.status, 404, "{method} {path}");
                assert!(answer.text.is_empty() && answer.header("content-type").is_empty());
            }
        }
        for path in ["/api/auth/ok/", "/api/auth//ok", "/API/auth/ok", "/api/auth/OK", "/api/auth/%6fk", "/api/auth/x%00"] {
            assert_eq!(browser.request(Method::GET, path, None, None).await.status, 404, "{path}");
        }
    }

    async fn odd_bodies_get_a_clear_4xx(database) {
        let server = start(&database).await;
        let post = async |content_type: Option<&str>, body: &str| {
            let path = "/api/auth/sign-in/email-otp";
            server.browser().request(Method::POST, path, content_type, Some(body.to_owned())).await
        };
        let json_type = Some("application/json");
        post(json_type, "{\"email\":").await.refused(400, "BAD_REQUEST");
        post(json_type, "\u{0}").await.refused(400, "BAD_REQUEST");
        for body in ["null", "[]", "5", "\"x\"", "{}", "{\"email\":{},\"otp\":[]}", "{\"email\":\"\\u0000\",\"otp\":\"1\"}"] {
            post(json_type, body).await.refused(400, "VALIDATION_ERROR");
        }
        post(None, "{}").await.refused(400, "VALIDATION_ERROR");
        post(Some("text/plain"), "{}").await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
        post(Some("application/xml"), "<a/>").await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        post(json_type, &deep).await.refused(400, "BAD_REQUEST");
        let huge = format!("{{\"email\":\"{}\"}}", "x".repeat(300 * 1024));
        post(json_type, &huge).await.refused(413, "PAYLOAD_TOO_LARGE");
    }

    async fn what_was_sent_is_never_run_or_shown_as_markup(database) {
        let server = start(&database).await;
        let page = server.page_browser();
        let answer = page.page("/api/auth/error?error=%3Cscript%3E&error_description=%3Cb%3E").await.expect(200);
        assert!(!answer.text.contains("<script>") && answer.text.contains("UNKNOWN"));
        let answer = page.form("/login/email-otp/send", &[("email", "\"><script>alert(1)</script>")]).await.expect(400);
        assert!(!answer.text.contains("<script>alert"), "{}", answer.text);
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }

    async fn quotes_and_semicolons_are_just_text(database) {
        let server = start(&database).await;
        for odd in ["'; drop table \"user\"; --", "x' or '1'='1", "{\"$ne\":null}", "%' or 1=1 --"] {
            let body = json!({"email": EMAIL, "otp": odd});
            server.browser().post("/sign-in/email-otp", body).await.refused(400, "INVALID_OTP");
        }
        assert_eq!(server.count("user").await, 0);
    }

    async fn a_spoofed_host_changes_no_link_and_no_answer(database) {
        let server = start(&database).await;
        let spoofed = server
            .browser()
            .header("x-forwarded-host", "evil.test")
            .header("x-forwarded-proto", "https")
            .header("forwarded", "host=evil.test");
        let body = json!({"email": EMAIL, "type": "sign-in"});
        spoofed.post("/email-otp/send-verification-otp", body).await.expect(200).json();
        let mail = server.mails(EMAIL).await.remove(0);
        assert!(!mail.text.contains("evil.test") && !mail.html.contains("evil.test"));
    }

    async fn every_answer_names_its_request_and_forbids_sniffing(database) {
        let server = start(&database).await;
        for path in ["/api/auth/ok", "/api/auth/nope", "/login", "/healthz", "/assets/guichet.css"] {
            let answer = server.browser().request(Method::GET, path, None, None).await;
            assert_eq!(answer.header("x-request-id").len(), 20, "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("x-frame-options"), "DENY");
        }
    }
}
