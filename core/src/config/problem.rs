//! What is wrong with a configuration, and where it stands.

use std::fmt;

/// One thing to change. Never holds the value of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `guichet.toml, line 3`, or the name of an environment variable.
    pub place: Option<String>,
    /// What is wrong, with the key, and what may stand there instead.
    pub text: String,
}

impl Problem {
    pub(super) fn at(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: Some(place.into()), text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file is not there.
    #[error("the configuration file {0} does not exist")]
    NoFile(String),
    /// The named file cannot be read.
    #[error("the configuration file {file} cannot be read: {source}")]
    Unreadable {
        /// Its path.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Keys are unknown or values have the wrong form: all that was found, one a line.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Invalid(Vec<Problem>),
}

/// The nearest known name, and all of them.
pub(super) fn known_instead<'a>(named: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.collect();
    let near =
        known.iter().map(|k| (strsim::jaro_winkler(k, named), k)).filter(|(nearness, _)| *nearness > 0.85);
    let near = near.max_by(|a, b| a.0.total_cmp(&b.0));
    let known_here =
        near.map_or_else(|| "known here".to_owned(), |(_, name)| format!("did you mean {name}? Known here"));
    known.sort_unstable();
    format!("{known_here}: {}", known.join(", "))
}

/// serde's words about a value, as a person wants to read them; `secret` leaves the value out.
pub(super) fn plainly(message: &str, secret: bool) -> String {
    let message = message.trim();
    if message.contains("relative URL without a base") {
        return "must be an address such as https://login.example.fr".to_owned();
    }
    if message.contains("socket address") {
        return "must be an IP address and a port, such as 127.0.0.1:3000".to_owned();
    }
    if let Some((found, _)) = message.split_once(": unknown time unit") {
        let not = if secret { String::new() } else { format!(", not {found}") };
        return format!("must be a length of time such as \"15m\" or \"7d\"{not}");
    }
    let wrong = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let Some((found, expected)) = wrong.and_then(|rest| rest.rsplit_once(", expected ")) else {
        return if secret { "cannot be read".to_owned() } else { message.to_owned() };
    };
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "i8" | "i16" | "i32" | "i64" | "isize" => "an integer",
        other => other,
    };
    if secret { format!("must be {expected}") } else { format!("must be {expected}, not {found}") }
}
