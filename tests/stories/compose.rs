//! `docker-compose.yml`: what it sets is what the program knows.

use guichet_core::serde_json::Value;

use crate::config::says;
use crate::node::Node;
use crate::program::guichet;

/// The file's services.
async fn services() -> Value {
    let mut reader = Node::start("compose.mjs", &[]);
    let mut file = reader.next().await.expect("docker-compose.yml is YAML");
    assert!(reader.end().0);
    file["services"].take()
}

/// `${NAME:?why}` becomes a value of the tests, `${NAME:-default}` its default.
fn filled_in(text: &str) -> String {
    let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
    let (variable, after) = rest.split_once('}').expect("a variable ends");
    let value = variable.split_once(":-").map_or("0123456789abcdef0123456789abcdef", |(_, default)| default);
    let known = variable.contains(":-") || variable.contains(":?");
    assert!(known, "{variable} has neither a default nor a reason to be set");
    format!("{before}{value}{}", filled_in(after))
}

#[tokio::test]
async fn every_variable_of_the_compose_file_is_known_and_together_they_open_the_server() {
    let services = services().await;
    let variables = services["guichet"]["environment"].as_object().unwrap();
    let settings: Vec<(&str, String)> =
        variables.iter().map(|(name, value)| (name.as_str(), filled_in(value.as_str().unwrap()))).collect();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(settings.iter().all(|(name, _)| name.starts_with("GUICHET_")));

    let folder = tempfile::tempdir().unwrap();
    let said = guichet(folder.path(), &["config", "check"], &settings);
    assert_eq!(said.err, "", "no doubts either");
    says(
        &said.well(),
        &[
            "http://localhost:3000",
            "email-otp, email-password, known-devices, pages",
            "Postgres, postgres/guichet",
        ],
    );

    // What the addresses name are services, and the mail server speaks on the port that mailpit opens.
    let get = |name: &str| settings.iter().find(|(key, _)| *key == name).unwrap().1;
    assert!(
        services[get("GUICHET_MAIL__SMTP__HOST")]["image"].as_str().unwrap().starts_with("axllent/mailpit:")
    );
    assert_eq!(get("GUICHET_MAIL__SMTP__PORT"), "1025");
    let port = get("GUICHET_LISTEN").rsplit_once(':').unwrap().1;
    let published = services["guichet"]["ports"][0].as_str().unwrap();
    assert!(published.starts_with("127.0.0.1:") && published.ends_with(&format!(":{port}")), "{published}");
}
