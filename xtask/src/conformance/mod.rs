//! `cargo xtask conformance`: the reference server and ours, asked the same, compared answer by answer.

mod deviations;
mod kit;
mod report;
mod verdict;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::children::Children;
use crate::cluster::Cluster;
use crate::database::Database;
use crate::product;
use crate::tools::{self, Places};
use crate::workspace::Workspace;

use deviations::Deviations;
use kit::Kit;
use verdict::{Results, Verdict};

#[derive(Args)]
pub(crate) struct Options {
    /// Our server on Postgres (the default when neither is named)
    #[arg(long)]
    postgres: bool,
    /// Our server on SQLite; a scenario is compared until it asks the database itself
    #[arg(long)]
    sqlite: bool,
    /// The conformance kit's folder
    #[arg(long, env = "GUICHET_CONFORMANCE", value_name = "DIR")]
    kit: Option<PathBuf>,
    /// Compares the program that the tests built instead of a release build
    #[arg(long)]
    dev: bool,
    /// For the kit's run.mjs; with --only or --area those scenarios run, else all that count
    #[arg(last = true, value_name = "ARGS")]
    rest: Vec<String>,
    #[command(flatten)]
    places: Places,
}

impl Options {
    fn databases(&self) -> Vec<Database> {
        let named = [(Database::Postgres, self.postgres || !self.sqlite), (Database::Sqlite, self.sqlite)];
        named.into_iter().filter_map(|(database, wanted)| wanted.then_some(database)).collect()
    }

    fn chooses_itself(&self) -> bool {
        self.rest.iter().any(|word| matches!(word.as_str(), "--only" | "--area" | "--dir" | "--profile"))
    }
}

pub(crate) fn run(workspace: &Workspace, children: &Children, options: &Options) -> Result<ExitCode> {
    let deviations = Deviations::read(&workspace.root)?;
    let tools = tools::set_up(children, &options.places, false)?;
    let kit = Kit::bring(workspace, children, options.kit.as_deref())?;
    let scenarios = kit.scenarios()?;
    deviations.check(&workspace.root, &scenarios)?;
    let program = product::build(workspace, children, !options.dev)?;

    let (mut passed, mut failed) = (0, 0);
    for database in options.databases() {
        children.go_on()?;
        let cluster = Cluster::start(&tools.pg_bin, &workspace.target)?;
        let chosen: Vec<&str> = if options.chooses_itself() {
            vec![]
        } else {
            scenarios.iter().filter(|one| deviations.counts(one)).map(|one| one.name.as_str()).collect()
        };
        let comparison = Comparison { workspace, children, kit: &kit, program: &program, database };
        let results = comparison.run(&cluster, &chosen, &options.rest)?;
        let verdict = Verdict::of(&results, &scenarios, &deviations, database, &chosen);
        report::print(&verdict, database);
        passed += verdict.passed();
        failed += verdict.failed();
    }
    println!("\n{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Comparison<'a> {
    workspace: &'a Workspace,
    children: &'a Children,
    kit: &'a Kit,
    program: &'a Path,
    database: Database,
}

impl Comparison<'_> {
    /// Runs the kit; its own account goes to `conformance-<database>.log` in the build folder, the
    /// transcripts beside it.
    fn run(&self, cluster: &Cluster, chosen: &[&str], rest: &[String]) -> Result<Results> {
        let Self { workspace, database, .. } = self;
        let serve = workspace.root.join("tests/conformance/serve");
        ensure!(serve.exists(), "{} is not there", serve.display());
        let quoted = format!("'{}'", serve.display().to_string().replace('\'', r"'\''"));
        // The build folder may be shared with other worktrees: written beside, then put in place.
        let folder = tempfile::Builder::new().prefix("conformance-").tempdir_in(&workspace.target)?;
        let (json, log) = (folder.path().join("results.json"), folder.path().join("log"));
        // The program of this moment, whatever is built while it runs.
        let program = folder.path().join("guichet");
        fs::hard_link(self.program, &program).context("the built program")?;

        println!("comparing on {}…", database.name());
        let mut node = workspace.command("node");
        node.current_dir(&self.kit.folder).args(["run.mjs", "--target-cmd", &quoted, "--json"]).arg(&json);
        node.args(rest).args(chosen.iter().flat_map(|name| ["--only", name]));
        node.env("DATABASE_URL", cluster.url())
            .env("GUICHET_BIN", &program)
            .env("GUICHET_CONFORMANCE_DATABASE", database.name())
            .stdout(File::create(&log)?);
        let outcome = self.children.status(&mut node);

        let kept = |kind: &str| workspace.target.join(format!("conformance-{}.{kind}", database.name()));
        fs::rename(&log, kept("log"))?;
        let status = outcome?;
        ensure!(
            matches!(status.code(), Some(0 | 1)),
            "the kit could not compare ({status}); see {}",
            kept("log").display()
        );
        let results = fs::read(&json).context("the kit wrote no results")?;
        fs::rename(&json, kept("json"))?;
        println!("transcripts: {}", kept("json").display());
        serde_json::from_slice(&results).context("the kit's results")
    }
}
