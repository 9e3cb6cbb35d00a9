//! The preset `client-person-entreprise`: tenants of a property manager, as people (`Person`) and as companies
//! (`Entreprise`), each the one of a `Client`.

use guichet_core::db::{DbError, Row};
use guichet_core::email_address::EmailAddress;
use guichet_core::store::Fields;

use crate::source::{Findings, Lookup, Person, Refusal, Source, is_address, tidy};

/// The profile of a `Client` who may come in.
const TENANT: &str = "LOCATAIRE";

/// A table that holds people.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Rows that may be of the address `$1`; Rust decides, see [`is_address`].
    pub(crate) sql: &'static str,
    /// The type of `Client` that belongs to it.
    client_type: &'static str,
    called: fn(first: String, second: String) -> String,
}

/// The rows of one table that may be of the address `$1`: those that the database itself finds equal, and the few
/// that it cannot compare (letters beyond ASCII, tabs and line ends of an import). Each half is an equation of one
/// expression, so that a large table can have an index for either (`docs/prepare-login.md`).
macro_rules! candidates {
    ($table:literal, $first:literal, $second:literal) => {
        concat!(
            r#"select r."email" as "email", r.""#,
            $first,
            r#"" as "first", r.""#,
            $second,
            r#"" as "second","#,
            "\n",
            r#"  c."id" as "clientId", c."type" as "type", c."profilType" as "profilType""#,
            "\n",
            r#"from ""#,
            $table,
            r#"" r left join "Client" c on c."id" = r."clientId""#,
            "\n",
            r#"where lower(trim(r."email")) = $1"#,
            "\n",
            r#"  or case when octet_length(r."email") <> length(r."email")"#,
            "\n",
            r#"    or trim(r."email", ' "#,
            "\t\r\n",
            r#"') <> trim(r."email") then 1 end = 1"#
        )
    };
}

static PERSON: Table = Table {
    name: "Person",
    sql: candidates!("Person", "firstName", "lastName"),
    client_type: "PERSONNE_PHYSIQUE",
    called: |first, last| format!("{first} {last}").trim().to_owned(),
};

static ENTREPRISE: Table = Table {
    name: "Entreprise",
    sql: candidates!("Entreprise", "legalName", "name"),
    client_type: "PERSONNE_MORALE",
    called: |legal_name, name| if legal_name.is_empty() { name } else { legal_name },
};

/// Its sources. The person wins over a company of the same address.
pub(crate) fn client_person_entreprise() -> Vec<Source> {
    [("person", &PERSON), ("entreprise", &ENTREPRISE)]
        .map(|(name, table)| Source { name: name.to_owned(), lookup: Lookup::Table(table) })
        .into()
}

impl Table {
    /// Reads a candidate.
    pub(crate) fn read(
        &self,
        row: &Row,
        email: &EmailAddress,
        findings: &mut Findings,
    ) -> Result<(), DbError> {
        let stored: Option<String> = row.maybe("email")?;
        if !is_address(stored.as_deref(), email) {
            findings.others.extend(stored);
            return Ok(());
        }
        let Some(client) = row.maybe::<String>("clientId")? else {
            findings.refused.push(Refusal::NoClient);
            return Ok(());
        };
        let (profile, kind): (String, String) = (tidy(row.maybe("profilType")?), tidy(row.maybe("type")?));
        if profile != TENANT {
            findings.refused.push(Refusal::Profile { client, is: profile });
        } else if kind != self.client_type {
            findings.refused.push(Refusal::Type { client, is: kind, needs: self.client_type });
        } else {
            let name = (self.called)(tidy(row.maybe("first")?), tidy(row.maybe("second")?));
            let mut fields = Fields::default();
            fields.set("clientId", client);
            findings.add(Person { name, image: None, fields });
        }
        Ok(())
    }
}
