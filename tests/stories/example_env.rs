//! `guichet.example.env`: what it shows is taken as it stands.

use crate::program::guichet;

const EXAMPLE: &str = include_str!("../../guichet.example.env");

/// `#NAME=value` of each setting that is commented out.
fn shown() -> Vec<(&'static str, &'static str)> {
    let settings = EXAMPLE.lines().filter_map(|line| line.strip_prefix('#')?.split_once('='));
    settings.filter(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')).collect()
}

/// Wishes: 96.
#[test]
fn every_variable_of_the_example_is_known_and_together_they_open_the_server() {
    let all = shown();
    assert!(all.len() > 14, "{all:?}");
    let folder = tempfile::tempdir().unwrap();
    for transport in ["smtp", "http"] {
        let settings: Vec<(&str, &str)> = all
            .iter()
            .filter(|(name, _)| *name != "GUICHET_LOG")
            .map(|(name, value)| (*name, if *name == "GUICHET_MAIL__TRANSPORT" { transport } else { *value }))
            .collect();
        let said = guichet(folder.path(), &["config", "check"], &settings);
        assert_eq!(said.code, 0, "{said:?}");
    }
    // Each stands below a line that explains it, and none is set unless somebody sets it.
    for paragraph in EXAMPLE.split("\n\n") {
        assert!(paragraph.starts_with("# "), "{paragraph}");
    }
    assert!(EXAMPLE.lines().all(|line| line.is_empty() || line.starts_with('#')));
}
