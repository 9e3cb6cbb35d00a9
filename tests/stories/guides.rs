//! What is written for operators names what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use guichet_core::config::Config;
use guichet_core::plugin::switched_on;

use crate::program::guichet;
use crate::security::everything;

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Every link of a page leads to a file.
fn links_lead_somewhere(name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = document(name);
    let folder = root.join(name).parent().unwrap().to_owned();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
        assert!(folder.join(link).exists(), "{name}: {link} leads nowhere");
    }
}

/// Wishes: 97.
#[test]
fn the_list_and_the_guide_name_codes_commands_and_pages_that_exist() {
    let config: Config = toml::from_str(&everything("base_url = \"http://localhost:3000\"\n")).unwrap();
    let mut codes: BTreeSet<&str> = guichet_core::error::CORE_CODES.iter().map(|code| code.code).collect();
    for plugin in switched_on(&guichet::plugins::all(), &config).unwrap() {
        codes.extend(plugin.error_codes().iter().map(|code| code.code));
    }
    let help = guichet(Path::new("."), &["--help"], &[]).well();
    let mut seen = (0, 0);
    for page in ["docs/operating/set-up.md", "docs/operating/troubleshooting.md"] {
        links_lead_somewhere(page);
        let text = document(page);
        for word in quoted(&text) {
            let is_code = word.len() > 5 && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
            if is_code {
                assert!(codes.contains(word), "{page}: {word} is no code");
                seen.0 += 1;
            }
            if let Some(command) = word.strip_prefix("guichet ").and_then(|rest| rest.split(' ').next())
                && !command.starts_with("--")
            {
                assert!(help.contains(&format!("  {command} ")), "{page}: guichet {command} is no command");
                seen.1 += 1;
            }
        }
    }
    assert!(seen.0 > 8 && seen.1 > 8, "{seen:?}");
}

#[test]
fn the_page_of_counters_names_each_and_no_other() {
    links_lead_somewhere("docs/operating/watch.md");
    let source = document("core/src/meters.rs");
    let named = |text: &str, around: char| -> BTreeSet<String> {
        text.split(around).filter(|word| word.starts_with("guichet_")).map(str::to_owned).collect()
    };
    let counted = named(&source, '"');
    assert_eq!(named(&document("docs/operating/watch.md"), '`'), counted);
    assert_eq!(counted.len(), 7);
}

/// Wishes: 149.
#[test]
fn the_changelog_says_first_what_breaks() {
    let text = document("CHANGELOG.md");
    let releases: Vec<&str> = text.split("\n## ").skip(1).collect();
    assert!(!releases.is_empty());
    for release in releases {
        let mut parts = release.split("\n### ");
        let title = parts.next().unwrap().lines().next().unwrap().to_owned();
        let first = parts.next().unwrap_or_else(|| panic!("{title} says nothing of what breaks"));
        let (heading, told) = first.split_once('\n').unwrap();
        assert_eq!(heading, "Breaks", "{title}: what breaks comes first");
        assert!(
            told.trim().len() > 20,
            "{title}: what breaks, and what to do about it; or that nothing does"
        );
    }
}

/// The commands that a help lists; `help` is none that does anything.
fn listed(arguments: &[&str]) -> Vec<String> {
    let help = guichet(Path::new("."), &[arguments, &["--help"]].concat(), &[]).well();
    let Some((_, rest)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    // What a line goes on with is indented further.
    let lines = rest.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names = lines.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_table_of_commands_names_every_command_and_no_other() {
    let mut commands = BTreeSet::new();
    for name in listed(&[]) {
        let below = listed(&[&name]);
        if below.is_empty() {
            commands.insert(name);
        } else {
            commands.extend(below.iter().map(|one| format!("{name} {one}")));
        }
    }
    let page = document("docs/command-line.md");
    links_lead_somewhere("docs/command-line.md");
    let table = page.lines().skip_while(|line| !line.starts_with("| command |")).skip(2);
    let cells = table.take_while(|line| line.starts_with('|')).filter_map(|line| line.split('|').nth(1));
    let mut told = BTreeSet::new();
    for entry in cells.flat_map(quoted) {
        // A row about an option or an argument tells of its command.
        let words: Vec<&str> = entry.split(' ').collect();
        let known =
            (1..=words.len()).map(|count| words[..count].join(" ")).find(|one| commands.contains(one));
        told.insert(known.unwrap_or_else(|| panic!("docs/command-line.md: `{entry}` is no command")));
    }
    let missing: Vec<&String> = commands.difference(&told).collect();
    assert!(commands.len() > 20 && missing.is_empty(), "docs/command-line.md lacks {missing:?}");
}

/// The settings with which the comparison with Better Auth runs, by key; with Guichet's own defaults without `parity`.
fn compared(parity: bool) -> BTreeMap<String, toml::Value> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut serve = Command::new("bash");
    serve.arg(tests.join("conformance/serve")).env("GUICHET_BIN", tests.join("fixtures/show-settings"));
    for name in ["DATABASE_URL", "PORT", "SECRET", "TRUSTED_ORIGIN", "SMTP_URL"] {
        serve.env(name, "1");
    }
    serve.env("PARITY", if parity { "1" } else { "0" });
    let said = String::from_utf8(serve.output().unwrap().stdout).unwrap();
    let mut keys = BTreeMap::new();
    flatten("", &toml::from_str(&said).unwrap(), &mut keys);
    keys
}

fn flatten(before: &str, table: &toml::Table, keys: &mut BTreeMap<String, toml::Value>) {
    for (name, value) in table {
        let key = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        match value {
            toml::Value::Table(below) => flatten(&key, below, keys),
            // What is declared is no switch.
            toml::Value::Array(list) if list.first().is_some_and(toml::Value::is_table) => {}
            _ => {
                keys.insert(key, value.clone());
            }
        }
    }
}

/// The keys in a cell: `section.key = value`, then perhaps keys of the same section without its name.
fn switches(cell: &str) -> Vec<String> {
    let mut section = "";
    let mut keys = Vec::new();
    for entry in quoted(cell) {
        let key = entry.split(" = ").next().unwrap();
        if let Some((before, _)) = key.rsplit_once('.') {
            section = before;
            keys.push(key.to_owned());
        } else {
            keys.push(format!("{section}.{key}"));
        }
    }
    keys
}

#[test]
fn the_table_of_switches_names_every_one_that_the_comparison_sets() {
    let (parity, own) = (compared(true), compared(false));
    let set: BTreeSet<&String> =
        parity.iter().filter(|(key, value)| own.get(*key) != Some(value)).map(|(key, _)| key).collect();
    let page = document("docs/deviations.md");
    let (_, rest) = page.split_once("## By default, with a switch").unwrap();
    let rows = rest.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| "));
    let told: BTreeSet<String> = rows.filter_map(|row| row.split('|').nth(3)).flat_map(switches).collect();
    let missing: Vec<_> = set.iter().filter(|key| !told.contains(key.as_str())).collect();
    assert!(set.len() > 50 && missing.is_empty(), "docs/deviations.md lacks {missing:?}");
}
