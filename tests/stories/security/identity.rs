//! Who is the caller? Only a session says so.

use guichet_testing::SESSION_COOKIE;
use serde_json::json;

use super::{OPEN, all_on, ask, raw, request, rows};
use crate::{ANOTHER, EMAIL, PASSWORD, sign_in_by_password, sign_up, visitor};

guichet_testing::stories! {
    async fn cve_2025_61928_a_user_id_in_the_body_is_nobody(database) {
        let server = all_on(&database, OPEN).await;
        visitor(&server, EMAIL).await;
        let id = server.text(r#"select "id" from "user""#).await.unwrap();
        let token = server.text(r#"select "token" from "session""#).await.unwrap();
        let claims = json!({"userId": id, "user": {"id": id}, "user_id": id, "sub": id, "session": token, "sessionToken": token});
        let before = rows(&server).await;
        let mut asked = 0;
        for route in server.routes.iter().filter(|route| route.needs_session) {
            for browser in [
                server.browser(),
                server.browser().header("authorization", &format!("Bearer {token}")),
                server.browser().header("authorization", "Basic eDp4").header("x-user-id", &id),
                server.browser().header("cookie", &format!("{SESSION_COOKIE}={token}")),
            ] {
                let mut answer = ask(&browser, route, claims.as_object().unwrap()).await;
                // A form that is strict refuses fields that it does not know, before it asks who sent them.
                if answer.status == 400 {
                    answer = ask(&browser, route, json!({"userId": id}).as_object().unwrap()).await;
                }
                assert_eq!(answer.status, 401, "{route:?} {answer:?}");
                asked += 1;
            }
        }
        assert!(asked > 60, "{asked}");
        assert_eq!(rows(&server).await, before);
    }

    // Zitadel CVE-2026-27946, Better Auth #9974: bodies set what is the server's to say.
    async fn cve_2026_27946_fields_that_are_not_the_clients_change_nothing(database) {
        let server = all_on(&database, OPEN).await;
        let browser = sign_up(&server, EMAIL).await;
        let other = server.user("other@example.com").await;
        let kept = async || {
            let sql = r#"select "id" || ' ' || "email" || ' ' || "createdAt" || ' ' || "emailVerified" from "user" where "email" = 'jean@example.com'"#;
            let sql = if server.app.db.dialect() == guichet_core::db::Dialect::Postgres {
                sql.replace(r#""createdAt""#, r#"cast("createdAt" as text)"#).replace(r#""emailVerified" from"#, r#"cast("emailVerified" as text) from"#)
            } else { sql.to_owned() };
            server.text(&sql).await
        };
        let before = kept().await;
        assert!(before.is_some());
        let wanted = json!({
            "id": "mine", "role": "admin", "banned": true, "emailVerified": true, "clientId": "c1", "twoFactorEnabled": true,
            "createdAt": "2000-01-01T00:00:00.000Z", "updatedAt": "2000-01-01T00:00:00.000Z", "userId": other.id,
            "impersonatedBy": other.id, "activeOrganizationId": "o", "amr": "mfa", "aal": 2, "expiresAt": "2099-01-01T00:00:00.000Z",
            "ipAddress": "6.6.6.6", "__proto__": {"role": "admin"}, "constructor": {"prototype": {"role": "admin"}},
        });
        for route in server.routes.iter().filter(|route| route.method == "POST") {
            let own = server.browser();
            sign_in_by_password(&own, EMAIL, PASSWORD).await.expect(200).json();
            let answer = ask(&own, route, wanted.as_object().unwrap()).await;
            assert!(!answer.status.is_server_error(), "{route:?} {answer:?}");
            assert_eq!(kept().await, before, "{route:?}");
        }
        // A role is refused, so that nobody comes in who thinks they have it; the rest is left aside.
        let route = server.routes.iter().find(|route| route.path == "/sign-up/email").unwrap();
        ask(&server.browser(), route, wanted.as_object().unwrap()).await.refused(400, "FIELD_NOT_ALLOWED");
        let mut rest = wanted.as_object().unwrap().clone();
        rest.retain(|name, _| !["role", "banned"].contains(&name.as_str()));
        let _ = ask(&server.browser(), route, &rest).await.expect(200);
        assert_eq!(server.number(r#"select count(*) from "user" where "id" = 'mine'"#).await, 0);
        assert_eq!(server.number(r#"select count(*) from "session" where "aal" <> 1 or "ipAddress" = '6.6.6.6'"#).await, 0);
        let made = server.text(r#"select "id" from "user" where "email" = 'victim@example.com'"#).await;
        assert!(made.is_some(), "the sign-up was one");
        let sql = r#"select count(*) from "user" where "email" <> 'other@example.com' and "emailVerified" = true"#;
        assert_eq!(server.number(sql).await, 0);
        drop(browser);
    }

    // Keycloak CVE-2026-4636, authentik CVE-2026-49443: one's own session, somebody else's ids.
    async fn cve_2026_4636_ids_of_others_open_nothing(database) {
        let server = all_on(&database, OPEN).await;
        let victim = sign_up(&server, "victim@example.com").await;
        let token = victim.get("/get-session").await.json()["session"]["token"].clone();
        let account = victim.get("/list-accounts").await.json()[0]["id"].clone();
        let session = victim.get("/get-session").await.json()["session"]["id"].clone();
        victim.post("/delete-user", json!({})).await.expect(200).json();
        let deletion = server.mailed_link("victim@example.com").await;
        let thief = visitor(&server, EMAIL).await;
        for name in [&token, &session, &account] {
            thief.post("/revoke-session", json!({"token": name})).await.expect(200).json();
            thief.post("/multi-session/revoke", json!({"sessionToken": name})).await.refused(401, "INVALID_SESSION_TOKEN");
            thief.post("/multi-session/set-active", json!({"sessionToken": name})).await.refused(401, "INVALID_SESSION_TOKEN");
            thief.post("/one-time-token/verify", json!({"token": name})).await.expect(400).json();
        }
        let unlinked = thief.post("/unlink-account", json!({"accountId": account})).await;
        assert!(unlinked.status.is_client_error());
        thief.get(&format!("/account-info?accountId={}", account.as_str().unwrap())).await.refused(400, "ACCOUNT_NOT_FOUND");
        thief.open(&deletion).await.refused(404, "INVALID_TOKEN");
        assert!(victim.is_in().await);
        assert_eq!(victim.get("/list-accounts").await.expect(200).json()[0]["id"], account);
    }

    /// Wishes: 27.
    async fn cve_2026_40166_no_answer_holds_what_is_not_its_readers(database) {
        let server = all_on(&database, OPEN).await;
        let there = sign_up(&server, EMAIL).await;
        let elsewhere = there.get("/get-session").await.json()["session"]["token"].as_str().unwrap().to_owned();
        there.get("/token").await.expect(200).json();
        server.browser().post("/request-password-reset", json!({"email": EMAIL})).await.expect(200).json();
        let code = json!({"email": EMAIL, "type": "email-verification"});
        server.browser().post("/email-otp/send-verification-otp", code).await.expect(200).json();
        let here = server.browser();
        sign_in_by_password(&here, EMAIL, PASSWORD).await.expect(200).json();
        let mut secrets = vec![elsewhere, "a-secret-of-the-tests-that-nobody-else-uses".to_owned(), PASSWORD.to_owned()];
        for sql in [
            r#"select "password" from "account""#, r#"select "privateKey" from "jwks""#,
            r#"select "value" from "verification" where "identifier" like 'email-verification-otp-%'"#,
            r#"select "identifier" from "verification" where "identifier" like 'reset-password:%'"#, r#"select min("token") from "session""#, r#"select max("token") from "session""#,
        ] {
            secrets.extend(server.text(sql).await);
        }
        assert!(secrets.len() > 8, "{secrets:?}");
        let ends = ["core.sign-out", "core.revoke-sessions", "core.revoke-other-sessions", "pages.sign-out"];
        for route in server.routes.iter().filter(|route| !ends.contains(&route.name.as_ref())) {
            let answer = ask(&here, route, &serde_json::Map::new()).await;
            let all = format!("{:?} {}", answer.headers, answer.text);
            for secret in &secrets {
                assert!(!all.contains(secret), "{route:?} tells {secret}: {all}");
            }
            assert!(!answer.text.contains("argon2id") && !answer.text.contains("sha256$"), "{route:?}");
            sign_in_by_password(&here, EMAIL, PASSWORD).await.expect(200).json();
        }
    }

    // authentik CVE-2024-42490: the document says what is public, and nothing else is.
    async fn cve_2024_42490_strangers_read_only_what_the_document_calls_public(database) {
        let server = all_on(&database, OPEN).await;
        visitor(&server, EMAIL).await;
        let browser = server.browser();
        let document = browser.request("GET".parse().unwrap(), "/openapi.json", None, None).await.expect(200).json();
        for route in &server.routes {
            let method = route.method.as_str().to_lowercase();
            let operation = &document["paths"][route.full_path("/api/auth")][&method];
            assert_eq!(operation.get("security").is_some(), route.needs_session, "{route:?}");
            let answer = ask(&server.browser(), route, &serde_json::Map::new()).await;
            if route.needs_session {
                assert_eq!(answer.status, 401, "{route:?}");
            }
            assert!(!answer.text.contains(EMAIL) || route.name.contains("mailbox"), "{route:?} {answer:?}");
        }
    }

    // Clerk CVE-2026-41248, next-auth GHSA-xmf8-cvqr-rfgj: what cannot be read is nobody, and never an error of ours.
    async fn cve_2026_41248_malformed_headers_are_nobody(database) {
        let server = all_on(&database, "").await;
        visitor(&server, EMAIL).await;
        let values: &[&[u8]] = &[
            b"", b" ", b"Bearer", b"Bearer ", b"Bearer .", b"Bearer ..", b"Bearer a.b", b"Bearer %", b"Bearer %00.%00", b"Bearer \xff.\xfe",
            b"Bearer eyJhbGciOiJub25lIn0.e30.", b"bearer  x y z", b"Basic \xe9", b"=", b";;;=;", b"better-auth.session_token",
            b"better-auth.session_token=", b"better-auth.session_token=%", b"better-auth.session_token=%ff.%ff", b"\"", b"{}", b"null", b"-1",
            b"a=\xff; better-auth.session_token=\xff.x", b"application/json\xff", b"fr;q=nan, *;q=-1, \xff",
        ];
        let long = vec![b'x'; 16_000];
        for header in ["authorization", "cookie", "accept-language", "user-agent", "x-forwarded-for", "referer", "accept", "content-type", "x-request-id"] {
            for value in values.iter().copied().chain([long.as_slice()]) {
                let line = [header.as_bytes(), b": ", value].concat();
                let seen = raw(&server, &request("GET /api/auth/get-session HTTP/1.1", &[&line], b"")).await;
                assert!(seen.status < 500 && seen.status != 0, "{header}: {value:?} {}", seen.text);
                assert!(seen.status != 200 || seen.text.ends_with("null"), "{header}: {value:?} {}", seen.text);
                let list = raw(&server, &request("GET /api/auth/list-accounts HTTP/1.1", &[&line], b"")).await;
                assert_eq!(list.status, 401, "{header}: {value:?} {}", list.text);
            }
        }
    }

    // An origin that cannot be read is not the same as none; a cookie that cannot be read is a cookie.
    async fn cve_2026_41248_an_unreadable_origin_is_a_foreign_one(database) {
        let server = all_on(&database, "").await;
        let kind: &[u8] = b"content-type: application/json";
        let post = async |lines: &[&[u8]]| {
            raw(&server, &request("POST /api/auth/sign-out HTTP/1.1", &[lines, &[kind]].concat(), b"{}")).await
        };
        let refused = post(&[b"origin: https://evil.test\xff"]).await;
        assert!(refused.status == 403 && refused.text.contains("INVALID_ORIGIN"), "{}", refused.text);
        let refused = post(&[b"cookie: a=\xff", b"cookie: b=c"]).await;
        assert!(refused.status == 403 && refused.text.contains("MISSING_OR_NULL_ORIGIN"), "{}", refused.text);
        assert_eq!(post(&[]).await.status, 200);
    }

    // A cookie that another program on the domain set (with letters beyond ASCII) must not sign anybody out.
    async fn a_neighbours_cookie_hides_no_session(database) {
        let server = all_on(&database, "").await;
        let browser = visitor(&server, EMAIL).await;
        let own = format!("{SESSION_COOKIE}={}", browser.cookie(SESSION_COOKIE).unwrap());
        let line = [b"cookie: city=Besan\xe7on; ".as_slice(), own.as_bytes()].concat();
        let seen = raw(&server, &request("GET /api/auth/get-session HTTP/1.1", &[&line], b"")).await;
        assert!(seen.text.contains(EMAIL), "{}", seen.text);
    }

    async fn authentik_cve_2023_46249_nobody_is_there_by_default(database) {
        let server = all_on(&database, "").await;
        assert_eq!(server.count("user").await, 0);
        for password in ["admin", "password", "guichet", "changeme", ANOTHER] {
            for email in ["admin@example.com", "root@localhost.localdomain", "admin@guichet.example"] {
                assert!(sign_in_by_password(&server.browser(), email, password).await.status.is_client_error());
            }
        }
    }
}
