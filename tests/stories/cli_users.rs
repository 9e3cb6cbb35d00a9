//! `guichet user …` and `guichet session …`, on the real program.

use std::path::Path;

use guichet_core::serde_json::{Value, from_str, json};
use guichet_testing::TestDatabase;

use crate::config::says;
use crate::program::{Said, guichet, guichet_fed};
use crate::{EMAIL, visitor, with};

const PASSWORD: &str = "a rather long password of Jean's";
/// Both ways in, and a column that clients may not set.
const FILE: &str = "secret = \"9f86d081884c7d659a2feaa0c55ad0159f86d081\"\n[plugins.pages]\n[plugins.email-otp]\n\
                    [plugins.email-password]\n[[user.fields]]\nname = \"level\"\nkind = \"integer\"\nreturned = true\n";

/// A folder with settings, beside a database whose tables are made.
struct Desk<'a> {
    folder: tempfile::TempDir,
    url: &'a str,
}

impl<'a> Desk<'a> {
    fn open(database: &'a TestDatabase) -> Self {
        let desk = Self { folder: crate::config::folder(FILE), url: database.url() };
        desk.run(&["migrate"]).well();
        desk
    }

    fn run(&self, arguments: &[&str]) -> Said {
        guichet(self.folder.path(), arguments, &[("GUICHET_DATABASE__URL", self.url)])
    }

    fn fed(&self, input: &str, arguments: &[&str]) -> Said {
        guichet_fed(input, self.folder.path(), arguments, &[("GUICHET_DATABASE__URL", self.url)])
    }

    fn json(&self, arguments: &[&str]) -> Value {
        from_str(&self.run(&[arguments, &["--json"]].concat()).well()).unwrap()
    }
}

