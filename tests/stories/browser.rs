//! A headless Chromium doing what a tenant does. The visits are told in `tests/node/browser-*.mjs`.

use std::time::Duration;

use guichet_core::db::Dialect;
use guichet_core::serde_json::{Value, json};
use guichet_testing::{TestDatabase, TestServer};

use crate::node::Node;

const SETTINGS: &str = r#"
trusted_origins = ["http://127.0.0.1:*", "http://app.localhost:*"]
[plugins.email-otp]
[plugins.pages]
"#;

/// With passwords, and accounts that may end.
const PASSWORDS: &str = r"
user = { delete_account = true, delete_by_mail = false }
[plugins.email-password]
[plugins.pages]
";

/// With passwords and a second factor; Chromium lets pages of this machine have the clipboard.
const TWO_FACTOR: &str = r"
[plugins.email-password]
[plugins.pages]
[plugins.two-factor]
";

/// A portal of tenants, whose application is on another origin.
const PORTAL: &str = r#"
trusted_origins = ["APPLICATION"]
[plugins.pages]
[plugins.email-otp]
disable_sign_up = true
[plugins.prepare-login]
[[plugins.prepare-login.portal]]
name = "client"
role = "UTILISATEUR"
lands_at = "APPLICATION/client"
preset = "client-person-entreprise"
"#;

/// Lets the browser make these visits, one after the other, at a door.
async fn visits(database: &TestDatabase, settings: &str, door: &str, names: &[&str]) {
    let mut application = Node::start("application.mjs", &[]);
    let told = application.next().await.expect("the application starts");
    let application_origin = told["origin"].as_str().expect("it tells where it is");
    let settings = settings.replace("APPLICATION", application_origin);
    let server = TestServer::with(&guichet::plugins::all(), database, &settings).await;
    let names = names.join(",");
    let environment =
        [("BASE", server.base()), ("DOOR", door), ("VISITS", &names), ("APPLICATION", application_origin)];
    let browser = Node::start("browser.mjs", &environment);
    browser.answer(async |question| answer(&server, &question)).await;
}

/// What only this side can do.
fn answer(server: &TestServer, question: &Value) -> Value {
    match question["ask"].as_str() {
        Some("advance") => {
            let seconds = question["seconds"].as_u64().expect("whole seconds");
            server.clock.advance(Duration::from_secs(seconds));
            json!(null)
        }
        Some("now") => json!(server.now().millis() / 1000),
        _ => panic!("nobody knows: {question}"),
    }
}

/// The business database: Guichet's own.
async fn fill(database: &TestDatabase) {
    database
        .run(match database.dialect() {
            Dialect::Postgres => include_str!("../fixtures/tenants.postgres.sql"),
            Dialect::Sqlite => include_str!("../fixtures/tenants.sqlite.sql"),
        })
        .await;
}

guichet_testing::stories! {
    async fn everybody_comes_in_and_goes_out(database) {
        visits(&database, SETTINGS, "/login", &["everybody"]).await;
    }

    async fn backup_codes_are_copied_kept_as_a_file_and_printed(database) {
        let names = ["backupCodes", "backupCodesWithoutClipboard", "backupCodesWithoutScript"];
        visits(&database, TWO_FACTOR, "/login", &names).await;
    }

    async fn codes_are_typed_pasted_and_posted_once(database) {
        visits(&database, SETTINGS, "/login", &["pasted", "backAndReload"]).await;
    }

    async fn a_code_has_as_many_digits_as_the_settings_say(database) {
        let settings = "[plugins.pages]\n[plugins.email-otp]\ndigits = 8";
        visits(&database, settings, "/login", &["eightDigits"]).await;
    }

    async fn wrong_codes_are_told(database) {
        visits(&database, SETTINGS, "/login", &["wrongCode", "threeWrongCodes", "expiredCode", "badAddress"]).await;
    }

    /// Wishes: 124.
    async fn another_code_can_be_had(database) {
        visits(&database, SETTINGS, "/login", &["resend", "countdown"]).await;
    }

    async fn a_code_is_good_in_one_browser(database) {
        visits(&database, SETTINGS, "/login", &["anotherBrowser"]).await;
    }

    async fn applications_on_other_origins_get_people_back(database) {
        visits(&database, SETTINGS, "/login", &["sentByAnApplication", "twoTabs"]).await;
    }

    async fn the_settings_lead_to_applications_on_other_origins(database) {
        let settings = r#"
trusted_origins = ["APPLICATION"]
[plugins.email-otp]
[plugins.pages]
lands_at = "APPLICATION/home"
sign_out_leads_to = "APPLICATION/bye"
"#;
        visits(&database, settings, "/login", &["ledByTheSettings"]).await;
    }

    /// Wishes: 100, 126.
    async fn tenants_come_in_at_the_portal(database) {
        fill(&database).await;
        visits(&database, PORTAL, "/client/login", &["tenants"]).await;
    }

    async fn strangers_see_what_tenants_see(database) {
        fill(&database).await;
        visits(&database, PORTAL, "/client/login", &["strangers"]).await;
    }

    async fn the_pages_are_for_everybody(database) {
        visits(&database, SETTINGS, "/login", &["axe", "keyboard", "darkAndLight", "languageSwitch", "errorPages"]).await;
    }

    async fn people_sign_up_and_choose_another_password(database) {
        visits(&database, PASSWORDS, "/login", &["passwords", "signUpByKeyboard"]).await;
    }

    async fn people_look_after_their_account(database) {
        visits(&database, PASSWORDS, "/login", &["ownAccount"]).await;
    }
}
