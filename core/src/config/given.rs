//! A secret that stands in the settings, or in a file that they name.

use std::path::Path;

use super::Secret;

/// Why there is no secret where one was given. Holds nothing of it.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct SecretProblem {
    key: String,
    pub(super) problem: String,
}

impl Secret {
    /// The value of `key`, or what the file of `{key}_file` holds, without the line end; `None` when neither is set. An error
    /// names the key to change.
    pub fn given(
        key: &str,
        value: Option<&Self>,
        file: Option<&Path>,
    ) -> Result<Option<Self>, SecretProblem> {
        let file_key = format!("{key}_file");
        let wrong = |key: &str, problem: String| SecretProblem { key: key.to_owned(), problem };
        let (secret, key) = match (value, file) {
            (Some(_), Some(_)) => {
                return Err(wrong(key, format!("set either this or {file_key}, not both")));
            }
            (Some(value), None) => (value.clone(), key),
            (None, Some(path)) => {
                let unreadable =
                    |error| wrong(&file_key, format!("{} cannot be read: {error}", path.display()));
                let text = std::fs::read_to_string(path).map_err(unreadable)?;
                (Self::from(text.trim_end_matches(['\r', '\n'])), file_key.as_str())
            }
            (None, None) => return Ok(None),
        };
        if secret.expose().is_empty() {
            return Err(wrong(key, "is empty".to_owned()));
        }
        Ok(Some(secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(value: Option<&str>, file: Option<&Path>) -> String {
        Secret::given("token", value.map(Secret::from).as_ref(), file).unwrap_err().to_string()
    }

    #[test]
    fn it_is_the_value_or_what_the_file_holds_without_its_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, " held by a file \r\n").unwrap();
        let held = Secret::given("token", None, Some(&file)).unwrap().unwrap();
        assert_eq!(held.expose(), " held by a file ");
        let written = Secret::given("token", Some(&"written".into()), None).unwrap().unwrap();
        assert_eq!(written.expose(), "written");
        assert!(Secret::given("token", None, None).unwrap().is_none());
    }

    #[test]
    fn what_cannot_be_used_names_the_key_to_change() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        std::fs::write(&empty, "\n").unwrap();
        assert_eq!(problem(None, Some(&empty)), "token_file: is empty");
        assert_eq!(problem(Some(""), None), "token: is empty");
        assert_eq!(problem(Some("x"), Some(&empty)), "token: set either this or token_file, not both");
        let nowhere = folder.path().join("nowhere");
        assert!(problem(None, Some(&nowhere)).starts_with(&format!("token_file: {} ", nowhere.display())));
    }
}
