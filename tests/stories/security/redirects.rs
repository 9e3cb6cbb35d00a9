//! Where answers and mails lead: to trusted places, whatever the request says.

use std::fmt::Write as _;

use guichet_core::http::RouteKind;
use serde_json::json;

use super::{OPEN, all_on, fields, path_of, raw, request, sample};
use crate::{EMAIL, PASSWORD, sign_up, visitor};

const HOSTILE: [&str; 34] = [
    "https://evil.test",
    "http://evil.test/x",
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "\\evil.test",
    "/\t/evil.test",
    "/%2f%2fevil.test",
    "/%5cevil.test",
    "/%2Fevil.test",
    "http:evil.test",
    "http:/evil.test",
    "http:///evil.test",
    "https:evil.test",
    "http://app.localhost:5173@evil.test",
    "http://app.localhost:5173.evil.test",
    "http://app.localhost:5173%2eevil.test",
    "http://evil.test#http://app.localhost:5173",
    "http://evil.test?http://app.localhost:5173",
    "http://evil.test\\@app.localhost:5173",
    "https://app.localhost:5173",
    "http://app.localhost",
    "http://app.localhost:51730",
    "http://xapp.localhost:5173",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//http://app.localhost:5173",
    "data:text/html,<script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:http://app.localhost:5173/x",
    "/ok\r\nset-cookie: a=b",
    " https://evil.test",
    "evil.test",
];

const KEYS: [&str; 4] = ["callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL"];

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

