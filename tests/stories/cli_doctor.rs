//! `guichet doctor`, on the real program.

use guichet_core::serde_json::{Value, from_str};

use crate::config::{folder, says};
use crate::mail_sink::MailSink;
use crate::program::{Serving, guichet};

const SECRET: &str = "secret = \"9f86d081884c7d659a2feaa0c55ad0159f86d081\"\n";

/// The verdict of the first check of this name.
fn verdict(out: &str, name: &str) -> String {
    let all: Value = from_str(out).unwrap();
    let found = all["checks"].as_array().unwrap().iter().find(|check| check["check"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {out}"))["verdict"].as_str().unwrap().to_owned()
}

guichet_testing::stories! {
    async fn a_running_server_is_asked_what_it_sees(database) {
        let folder = folder(SECRET);
        let mut server = Serving::open(folder.path(), &[], &[("GUICHET_DATABASE__URL", database.url())]);
        let base = server.base();
        let settings = [("GUICHET_DATABASE__URL", database.url()), ("GUICHET_BASE_URL", &base)];
        let said = guichet(folder.path(), &["doctor", "--json"], &settings);
        assert_eq!(said.code, 0, "{said:?}");
        for name in ["settings", "secret", "address", "database", "tables", "server", "proxy", "mail"] {
            assert_eq!(verdict(&said.out, name), "good", "{name} in {said:?}");
        }
        // With another secret, the server tells nothing.
        let other = [settings[0], settings[1], ("GUICHET_SECRET", "0aa6d081884c7d659a2feaa0c55ad0159f86d0ff")];
        let said = guichet(folder.path(), &["doctor"], &other);
        assert_eq!(said.code, 1, "{said:?}");
        says(&said.out, &["another secret", "1 bad"]);
        server.terminate();
        server.ended();
        let said = guichet(folder.path(), &["doctor", "--json"], &settings);
        assert_eq!((said.code, verdict(&said.out, "server").as_str()), (0, "warning"), "{said:?}");
    }

    async fn pending_tables_and_a_weak_secret_are_named(database) {
        let folder = folder("secret = \"better-auth-secret-12345678901234567890\"\n");
        // An empty one: a file that is not there is not looked at.
        database.connect().await.close().await;
        let url = ("GUICHET_DATABASE__URL", database.url());
        let said = guichet(folder.path(), &["doctor", "--offline"], &[url]).well();
        says(&said, &["changes pending", "reads like the one of an example", "guichet secret"]);
        let strict = guichet(folder.path(), &["doctor", "--offline"], &[url, ("GUICHET_DATABASE__MIGRATE", "false")]);
        assert_eq!(strict.code, 1, "{strict:?}");
    }

    async fn a_field_that_no_page_asks_newcomers_for_is_warned_of(database) {
        let url = ("GUICHET_DATABASE__URL", database.url());
        let field = "[[user.fields]]\nname = \"company\"\nrequired = true\ninput = true\n";
        let asked = format!("{SECRET}{field}[plugins.pages]\n[plugins.email-otp]\n[plugins.magic-link]\n");
        let said = guichet(folder(&asked).path(), &["doctor", "--offline"], &[url]).well();
        says(&said, &["newcomers", "must give company", "email-otp, magic-link"]);
        let closed = asked.replace("-otp]", "-otp]\ndisable_sign_up = true").replace("-link]", "-link]\ndisable_sign_up = true");
        for settings in [closed, asked.replace("input = true", "input = true\ndefault = \"\"")] {
            let said = guichet(folder(&settings).path(), &["doctor", "--offline"], &[url]).well();
            assert!(!said.contains("newcomers"), "{said}");
        }
    }

    async fn mails_in_memory_are_read_where_something_shows_them(database) {
        let url = ("GUICHET_DATABASE__URL", database.url());
        for (plugins, at) in [("[plugins.pages]\n", "read them at /dev/mailbox"), ("[plugins.bearer]\n", "where `serve` runs")] {
            let folder = folder(&format!("{SECRET}{plugins}"));
            says(&guichet(folder.path(), &["doctor"], &[url]).well(), &["mails stay in memory", at]);
        }
    }

    async fn the_mail_server_is_spoken_to_and_no_mail_is_sent(database) {
        let sink = MailSink::start(&[]).await;
        let url = ("GUICHET_DATABASE__URL", database.url());
        let right = folder(&format!("{SECRET}{}", sink.settings()));
        let said = guichet(right.path(), &["doctor", "--json"], &[url]);
        assert_eq!(verdict(&said.out, "mail"), "good", "{said:?}");
        let wrong = folder(&format!("{SECRET}{}", sink.settings().replace("a password of", "not the password of")));
        let said = guichet(wrong.path(), &["doctor"], &[url]);
        assert_eq!(said.code, 1, "{said:?}");
        says(&said.out, &["refuses the login (535)"]);
    }

    async fn a_lookup_that_reads_a_whole_table_is_warned_of_with_the_index(database) {
        database.run("create table people (mail text, name text);").await;
        let folder = folder(&format!(
            "{SECRET}[plugins.pages]\n[plugins.email-otp]\n[plugins.prepare-login]\n[[plugins.prepare-login.portal]]\n\
             name = \"staff\"\nrole = \"STAFF\"\n[[plugins.prepare-login.portal.source]]\nname = \"people\"\n\
             query = \"select p.name from people p where lower(trim(p.mail)) = $1\"\n"
        ));
        let url = [("GUICHET_DATABASE__URL", database.url())];
        guichet(folder.path(), &["migrate"], &url).well();
        let said = guichet(folder.path(), &["doctor", "--offline"], &url).well();
        says(&said, &["whole table \"people\"", "create index on \"people\" (lower(trim(mail)));"]);
        database.run("create index people_mail on people (lower(trim(mail)));").await;
        let said = guichet(folder.path(), &["doctor", "--offline", "--json"], &url);
        assert_eq!(verdict(&said.out, "portal staff"), "good", "{said:?}");
    }

    async fn a_stranger_learns_nothing_from_the_doctors_question(database) {
        let server = crate::start(&database).await;
        let token = |claims| server.app.keyring.sign_token(claims, server.app.clock.now(), std::time::Duration::from_secs(60));
        let of_another_use = token([("email".to_owned(), "a@b.fr".into())].into_iter().collect());
        let browser = server.browser();
        for wrong in ["x", of_another_use.as_str()] {
            browser.get(&format!("/doctor?token={wrong}")).await.refused(401, "INVALID_TOKEN");
        }
        let question = guichet_core::check::question(&server.app);
        let path = question.split_once("/api/auth").unwrap().1.to_owned();
        assert_eq!(browser.get(&path).await.expect(200).json()["peer"], "loopback");
        server.clock.advance(std::time::Duration::from_secs(61));
        browser.get(&path).await.refused(401, "INVALID_TOKEN");
    }
}

#[test]
fn an_empty_folder_stays_empty_and_settings_that_cannot_be_used_are_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let said = guichet(folder.path(), &["doctor", "--offline"], &[]).well();
    says(&said, &["there is none yet", "guichet serve"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let said = guichet(folder.path(), &["doctor", "--json"], &[("GUICHET_LISTEN", "nope")]);
    assert_eq!((said.code, verdict(&said.out, "settings").as_str()), (1, "bad"));
}
