//! Settings from the environment: `GUICHET_` in front, `__` between section and key, capitals, `_` for `-`.
//! The schema says what a text is: digits stay a secret, `a, b` becomes a list.

use std::ffi::OsString;

use super::known::{Form, Known, Node};
use super::problem::{Problem, known_instead};

const PREFIX: &str = "GUICHET_";

/// Variables that are no settings: those of the command line, of the tests and of the chores.
const RESERVED: [&str; 6] = ["CONFIG", "LOG", "LOG_FORMAT", "BIN", "CONFORMANCE", "CONFORMANCE_DATABASE"];
/// What the names of the tests' variables begin with.
const RESERVED_FOR_TESTS: &str = "TEST_";

/// A setting that a variable gives.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) path: Vec<String>,
    pub(super) value: toml::Value,
}

/// Reads every variable that is a setting. An empty one counts as not set.
pub(super) fn read(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    known: &Known,
) -> (Vec<Variable>, Vec<Problem>) {
    let mut settings = Vec::new();
    let mut problems = Vec::new();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| is_setting(name)).map(str::to_owned) else { continue };
        let Some(text) = value.to_str() else {
            problems.push(Problem::at(name, "is not UTF-8"));
            continue;
        };
        if text.is_empty() {
            continue;
        }
        match place(&name, known).and_then(|(path, node)| Ok((path, read_as(node, text)?))) {
            Ok((path, value)) => settings.push(Variable { name, path, value }),
            Err(text) => problems.push(Problem::at(name, text)),
        }
    }
    settings.sort_by(|a, b| a.path.cmp(&b.path));
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    (settings, problems)
}

fn is_setting(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .is_some_and(|rest| !RESERVED.contains(&rest) && !rest.starts_with(RESERVED_FOR_TESTS))
}

/// The variable's name of a path: `plugins.email-otp.digits` is `GUICHET_PLUGINS__EMAIL_OTP__DIGITS`.
pub fn variable_of(path: &[&str]) -> String {
    let segments: Vec<String> = path.iter().map(|key| spelled(key)).collect();
    format!("{PREFIX}{}", segments.join("__"))
}

fn spelled(key: &str) -> String {
    key.replace('-', "_").to_ascii_uppercase()
}

fn place<'k>(name: &str, known: &'k Known) -> Result<(Vec<String>, Option<Node<'k>>), String> {
    let mut path: Vec<String> = Vec::new();
    let mut node = Some(known.root());
    for segment in name.strip_prefix(PREFIX).unwrap_or(name).split("__") {
        let Some(here) = node.filter(|here| here.keys().is_some()) else {
            // Below a key whose contents are free.
            if node.is_some_and(|here| !matches!(here.form(), Form::Section | Form::Any)) {
                return Err(format!("{} has no keys below it", path.join(".")));
            }
            path.push(segment.to_ascii_lowercase());
            node = None;
            continue;
        };
        let Some((key, child)) = here.children().find(|(key, _)| spelled(key).eq_ignore_ascii_case(segment))
        else {
            let known: Vec<String> = here
                .children()
                .map(|(key, child)| {
                    let mut path: Vec<&str> = path.iter().map(String::as_str).collect();
                    path.push(key);
                    variable_of(&path) + if child.form() == Form::Section { "__…" } else { "" }
                })
                .collect();
            let known = known_instead(name, known.iter().map(String::as_str));
            return Err(format!("unknown variable; {known}"));
        };
        path.push(key.to_owned());
        node = Some(child);
    }
    Ok((path, node))
}

/// The text as what the key holds. Messages leave the text out: it may be a secret.
fn read_as(node: Option<Node<'_>>, text: &str) -> Result<toml::Value, String> {
    match node.map_or(Form::Any, Node::form) {
        Form::Text => Ok(toml::Value::String(text.to_owned())),
        Form::Boolean => match text.trim() {
            "true" => Ok(toml::Value::Boolean(true)),
            "false" => Ok(toml::Value::Boolean(false)),
            _ => Err("must be true or false".to_owned()),
        },
        Form::Integer => {
            text.trim().parse().map(toml::Value::Integer).map_err(|_| "must be a whole number".to_owned())
        }
        Form::List => list(node.and_then(Node::item), text),
        Form::Section => {
            match as_toml(text) {
                Some(value @ toml::Value::Table(_)) => Ok(value),
                _ => Err("is a section: set its keys, or write it as a table in TOML, { key = \"value\" }"
                    .to_owned()),
            }
        }
        Form::Any => Ok(as_toml(text).unwrap_or_else(|| toml::Value::String(text.to_owned()))),
    }
}

/// `["a", "b"]` as in TOML, or `a, b`.
fn list(item: Option<Node<'_>>, text: &str) -> Result<toml::Value, String> {
    let text = text.trim();
    if let Some(value @ toml::Value::Array(_)) = as_toml(text) {
        return Ok(value);
    }
    if item.is_some_and(|item| item.form() == Form::Section) {
        return Err("must be a list of tables in TOML, [{ key = \"value\" }]".to_owned());
    }
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let parts = bare.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| read_as(item, part)).collect::<Result<Vec<_>, _>>().map(toml::Value::Array)
}

fn as_toml(text: &str) -> Option<toml::Value> {
    toml::from_str::<toml::Table>(&format!("value = {text}")).ok()?.remove("value")
}
