//! Take-over of Better Auth's tables under other names: snake case and plural as Drizzle's schema generator writes
//! them, or another Postgres schema. Proposes SQL and its way back; changes nothing unless told to.

mod catalogue;
mod mapped;
mod names;
mod recognise;
mod renames;
mod views;

use crate::db::{Db, DbError, Dialect, Tx};
use crate::migrate::names::quoted;
use crate::migrate::{Found, MigrateError, Plan, compare, lock, plan};
use crate::schema::Schema;

use catalogue::Place;
pub use recognise::Recognised;

/// How the tables come to have Guichet's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// They are renamed: a take-over for good. On both databases.
    Renames,
    /// They stay, under updatable views with Guichet's names: Better Auth goes on reading. On Postgres alone.
    Views,
}

/// What is wanted of [`propose`] and [`apply`].
#[derive(Debug, Clone)]
pub struct Wanted<'s> {
    /// How.
    pub way: Way,
    /// The Postgres schema that holds Better Auth's tables; needed when several do.
    pub from: Option<String>,
    /// What is declared now: what the tables must hold afterwards.
    pub schema: &'s Schema,
    /// What would be declared with every plugin on: renames give their columns the right name as well.
    pub known: &'s Schema,
}

/// What was found, and the SQL that takes it over.
#[derive(Debug, Clone)]
pub struct Adoption {
    /// The database it is for.
    pub dialect: Dialect,
    /// How.
    pub way: Way,
    /// The Postgres schema that holds the tables.
    pub from: Option<String>,
    /// The Postgres schema where Guichet finds them afterwards.
    pub into: Option<String>,
    /// `into` is not first in the search path: `database.url` must put it there.
    pub needs_search_path: bool,
    /// Better Auth's tables, those that are right already included.
    pub tables: Vec<Recognised>,
    /// Tables that look like Better Auth's beside one that has Guichet's name already.
    pub beside: Vec<String>,
    /// What takes them over, in order, without semicolons; empty when they are right as they are.
    pub statements: Vec<String>,
    /// What undoes it, in order.
    pub reverse: Vec<String>,
    /// What [`crate::migrate::apply`] does afterwards. `None` for views that are not there yet.
    pub afterwards: Option<Plan>,
}

impl Adoption {
    /// Whether Guichet can use the tables as they are.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// Statements as a script that runs as a whole or not at all.
    pub fn script(statements: &[String]) -> String {
        let lines: Vec<String> = statements.iter().map(|statement| format!("{statement};\n")).collect();
        format!("begin;\n{}commit;\n", lines.concat())
    }
}

/// A database that is not taken over; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// No place holds tables that look like Better Auth's.
    #[error(
        "no tables of Better Auth are here: none has the columns of its \"user\" and \"account\" under a name that is known [NO_TABLES_FOUND]"
    )]
    NothingFound,
    /// Several do, and none is first in the search path.
    #[error("several schemas hold tables of Better Auth: {}; choose with --from [SEVERAL_SCHEMAS]", .0.join(", "))]
    SeveralSchemas(Vec<String>),
    /// Two tables look like the same one of Better Auth.
    #[error(
        "{} all look like Better Auth's \"{table}\": rename those that are not [SEVERAL_TABLES]",
        .names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
    )]
    SeveralTables {
        /// The declared table.
        table: String,
        /// The candidates.
        names: Vec<String>,
    },
    /// Something else has the name.
    #[error("{0} is there already and is not what would be taken over: rename or drop it first [NAME_TAKEN]")]
    NameTaken(String),
    /// `SQLite` makes no updatable views.
    #[error(
        "on SQLite only renames are offered: a view there takes writes through triggers alone, and neither `returning` nor `on conflict` works through those [VIEWS_NOT_ON_SQLITE]"
    )]
    NoViews,
    /// What is there could not be used afterwards, or a statement failed.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}

impl From<DbError> for AdoptError {
    fn from(error: DbError) -> Self {
        Self::Migrate(error.into())
    }
}

