//! Who is named at the terminal, by the product's commands and the plugins' alike.

use guichet_core::db::Dialect;

use crate::config::says;
use crate::program::{guichet, guichet_fed};

const FILE: &str = "secret = \"9f86d081884c7d659a2feaa0c55ad0159f86d081\"\n[plugins.email-otp]\n[plugins.email-password]\n\
                    [plugins.admin]\n[plugins.token-api]\n[plugins.jwt]\n";
/// Ids that not every text can be, as in databases that others made.
const OF_UUIDS: &str =
    r#"create table "user" ("id" uuid primary key, "name" text not null, "email" text not null unique);"#;
const ID: &str = "0198c2f0-5c3e-7a51-b1c5-0f3c1d2e4a5b";

guichet_testing::stories! {
    async fn who_is_named_by_what_no_id_can_be_is_not_found(database) {
        if database.dialect() == Dialect::Postgres {
            database.run(OF_UUIDS).await;
        }
        let folder = crate::config::folder(FILE);
        let run = |arguments: &[&str]| guichet(folder.path(), arguments, &[("GUICHET_DATABASE__URL", database.url())]);
        run(&["migrate"]).well();
        for arguments in [
            &["user", "show", "USER"][..],
            &["user", "verify-email", "USER"],
            &["user", "delete", "USER", "--yes"],
            &["session", "list", "USER"],
            &["session", "revoke", "USER", "--all"],
            &["admin", "role", "USER", "admin"],
            &["admin", "ban", "USER"],
            &["admin", "unban", "USER"],
            &["token", "list", "USER"],
        ] {
            let naming = |who| arguments.iter().map(|one| if *one == "USER" { who } else { *one }).collect::<Vec<_>>();
            for nobody in ["jean", "7"] {
                says(&run(&naming(nobody)).failed(), &["no user has the e-mail address or id", nobody, "guichet user list --search"]);
            }
        }
        database.run(&format!(
            r#"insert into "user" ("id", "name", "email", "emailVerified") values ('{ID}', 'Jean', 'jean@example.com', true);"#
        )).await;
        says(&run(&["user", "verify-email", ID]).well(), &["jean@example.com is proven already"]);
        says(&run(&["token", "revoke", "jean"]).failed(), &["neither a user nor a refresh token \"jean\""]);
    }

    async fn an_administrator_of_the_settings_who_is_no_id_is_not_listed(database) {
        if database.dialect() == Dialect::Postgres {
            database.run(OF_UUIDS).await;
        }
        let folder = crate::config::folder(&FILE.replace("[plugins.admin]", "[plugins.admin]\nadmin_user_ids = [\"jean\"]"));
        let run = |arguments: &[&str]| guichet(folder.path(), arguments, &[("GUICHET_DATABASE__URL", database.url())]);
        run(&["migrate"]).well();
        says(&run(&["admin", "list"]).well(), &["There is no administrator yet"]);
    }

    async fn how_somebody_comes_in_is_told_by_the_ways_that_are_open(database) {
        const PHONE: &str = "[sms]\nby_mail = \"{phone}@sms.test\"\n[plugins.phone-number]\n";
        const CLOSED: &str = "[plugins.email-password]\nenabled = false\n";
        const PASSWORD: &str = "a rather long password of Jean's\n";
        let run = |settings: &str, input: &str, arguments: &[&str]| {
            let folder = crate::config::folder(&format!("secret = \"9f86d081884c7d659a2feaa0c55ad0159f86d081\"\n{settings}"));
            guichet_fed(input, folder.path(), arguments, &[("GUICHET_DATABASE__URL", database.url())])
        };
        let all = format!("{PHONE}[plugins.email-password]\n[plugins.email-otp]\n[plugins.magic-link]\n[plugins.pages]\n");
        run(&all, "", &["migrate"]).well();

        let mut people = 0;
        let mut made = |settings: &str, with_password: bool| {
            people += 1;
            let email = format!("jean{people}@example.com");
            let arguments = ["user", "create", &email, "--password-stdin"];
            let said = run(settings, PASSWORD, &arguments[..if with_password { 4 } else { 3 }]).well();
            said.lines().nth(1).unwrap().to_owned()
        };
        says(&made("[plugins.magic-link]\n", false), &["by what is mailed to them (magic-link)"]);
        says(&made(&all, false), &["by what is mailed to them (email-otp, magic-link): http", "/login"]);
        says(&made("[plugins.email-password]\n", false), &["no password yet", "guichet user set-password"]);
        says(&made(CLOSED, false), &["Nothing that is on lets them in", "guichet config show pathways"]);
        says(&made(PHONE, true), &["with the password (phone-number)"]);
        says(&made(&all, true), &["with the password (email-password, phone-number): http"]);
        for settings in ["[plugins.magic-link]\n", CLOSED] {
            says(&made(settings, true), &["The password is kept, and nothing that is on"]);
        }

        let told = |settings: &str| run(settings, PASSWORD, &["user", "set-password", "jean1@example.com"]);
        for (settings, warned) in [("[plugins.magic-link]\n", true), (CLOSED, true), (PHONE, false), (&all, false)] {
            let said = told(settings);
            assert_eq!(said.err.contains("nothing that is on lets anybody in with a password"), warned, "{settings}: {said:?}");
            said.well();
        }
    }
}
