//! Names in SQL: quoting them, and making new ones for indexes.

use std::collections::BTreeSet;
use std::fmt::Display;

use sha2::{Digest, Sha256};

/// Postgres cuts longer names off, silently, and then they may collide (`NAMEDATALEN` - 1, in bytes).
const LONGEST: usize = 63;

/// An identifier as SQL wants it, whatever is in it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Several identifiers, separated by commas.
pub(super) fn quoted_list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| quoted(name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A text as SQL wants it. Both databases take backslashes as they are.
pub(super) fn literal(text: impl Display) -> String {
    format!("'{}'", text.to_string().replace('\'', "''"))
}

/// `<table>_<columns>_<suffix>`, as Better Auth and Postgres name indexes. Shortened when it is too long, numbered
/// when something else has that name already; `taken` holds lower-case names and gets the new one.
pub(super) fn index_name<S: AsRef<str>>(
    table: &str,
    columns: &[S],
    suffix: &str,
    taken: &mut BTreeSet<String>,
) -> String {
    let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
    let wanted = format!("{table}_{}_{suffix}", columns.join("_"));
    let mut name = fitting(&wanted);
    let mut number = 1;
    while !taken.insert(name.to_lowercase()) {
        number += 1;
        name = fitting(&format!("{wanted}{number}"));
    }
    name
}

/// Cut so that eight digits of a hash keep it apart from others with the same beginning.
fn fitting(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let digest = hex::encode(Sha256::digest(name));
    let hash = digest.get(..8).unwrap_or_default();
    let mut end = LONGEST - hash.len() - 1;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{hash}", name.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut taken = BTreeSet::from(["user_role_idx".to_owned()]);
        assert_eq!(index_name("user", &["role"], "idx", &mut taken), "user_role_idx2");
        assert_eq!(index_name("user", &["role"], "idx", &mut taken), "user_role_idx3");
    }

    #[test]
    fn long_names_stay_apart_and_within_what_postgres_keeps() {
        let mut taken = BTreeSet::new();
        let long = "é".repeat(40);
        let one = index_name(&long, &["a"], "idx", &mut taken);
        let other = index_name(&long, &["b"], "idx", &mut taken);
        assert!(one.len() <= LONGEST && other.len() <= LONGEST && one != other);
    }

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(quoted(r#"a "b" c"#), r#""a ""b"" c""#);
        assert_eq!(literal("l'été"), "'l''été'");
    }
}
