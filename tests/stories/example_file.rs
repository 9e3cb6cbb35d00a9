//! `guichet.example.toml` explains every key, and each line of it is right.

use std::fs;
use std::path::Path;

use guichet_core::serde_json::{Map, Value, from_str};

use crate::program::guichet;

const EXAMPLE: &str = include_str!("../../guichet.example.toml");

/// Whether a line is a setting that is commented out: `#key = …` or `#[section]`, without a blank.
fn setting(line: &str) -> Option<&str> {
    line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '['))
}

/// The file with every key set; where a paragraph offers alternatives (`# or`), the one of this number, or its last.
fn all_set(number: usize) -> String {
    let paragraphs = EXAMPLE.split("\n\n").map(|paragraph| {
        let mut alternatives = vec![Vec::new()];
        for line in paragraph.lines() {
            if line == "# or" {
                alternatives.push(Vec::new());
            } else if let Some(kept) = setting(line).or((!line.starts_with('#')).then_some(line)) {
                alternatives.last_mut().unwrap().push(kept);
            }
        }
        // What stands before the first key of the paragraph holds for every alternative: its section.
        let header: Vec<&str> =
            alternatives[0].iter().copied().take_while(|line| line.starts_with('[')).collect();
        let chosen = number.min(alternatives.len() - 1);
        let mut lines = if chosen == 0 { Vec::new() } else { header };
        lines.extend(&alternatives[chosen]);
        lines.join("\n")
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn every_key_of_the_example_loads_with_every_alternative() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display().to_string();
    fs::create_dir(folder.path().join("templates")).unwrap();
    for name in ["database-url", "business-database-url", "captcha-secret-key", "sms-api-key"] {
        fs::write(folder.path().join(name), "sqlite:data/guichet.db").unwrap();
    }
    for name in ["google-secret", "apple-key", "company-secret"] {
        fs::write(folder.path().join(name), "a secret").unwrap();
    }
    for name in ["metrics-token", "guests-key"] {
        fs::write(folder.path().join(name), "a secret of at least 32 characters").unwrap();
    }
    for number in 0..4 {
        // Passkeys are for a domain.
        let text = all_set(number).replace("http://127.0.0.1:3000", "https://login.example.fr");
        let text = text.replace("/run/secrets", &here).replace("/etc/guichet", &here);
        fs::write(folder.path().join("guichet.toml"), &text).unwrap();
        let said = guichet(folder.path(), &["config", "show"], &[]);
        assert_eq!(said.code, 0, "{}\n{text}", said.err);
        assert!(said.out.contains("plugins.prepare-login") && said.out.contains("mail.smtp"), "{}", said.out);
    }
}

#[test]
fn the_example_as_it_is_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("guichet.toml"), EXAMPLE).unwrap();
    let shown = guichet(folder.path(), &["config", "show"], &[]).well();
    let set: Vec<&str> = shown.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(set.iter().all(|line| line.contains(" = {}")), "{shown}");
    assert!(
        guichet(folder.path(), &["config", "check"], &[])
            .well()
            .contains("email-otp, known-devices, pages\n")
    );
}

#[test]
fn every_key_is_explained() {
    let text = guichet(Path::new("."), &["config", "schema"], &[]).well();
    let schema: Value = from_str(&text).unwrap();
    let mut section = String::new();
    let mut explained = Vec::new();
    for line in EXAMPLE.lines() {
        let line = setting(line).unwrap_or(line);
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']']).to_owned();
        } else if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#')) {
            explained.push(if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") });
        }
    }
    let mut missing = Vec::new();
    look(&schema, "", &explained, &mut missing);
    assert!(missing.is_empty(), "guichet.example.toml says nothing of {missing:#?}");
}

fn look(schema: &Value, path: &str, explained: &[String], missing: &mut Vec<String>) {
    for (key, below) in properties(schema).into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        if explained.contains(&path) {
            continue;
        }
        let list = below.get("items").filter(|items| properties(items).is_some());
        match list.or_else(|| properties(below).map(|_| below)) {
            Some(section) => look(section, &path, explained, missing),
            None => missing.push(path),
        }
    }
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties").and_then(Value::as_object)
}
