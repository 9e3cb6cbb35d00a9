//! A database's URL, read for messages.

/// Kind and place of a database, `Postgres, db.example.fr:5432/people` or `SQLite, data/guichet.db`; never a user,
/// a password or a parameter.
pub fn described(url: &str) -> String {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return format!("SQLite, {}", path.split('?').next().unwrap_or(path));
    }
    match url::Url::parse(url) {
        Ok(url) => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("Postgres, {}{port}{}", url.host_str().unwrap_or("local socket"), url.path())
        }
        Err(_) => "Postgres".to_owned(),
    }
}

/// What to say of a URL that is none of `postgres://…` and `sqlite:…`. Names the scheme alone: the rest may hold a
/// password.
pub(crate) fn unknown_scheme(url: &str) -> Option<String> {
    if ["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| url.starts_with(scheme)) {
        return None;
    }
    let other = url.split_once("://").map(|(scheme, _)| scheme);
    let other =
        other.filter(|scheme| scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)));
    let not = other.map(|scheme| format!(", not {scheme}://")).unwrap_or_default();
    Some(format!("must begin with postgres:// or sqlite:{not}"))
}

#[cfg(test)]
mod tests {
    use super::{described, unknown_scheme};

    #[test]
    fn a_database_is_named_without_who_comes_and_how() {
        let url = "postgres://ann:hunter2@db.example.fr:5433/people?password=hunter2";
        assert_eq!(described(url), "Postgres, db.example.fr:5433/people");
        assert_eq!(described("sqlite://data/guichet.db?mode=ro"), "SQLite, data/guichet.db");
    }

    #[test]
    fn another_kind_is_called_by_its_name() {
        assert_eq!(unknown_scheme("postgresql://db/people"), None);
        let said = unknown_scheme("mysql://ann:hunter2@db/people").unwrap();
        assert_eq!(said, "must begin with postgres:// or sqlite:, not mysql://");
        assert_eq!(unknown_scheme("hunter2").unwrap(), "must begin with postgres:// or sqlite:");
    }
}
