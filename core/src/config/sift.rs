//! Reads as much of a section as can be read, so that one mistake hides no other.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::check::Wrong;
use super::known::Node;

/// What is left of a section, and what had to be taken out of it.
pub(super) struct Sifted<T> {
    /// What the rest says; `None` when not even that can be read.
    pub(super) read: Option<T>,
    /// The rest.
    pub(super) rest: Table,
    /// Values that cannot be read: the path below the section, and why.
    pub(super) wrong: Vec<Wrong>,
}

/// Reads `table`; takes out each value that cannot be read, and reads again.
pub(super) fn sift<T>(table: Table, read: impl Fn(Table) -> Result<T, Wrong>) -> Sifted<T> {
    let mut rest = table;
    let mut wrong: Vec<Wrong> = Vec::new();
    let mut lists = Lists::default();
    loop {
        let (path, why) = match read(rest.clone()) {
            Ok(value) => return Sifted { read: Some(value), rest, wrong },
            Err(found) => found,
        };
        let written = lists.as_written(&path);
        // A key that was taken out is no missing one.
        let follows = wrong.iter().any(|(known, _)| {
            known
                .strip_prefix(&written[..])
                .and_then(<[String]>::first)
                .is_some_and(|key| why.contains("missing field") && why.contains(&format!("`{key}`")))
        });
        if !follows {
            wrong.push((written.clone(), why));
        }
        if !take_out(&mut rest, &path) {
            return Sifted { read: None, rest, wrong };
        }
        lists.took_out(&path, &written);
    }
}

/// Whether there was something.
fn take_out(table: &mut Table, path: &[String]) -> bool {
    let Some((last, above)) = path.split_last() else { return false };
    let Some((first, between)) = above.split_first() else { return table.remove(last).is_some() };
    let Some(mut value) = table.get_mut(first) else { return false };
    for step in between {
        let below = match value {
            Value::Table(table) => table.get_mut(step),
            Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get_mut(index)),
            _ => None,
        };
        let Some(below) = below else { return false };
        value = below;
    }
    match value {
        Value::Table(table) => table.remove(last).is_some(),
        Value::Array(items) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// Which elements of lists were taken out, by the list's path as it is written: later ones have moved up.
#[derive(Default)]
struct Lists(BTreeMap<Vec<String>, Vec<usize>>);

impl Lists {
    /// The path as it is written.
    fn as_written(&self, path: &[String]) -> Vec<String> {
        let mut written: Vec<String> = Vec::new();
        for step in path {
            let step = match (self.0.get(&written), step.parse::<usize>()) {
                (Some(gone), Ok(mut index)) => {
                    for gone in gone {
                        index += usize::from(*gone <= index);
                    }
                    index.to_string()
                }
                _ => step.clone(),
            };
            written.push(step);
        }
        written
    }

    fn took_out(&mut self, path: &[String], written: &[String]) {
        let is_index = path.last().is_some_and(|last| last.parse::<usize>().is_ok());
        if let Some((index, list)) = written.split_last().filter(|_| is_index)
            && let Ok(index) = index.parse()
        {
            let gone = self.0.entry(list.to_vec()).or_default();
            gone.push(index);
            gone.sort_unstable();
        }
    }
}

/// Takes out the keys that are not known, which the file's own look has named.
pub(super) fn take_out_unknown(table: &mut Table, node: Node<'_>) {
    let Some(keys) = node.keys() else { return };
    table.retain(|key, _| keys.contains_key(key));
    for (key, value) in table.iter_mut() {
        if let Some(child) = node.child(key) {
            below(value, child);
        }
    }
}

fn below(value: &mut Value, node: Node<'_>) {
    match value {
        Value::Table(table) => take_out_unknown(table, node),
        Value::Array(items) => {
            if let Some(item) = node.item() {
                for one in items {
                    below(one, item);
                }
            }
        }
        _ => {}
    }
}
