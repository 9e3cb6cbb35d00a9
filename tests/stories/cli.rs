//! The commands beside `serve`.

use std::fs;
use std::path::Path;

use guichet_core::config::Config;
use guichet_core::plugin::switched_on;
use guichet_core::serde_json::{Value, from_str};
use guichet_core::server::{Outside, Server};

use crate::config::{check, says};
use crate::program::guichet;

/// A folder without any settings.
fn nowhere() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn in_repository(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

guichet_testing::stories! {
    /// Wishes: 63.
    async fn migrate_says_by_its_exit_code_whether_changes_are_pending(database) {
        let folder = nowhere();
        let settings = [("GUICHET_DATABASE__URL", database.url())];
        let migrate = |arguments: &[&str]| guichet(folder.path(), arguments, &settings);

        let pending = migrate(&["migrate", "--plan"]);
        assert_eq!(pending.code, 2, "{pending:?}");
        assert!(pending.out.contains("+ table \"user\"") && pending.out.contains("pending in"), "{pending:?}");
        assert_eq!(migrate(&["migrate", "--check"]).code, 2, "a plan changes nothing");
        let sql = migrate(&["migrate", "--plan", "--sql"]);
        assert!(sql.code == 2 && sql.out.contains("create table \"user\""), "{sql:?}");

        assert!(migrate(&["migrate"]).well().contains("Done: "));
        assert!(migrate(&["migrate", "--plan"]).well().contains("up to date"));
        assert!(migrate(&["migrate"]).well().contains("Nothing to change"));
    }
}

#[test]
fn a_plan_makes_no_file() {
    let folder = nowhere();
    assert_eq!(guichet(folder.path(), &["migrate", "--plan"], &[]).code, 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Wishes: 62, 64.
#[test]
fn every_plugin_has_its_page() {
    let reference = in_repository("docs/plugins/README.md");
    for plugin in guichet::plugins::all() {
        let head = format!("## [{}](", plugin.id);
        let line =
            reference.lines().find_map(|line| line.strip_prefix(&head)).unwrap_or_else(|| panic!("{head}"));
        let page = in_repository(&format!("docs/plugins/{}", line.trim_end_matches(')')));
        assert!(
            page.contains(&format!("[plugins.{}]", plugin.id)),
            "the page of {} shows its section",
            plugin.id
        );
    }
}

#[test]
fn the_generated_files_are_current() {
    let folder = nowhere();
    for database in ["postgres", "sqlite"] {
        let sql = guichet(folder.path(), &["generate", "--all", "--database", database], &[]).well();
        let file = format!("migrations/{database}/schema.sql");
        assert_eq!(sql, in_repository(&file), "{file} is not current: run cargo xtask schema");
    }
    let page = guichet(folder.path(), &["generate", "--all", "--document"], &[]).well();
    assert!(page == in_repository("docs/tables.md"), "docs/tables.md is not current: run cargo xtask schema");
    let document = guichet(folder.path(), &["openapi", "--all"], &[]).well();
    assert!(
        document == in_repository("openapi.json"),
        "openapi.json is not current: run cargo xtask openapi"
    );
    // None of this needed a database.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_document_holds_what_is_served_in_production() {
    let mut config = Config::default();
    for plugin in guichet::plugins::all() {
        config.plugins.entry(plugin.id.to_owned()).or_insert_with(|| plugin.example.parse().unwrap());
    }
    let plugins = switched_on(&guichet::plugins::all(), &config).unwrap();
    let mailbox = Some(std::sync::Arc::new(guichet_core::mail::Mailbox::new()));
    let server = Server::outline(config, plugins, Outside { mailbox, ..Outside::default() }).unwrap();
    let mut paths: Vec<String> = server.routes().iter().map(|route| route.full_path("/api/auth")).collect();
    paths.retain(|path| !path.starts_with("/dev/"));
    paths.sort();
    paths.dedup();
    let document: Value = from_str(&in_repository("openapi.json")).unwrap();
    let mut listed: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    listed.sort();
    assert_eq!(listed, paths.iter().collect::<Vec<_>>());
}

/// Wishes: 62.
#[test]
fn the_generated_files_hold_every_plugin_and_settings_of_ones_own_hold_what_is_on() {
    let document: Value = from_str(&in_repository("openapi.json")).unwrap();
    let path = "/api/auth/client/prepare-login";
    assert!(document["paths"][path].is_object() && document["paths"]["/api/auth/sign-in/email"].is_object());
    let mine: Value = from_str(&guichet(nowhere().path(), &["openapi"], &[]).well()).unwrap();
    assert!(mine["paths"][path].is_null() && mine["paths"]["/login"].is_object());
    for plugin in guichet::plugins::all() {
        let section: Result<toml::Table, _> = plugin.example.parse();
        assert!(section.is_ok(), "the example of {}", plugin.id);
    }
    assert!(in_repository("migrations/sqlite/schema.sql").contains("\"clientId\""));
}

#[test]
fn a_database_that_does_not_answer_is_named_without_its_password() {
    let url = [("GUICHET_DATABASE__URL", "postgres://ann:hunter2@127.0.0.1:1/people")];
    let said = guichet(nowhere().path(), &["migrate"], &url).failed();
    assert!(
        said.contains("127.0.0.1:1/people") && said.contains("database.url") && !said.contains("hunter2"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_closed_port_is_said_at_once() {
    let began = std::time::Instant::now();
    let url = [("GUICHET_DATABASE__URL", "postgres://ann:hunter2@127.0.0.1:1/people")];
    let said = guichet(nowhere().path(), &["migrate"], &url).failed();
    assert!(said.contains("Connection refused"), "{said}");
    // A pool would have tried for four seconds.
    assert!(began.elapsed() < std::time::Duration::from_secs(3), "{:?}", began.elapsed());
}

#[test]
fn a_mistyped_path_gets_no_folders() {
    let folder = nowhere();
    let said =
        guichet(folder.path(), &["migrate"], &[("GUICHET_DATABASE__URL", "sqlite:no/such/x.db")]).failed();
    assert!(said.contains("the folder no/such cannot be made: there is no folder no"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_plugin_adds_its_commands() {
    let folder = nowhere();
    fs::create_dir(folder.path().join("data")).unwrap();
    let business = folder.path().join("business.db");
    let prepared = "[plugins.pages]\n[plugins.email-otp]\n[plugins.prepare-login]\n\
                    database_url = \"sqlite:business.db\"\n[[plugins.prepare-login.portal]]\n\
                    name = \"client\"\nrole = \"UTILISATEUR\"\npreset = \"client-person-entreprise\"\n";
    fs::write(folder.path().join("guichet.toml"), prepared).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite:{}", business.display()).into();
        let db = guichet_core::db::Db::connect(&url, 1).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.query(guichet_prepare_login::demo_sql()).execute().await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    });
    assert!(guichet(folder.path(), &["--help"], &[]).well().contains("  provision "));
    let help = guichet(folder.path(), &["provision", "--help"], &[]).well();
    assert!(help.contains("explain") && help.contains("e-mail"), "{help}");
    assert_eq!(guichet(folder.path(), &["provision", "explain"], &[]).code, 2, "the argument is missing");

    guichet(folder.path(), &["migrate"], &[]).well();
    let said = guichet(folder.path(), &["provision", "explain", "jean@example.com"], &[]).well();
    assert!(said.contains("Jean Dupont"), "{said}");
}

#[test]
fn a_command_of_a_plugin_that_is_off_says_what_brings_it() {
    let folder = nowhere();
    let help = guichet(folder.path(), &["--help"], &[]).well();
    assert!(
        help.contains("provision") && help.contains("comes with [plugins.prepare-login], which is off"),
        "{help}"
    );
    let explain = ["provision", "explain", "jean@example.com"];
    let said = guichet(folder.path(), &explain, &[]).failed();
    assert!(said.contains("comes with [plugins.prepare-login], which is off"), "{said}");
    let said = guichet(folder.path(), &[&explain[..], &["--demo"]].concat(), &[]).failed();
    assert!(said.contains("start `guichet serve --demo` in this folder first"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    // Settings that cannot be used come first.
    let said = guichet(folder.path(), &explain, &[("GUICHET_LISTEN", "nope")]).failed();
    assert!(said.contains("GUICHET_LISTEN: listen: must be an IP address and a port"), "{said}");
    let said =
        guichet(folder.path(), &explain, &[("GUICHET_PLUGINS__PREPARE_LOGIN__CONNECTIONS", "0")]).failed();
    assert!(said.contains("[plugins.prepare-login] connections must be at least 1"), "{said}");
}

#[test]
fn every_command_of_a_plugin_is_offered_while_it_is_off() {
    for plugin in guichet::plugins::all() {
        let plugins = [(plugin.id.to_owned(), plugin.example.parse().unwrap())].into();
        let config = Config { plugins, ..Config::default() };
        let on = switched_on(&[plugin], &config).unwrap();
        let commands: Vec<_> = on.into_iter().flat_map(guichet_core::plugin::Plugin::commands).collect();
        let named: Vec<_> = plugin.commands.iter().map(|command| (command.group, command.name)).collect();
        assert_eq!(
            named,
            commands.iter().map(|command| (command.typed.group, command.typed.name)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn pages_without_a_method_and_methods_without_pages_are_warned_of() {
    let said = check("[plugins.pages]\n", &[]);
    says(&said.err, &["warning: nobody can sign in at /login: no sign-in method is on"]);
    says(&said.well(), &["The configuration is good"]);
    let said = check("[plugins.email-otp]\n", &[]);
    says(&said.err, &["warning: email-otp, and no page to sign in at, as [plugins.pages] has it"]);
    said.well();
    assert_eq!(check("", &[]).err, "");
}

#[test]
fn a_secret_is_long_and_new_each_time() {
    let folder = nowhere();
    let one = guichet(folder.path(), &["secret"], &[]).well();
    let two = guichet(folder.path(), &["secret"], &[]).well();
    assert!(one.trim_end().len() == 48 && one != two);
    assert!(one.trim_end().bytes().all(|b| b.is_ascii_alphanumeric()));
    // Somebody with broken settings can make one.
    guichet(folder.path(), &["secret"], &[("GUICHET_NONSENSE", "1")]).well();
}

#[test]
fn help_shows_examples_and_shells_get_completions() {
    let folder = nowhere();
    assert!(guichet(folder.path(), &["--help"], &[]).well().contains("Examples:"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(guichet(folder.path(), &["completions", shell], &[]).well().contains("migrate"));
    }
    let wrong = guichet(folder.path(), &["migrat"], &[]);
    assert!(wrong.code == 2 && wrong.err.contains("'migrate'"), "{wrong:?}");
    let wrong = guichet(folder.path(), &["config", "check", "--log", "==="], &[]);
    assert!(wrong.code == 2 && wrong.err.contains("--log"), "{wrong:?}");
}
