//! Limits: no spelling, no address and no header buys another budget.

use std::time::Duration;

use guichet_core::http::RouteKind;
use guichet_testing::{Browser, TestServer};
use serde_json::json;

use super::{all_on, raw, request};
use crate::{ANOTHER, EMAIL, PASSWORD, sign_in_by_password, sign_up, visitor};

/// Limits by address are wide, so that those by account and recipient show.
const ON: &str = "trusted_proxies = [\"127.0.0.1/32\"]\n[rate_limit]\nenabled = true\nmax = 100000\n";

/// As if from another house each time.
fn from(server: &TestServer, n: usize) -> Browser {
    server.browser().header("x-forwarded-for", &format!("203.0.{}.{}", n / 250, n % 250))
}

guichet_testing::stories! {
    // Better Auth GHSA-x732-6j76-qmhm, captcha #10004: what the client does not tidy up.
    async fn ghsa_x732_every_spelling_of_a_path_is_nothing_or_counts(database) {
        let server = all_on(&database, "[rate_limit]\nenabled = true\n").await;
        let body = br#"{"email":"jean@example.com","type":"sign-in"}"#;
        let kind: &[u8] = b"content-type: application/json";
        let send = "email-otp/send-verification-otp";
        for path in [
            format!("//api/auth/{send}"), format!("/api//auth/{send}"), format!("/api/auth//{send}"), format!("/api/auth/./{send}"),
            format!("/api/auth/x/../{send}"), format!("/api/./auth/{send}"), format!("/api/auth/%2e/{send}"), format!("/api/auth%2f{send}"),
            format!("/api/auth/{send}/"), format!("/api/auth/{send}//"), format!("/api/auth/{send};x=1"), format!("/api/auth/{send}%00"),
            format!("/api/auth/{send}%20"), format!("/api/auth/{send}."), format!("/API/auth/{send}"), format!("/api/auth/{}", send.to_uppercase()),
            "/api/auth/%65mail-otp/send-verification-otp".to_owned(), format!("/api/auth/{send}%2f"), format!("/api/auth/{send}%3f"),
            format!("\\api\\auth\\{send}"), "/api/auth/email-otp%2Fsend-verification-otp".to_owned(), format!("/api/auth/{send}#x"),
        ] {
            let answer = raw(&server, &request(&format!("POST {path} HTTP/1.1"), &[kind], body)).await;
            // Without what stands behind a `#`, which is no part of a request.
            if answer.status != 200 {
                assert!(matches!(answer.status, 400 | 404), "{path} {}", answer.text);
            }
        }
        assert!(server.mails(EMAIL).await.len() <= 1);
        // What is left: an absolute address, and a query. They count along.
        let absolute = format!("POST http://elsewhere.test/api/auth/{send} HTTP/1.1");
        let query = format!("POST /api/auth/{send}?a=b HTTP/1.1");
        let mut statuses = Vec::new();
        for first in [&absolute, &query, &absolute, &query] {
            statuses.push(raw(&server, &request(first, &[kind], body)).await.status);
        }
        assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
        assert!(server.mails(EMAIL).await.len() <= 3);
    }

    // What stands in a path's parameter used to begin a new count.
    async fn ghsa_x732_a_parameter_of_the_path_begins_no_new_count(database) {
        let server = all_on(&database, "[rate_limit]\nenabled = true\nmax = 5\n").await;
        for n in 0..5 {
            server.browser().get(&format!("/reset-password/token{n}?callbackURL=/r")).await.expect(302).set_cookies();
        }
        server.browser().get("/reset-password/another?callbackURL=/r").await.refused(429, "TOO_MANY_REQUESTS");
        for n in 0..5 {
            server.page_browser().page(&format!("/login/email-otp/step{n}")).await.expect(303).set_cookies();
        }
        assert_eq!(server.page_browser().page("/login/email%2dotp/other").await.status, 429);
    }

    // Contract, section 19: what signs in or up, or changes a password or an address, is rarely admitted from one address.
    // No path has a limit by itself, so that every route has to be here.
    async fn what_signs_in_or_changes_how_is_rarely_admitted_from_one_address(database) {
        let server = all_on(&database, "[rate_limit]\nenabled = true\n").await;
        let others = [("email-otp.sign-in", 3, 60), ("magic-link.ask", 5, 60)];
        let mut swept = 0;
        for route in &server.routes {
            let starts = ["/sign-in", "/sign-up", "/change-password", "/change-email"];
            if route.kind != RouteKind::Api || !starts.iter().any(|start| route.path.starts_with(start)) {
                continue;
            }
            swept += 1;
            let own = others.iter().find(|(name, ..)| *name == route.name);
            let (admitted, seconds) = own.map_or((3, 10), |(_, max, seconds)| (*max, *seconds));
            // Nothing is tried: the address is counted before the body is read.
            for _ in 0..admitted {
                let status = server.browser().post(&route.path, json!({})).await.status;
                assert_ne!(status.as_u16(), 429, "{route:?}");
            }
            let refused = server.browser().post(&route.path, json!({})).await.expect(429);
            assert_eq!(refused.header("retry-after"), seconds.to_string(), "{route:?}");
        }
        assert!(swept >= 10, "{swept}");
    }

    async fn cve_2026_45364_one_house_has_one_budget_however_its_address_is_written(database) {
        let settings = "trusted_proxies = [\"127.0.0.1/32\"]\n[rate_limit]\nenabled = true\n";
        let server = all_on(&database, settings).await;
        let wrong = async |address: &str| {
            let body = json!({"email": format!("{}@example.com", address.len()), "password": "not it at all"});
            server.browser().header("x-forwarded-for", address).post("/sign-in/email", body).await.status.as_u16()
        };
        for house in [
            ["2001:db8:1:2::1", "2001:DB8:1:2:ffff::", "2001:0db8:0001:0002:0000:0000:0000:0009", "2001:db8:1:2:a:b:c:d"],
            ["198.51.100.7", "::ffff:198.51.100.7", "::FFFF:c633:6407", "0:0:0:0:0:ffff:198.51.100.7"],
            ["6.6.6.6, 203.0.113.5", "7.7.7.7, 203.0.113.5", "x, 203.0.113.5", "203.0.113.5"],
        ] {
            let mut statuses = Vec::new();
            for address in house {
                statuses.push(wrong(address).await);
            }
            assert_eq!(statuses, [401, 401, 401, 429], "{house:?}");
        }
        assert_eq!(wrong("2001:db8:1:3::1").await, 401, "the neighbours have their own");
    }

    // Better Auth #9990: who cannot be told apart is limited all the same.
    async fn bb_9990_without_an_address_there_is_a_limit_too(database) {
        let settings = "trusted_proxies = [\"127.0.0.1/32\"]\n[rate_limit]\nenabled = true\n";
        let server = all_on(&database, settings).await;
        let mut statuses = Vec::new();
        for garbage in ["", "unknown", "203.0.113.9:443", "_hidden", "999.1.1.1", "127.0.0.1"] {
            let body = json!({"email": format!("{}@example.com", garbage.len()), "password": "not it at all"});
            let browser = if garbage.is_empty() { server.browser() } else { server.browser().header("x-forwarded-for", garbage) };
            statuses.push(browser.post("/sign-in/email", body).await.status.as_u16());
        }
        assert_eq!(statuses, [401, 401, 401, 429, 429, 429]);
    }

    // Other headers say nothing about who knocks (authentik CVE-2023-36456).
    async fn cve_2023_36456_other_headers_buy_nothing(database) {
        let server = all_on(&database, "[rate_limit]\nenabled = true\n").await;
        let headers = [
            "x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip", "forwarded", "x-client-ip", "x-cluster-client-ip",
            "fastly-client-ip", "x-original-forwarded-for", "x-forwarded", "client-ip", "x-http-method-override", "x-original-url",
        ];
        let mut served = 0;
        for (n, header) in headers.iter().enumerate() {
            let body = json!({"email": format!("p{n}@example.com"), "password": "not it at all"});
            let answer = server.browser().header(header, &format!("203.0.113.{n}")).post("/sign-in/email", body).await;
            served += usize::from(answer.status == 401);
        }
        assert_eq!(served, 3);
    }

    // Nobody is flooded by who signed up with somebody else's address, from however many addresses.
    async fn asvs_6_3_1_a_mailbox_is_not_flooded_by_sign_ups_and_sign_ins(database) {
        let own = format!("{ON}[plugins.email-password]\nrequire_email_verification = true\n");
        let server = all_on(&database, &own).await;
        let body = |email: &str| json!({"email": email, "password": PASSWORD, "name": "x"});
        let mut statuses = Vec::new();
        for n in 0..14 {
            statuses.push(from(&server, n).post("/sign-up/email", body(" Jean@Example.com")).await.status.as_u16());
        }
        assert_eq!(statuses.iter().filter(|&&status| status == 200).count(), 10, "{statuses:?}");
        assert_eq!(server.mails(EMAIL).await.len(), 10);
        for n in 0..14 {
            let refused = sign_in_by_password(&from(&server, 100 + n), EMAIL, PASSWORD).await;
            refused.refused(403, "EMAIL_NOT_VERIFIED");
        }
        let after = server.mails(EMAIL).await.len();
        assert_eq!(after, 20, "the answer stays, the mails end");
        from(&server, 300).post("/send-verification-email", json!({"email": EMAIL})).await.refused(429, "TOO_MANY_REQUESTS");
        server.clock.advance(Duration::from_mins(10));
        sign_in_by_password(&from(&server, 301), EMAIL, PASSWORD).await.refused(403, "EMAIL_NOT_VERIFIED");
        assert_eq!(server.mails(EMAIL).await.len(), 21);
    }

    async fn asvs_6_3_1_a_mailbox_is_not_flooded_from_within_an_account(database) {
        let own = format!("{ON}[user]\ndelete_account = true\n[plugins.email-password]\nchange_email = true\n");
        let server = all_on(&database, &own).await;
        let browser = sign_up(&server, EMAIL).await;
        let mut statuses = Vec::new();
        for n in 0..14 {
            let tab = browser.clone().header("x-forwarded-for", &format!("203.0.113.{n}"));
            statuses.push(tab.post("/delete-user", json!({})).await.status.as_u16());
        }
        assert_eq!(statuses.iter().filter(|&&status| status == 200).count(), 10, "{statuses:?}");
        statuses.clear();
        for n in 0..14 {
            let tab = browser.clone().header("x-forwarded-for", &format!("203.0.113.{n}"));
            let body = json!({"newEmail": format!("new{n}@example.com")});
            statuses.push(tab.post("/change-email", body).await.status.as_u16());
        }
        assert_eq!(statuses.iter().filter(|&&status| status == 200).count(), 10, "{statuses:?}");
        for n in 0..14 {
            let tab = browser.clone().header("x-forwarded-for", &format!("203.0.114.{n}"));
            let (old, new) = if n % 2 == 0 { (PASSWORD, ANOTHER) } else { (ANOTHER, PASSWORD) };
            let body = json!({"currentPassword": old, "newPassword": new});
            tab.post("/change-password", body).await.expect(200).json();
        }
        assert_eq!(server.mails(EMAIL).await.len(), 30);
    }

    // Better Auth #9993: counts end.
    async fn bb_9993_what_was_counted_goes_after_a_day(database) {
        let server = all_on(&database, ON).await;
        for n in 0..6 {
            let body = json!({"email": format!("p{n}@example.com"), "password": "not it at all"});
            from(&server, n).post("/sign-in/email", body).await.expect(401).set_cookies();
        }
        assert!(server.count("rateLimit").await >= 18);
        let longest = r#"select max(length("key")) from "rateLimit""#;
        assert!(server.number(longest).await < 200);
        let huge = format!("{}@example.com", "x".repeat(200_000));
        from(&server, 9).post("/request-password-reset", json!({"email": huge})).await.refused(400, "VALIDATION_ERROR");
        assert!(server.number(longest).await < 200);
        server.clock.advance(Duration::from_hours(25));
        guichet_core::session::clean(&server.app, server.now()).await.unwrap();
        assert_eq!(server.count("rateLimit").await, 0);
    }

    // ASVS 6.1.1: somebody else's wrong tries close one way in, for a while, and end nobody's session.
    async fn asvs_6_1_1_a_malicious_lock_out_closes_one_way_and_ends_no_session(database) {
        let server = all_on(&database, ON).await;
        let owner = visitor(&server, EMAIL).await;
        sign_up(&server, "other@example.com").await;
        for n in 0..12 {
            sign_in_by_password(&from(&server, n), EMAIL, "not it at all").await;
        }
        sign_in_by_password(&from(&server, 20), EMAIL, "not it at all").await.refused(429, "TOO_MANY_REQUESTS");
        assert!(owner.is_in().await);
        let again = from(&server, 21);
        crate::sign_in(&server, &again, EMAIL).await;
        sign_in_by_password(&from(&server, 22), "other@example.com", PASSWORD).await.expect(200).json();
        // A link resets the password, and the lock ends by itself.
        let body = json!({"email": EMAIL, "redirectTo": "/r"});
        from(&server, 23).post("/request-password-reset", body).await.expect(200).json();
        assert!(server.mailed_link(EMAIL).await.starts_with("/api/auth/reset-password/"));
        server.clock.advance(Duration::from_mins(10));
        sign_in_by_password(&from(&server, 24), EMAIL, "not it at all").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
    }
}
