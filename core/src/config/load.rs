//! From a file and the environment to a [`Config`]. Everything that is wrong is found at once, with its place.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::environment::{self, Variable};
use super::file::{File, rivals};
use super::known::Known;
use super::problem::{ConfigError, Problem, plainly};
use super::sift::{sift, take_out_unknown};
use super::{Config, Secret, check};
use crate::plugin::{Registration, sections_by_default};

/// Settings, and where they came from.
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The file, when there is one.
    pub file: Option<PathBuf>,
    /// The environment variables that set something.
    pub variables: Vec<String>,
    /// What is set, sorted by path; everything else has its default.
    pub set: Vec<Setting>,
    /// Every key that is known.
    pub known: Known,
}

/// One key that is set.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// Its value.
    pub value: Value,
    /// `guichet.toml, line 3`, or the variable's name.
    pub place: String,
}

impl Loaded {
    /// Whether this key is set anywhere.
    pub fn is_set(&self, path: &[&str]) -> bool {
        self.set
            .iter()
            .any(|setting| setting.path.iter().map(String::as_str).take(path.len()).eq(path.iter().copied()))
    }
}

/// Reads `file` (when given, it must exist) and then the environment: `GUICHET_` in front, `__` between section
/// and key, e.g. `GUICHET_DATABASE__URL`. A file with any `[plugins.…]` section states the whole set of plugins;
/// a variable of a plugin switches it on besides.
#[expect(clippy::disallowed_methods, reason = "this is the environment's home")]
pub fn load(file: Option<&Path>, plugins: &[Registration]) -> Result<Loaded, ConfigError> {
    load_from(file, plugins, std::env::vars_os())
}

/// As [`load`], with the environment given.
pub fn load_from(
    file: Option<&Path>,
    plugins: &[Registration],
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Loaded, ConfigError> {
    let known = Known::new(plugins);
    let (variables, mut problems) = environment::read(variables, &known);
    let written = match file {
        Some(path) => match File::parse(path.display().to_string(), text_of(path)?) {
            Ok(file) => {
                problems.extend(file.problems(&known));
                Some(file)
            }
            Err(problem) => {
                problems.push(problem);
                return Err(ConfigError::Invalid(problems));
            }
        },
        None => None,
    };
    problems.extend(rival_variables(&variables));
    let merged = merge(written.as_ref(), plugins, &variables);
    let sources = Sources { file: written.as_ref(), variables: &variables, known: &known };
    let (config, more) = sources.interpret(merged.clone(), plugins, &problems);
    problems.extend(more);
    let config = config.filter(|_| problems.is_empty()).ok_or(ConfigError::Invalid(problems))?;
    let mut set = Vec::new();
    sources.leaves(&merged, &mut Vec::new(), &mut set);
    let variables = variables.iter().map(|variable| variable.name.clone()).collect();
    Ok(Loaded { config, file: file.map(Path::to_owned), variables, set, known })
}

fn text_of(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => ConfigError::NoFile(path.display().to_string()),
        _ => ConfigError::Unreadable { file: path.display().to_string(), source },
    })
}

/// The file's values, the default plugins when it names none, and the variables above them.
fn merge(file: Option<&File>, plugins: &[Registration], variables: &[Variable]) -> Table {
    let mut merged = file.map(|file| file.values.clone()).unwrap_or_default();
    merged.entry("plugins").or_insert_with(|| sections_by_default(plugins).into());
    for variable in variables {
        put(&mut merged, &variable.path, &variable.value, true);
    }
    merged
}

fn put(table: &mut Table, path: &[String], value: &Value, at_top: bool) {
    match path {
        [] => {}
        [key] => {
            // What is set closer to the process replaces the other way to say the same.
            for rival in rivals(at_top, key) {
                table.remove(&rival);
            }
            table.insert(key.clone(), value.clone());
        }
        [key, rest @ ..] => {
            let below = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(below) = below {
                put(below, rest, value, false);
            }
        }
    }
}

fn rival_variables(variables: &[Variable]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for variable in variables {
        let Some((key, section)) = variable.path.split_last() else { continue };
        for rival in rivals(section.is_empty(), key) {
            let other = variables.iter().find(|other| other.path.split_last() == Some((&rival, section)));
            if let Some(other) = other.filter(|other| variable.name < other.name) {
                problems.push(Problem::at(
                    &variable.name,
                    format!("set either this or {}, not both", other.name),
                ));
            }
        }
    }
    problems
}

