//! What a type cannot say about a setting.

use super::Config;
use crate::db::unknown_scheme;
use crate::http::trusted::Trusted;

/// A wrong setting: its path, and what it must be.
pub(super) type Wrong = (Vec<String>, String);

/// Everything that is wrong.
pub(super) fn all(config: &Config) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut say =
        |path: &[&str], text: String| wrong.push((path.iter().map(|&k| k.to_owned()).collect(), text));
    if let Some(text) = base_url(&config.base_url) {
        say(&["base_url"], text);
    } else {
        match Trusted::new(&config.base_url, &config.trusted_origins) {
            Err(error) => say(&["trusted_origins"], error.to_string()),
            Ok(trusted) => {
                let redirect = &config.redirect;
                let targets = [("on_success", &redirect.on_success), ("on_sign_out", &redirect.on_sign_out)];
                for (key, target) in targets {
                    if let Some(target) = target.as_deref().filter(|target| !trusted.target(target)) {
                        let text = format!(
                            "{target:?} is neither a path of ours nor on one of the `trusted_origins`"
                        );
                        say(&["redirect", key], text);
                    }
                }
            }
        }
    }
    if config.app_name.trim().is_empty() || config.app_name.chars().any(char::is_control) {
        say(&["app_name"], "must be one line of text".to_owned());
    }
    let database = config.database.url.expose();
    if let Some(text) = unknown_scheme(database) {
        say(&["database", "url"], text);
    }
    if config.database.connections == 0 {
        say(&["database", "connections"], "must be at least 1".to_owned());
    }
    if config.http.body_limit < 1024 {
        say(&["http", "body_limit"], "must be at least 1024 bytes".to_owned());
    }
    let prefix = &config.session.cookie_prefix;
    if prefix.is_empty() || !prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
        say(&["session", "cookie_prefix"], "must be letters, digits, - _ or . alone".to_owned());
    }
    for (name, span) in [
        ("expires_in", config.session.expires_in),
        ("expires_in_unremembered", config.session.expires_in_unremembered),
        ("absolute", config.session.absolute),
    ] {
        if span.0.is_zero() {
            say(&["session", name], "must be longer than nothing".to_owned());
        }
    }
    for (key, text) in config.password.wrong() {
        say(&["password", key], text);
    }
    for (section, fields) in [("user", &config.user.fields), ("session", &config.session.fields)] {
        for (index, field) in fields.iter().enumerate() {
            if let Err(error) = field.column() {
                say(&[section, "fields", &index.to_string(), "default"], error.to_string());
            }
        }
    }
    if let Some(folder) = config.templates.as_ref().filter(|folder| !folder.is_dir()) {
        say(&["templates"], format!("{} is no folder", folder.display()));
    }
    wrong
}

/// Links are made from its origin alone, so anything beyond that would be lost without a word.
fn base_url(url: &url::Url) -> Option<String> {
    let example = "https://login.example.fr";
    let origin = url.origin().ascii_serialization();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Some(format!("must begin with https:// (or http://) and name a host: {example}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some(format!("must hold no user name or password: {origin}"));
    }
    if url.path() != "/" {
        return Some(format!(
            "must have no path, since Guichet serves /api/auth at the root of its host: {origin}"
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Some(format!("must end after the host and port: {origin}"));
    }
    None
}
