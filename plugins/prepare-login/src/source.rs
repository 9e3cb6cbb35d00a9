//! A source: something that finds people by e-mail address in the business database, and says who they are.

use guichet_core::db::{Db, DbError, Row, Value};
use guichet_core::email_address::EmailAddress;
use guichet_core::schema::{Column, Kind};
use guichet_core::store::{Fields, Users};

use crate::preset::Table;

/// Where people are found.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) lookup: Lookup,
}

/// How they are found.
#[derive(Debug)]
pub(crate) enum Lookup {
    /// In a table that is known.
    Table(&'static Table),
    /// By a query of the operator's.
    Query(Query),
}

/// Somebody as the business database has them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) image: Option<String>,
    pub(crate) fields: Fields,
}

/// What a lookup gave.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Different people of this address; more than one is nobody.
    pub(crate) people: Vec<Person>,
    /// Rows of this address that let nobody in.
    pub(crate) refused: Vec<Refusal>,
    /// Addresses of rows that only look like it; for explanations.
    pub(crate) others: Vec<String>,
}

/// Why a row of the right address lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It belongs to no `Client`.
    NoClient,
    /// Its `Client` is no tenant.
    Profile { client: String, is: String },
    /// Its `Client` is of the other type: the data contradict each other.
    Type { client: String, is: String, needs: &'static str },
}

impl Findings {
    /// Adds somebody, once.
    pub(crate) fn add(&mut self, person: Person) {
        if !self.people.contains(&person) {
            self.people.push(person);
        }
    }
}

/// A query of the operator's. It stands as a subquery in everything that is run: nothing there can write, whatever
/// it says, on either database.
#[derive(Debug)]
pub(crate) struct Query {
    text: String,
    run: String,
}

impl Query {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_end_matches(';').trim_end();
        let first = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if !["select", "with"].iter().any(|word| first.eq_ignore_ascii_case(word)) {
            return Err("its query must begin with select or with: sources only read".to_owned());
        }
        if !text.contains("$1") {
            return Err("its query must compare with $1, the e-mail address; without it, everybody matches"
                .to_owned());
        }
        Ok(Self { text: text.to_owned(), run: format!("select found.* from (\n{text}\n) as found") })
    }

    /// As the operator wrote it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it speaks of this name.
    pub(crate) fn names(&self, column: &str) -> bool {
        self.text.contains(column)
    }
}

impl Source {
    pub(crate) fn sql(&self) -> &str {
        match &self.lookup {
            Lookup::Table(table) => table.sql,
            Lookup::Query(query) => &query.run,
        }
    }

    /// A statement that always gives a row, even when nobody is found: it shows the columns.
    pub(crate) fn probe(&self) -> String {
        let sql = match &self.lookup {
            Lookup::Table(table) => table.sql,
            Lookup::Query(query) => &query.text,
        };
        format!("select found.* from (select 1 as anchor) as one left join (\n{sql}\n) as found on 1 = 1")
    }

    /// Who has this address. Reads; the same statement whatever the address.
    pub(crate) async fn look_up(
        &self,
        db: &Db,
        users: &Users,
        email: &EmailAddress,
    ) -> Result<Findings, DbError> {
        let rows = db.query(self.sql()).bind(email.as_str()).rows().await?;
        let mut findings = Findings::default();
        for row in &rows {
            match &self.lookup {
                Lookup::Table(table) => table.read(row, email, &mut findings)?,
                Lookup::Query(_) => read(row, users, email, &mut findings)?,
            }
        }
        Ok(findings)
    }
}

/// Compares in Rust what databases compare differently: capitals beyond ASCII depend on the locale on Postgres and
/// stay as they are on `SQLite`, and neither knows compatibility forms.
pub(crate) fn is_address(stored: Option<&str>, email: &EmailAddress) -> bool {
    stored.and_then(EmailAddress::parse_international).as_ref() == Some(email)
}

fn read(row: &Row, users: &Users, email: &EmailAddress, findings: &mut Findings) -> Result<(), DbError> {
    let mut person = Person::default();
    for name in row.columns() {
        match name.as_str() {
            "email" => {
                let stored: Option<String> = row.maybe("email")?;
                if !is_address(stored.as_deref(), email) {
                    findings.others.extend(stored);
                    return Ok(());
                }
            }
            "name" => person.name = tidy(row.maybe("name")?),
            "image" => person.image = row.maybe("image")?,
            other => {
                // The start has refused columns that `user` does not have.
                if let Some(column) = users.extra_columns().find(|column| column.name == other) {
                    person.fields.set(other, value(row, column)?);
                }
            }
        }
    }
    findings.add(person);
    Ok(())
}

/// A name without spaces around it; empty when there is none.
pub(crate) fn tidy(name: Option<String>) -> String {
    name.map(|name| name.trim().to_owned()).unwrap_or_default()
}

fn value(row: &Row, column: &Column) -> Result<Value, DbError> {
    let name = column.name.as_ref();
    Ok(match column.kind {
        Kind::Text => Value::Text(row.maybe(name)?),
        Kind::Integer | Kind::BigInteger => Value::Integer(row.maybe(name)?),
        Kind::Boolean => Value::Boolean(row.maybe(name)?),
        Kind::Timestamp => Value::Timestamp(row.maybe(name)?),
    })
}