guichet_testing::stories! {
    async fn a_user_is_made_listed_shown_and_deleted(database) {
        let desk = Desk::open(&database);
        says(&desk.run(&["user", "list"]).well(), &["no users yet"]);
        let made = desk.run(&["user", "create", "Jean@Example.com", "--name", "Jean", "--set", "level=3"]).well();
        says(&made, &["Made jean@example.com", "by what is mailed to them (email-otp)", "/login"]);
        let shown = desk.json(&["user", "show", EMAIL]);
        assert_eq!((&shown["user"]["level"], &shown["user"]["emailVerified"]), (&json!(3), &json!(false)));
        assert_eq!((&shown["accounts"], &shown["sessions"]), (&json!([]), &json!(0)));
        let id = shown["user"]["id"].as_str().unwrap();
        says(&desk.run(&["user", "show", id]).well(), &[EMAIL, "not proven", "level"]);
        says(&desk.run(&["user", "create", EMAIL]).failed(), &["is a user already"]);

        let refused = desk.run(&["user", "delete", EMAIL]);
        assert_eq!(refused.code, 2, "{refused:?}");
        says(&refused.err, &["add --yes"]);
        says(&desk.run(&["user", "delete", EMAIL, "--yes"]).well(), &["Deleted jean@example.com"]);
        says(&desk.run(&["user", "show", EMAIL]).failed(), &["no user has", "user list --search jean"]);
    }

    async fn what_is_set_must_be_a_declared_column_of_its_kind(database) {
        let desk = Desk::open(&database);
        says(&desk.run(&["user", "create", EMAIL, "--set", "lvel=3"]).failed(), &["no additional column", "level"]);
        says(&desk.run(&["user", "create", EMAIL, "--set", "email=x@y.fr"]).failed(), &["no additional column"]);
        says(&desk.run(&["user", "create", EMAIL, "--set", "level=three"]).failed(), &["a whole number"]);
        assert_eq!(desk.run(&["user", "create", "nobody"]).code, 2);
        assert_eq!(desk.run(&["user", "create", EMAIL, "--set", "level"]).code, 2);
        assert_eq!(desk.json(&["user", "list"])["total"], 0);
    }

    async fn a_search_takes_wildcards_as_they_are_and_pages_through(database) {
        let desk = Desk::open(&database);
        for email in ["a_b@example.com", "axb@example.com", "cc@example.com"] {
            desk.run(&["user", "create", email, "--name", "Zoé 100%"]).well();
        }
        let found = |search: &str| desk.json(&["user", "list", "--search", search])["total"].clone();
        assert_eq!((found("A_B"), found("%"), found("100%"), found("!")), (json!(1), json!(3), json!(3), json!(0)));
        assert_eq!(found("EXAMPLE"), json!(3));
        let page = desk.run(&["user", "list", "--limit", "2"]).well();
        says(&page, &["cc@example.com", "2 of 3", "--offset 2"]);
        assert!(desk.run(&["user", "list", "--limit", "2", "--offset", "2"]).well().contains("a_b@example.com"));
    }

    async fn a_password_comes_by_standard_input_ends_sessions_and_is_told(database) {
        let settings = "[plugins.pages]\n[plugins.email-otp]\n[plugins.email-password]";
        let server = with(&database, settings).await;
        let browser = visitor(&server, EMAIL).await;
        let folder = crate::config::folder(&format!("secret = \"a-secret-of-the-tests-that-nobody-else-uses\"\n{settings}"));
        let run = |input: &str, arguments: &[&str]| {
            guichet_fed(input, folder.path(), arguments, &[("GUICHET_DATABASE__URL", database.url())])
        };
        says(&run("short\n", &["user", "set-password", EMAIL]).failed(), &["PASSWORD_TOO_SHORT"]);
        says(&run("", &["user", "set-password", EMAIL]).failed(), &["no password on standard input"]);
        assert!(!browser.get("/get-session").await.expect(200).json().is_null(), "nothing has changed yet");

        says(&run(&format!("{PASSWORD}\n"), &["user", "set-password", EMAIL]).well(), &["every session is ended"]);
        assert!(browser.get("/get-session").await.expect(200).json().is_null());
        let body = json!({"email": EMAIL, "password": PASSWORD});
        browser.post("/sign-in/email", body).await.expect(200).json();
        let told = r#"select count(*) from "mailOutbox" where "kind" = 'mail/notice'"#;
        let mails = server.mailbox.list();
        let seen = mails.iter().any(|mail| mail.subject.contains("mot de passe"));
        assert!(seen || server.number(told).await == 1, "the person is told");
    }

    async fn an_address_that_is_vouched_for_loses_what_a_stranger_set_up(database) {
        let desk = Desk::open(&database);
        for (email, keep) in [("lost@example.com", false), ("kept@example.com", true)] {
            desk.fed(&format!("{PASSWORD}\n"), &["user", "create", email, "--password-stdin"]).well();
            let arguments = ["user", "verify-email", email, "--keep"];
            let said = desk.run(&arguments[..if keep { 4 } else { 3 }]).well();
            assert_eq!(said.contains("Ended"), !keep, "{said}");
            let shown = desk.json(&["user", "show", email]);
            assert_eq!(shown["user"]["emailVerified"], true);
            assert_eq!(shown["accounts"].as_array().unwrap().len(), usize::from(keep));
        }
    }

    async fn sessions_are_listed_without_tokens_and_ended(database) {
        let server = with(&database, "").await;
        let (one, two) = (visitor(&server, EMAIL).await, visitor(&server, EMAIL).await);
        let other = visitor(&server, "anna@example.com").await;
        let folder = crate::config::folder("secret = \"a-secret-of-the-tests-that-nobody-else-uses\"\n");
        let folder: &Path = folder.path();
        let run = |arguments: &[&str]| guichet(folder, arguments, &[("GUICHET_DATABASE__URL", database.url())]);
        let list = run(&["session", "list", EMAIL, "--json"]).well();
        assert!(!list.contains("token") && !list.contains("sha256"), "{list}");
        let sessions: Value = from_str(&list).unwrap();
        assert_eq!(sessions.as_array().unwrap().len(), 2);
        let id = sessions[0]["id"].as_str().unwrap();

        says(&run(&["session", "revoke", "anna@example.com", "--session", id]).failed(), &["has no session"]);
        run(&["session", "revoke", EMAIL, "--session", id]).well();
        assert!(one.get("/get-session").await.expect(200).json().is_null());
        assert!(!two.get("/get-session").await.expect(200).json().is_null());
        says(&run(&["session", "revoke", EMAIL, "--all"]).well(), &["Ended 1 session"]);
        assert!(two.get("/get-session").await.expect(200).json().is_null());

        assert_eq!(run(&["session", "revoke", EMAIL]).code, 2, "which?");
        assert_eq!(run(&["session", "revoke", EMAIL, "--all-users"]).code, 2, "one or everybody?");
        assert_eq!(run(&["session", "revoke", "--all-users"]).code, 2, "nobody confirms it");
        assert!(!other.get("/get-session").await.expect(200).json().is_null());
        says(&run(&["session", "revoke", "--all-users", "--yes"]).well(), &["Ended 1 session of 2 users"]);
        assert!(other.get("/get-session").await.expect(200).json().is_null());
    }
}

#[test]
fn nothing_is_made_where_there_is_no_database() {
    let folder = tempfile::tempdir().unwrap();
    says(
        &guichet(folder.path(), &["user", "list"], &[]).failed(),
        &["there is no database", "guichet serve"],
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn every_new_command_has_examples_and_completions() {
    let folder = tempfile::tempdir().unwrap();
    let script = guichet(folder.path(), &["completions", "bash"], &[]).well();
    for command in [
        &["user", "create"][..],
        &["user", "list"],
        &["user", "show"],
        &["user", "set-password"],
        &["user", "send-reset"],
        &["user", "remove-authenticator"],
        &["user", "delete"],
        &["user", "verify-email"],
        &["session", "list"],
        &["session", "revoke"],
        &["doctor"],
    ] {
        let help = guichet(folder.path(), &[command, &["--help"]].concat(), &[]).well();
        says(&help, &["Examples:", &format!("guichet {}", command.join(" "))]);
        says(&script, command);
    }
}
