//! What `guichet doctor` is told: whether each portal would open, and whether its lookups read whole tables.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use guichet_core::app::App;
use guichet_core::check::Check;
use guichet_core::db::{Db, DbError, Dialect, Row};
use regex::Regex;

use crate::PrepareLogin;
use crate::portal::Portal;
use crate::source::{Lookup, Source};
use crate::start::{self, NOBODY};

impl PrepareLogin {
    pub(crate) async fn look(&self, app: &App) -> Vec<Check> {
        let asked = self.business.described(app);
        let db = match self.business.open(app).await {
            Ok(db) => db,
            Err(error) => {
                return vec![Check::bad("portals", format!("{error:#}"), "mend [plugins.prepare-login]")];
            }
        };
        let mut checks = Vec::new();
        for portal in &self.portals {
            checks.extend(of_portal(app, db, portal, &asked).await);
        }
        checks
    }
}

async fn of_portal(app: &App, db: &Db, portal: &Portal, asked: &str) -> Vec<Check> {
    let name = format!("portal {}", portal.name);
    if let Err(error) = start::check(app, db, portal, asked).await {
        let advice = "mend it in [plugins.prepare-login]; `guichet serve` does not start with it";
        return vec![Check::bad(name, format!("{error:#}"), advice)];
    }
    let mut checks = Vec::new();
    for source in &portal.sources {
        match tables_read_whole(db, source).await {
            Ok(tables) => checks.extend(tables.iter().map(|table| {
                let says = format!("source {}: each lookup reads the whole table {table:?}", source.name);
                Check::warning(name.clone(), says, source.index_for(table, db.dialect()))
            })),
            Err(error) => checks.push(Check::warning(
                name.clone(),
                format!("source {}: the database does not tell how it looks people up: {error}", source.name),
                "look at the query's plan yourself (`explain`)",
            )),
        }
    }
    if checks.is_empty() {
        let sources: Vec<&str> = portal.sources.iter().map(|source| source.name.as_str()).collect();
        checks.push(Check::good(name, format!("{} (of {asked}) can be asked, by index", sources.join(", "))));
    }
    checks
}

/// Tables that a lookup goes through from end to end, whatever their size: a table that is small today has the same
/// query when it is large.
async fn tables_read_whole(db: &Db, source: &Source) -> Result<BTreeSet<String>, DbError> {
    match db.dialect() {
        Dialect::Postgres => {
            let sql = format!("explain {}", source.sql());
            let mut tx = db.begin().await?;
            tx.query("set transaction read only").execute().await?;
            // A small table is read whole even where there is an index: this asks whether there is one.
            tx.query("set local enable_seqscan = off").execute().await?;
            let rows = tx.query(&sql).bind(NOBODY).rows().await;
            tx.rollback().await?;
            let lines: Result<Vec<String>, DbError> = rows?.iter().map(|row| row.get("QUERY PLAN")).collect();
            Ok(lines?.iter().filter_map(|line| scanned_by_postgres(line)).collect())
        }
        Dialect::Sqlite => {
            let sql = format!("explain query plan {}", source.sql());
            let rows = db.query(&sql).bind(NOBODY).rows().await?;
            let lines: Result<Vec<String>, DbError> =
                rows.iter().map(|row: &Row| row.get("detail")).collect();
            let mut tables = BTreeSet::new();
            for called in lines?.iter().filter_map(|line| scanned_by_sqlite(line)) {
                let table = behind(source.sql(), called);
                // What is no table was made by the query itself.
                let known = "select 1 from sqlite_master where type = 'table' and name = $1 collate nocase";
                if !db.query(known).bind(&table).rows().await?.is_empty() {
                    tables.insert(table);
                }
            }
            Ok(tables)
        }
    }
}