guichet_testing::stories! {
    // Better Auth CVE-2024-56734, CVE-2025-27143; authentik CVE-2026-41569, CVE-2024-52289.
    async fn cve_2025_27143_no_route_leads_to_a_place_that_is_not_trusted(database) {
        let server = all_on(&database, OPEN).await;
        let mut asked = 0;
        for route in &server.routes {
            for target in HOSTILE {
                let answer = if route.method == "POST" && route.kind == RouteKind::Api {
                    let mut body = sample(route.body.as_ref());
                    let names: Vec<_> = KEYS.into_iter().filter(|key| body.contains_key(*key)).collect();
                    // Where the field is none of its own, it is checked all the same.
                    for name in if names.is_empty() { vec!["callbackURL"] } else { names } {
                        body.insert(name.to_owned(), json!(target));
                    }
                    let browser = server.browser();
                    let body = serde_json::Value::Object(body).to_string();
                    let answer = browser.request(route.method.clone(), &path_of(route), Some("application/json"), Some(body)).await;
                    assert_eq!(answer.status, 403, "{route:?} {target:?} {answer:?}");
                    answer
                } else if fields(route.query.as_ref()).iter().any(|(name, _)| KEYS.contains(&name.as_str())) {
                    let mut query = format!("?callbackURL={}", escaped(target));
                    for (name, value) in sample(route.query.as_ref()).iter().filter(|(name, _)| name.as_str() != "callbackURL") {
                        write!(query, "&{name}={}", escaped(value.as_str().unwrap_or("1"))).unwrap();
                    }
                    let path = format!("{}{query}", path_of(route));
                    let answer = server.page_browser().request(route.method.clone(), &path, None, None).await;
                    assert_eq!(answer.status, 403, "{route:?} {target:?} {answer:?}");
                    answer
                } else {
                    continue;
                };
                assert!(answer.header("location").is_empty() && answer.set_cookies().is_empty(), "{route:?} {answer:?}");
                asked += 1;
            }
        }
        assert!(asked > 500, "{asked}");
        assert!(server.mailbox.list().is_empty());
    }

    // Keycloak CVE-2026-9689: two of a name are none.
    async fn cve_2026_9689_a_repeated_parameter_is_refused(database) {
        let server = all_on(&database, OPEN).await;
        let browser = visitor(&server, EMAIL).await;
        for path in [
            "/api/auth/verify-email?token=a&token=b", "/api/auth/verify-email?token=a&callbackURL=/a&callbackURL=//evil.test",
            "/api/auth/reset-password/x?callbackURL=/a&callbackURL=https://evil.test", "/api/auth/delete-user/callback?token=a&token=b",
            "/api/auth/delete-user/callback?token=a&callbackURL=/a&callbackURL=//evil.test", "/api/auth/account-info?accountId=a&accountId=b",
        ] {
            browser.request("GET".parse().unwrap(), path, None, None).await.refused(400, "VALIDATION_ERROR");
        }
        let page = server.page_browser().page("/login?callbackURL=/a&callbackURL=//evil.test").await;
        assert_eq!(page.status, 400, "{page:?}");
        let body = r#"{"email":"jean@example.com","redirectTo":"https://evil.test","redirectTo":"/ok"}"#;
        let json = Some("application/json");
        server.browser().request("POST".parse().unwrap(), "/api/auth/request-password-reset", json, Some(body.to_owned())).await.expect(200).json();
        assert!(!server.mails(EMAIL).await[0].text.contains("evil"), "the last one is the one that was checked");
    }

    // Supabase GHSA-3529-5m8x-rpv3, Zitadel CVE-2023-49097, Better Auth #9134: links come from the settings.
    async fn cve_2023_49097_no_header_changes_a_mailed_link(database) {
        let own = "[user]\ndelete_account = true\n[plugins.email-otp]\n[plugins.email-password]\nchange_email = true\nsend_on_sign_up = true\n";
        let server = all_on(&database, own).await;
        let spoofed = server.browser().header("host", "evil.test").header("x-forwarded-host", "evil.test").header("x-forwarded-proto", "gopher")
            .header("x-forwarded-port", "666").header("forwarded", "host=evil.test;proto=gopher").header("x-original-host", "evil.test")
            .header("x-host", "evil.test").header("x-forwarded-server", "evil.test").header("x-original-url", "//evil.test").header("x-rewrite-url", "//evil.test");
        spoofed.post("/sign-up/email", json!({"email": EMAIL, "password": PASSWORD, "name": "x"})).await.expect(200).json();
        for (path, body) in [
            ("/send-verification-email", json!({"email": EMAIL})),
            ("/request-password-reset", json!({"email": EMAIL, "redirectTo": "/r"})),
            ("/email-otp/send-verification-otp", json!({"email": EMAIL, "type": "sign-in"})),
            ("/change-email", json!({"newEmail": "new@example.com"})),
            ("/delete-user", json!({})),
        ] {
            spoofed.post(path, body).await.expect(200).json();
        }
        let mails = server.mails(EMAIL).await;
        assert_eq!(mails.len(), 6);
        for mail in &mails {
            let all = format!("{} {} {}", mail.subject, mail.text, mail.html);
            assert!(!all.contains("evil.test") && !all.contains("gopher") && !all.contains("666"), "{all}");
        }
        let home = spoofed.page("/").await.expect(303);
        assert_eq!(home.header("location"), "/signed-in");
        let refused = spoofed.get("/reset-password/nope").await;
        assert!(!format!("{refused:?}").contains("evil.test"));
        let lost = spoofed.get("/reset-password/nope?callbackURL=/r").await.expect(302);
        assert!(lost.header("location").starts_with(server.base()), "{lost:?}");
    }

    // Better Auth #9991: a picture on a page elsewhere signs nobody out, and changes nothing.
    async fn bb_9991_by_get_nothing_changes(database) {
        let server = all_on(&database, OPEN).await;
        let browser = sign_up(&server, EMAIL).await;
        // The first token makes the key that signs it.
        browser.get("/token").await.expect(200).json();
        let before = crate::security::rows(&server).await;
        let reads: Vec<String> = server.routes.iter().filter(|route| route.method == "GET").map(path_of).collect();
        for route in server.routes.iter().filter(|route| route.method == "POST") {
            let path = path_of(route);
            let answer = browser.request("GET".parse().unwrap(), &format!("{path}?token=x&sessionToken=x&email=a@b.fr"), None, None).await;
            assert!(answer.status == 404 || reads.contains(&path), "{route:?} {answer:?}");
        }
        assert!(browser.is_in().await);
        assert_eq!(crate::security::rows(&server).await, before);
        // A program that looks at mails and opens the links, in no browser of the owner's.
        browser.post("/delete-user", json!({})).await.expect(200).json();
        let deletion = server.mailed_link(EMAIL).await;
        browser.post("/change-email", json!({"newEmail": "new@example.com"})).await.expect(200).json();
        let change = server.mailed_link(EMAIL).await;
        for path in [deletion, change] {
            let answer = server.browser().at_origin("").open(&path).await;
            assert!(answer.status.is_client_error() || answer.header("location").contains("error"), "{answer:?}");
        }
        assert_eq!(browser.get("/get-session").await.json()["user"]["email"], EMAIL);
    }

    // Better Auth #9065: what a header cannot say is escaped, and brings no header along.
    async fn bb_9065_a_redirect_is_one_clean_header(database) {
        let server = all_on(&database, "").await;
        for (target, seen) in [
            ("/é", "/%C3%A9?error=INVALID_TOKEN"),
            ("/a b?x=1#y", "/a%20b?x=1&error=INVALID_TOKEN#y"),
            ("/%0d%0aset-cookie:%20a=b", "/%0d%0aset-cookie:%20a=b?error=INVALID_TOKEN"),
            ("/\u{202e}x", "/%E2%80%AEx?error=INVALID_TOKEN"),
        ] {
            let answer = server.browser().get(&format!("/verify-email?token=x&callbackURL={}", escaped(target))).await.expect(302);
            assert_eq!(answer.header("location"), seen);
            assert!(answer.set_cookies().is_empty());
        }
        for tail in ["%0d%0aset-cookie:a=b", "%0aset-cookie:a=b", "%E5%98%8A%E5%98%8Dset-cookie:a=b"] {
            for path in [format!("/api/auth/error?error={tail}"), format!("/login?lang={tail}"), format!("/api/auth/verify-email?token={tail}&callbackURL=/{tail}")] {
                let answer = raw(&server, &request(&format!("GET {path} HTTP/1.1"), &[], b"")).await;
                assert!(answer.status < 500 && !answer.text.to_lowercase().contains("\nset-cookie:a=b"), "{path} {}", answer.text);
            }
        }
    }

    // authentik CVE-2026-42849, Better Auth 7ae340e; next-auth CVE-2022-31127: a stranger's text stays text.
    async fn cve_2026_42849_pages_and_mails_show_markup_as_text(database) {
        let server = all_on(&database, "[plugins.email-password]\nsend_on_sign_up = true\n").await;
        let evil = "\"'><img src=x onerror=alert(1)>{{7*7}}{% raw %}</title><script>alert(1)</script>";
        let browser = server.page_browser().header("user-agent", evil);
        let body = json!({"email": EMAIL, "password": PASSWORD, "name": evil, "image": "javascript:alert(1)"});
        browser.post("/sign-up/email", body).await.expect(200).json();
        let mut seen = vec![browser.page("/signed-in").await.expect(200).text];
        seen.extend(server.mails(EMAIL).await.iter().map(|mail| mail.html.clone()));
        seen.push(browser.page("/account").await.expect(200).text);
        seen.push(browser.page("/dev/mailbox").await.expect(200).text);
        let q = escaped(evil);
        for path in [format!("/login?lang={q}"), format!("/api/auth/error?error={q}&error_description={q}"), format!("/{q}"), format!("/login/email-otp/{q}"), format!("/signed-out?x={q}")] {
            seen.push(browser.page(&path).await.text);
        }
        seen.push(browser.form("/login/email-otp/send", &[("email", evil)]).await.text);
        seen.push(browser.form("/login/email-password/sign-in", &[("email", evil), ("password", evil)]).await.text);
        for html in seen {
            assert!(!html.contains("<img src=x") && !html.contains("<script>alert") && !html.contains("49{%"), "{html}");
        }
    }
}