/// Where settings come from, to say where a wrong one stands.
struct Sources<'a> {
    file: Option<&'a File>,
    variables: &'a [Variable],
    known: &'a Known,
}

impl Sources<'_> {
    /// As much as can be read, and everything that is wrong beside what was `named` before.
    fn interpret(
        &self,
        mut merged: Table,
        plugins: &[Registration],
        named: &[Problem],
    ) -> (Option<Config>, Vec<Problem>) {
        take_out_unknown(&mut merged, self.known.root());
        let whole = sift(merged, |table| read::<Config>(Value::Table(table)));
        let mut problems: Vec<Problem> =
            whole.wrong.iter().map(|(path, why)| self.unreadable(path, why)).collect();
        let Some(mut config) = whole.read else { return (None, problems) };
        if let Some(path) = &config.database.url_file {
            match Secret::given("database.url", None, Some(path)) {
                Ok(url) => config.database.url = url.unwrap_or_default(),
                Err(wrong) => {
                    let key = ["database".to_owned(), "url_file".to_owned()];
                    problems.push(self.problem(&key, &wrong.problem));
                }
            }
        }
        problems.extend(check::all(&config).into_iter().map(|(path, text)| self.problem(&path, &text)));
        for plugin in plugins {
            problems.extend(self.wrong_in_section(plugin, &config, named));
        }
        (Some(config), problems)
    }

    /// What is wrong with a plugin's section: values, and what the plugin itself says of them.
    fn wrong_in_section(&self, plugin: &Registration, config: &Config, named: &[Problem]) -> Vec<Problem> {
        let Some(section) = config.plugins.get(plugin.id) else { return Vec::new() };
        let at = |below: &[String]| [&["plugins".to_owned(), plugin.id.to_owned()], below].concat();
        let sifted = sift(section.clone(), plugin.form);
        let mut problems: Vec<Problem> =
            sifted.wrong.iter().map(|(path, why)| self.unreadable(&at(path), why)).collect();
        // The plugin would name once more what stands in no list now, or what excludes another key.
        let prefix = format!("plugins.{}.", plugin.id);
        let again = sifted.wrong.iter().any(|(path, _)| path.len() > 1)
            || named.iter().any(|problem| problem.text.starts_with(&prefix));
        if sifted.read.is_none() || again {
            return problems;
        }
        for text in (plugin.make)(sifted.rest, config).err().iter().flat_map(|text| text.lines()) {
            let key = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
            let place = self.place_of(&at(&[key.to_owned()]));
            problems.push(Problem { place, text: format!("[plugins.{}] {text}", plugin.id) });
        }
        problems
    }

    /// What serde says of a value.
    fn unreadable(&self, path: &[String], why: &str) -> Problem {
        self.problem(path, &plainly(why, self.known.is_secret(path)))
    }

    fn problem(&self, path: &[String], text: &str) -> Problem {
        let key = path.join(".");
        let text = if key.is_empty() { text.to_owned() } else { format!("{key}: {text}") };
        Problem { place: self.place_of(path), text }
    }

    fn place_of(&self, path: &[String]) -> Option<String> {
        let by_variable = self.variables.iter().find(|variable| path.starts_with(&variable.path));
        by_variable
            .map(|variable| variable.name.clone())
            .or_else(|| self.file.and_then(|file| file.place_of(path)))
    }

    /// Every value that is set; a list counts as one, and so does an empty section.
    fn leaves(&self, table: &Table, path: &mut Vec<String>, found: &mut Vec<Setting>) {
        for (key, value) in table {
            path.push(key.clone());
            match value {
                Value::Table(below) if !below.is_empty() => self.leaves(below, path, found),
                _ => {
                    let place = self.place_of(path).unwrap_or_else(|| "default".to_owned());
                    found.push(Setting { path: path.clone(), value: value.clone(), place });
                }
            }
            path.pop();
        }
    }
}

/// Reads a value as `T`; the error is the path to what is wrong, and why.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, (Vec<String>, String)> {
    serde_path_to_error::deserialize(value).map_err(|error: serde_path_to_error::Error<toml::de::Error>| {
        use serde_path_to_error::Segment;
        let path = error.path().iter().filter_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Enum { .. } | Segment::Unknown => None,
        });
        (path.collect(), error.inner().message().to_owned())
    })
}
