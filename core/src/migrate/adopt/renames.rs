//! The SQL of a take-over for good.

use super::catalogue::Place;
use super::{AdoptError, Adoption, place};
use crate::migrate::names::quoted;

/// Renames columns, then the table, then moves it into the schema that is searched; the way back undoes that in the
/// opposite order.
pub(super) fn write(adoption: &mut Adoption, places: &[Place]) -> Result<(), AdoptError> {
    let (from, into) = (adoption.from.as_deref(), adoption.into.as_deref());
    let moves = from != into;
    let qualified = |schema: Option<&str>, table: &str| match schema {
        Some(schema) if moves => format!("{}.{}", quoted(schema), quoted(table)),
        _ => quoted(table),
    };
    let target = place(places, into);
    let (mut statements, mut reverse) = (Vec::new(), Vec::new());
    for known in &adoption.tables {
        if (moves || known.found != known.table) && target.is_some_and(|target| target.holds(&known.table)) {
            return Err(AdoptError::NameTaken(qualified(into, &known.table)));
        }
        let mut step = |forth: String, back: String| {
            statements.push(forth);
            reverse.push(back);
        };
        let (old, new) = (qualified(from, &known.found), qualified(from, &known.table));
        for (declared, found) in known.renamed() {
            let (declared, found) = (quoted(declared), quoted(found));
            step(
                format!("alter table {old} rename column {found} to {declared}"),
                format!("alter table {old} rename column {declared} to {found}"),
            );
        }
        if known.found != known.table {
            step(
                format!("alter table {old} rename to {}", quoted(&known.table)),
                format!("alter table {new} rename to {}", quoted(&known.found)),
            );
        }
        if let (true, Some(from), Some(into)) = (moves, from, into) {
            step(
                format!("alter table {new} set schema {}", quoted(into)),
                format!("alter table {}.{} set schema {}", quoted(into), quoted(&known.table), quoted(from)),
            );
        }
    }
    reverse.reverse();
    (adoption.statements, adoption.reverse) = (statements, reverse);
    Ok(())
}
