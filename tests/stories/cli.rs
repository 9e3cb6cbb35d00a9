//! The commands beside `serve`.

use std::fs;
use std::path::Path;

use guichet_core::config::Config;
use guichet_core::plugin::switched_on;
use guichet_core::serde_json::{Value, from_str};
use guichet_core::server::{Outside, Server};

use crate::program::guichet;

/// A folder without any settings.
fn nowhere() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn in_repository(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

guichet_testing::stories! {
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

#[test]
fn the_generated_files_are_current() {
    let folder = nowhere();
    for database in ["postgres", "sqlite"] {
        let sql = guichet(folder.path(), &["generate", "--database", database], &[]).well();
        let file = format!("migrations/{database}/schema.sql");
        assert_eq!(sql, in_repository(&file), "{file} is not current: run cargo xtask schema");
    }
    let document = guichet(folder.path(), &["openapi"], &[]).well();
    assert!(
        document == in_repository("openapi.json"),
        "openapi.json is not current: run cargo xtask openapi"
    );
    // None of this needed a database.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_document_holds_what_is_served_in_production() {
    let config = Config::default();
    let plugins = switched_on(&guichet::plugins::all(), &config).unwrap();
    let mailbox = Some(std::sync::Arc::new(guichet_core::mail::Mailbox::new()));
    let server = Server::outline(config, plugins, Outside { mailbox, ..Outside::default() }).unwrap();
    let mut paths: Vec<String> = server.routes.iter().map(|route| route.full_path("/api/auth")).collect();
    paths.retain(|path| !path.starts_with("/dev/"));
    paths.sort();
    paths.dedup();
    let document: Value = from_str(&in_repository("openapi.json")).unwrap();
    let mut listed: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    listed.sort();
    assert_eq!(listed, paths.iter().collect::<Vec<_>>());
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
