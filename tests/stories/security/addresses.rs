//! E-mail addresses: one mailbox, the one that was typed, and no line of a mail's head from a stranger.

use serde_json::json;

use super::{OPEN, all_on, fields, path_of, sample};
use crate::mail_sink::MailSink;
use crate::{ANOTHER, EMAIL, PASSWORD};

/// None of these is one address.
const NONE: [&str; 34] = [
    "a＠evil.test",
    "jean@example.com＠evil.test",
    "a﹫x.fr",
    "jean@example.com,eve@evil.test",
    "jean@example.com;eve@evil.test",
    "jean@example.com eve@evil.test",
    "jean@example.com，eve@evil.test",
    "jean@example.com\neve@evil.test",
    "jean@example.com\r\nRCPT TO:<eve@evil.test>",
    "jean@example.com\r\nbcc: eve@evil.test",
    "\"eve@evil.test x\"@example.com",
    "\"jean\"@example.com",
    "Jean <jean@example.com>",
    "<jean@example.com>",
    "jean@example.com>",
    "jean(eve@evil.test)@example.com",
    "jean@example.com (x)",
    "@evil.test:jean@example.com",
    "jean%evil.test@example.com",
    "evil.test!jean@example.com",
    "jean@[127.0.0.1]",
    "jean@127.0.0.1",
    "jean@localhost",
    "jean@@example.com",
    "jean@example.com@evil.test",
    "jean@example..com",
    ".jean@example.com",
    "jean.@example.com",
    "je\u{200b}an@example.com",
    "je\u{200d}an@example.com",
    "je\u{ad}an@example.com",
    "jean@exаmple.com",
    "jean@example.com\u{0}",
    "jean@ex\u{2024}ample.com.",
];

guichet_testing::stories! {
    // next-auth GHSA-7rqj-j65f-68wh, CVE-2022-35924; nodemailer's quoted local parts.
    async fn cve_2022_35924_what_is_not_one_address_gets_no_mail_on_any_route(database) {
        let server = all_on(&database, OPEN).await;
        let signed_in = crate::visitor(&server, EMAIL).await;
        let mut asked = 0;
        for route in server.routes.iter().filter(|route| route.method == "POST") {
            for (name, _) in fields(route.body.as_ref()).iter().filter(|(name, _)| name == "email" || name == "newEmail") {
                for address in NONE {
                    let browser = if route.needs_session { signed_in.clone() } else { server.browser() };
                    let mut body = sample(route.body.as_ref());
                    body.insert(name.clone(), json!(address));
                    let body = serde_json::Value::Object(body).to_string();
                    let answer = browser.request(route.method.clone(), &path_of(route), Some("application/json"), Some(body)).await;
                    let says_nothing = route.name.contains("reset") || route.name.contains("forget");
                    // An administrator's alone: whoever is none is told so first.
                    let is_theirs = route.name.starts_with("admin.") && answer.status == 403;
                    let refused = matches!(answer.status.as_u16(), 400 | 422) || is_theirs;
                    assert!(refused || says_nothing && answer.status == 200, "{route:?} {address:?} {answer:?}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 250, "{asked}");
        let strange: Vec<_> = server.mailbox.list().into_iter().map(|mail| mail.to).filter(|to| to.as_str() != EMAIL).collect();
        assert!(strange.is_empty(), "{strange:?}");
        assert_eq!(server.number(r#"select count(*) from "user" where "email" <> 'jean@example.com'"#).await, 0);
        for address in NONE {
            let page = server.page_browser().form("/login/email-otp/send", &[("email", address)]).await;
            assert_eq!(page.status, 400, "{address:?}");
        }
    }

    // lettre RUSTSEC-2020-0069, 2021-0069: through a real mail server.
    async fn rustsec_2021_0069_no_text_of_a_stranger_adds_a_line_or_a_recipient(database) {
        let mut sink = MailSink::start(&[]).await;
        let own = format!("{}\n[plugins.email-password]\nsend_on_sign_up = true\n[sms]\nby_mail = \"{{phone}}@sms.example.fr\"\n", sink.settings());
        let server = all_on(&database, &own).await;
        let name = "Jean\r\nBcc: eve@evil.test\r\nSubject: you won\r\n\r\n.\r\nRCPT TO:<eve@evil.test>";
        let browser = server.browser().header("accept-language", "fr\u{9},en").header("user-agent", "x\u{9}Bcc: eve@evil.test");
        let body = json!({"email": EMAIL, "password": PASSWORD, "name": name, "callbackURL": "/a%0d%0aBcc:eve@evil.test"});
        browser.post("/sign-up/email", body).await.expect(200).json();
        let mail = sink.mail().await;
        assert_eq!(mail["to"], json!([EMAIL]), "{mail}");
        assert!(mail["headers"].get("bcc").is_none() && mail["headers"].get("cc").is_none(), "{mail}");
        assert!(!mail["subject"].as_str().unwrap().contains("won"), "{mail}");
        let change = json!({"currentPassword": PASSWORD, "newPassword": ANOTHER});
        browser.post("/change-password", change).await.expect(200).json();
        let notice = sink.mail().await;
        assert_eq!(notice["to"], json!([EMAIL]), "{notice}");
        assert!(!notice["text"].as_str().unwrap().lines().any(|line| line.starts_with("Bcc")), "{notice}");
    }

    // A name that mail programs make a link of is a way to send advertisements to strangers.
    async fn h_rows_a_strangers_name_leads_nowhere_in_a_mail(database) {
        let server = all_on(&database, "[plugins.email-password]\nsend_on_sign_up = true\n").await;
        for (n, name) in ["Win 1000 at evil.test", "https://evil.test", "evil.test/x", "eve@evil.test", "www.evil.test"].iter().enumerate() {
            let email = format!("p{n}@example.com");
            let body = json!({"email": email, "password": PASSWORD, "name": name});
            server.browser().post("/sign-up/email", body).await.expect(200).json();
            let mail = server.mails(&email).await.remove(0);
            assert!(!mail.text.contains("evil.test") && !mail.html.contains("evil.test"), "{}", mail.text);
        }
    }
}