static SEQ_SCAN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"Seq Scan on (?:"([^"]+)"|(\S+))"#).ok());

fn scanned_by_postgres(line: &str) -> Option<String> {
    let found = SEQ_SCAN.as_ref()?.captures(line)?;
    Some(found.get(1).or_else(|| found.get(2))?.as_str().to_owned())
}

/// `SCAN r` and `SCAN r USING COVERING INDEX …`; the name is what the query calls the table.
fn scanned_by_sqlite(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("SCAN ")?;
    (!rest.contains("VIRTUAL TABLE")).then(|| rest.split(' ').next()).flatten()
}

/// The table that a query calls `called`: in `from "Person" as r`, that of `r` is `Person`.
fn behind(sql: &str, called: &str) -> String {
    let pattern = format!(
        r#"(?i)\b(?:from|join)\s+(?:"([^"]+)"|(\w+))\s+(?:as\s+)?"?{}"?(?:\W|$)"#,
        regex::escape(called)
    );
    let found = Regex::new(&pattern).ok();
    let found = found.as_ref().and_then(|form| form.captures(sql));
    let name = found.and_then(|found| found.get(1).or_else(|| found.get(2)));
    name.map_or(called, |name| name.as_str()).to_owned()
}

impl Source {
    /// What would let it find people in `table` without reading all of it.
    fn index_for(&self, table: &str, dialect: Dialect) -> String {
        match &self.lookup {
            // There is no E'…' there: tab and line ends stand in the expression as they are.
            Lookup::Table(known) if known.name == table && dialect == Dialect::Sqlite => {
                "the two indexes of docs/prepare-login.md (\"Large tables\"), with tab and line ends as they are".to_owned()
            }
            Lookup::Table(known) if known.name == table => format!(
                "it needs both, since it also finds addresses that the database cannot compare:\n\
                 create index on \"{table}\" (lower(trim(\"email\")));\n\
                 create index on \"{table}\" ((case when octet_length(\"email\") <> length(\"email\")\n    \
                 or trim(\"email\", E' \\t\\r\\n') <> trim(\"email\") then 1 end));"
            ),
            Lookup::Table(_) => format!("create index on \"{table}\" (\"id\");"),
            Lookup::Query(query) => match compared(query.text()) {
                Some(expression) => format!("create index on \"{table}\" ({expression});"),
                None => format!("an index on what the query compares of {table:?}"),
            },
        }
    }
}

/// What a query compares with `$1`, without the name that it gives the table: of `lower(trim(p.email)) = lower($1)`,
/// `lower(trim(email))`.
fn compared(query: &str) -> Option<String> {
    let (before, _) = query.split_once("$1")?;
    let mut before = before.trim_end();
    while let Some(shorter) = before.strip_suffix('(') {
        before = shorter.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').trim_end();
    }
    let left = before.strip_suffix('=')?.trim_end();
    let (mut depth, mut start) = (0_i32, left.len());
    for (at, c) in left.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' if depth == 0 => break,
            '(' => depth -= 1,
            c if depth == 0 && !(c.is_alphanumeric() || "_\".".contains(c)) => break,
            _ => {}
        }
        start = at;
    }
    let expression = left.get(start..).filter(|text| !text.is_empty())?;
    let qualified = Regex::new(r#"(?:"[^"]+"|\b[A-Za-z_]\w*)\."#).ok()?;
    Some(qualified.replace_all(expression, "").into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expression_that_is_compared_is_found() {
        for (query, wanted) in [
            (r"select name from people where lower(trim(email)) = $1", Some("lower(trim(email))")),
            (r#"select 1 from "P" p where p."email" = lower($1)"#, Some(r#""email""#)),
            ("select 1 from p where (lower(p.mail)=lower(trim($1)) or false)", Some("lower(mail)")),
            ("select 1 from p where $1 = email", None),
        ] {
            assert_eq!(compared(query).as_deref(), wanted, "{query}");
        }
    }

    #[test]
    fn plans_name_tables_and_aliases() {
        assert_eq!(
            scanned_by_postgres(r#"  ->  Seq Scan on "Person" r  (cost=0"#),
            Some("Person".to_owned())
        );
        assert_eq!(scanned_by_postgres("Index Scan using x on people"), None);
        assert_eq!(scanned_by_sqlite("SCAN r"), Some("r"));
        assert_eq!(scanned_by_sqlite("SEARCH r USING INDEX x"), None);
        assert_eq!(behind(r#"select 1 from "Person" r left join "Client" as c on 1"#, "c"), "Client");
        assert_eq!(behind("select 1 from people where", "people"), "people");
    }
}
