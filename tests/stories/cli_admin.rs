//! `guichet admin …`, on the real program.

use guichet_core::serde_json::{Value, from_str, json};
use guichet_testing::TestDatabase;

use crate::config::says;
use crate::program::{Said, guichet};
use crate::{EMAIL, visitor, with};

const FILE: &str = "secret = \"9f86d081884c7d659a2feaa0c55ad0159f86d081\"\n[plugins.pages]\n[plugins.email-otp]\n[plugins.admin]\n";
const ANNA: &str = "anna@example.com";

/// A folder with settings, beside a database whose tables are made.
struct Desk<'a> {
    folder: tempfile::TempDir,
    url: &'a str,
}

impl<'a> Desk<'a> {
    fn open(database: &'a TestDatabase, file: &str) -> Self {
        let desk = Self { folder: crate::config::folder(file), url: database.url() };
        desk.run(&["migrate"]).well();
        for email in [EMAIL, ANNA] {
            desk.run(&["user", "create", email]).well();
        }
        desk
    }

    fn run(&self, arguments: &[&str]) -> Said {
        guichet(self.folder.path(), arguments, &[("GUICHET_DATABASE__URL", self.url)])
    }

    fn json(&self, arguments: &[&str]) -> Value {
        from_str(&self.run(&[arguments, &["--json"]].concat()).well()).unwrap()
    }
}

guichet_testing::stories! {
    async fn the_first_administrator_is_made_at_the_terminal(database) {
        let desk = Desk::open(&database, FILE);
        says(&desk.run(&["admin", "list"]).well(), &["no administrator yet", "guichet admin role USER admin"]);
        says(&desk.run(&["admin", "role", ANNA, "admin"]).well(), &["anna@example.com has the role admin now."]);
        says(&desk.run(&["admin", "list"]).well(), &[ANNA, "admin"]);
        let list = desk.json(&["admin", "list"]);
        assert_eq!((list.as_array().unwrap().len(), &list[0]["role"]), (1, &json!("admin")));
        // A role whose name holds another one is not that one.
        says(&desk.run(&["admin", "role", EMAIL, "not-admin"]).well(), &["may nothing here", "admin, user"]);
        assert_eq!(desk.json(&["admin", "list"]).as_array().unwrap().len(), 1);
        let id = list[0]["id"].as_str().unwrap();
        assert_eq!(desk.json(&["admin", "role", id, "user,support"])["role"], "user,support");
        assert_eq!(desk.json(&["admin", "list"]), json!([]));
    }

    async fn somebody_is_banned_and_let_in_again_beside_a_running_server(database) {
        let desk = Desk::open(&database, FILE);
        let server = with(&database, "[plugins.email-otp]\n[plugins.admin]\n").await;
        let browser = visitor(&server, EMAIL).await;
        says(&desk.run(&["admin", "list", "--banned"]).well(), &["Nobody is banned."]);
        says(&desk.run(&["admin", "ban", EMAIL, "--reason", "Spam", "--for", "1h"]).well(), &["jean@example.com is banned until", "every session"]);
        assert!(!browser.is_in().await);
        says(&desk.run(&["admin", "list", "--banned"]).well(), &[EMAIL, "UNTIL (UTC)", "Spam"]);
        let list = desk.json(&["admin", "list", "--banned"]);
        assert_eq!((&list[0]["banReason"], list[0]["banExpires"].is_string()), (&json!("Spam"), true));
        assert_eq!(desk.json(&["admin", "ban", EMAIL])["banExpires"], Value::Null, "a new ban takes the place of the old one");
        says(&desk.run(&["admin", "unban", EMAIL]).well(), &["is not banned any more"]);
        says(&desk.run(&["admin", "unban", EMAIL]).well(), &["was not banned"]);
        crate::sign_in(&server, &browser, EMAIL).await;
    }

    async fn what_cannot_be_done_is_said_with_what_to_do(database) {
        let desk = Desk::open(&database, &format!("{FILE}[plugins.admin.roles]\nadmin = {{ user = [\"ban\"] }}\nuser = {{}}\n"));
        for command in ["ban", "unban"] {
            says(&desk.run(&["admin", command, "nobody@example.com"]).failed(), &["no user has", "guichet user list"]);
        }
        says(&desk.run(&["admin", "role", "nobody@example.com", "admin"]).failed(), &["no user has"]);
        says(&desk.run(&["admin", "role", EMAIL, "wizard"]).failed(), &["no role \"wizard\"", "admin, user"]);
        says(&desk.run(&["admin", "role", EMAIL, "user, admin"]).failed(), &["no spaces"]);
        says(&desk.run(&["admin", "ban", EMAIL, "--for", "soon"]).failed(), &["--for soon", "30m, 1h or 7d"]);
        says(&desk.run(&["admin", "ban", EMAIL, "--for", "0s"]).failed(), &["leave it out"]);
        says(&desk.run(&["admin", "ban", EMAIL, "--for", "99999999years"]).failed(), &["--for"]);
        let usage = desk.run(&["admin", "role", EMAIL]);
        assert_eq!(usage.code, 2, "{usage:?}");
        for command in ["ban", "unban", "role", "list"] {
            says(&desk.run(&["admin", command, "--help"]).well(), &["Examples:", &format!("guichet admin {command}"), "--json"]);
        }
        assert_eq!(desk.json(&["admin", "list", "--banned"]), json!([]));
    }

    async fn without_the_plugin_the_section_to_add_is_named(database) {
        let file = FILE.replace("[plugins.admin]\n", "");
        let desk = Desk::open(&database, &file);
        says(&desk.run(&["admin", "ban", EMAIL]).failed(), &["[plugins.admin], which is off", "add that section"]);
    }
}
