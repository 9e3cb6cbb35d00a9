//! `guichet adopt`

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use guichet_core::db::Db;
use guichet_core::migrate::adopt::{AdoptError, Adoption, Wanted, Way, apply, propose};
use guichet_core::serde_json::{Value, json, to_string_pretty};
use guichet_core::server;

use super::settings::Settings;
use super::{PENDING, output};

#[derive(Args)]
pub(crate) struct Options {
    /// Runs the proposed SQL, in one transaction; without it nothing is changed (exit code 2 when something would be)
    #[arg(long)]
    apply: bool,
    /// Leaves the tables as they are and lays updatable views with Guichet's names over them; Postgres only
    #[arg(long)]
    views: bool,
    /// The Postgres schema that holds Better Auth's tables [default: the one where they are found]
    #[arg(long, value_name = "SCHEMA")]
    from: Option<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(mut settings: Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let schema = server::schema(settings.config(), &settings.plugins()?)?;
    settings.switch_all_on()?;
    let known = server::schema(settings.config(), &settings.plugins()?)?;
    let way = if options.views { Way::Views } else { Way::Renames };
    let wanted = Wanted { way, from: options.from.clone(), schema: &schema, known: &known };
    match adopt(&settings, &wanted, options.apply).await {
        Ok(adoption) => said(&adoption, &settings, options),
        Err(error) => refused(error, options),
    }
}

async fn adopt(settings: &Settings, wanted: &Wanted<'_>, really: bool) -> anyhow::Result<Adoption> {
    if settings.missing_file().is_some() {
        // Looking would make the file.
        return Err(AdoptError::NothingFound.into());
    }
    let db = Db::connect(&settings.config().database.url, 1)
        .await
        .map_err(|error| settings.explain(error.into()))?;
    let done = if really { apply(&db, wanted).await } else { propose(&db, wanted).await };
    db.close().await;
    Ok(done?)
}

fn refused(error: anyhow::Error, options: &Options) -> anyhow::Result<ExitCode> {
    if options.json {
        let code = error.downcast_ref::<AdoptError>().map_or("DATABASE_UNREACHABLE", AdoptError::code);
        print_json(&json!({"error": {"code": code, "message": output::words(&error)}}))?;
        return Ok(ExitCode::FAILURE);
    }
    Err(error)
}

fn said(adoption: &Adoption, settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    for table in &adoption.beside {
        output::warning(&format!(
            "\"{table}\" looks like Better Auth's too and is left alone: a table of Guichet's name is there already"
        ));
    }
    let pending = !adoption.is_empty() && !options.apply;
    if options.json {
        print_json(&as_json(adoption, options.apply && !adoption.is_empty()))?;
    } else {
        output::print(&as_text(adoption, settings, options))?;
    }
    Ok(if pending { ExitCode::from(PENDING) } else { ExitCode::SUCCESS })
}

fn as_text(adoption: &Adoption, settings: &Settings, options: &Options) -> String {
    let database = settings.database();
    let mut text = String::new();
    if adoption.is_empty() {
        let _ = writeln!(
            text,
            "Better Auth's tables in {database} have the names that Guichet uses: nothing to take over."
        );
        next(&mut text, adoption);
        return text;
    }
    let place = adoption.from.as_ref().map(|schema| format!(", schema {schema}")).unwrap_or_default();
    let _ = writeln!(text, "Better Auth's tables in {database}{place}:\n");
    for known in adoption.tables.iter().filter(|known| !known.is_exact()) {
        let _ = writeln!(text, "  {} is \"{}\"", known.found, known.table);
        for (declared, found) in known.renamed() {
            let _ = writeln!(text, "    {found} is \"{declared}\"");
        }
    }
    if adoption.from != adoption.into && adoption.way == Way::Renames {
        let schema = adoption.from.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "\nThey move out of schema {schema}. To leave them there instead, put it first in the search path:\n\
             ?options=-csearch_path%3D{schema} at the end of database.url, and run this again."
        );
    }
    let _ = writeln!(text, "\n-- What takes them over\n{}", Adoption::script(&adoption.statements));
    let _ = writeln!(text, "-- The way back\n{}", Adoption::script(&adoption.reverse));
    if let (true, Some(into)) = (adoption.needs_search_path, &adoption.into) {
        let _ = writeln!(
            text,
            "Guichet must find the views first: put ?options=-csearch_path%3D{into},public at the end of database.url."
        );
    }
    next(&mut text, adoption);
    let ending = if options.apply {
        "Done, in one transaction. Keep the way back."
    } else {
        "Nothing was changed; `guichet adopt --apply` runs it in one transaction."
    };
    let _ = writeln!(text, "{ending}");
    text
}

/// What `guichet migrate` does after this.
fn next(text: &mut String, adoption: &Adoption) {
    let _ = match &adoption.afterwards {
        Some(plan) if plan.is_empty() => writeln!(text, "`guichet migrate` has nothing to add."),
        Some(plan) => writeln!(text, "`guichet migrate` then adds:\n{plan}"),
        None => writeln!(text, "`guichet migrate` then adds the tables that are Guichet's alone."),
    };
}

fn as_json(adoption: &Adoption, applied: bool) -> Value {
    let tables = adoption.tables.iter().map(|known| {
        let columns: Vec<Value> =
            known.columns.iter().map(|(declared, found)| json!({"name": declared, "found": found})).collect();
        json!({"name": known.table, "found": known.found, "columns": columns})
    });
    json!({
        "database": adoption.dialect.name(),
        "way": if adoption.way == Way::Views { "views" } else { "renames" },
        "from": adoption.from,
        "into": adoption.into,
        "needsSearchPath": adoption.needs_search_path,
        "tables": tables.collect::<Vec<_>>(),
        "beside": adoption.beside,
        "sql": adoption.statements,
        "reverse": adoption.reverse,
        "migrate": adoption.afterwards.as_ref().map(guichet_core::migrate::Plan::statements),
        "applied": applied,
    })
}

fn print_json(value: &Value) -> anyhow::Result<()> {
    output::print(&format!("{}\n", to_string_pretty(value)?))
}
