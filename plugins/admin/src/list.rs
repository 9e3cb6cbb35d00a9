//! Finding users: a search, a filter, an order. Only columns that leave the server anyway can be asked about: a hidden one
//! could be guessed letter by letter.

use std::fmt::Write as _;

use guichet_core::app::App;
use guichet_core::db::{Value, like_escaped};
use guichet_core::error::Result;
use guichet_core::http::Issues;
use guichet_core::schema::{Column, Kind};
use guichet_core::timestamp::Timestamp;

/// More values than this are nobody's filter.
const MOST_VALUES: usize = 200;

guichet_core::choices! {
    /// How a column is compared.
    pub(crate) enum Operator {
        Eq = "eq",
        Ne = "ne",
        Lt = "lt",
        Lte = "lte",
        Gt = "gt",
        Gte = "gte",
        In = "in",
        NotIn = "not_in",
        Contains = "contains",
        StartsWith = "starts_with",
        EndsWith = "ends_with",
    }
}

/// Conditions that all hold.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// ` where …`, or nothing.
    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    /// What it binds.
    pub(crate) fn values(&self) -> Vec<Value> {
        self.values.clone()
    }

    fn place(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// Adds that `column` compares to `given` like this; 400 for values of another kind, and for parts of what is no text.
    pub(crate) fn add(&mut self, column: &Column, operator: Operator, given: &[String]) -> Result<()> {
        let name = format!(r#"u."{}""#, column.name);
        let condition = match operator {
            Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
                self.like(column, &name, operator, given)?
            }
            Operator::In | Operator::NotIn => {
                if given.len() > MOST_VALUES {
                    return Err(wrong(
                        "filterValue",
                        &format!("Too big: expected array to have <={MOST_VALUES} items"),
                    ));
                }
                let values: Vec<Value> =
                    given.iter().map(|text| typed(column, text)).collect::<Result<_>>()?;
                let places: Vec<String> = values.into_iter().map(|value| self.place(value)).collect();
                let not = if operator == Operator::NotIn { "not " } else { "" };
                format!("{name} {not}in ({})", places.join(", "))
            }
            _ => {
                let [text] = given else { return Err(wrong("filterValue", "Invalid input")) };
                let sign = match operator {
                    Operator::Ne => "<>",
                    Operator::Lt => "<",
                    Operator::Lte => "<=",
                    Operator::Gt => ">",
                    Operator::Gte => ">=",
                    _ => "=",
                };
                let place = self.place(typed(column, text)?);
                format!("{name} {sign} {place}")
            }
        };
        let joint = if self.sql.is_empty() { " where" } else { " and" };
        let _ = write!(self.sql, "{joint} {condition}");
        Ok(())
    }

    /// Wildcards of what was asked for stand for themselves.
    fn like(&mut self, column: &Column, name: &str, operator: Operator, given: &[String]) -> Result<String> {
        let ([text], Kind::Text) = (given, column.kind) else {
            return Err(wrong(
                "filterOperator",
                "Invalid input: takes a column that holds text, and one value",
            ));
        };
        let text = like_escaped(text);
        let place = self.place(Value::from(match operator {
            Operator::StartsWith => format!("{text}%"),
            Operator::EndsWith => format!("%{text}"),
            _ => format!("%{text}%"),
        }));
        Ok(format!("cast({name} as text) like {place} escape '!'"))
    }
}

/// The column of this name, when it leaves the server; 400 otherwise.
pub(crate) fn column<'a>(app: &'a App, field: &str, name: &str) -> Result<&'a Column> {
    let found = app.users.columns().iter().find(|column| column.returned && column.name == name);
    found.ok_or_else(|| wrong(field, "Invalid input: `user` has no such column"))
}

fn typed(column: &Column, text: &str) -> Result<Value> {
    let kind = |what: &str| wrong("filterValue", &format!("Invalid input: expected {what}, received string"));
    Ok(match column.kind {
        Kind::Text => text.into(),
        Kind::Boolean => (text == "true").into(),
        Kind::Integer | Kind::BigInteger => text.parse::<i64>().map_err(|_| kind("number"))?.into(),
        Kind::Timestamp => Timestamp::parse(text).ok_or_else(|| kind("date"))?.into(),
    })
}

pub(crate) fn wrong(field: &str, problem: &str) -> guichet_core::Error {
    let mut issues = Issues::default();
    issues.note(&format!("query.{field}"), problem);
    issues.into_error()
}
