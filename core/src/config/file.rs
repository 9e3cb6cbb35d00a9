//! The settings' file: its values, and the line on which each key stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::known::{Known, Node};
use super::problem::{Problem, known_instead};

/// A file that was read.
pub(super) struct File {
    name: String,
    text: String,
    /// Its values.
    pub(super) values: toml::Table,
}

impl File {
    /// Reads TOML; the problem names the line.
    pub(super) fn parse(name: String, text: String) -> Result<Self, Problem> {
        match toml::from_str(&text) {
            Ok(values) => Ok(Self { name, text, values }),
            Err(error) => {
                let line = error.span().map(|span| line_at(&text, span.start));
                let place = line.map_or(name.clone(), |line| format!("{name}, line {line}"));
                Err(Problem::at(place, error.message().replace('\n', "; ")))
            }
        }
    }

    /// Its keys with their places in the text.
    fn table(&self) -> DeTable<'_> {
        DeTable::parse(&self.text).map(Spanned::into_inner).unwrap_or_default()
    }

    /// Keys that are not known, and pairs of which only one may be set.
    pub(super) fn problems(&self, known: &Known) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.look(&self.table(), known.root(), "", &mut problems);
        problems
    }

    fn look(&self, table: &DeTable<'_>, node: Node<'_>, path: &str, problems: &mut Vec<Problem>) {
        let Some(keys) = node.keys() else { return };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let full = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            let Some(child) = node.child(name) else {
                let what = if path == "plugins" { "plugin" } else { "key" };
                let known = known_instead(name, keys.keys().map(String::as_str));
                let section = if path.is_empty() { String::new() } else { format!(" in [{path}]") };
                let text = format!("unknown {what} {name:?}{section}; {known}");
                problems.push(Problem::at(self.place(key.span().start), text));
                continue;
            };
            if let Some(rival) = rivals(path.is_empty(), name).into_iter().find(|rival| {
                name < rival.as_str()
                    && keys.contains_key(rival)
                    && table.keys().any(|k| k.get_ref() == rival)
            }) {
                let text = format!("{full}: set either this or {rival}, not both");
                problems.push(Problem::at(self.place(key.span().start), text));
            }
            self.look_into(value.get_ref(), child, &full, problems);
        }
    }

    fn look_into(&self, value: &DeValue<'_>, node: Node<'_>, path: &str, problems: &mut Vec<Problem>) {
        match value {
            DeValue::Table(table) => self.look(table, node, path, problems),
            DeValue::Array(items) => {
                let Some(item) = node.item() else { return };
                for one in items {
                    self.look_into(one.get_ref(), item, path, problems);
                }
            }
            _ => {}
        }
    }

    /// `guichet.toml, line 3` for the deepest key of the path that the file holds.
    pub(super) fn place_of(&self, path: &[String]) -> Option<String> {
        let (first, rest) = path.split_first()?;
        let table = self.table();
        let (mut at, mut value) = entry(&table, first)?;
        for step in rest {
            let found = match value.get_ref() {
                DeValue::Table(table) => entry(table, step),
                DeValue::Array(items) => {
                    step.parse().ok().and_then(|index: usize| items.get(index)).map(|v| (v.span().start, v))
                }
                _ => None,
            };
            let Some((start, below)) = found else { break };
            (at, value) = (start, below);
        }
        Some(self.place(at))
    }

    fn place(&self, byte: usize) -> String {
        format!("{}, line {}", self.name, line_at(&self.text, byte))
    }
}

fn entry<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<(usize, &'t Spanned<DeValue<'i>>)> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(key, value)| (key.span().start, value))
}

fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}

/// The keys that mean the same as this one, of which only one may be set: `x` and `x_file`; at the top, the three
/// ways to give a secret.
pub(super) fn rivals(at_top: bool, key: &str) -> Vec<String> {
    const SECRETS: [&str; 3] = ["secret", "secret_file", "secrets"];
    if at_top && SECRETS.contains(&key) {
        return SECRETS.iter().filter(|other| **other != key).map(|other| (*other).to_owned()).collect();
    }
    match key.strip_suffix("_file") {
        Some(plain) => vec![plain.to_owned()],
        None => vec![format!("{key}_file")],
    }
}
