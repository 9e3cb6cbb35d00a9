//! Rows that are written together: all of them or none, in one go to the database.

use super::{Db, DbError, Dialect, Running, Tx, Value};

/// A row to be written: `Insert::new("verification").value("id", id).value("identifier", identifier)`.
pub struct Insert {
    table: &'static str,
    columns: Vec<&'static str>,
    values: Vec<Value>,
    effects: Effects,
}

type Effects = Vec<Box<dyn FnOnce() + Send>>;

impl Insert {
    /// Into this table.
    pub fn new(table: &'static str) -> Self {
        Self { table, columns: Vec::new(), values: Vec::new(), effects: Vec::new() }
    }

    /// With this in the column; columns that are not named get the table's own default.
    pub fn value(mut self, column: &'static str, value: impl Into<Value>) -> Self {
        self.columns.push(column);
        self.values.push(value.into());
        self
    }

    /// Runs `effect` once the row is committed, and never when it is not.
    pub fn after_commit(mut self, effect: impl FnOnce() + Send + 'static) -> Self {
        self.effects.push(Box::new(effect));
        self
    }
}

/// One SQL text for several rows. Postgres takes them as one statement, the rows before the last in its `with`; `SQLite` as a
/// script, which is handed over once.
struct Together {
    sql: String,
    values: Vec<Value>,
    effects: Effects,
}

impl Together {
    fn of(rows: Vec<Insert>, dialect: Dialect) -> Self {
        let (mut texts, mut values, mut effects) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let places = values.len() + 1..=values.len() + row.values.len();
            let places: Vec<String> = places.map(|place| format!("${place}")).collect();
            texts.push(format!(
                r#"insert into "{}" ("{}") values ({})"#,
                row.table,
                row.columns.join(r#"", ""#),
                places.join(", ")
            ));
            values.extend(row.values);
            effects.extend(row.effects);
        }
        let sql = match dialect {
            Dialect::Sqlite => texts.join("; "),
            Dialect::Postgres => {
                let last = texts.pop().unwrap_or_default();
                let before = texts.iter().enumerate().map(|(n, text)| format!(r#""w{n}" as ({text})"#));
                let before: Vec<String> = before.collect();
                if before.is_empty() { last } else { format!("with {} {last}", before.join(", ")) }
            }
        };
        Self { sql, values, effects }
    }
}

impl Db {
    /// Writes all of them, or none. Postgres needs no transaction around the one statement that it is.
    pub fn write(&self, rows: Vec<Insert>) -> Running<'_, ()> {
        Box::pin(async move {
            if self.dialect() == Dialect::Sqlite && rows.len() > 1 {
                let mut tx = self.begin().await?;
                tx.write(rows).await?;
                return tx.commit().await;
            }
            if rows.is_empty() {
                return Ok(());
            }
            let together = Together::of(rows, self.dialect());
            self.query(&together.sql).bind_all(together.values).execute().await?;
            for effect in together.effects {
                effect();
            }
            Ok(())
        })
    }
}

impl Tx {
    /// Writes all of them.
    pub fn write(&mut self, rows: Vec<Insert>) -> Running<'_, ()> {
        Box::pin(async move {
            if rows.is_empty() {
                return Ok(());
            }
            let together = Together::of(rows, self.dialect());
            self.query(&together.sql).bind_all(together.values).execute().await?;
            for effect in together.effects {
                self.after_commit(effect);
            }
            Ok::<(), DbError>(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Insert> {
        vec![
            Insert::new("one").value("id", "1").value("name", "x"),
            Insert::new("two").value("id", "2"),
            Insert::new("three").value("id", "3"),
        ]
    }

    #[test]
    fn postgres_takes_several_rows_as_one_statement() {
        let together = Together::of(rows(), Dialect::Postgres);
        assert_eq!(
            together.sql,
            r#"with "w0" as (insert into "one" ("id", "name") values ($1, $2)), "w1" as (insert into "two" ("id") values ($3)) insert into "three" ("id") values ($4)"#
        );
        assert_eq!(together.values.len(), 4);
        let alone = Together::of(rows().drain(1..2).collect(), Dialect::Postgres);
        assert_eq!(alone.sql, r#"insert into "two" ("id") values ($1)"#);
    }

    #[test]
    fn sqlite_takes_them_as_a_script() {
        let together = Together::of(rows(), Dialect::Sqlite);
        assert_eq!(
            together.sql,
            r#"insert into "one" ("id", "name") values ($1, $2); insert into "two" ("id") values ($3); insert into "three" ("id") values ($4)"#
        );
    }
}
