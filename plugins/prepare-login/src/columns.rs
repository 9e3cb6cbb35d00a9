//! The columns of `user` that portals fill. The configuration may declare the usual ones itself, with other rights.

use guichet_core::config::Config;
use guichet_core::schema::{Column, Kind};

use crate::options::ColumnOptions;
use crate::portal::Portal;
use crate::source::Lookup;

/// For whom people of a portal act.
const CLIENT: &str = "clientId";

/// Columns to declare: the settings' own, and of `role` and `clientId` those that are needed; a
/// `clientId` that the settings declare is declared again, as the one for whom people act.
pub(crate) fn declared(
    own: &[ColumnOptions],
    portals: &[Portal],
    config: &Config,
) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    for column in own {
        let first = column.name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        if !first || !column.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(format!("column name {:?}: a letter, then letters, digits and _", column.name));
        }
        columns.push(Column::new(column.name.clone(), column.kind).returned());
    }
    let needed = [("role", true), (CLIENT, portals.iter().any(fills_client_id))];
    for name in needed.into_iter().filter_map(|(name, is_needed)| is_needed.then_some(name)) {
        let configured = config.user.fields.iter().find(|field| field.name == name);
        let own = columns.iter().find(|c| c.name == name).map(|c| c.kind);
        match configured.map(|field| field.kind).or(own) {
            Some(Kind::Text) => {}
            Some(kind) => {
                return Err(format!(
                    "the column {name:?} of `user` is declared as {kind:?}; it must be text"
                ));
            }
            None => columns.push(Column::text(name).returned()),
        }
        if name != CLIENT {
            continue;
        }
        // Whoever declares it, and with whatever rights: it is the client for whom people act.
        if let Some(field) = configured {
            columns.push(field.column().map_err(|error| error.to_string())?.acts_for());
        } else if let Some(column) = columns.iter_mut().find(|column| column.name == name) {
            column.acts_for = true;
        }
    }
    Ok(columns)
}

fn fills_client_id(portal: &Portal) -> bool {
    portal.sources.iter().any(|source| match &source.lookup {
        Lookup::Table(_) => true,
        Lookup::Query(query) => query.names(CLIENT),
    })
}