impl AdoptError {
    /// A stable code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NothingFound => "NO_TABLES_FOUND",
            Self::SeveralSchemas(_) => "SEVERAL_SCHEMAS",
            Self::SeveralTables { .. } => "SEVERAL_TABLES",
            Self::NameTaken(_) => "NAME_TAKEN",
            Self::NoViews => "VIEWS_NOT_ON_SQLITE",
            Self::Migrate(MigrateError::Refused(_)) => "UNFIT_TABLES",
            Self::Migrate(MigrateError::NoSchema) => "NO_SCHEMA",
            Self::Migrate(_) => "DATABASE_REFUSED",
        }
    }
}

/// What [`apply`] would do now. Changes nothing and takes no lock that others feel.
pub async fn propose(db: &Db, wanted: &Wanted<'_>) -> Result<Adoption, AdoptError> {
    let mut tx = db.begin().await?;
    let proposed = look(&mut tx, wanted).await;
    tx.rollback().await?;
    proposed
}

/// Takes the tables over in one transaction, under the lock of migrations, and only when what is declared fits
/// afterwards.
pub async fn apply(db: &Db, wanted: &Wanted<'_>) -> Result<Adoption, AdoptError> {
    let mut tx = db.begin().await?;
    lock(&mut tx).await?;
    let done = run(&mut tx, wanted).await;
    match &done {
        Ok(adoption) if !adoption.is_empty() => tx.commit().await?,
        _ => tx.rollback().await?,
    }
    done
}

async fn run(tx: &mut Tx, wanted: &Wanted<'_>) -> Result<Adoption, AdoptError> {
    let mut adoption = look(tx, wanted).await?;
    if adoption.is_empty() {
        return Ok(adoption);
    }
    for statement in &adoption.statements {
        if let Err(source) = tx.query(statement).execute().await {
            return Err(MigrateError::Statement { statement: statement.clone(), source }.into());
        }
    }
    if let Some(into) = &adoption.into {
        search_in(tx, into).await?;
    }
    adoption.afterwards = Some(compare(tx, wanted.schema).await?);
    Ok(adoption)
}

async fn look(tx: &mut Tx, wanted: &Wanted<'_>) -> Result<Adoption, AdoptError> {
    let dialect = tx.dialect();
    if wanted.way == Way::Views && dialect == Dialect::Sqlite {
        return Err(AdoptError::NoViews);
    }
    let current = catalogue::current_schema(tx).await?;
    let places = catalogue::look(tx).await?;
    let declared = if wanted.way == Way::Renames { wanted.known } else { wanted.schema };
    let (place, tables) = recognise::choose(declared, &places, current.as_deref(), wanted.from.as_deref())?;
    let mut adoption = Adoption {
        dialect,
        way: wanted.way,
        from: place.schema.clone(),
        into: current,
        needs_search_path: false,
        beside: recognise::beside(declared, place, &tables),
        tables,
        statements: Vec::new(),
        reverse: Vec::new(),
        afterwards: None,
    };
    if adoption.from == adoption.into && adoption.tables.iter().all(Recognised::is_exact) {
        adoption.afterwards = Some(compare(tx, wanted.schema).await?);
        return Ok(adoption);
    }
    if let Some(from) = &adoption.from {
        search_in(tx, from).await?;
    }
    match wanted.way {
        Way::Renames => {
            renames::write(&mut adoption, &places)?;
            let names = mapped::whole(wanted.schema, &adoption.tables);
            let mut found = Found::look(tx, &names).await?;
            mapped::back(&mut found, &adoption.tables);
            adoption.afterwards = Some(plan(wanted.schema, &found).map_err(MigrateError::from)?);
        }
        Way::Views => {
            let names = mapped::taken_alone(wanted.schema, &adoption.tables);
            let found = Found::look(tx, &names).await?;
            let additions = plan(&names, &found).map_err(MigrateError::from)?;
            views::write(&mut adoption, &places, wanted.schema, &additions)?;
        }
    }
    Ok(adoption)
}

/// Until the end of the transaction.
async fn search_in(tx: &mut Tx, schema: &str) -> Result<(), DbError> {
    let sql = format!("set local search_path to {}", quoted(schema));
    tx.query(&sql).execute().await.map(drop)
}

/// The place of this name.
fn place<'p>(places: &'p [Place], schema: Option<&str>) -> Option<&'p Place> {
    places.iter().find(|place| place.schema.as_deref() == schema)
}
