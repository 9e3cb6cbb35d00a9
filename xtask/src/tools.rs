//! The programs that the tests stand on: found, or installed where that is ours to do, or named.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::children::Children;
use crate::debian;

const OLDEST_POSTGRES: u32 = 15;
/// What `engines` says in package.json, in words.
const NODE: &str = "Node 20.19 or a newer 20, or 22.12 or newer";
const CHROMIUMS: [&str; 5] =
    ["chromium", "/usr/bin/chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Debian's own Python: its packages are seen by no other.
const PYTHON: &str = "/usr/bin/python3";
const PYTHON_MODULES: &str =
    "import jwt, cryptography, fastapi, flask, asgiref, multipart, httpx, uvicorn, authlib, pytest";
const PYTHON_PACKAGES: [&str; 10] = [
    "python3-jwt",
    "python3-cryptography",
    "python3-fastapi",
    "python3-flask",
    "python3-asgiref",
    "python3-multipart",
    "python3-httpx",
    "python3-uvicorn",
    "python3-authlib",
    "python3-pytest",
];

/// Where to look first.
#[derive(Args)]
pub(crate) struct Places {
    /// The folder of Postgres's programs, when it is neither on PATH nor in /usr/lib/postgresql
    #[arg(long, env = "PG_BIN", value_name = "DIR")]
    pg_bin: Option<PathBuf>,
    /// Chromium's program
    #[arg(long, env = "CHROMIUM", value_name = "FILE")]
    chromium: Option<PathBuf>,
}

/// What was found; node and npm are on PATH.
pub(crate) struct Tools {
    /// The folder with `initdb`, `pg_ctl` and `postgres`.
    pub(crate) pg_bin: PathBuf,
    /// None when nothing is tested.
    pub(crate) chromium: Option<PathBuf>,
}

/// Something that is not there, in words, and the Debian packages that bring it.
struct Missing {
    what: String,
    packages: &'static [&'static str],
}

/// Finds everything; as root on a Debian-like system, what is missing is installed first. Otherwise the
/// error lists all that is missing and the command that installs it. `tests` need a browser and Python, too.
pub(crate) fn set_up(children: &Children, places: &Places, tests: bool) -> Result<Tools> {
    let missing = match look(places, tests) {
        Ok(tools) => return Ok(tools),
        Err(missing) => missing,
    };
    if !debian::may_install() {
        bail!("{}", in_words(&missing));
    }
    println!("{}", in_words(&missing));
    debian::install(children, &packages(&missing))?;
    look(places, tests).or_else(|missing| bail!("after the installation, {}", in_words(&missing)))
}

fn look(places: &Places, tests: bool) -> Result<Tools, Vec<Missing>> {
    let mut missing = Vec::new();
    let pg_bin = postgres(places.pg_bin.as_deref()).map_err(|what| {
        missing.push(Missing { what, packages: &["postgresql"] });
    });
    if let Err(what) = node() {
        missing.push(Missing { what, packages: &["nodejs"] });
    }
    if which::which("npm").is_err() {
        missing.push(Missing { what: "npm".into(), packages: &["npm"] });
    }
    // The mail server of the tests makes its certificate with it.
    if tests && which::which("openssl").is_err() {
        missing.push(Missing { what: "openssl".into(), packages: &["openssl"] });
    }
    if tests && !python_has_its_packages() {
        let what = format!("{PYTHON} with PyJWT, FastAPI, Flask, httpx, Authlib, pytest");
        missing.push(Missing { what, packages: &PYTHON_PACKAGES });
    }
    let chromium = tests.then(|| chromium(places.chromium.as_deref())).transpose().map_err(|what| {
        // Debian's Chromium brings no font, and a page without one has no text to see.
        missing.push(Missing { what, packages: &["chromium", "fonts-dejavu-core"] });
    });
    match (pg_bin, chromium) {
        (Ok(pg_bin), Ok(chromium)) if missing.is_empty() => Ok(Tools { pg_bin, chromium }),
        _ => Err(missing),
    }
}

fn packages(missing: &[Missing]) -> Vec<&'static str> {
    missing.iter().flat_map(|one| one.packages).copied().collect()
}

fn in_words(missing: &[Missing]) -> String {
    let list: Vec<&str> = missing.iter().map(|one| one.what.as_str()).collect();
    format!(
        "missing:\n  - {}\nInstall with:\n  {}",
        list.join("\n  - "),
        debian::command_line(&packages(missing))
    )
}

/// The newest usable Postgres: from the named folder alone, else from PATH, else from the system's folders.
fn postgres(named: Option<&Path>) -> Result<PathBuf, String> {
    let folders = match named {
        Some(folder) => vec![folder.to_owned()],
        None => on_path("initdb").into_iter().chain(system_folders()).collect(),
    };
    folders.iter().find_map(|folder| usable(folder)).ok_or_else(|| {
        let place = named.map_or_else(String::new, |folder| format!(" in {}", folder.display()));
        format!("Postgres {OLDEST_POSTGRES} or newer (initdb, pg_ctl, postgres){place}")
    })
}

/// The folder behind this one (links followed) when it has all three programs, new enough.
fn usable(folder: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(folder.join("initdb")).ok()?.parent()?.to_owned();
    let whole = ["pg_ctl", "postgres"].iter().all(|name| real.join(name).exists());
    let (major, _) = version(real.join("postgres"))?;
    (whole && major >= OLDEST_POSTGRES).then_some(real)
}

fn on_path(program: &str) -> Vec<PathBuf> {
    let programs = which::which_all(program).into_iter().flatten();
    programs.filter_map(|program| Some(program.parent()?.to_owned())).collect()
}

fn system_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort_by_key(|(version, _)| Reverse(*version));
    found.into_iter().map(|(_, folder)| folder).collect()
}

fn chromium(named: Option<&Path>) -> Result<PathBuf, String> {
    if let Some(named) = named {
        return version(named)
            .map(|_| named.to_owned())
            .ok_or_else(|| format!("Chromium: {} does not run", named.display()));
    }
    CHROMIUMS
        .iter()
        .filter_map(|name| which::which(name).ok())
        .find(|path| version(path).is_some())
        .ok_or_else(|| "Chromium".into())
}

fn python_has_its_packages() -> bool {
    let output = Command::new(PYTHON).args(["-c", PYTHON_MODULES]).output();
    output.is_ok_and(|output| output.status.success())
}

fn node() -> Result<(), String> {
    match version("node") {
        Some(found) if runs_the_programs(found) => Ok(()),
        Some((major, minor)) => Err(format!("{NODE} (found: {major}.{minor})")),
        None => Err(NODE.to_owned()),
    }
}

/// `^20.19.0 || >=22.12.0`.
fn runs_the_programs(node: (u32, u32)) -> bool {
    matches!(node, (20, 19..)) || node >= (22, 12)
}

/// The major and the minor number.
fn version(program: impl AsRef<OsStr>) -> Option<(u32, u32)> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| numbers(&String::from_utf8_lossy(&output.stdout)))?
}

/// The first number that starts a word, and the one after its point or 0: `v20.1.0` and
/// `postgres (PostgreSQL) 15.18 (Debian…)` alike.
fn numbers(text: &str) -> Option<(u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let word = word.strip_prefix('v').unwrap_or(word);
        let mut parts = word.split('.').map(|part| part.split(|c: char| !c.is_ascii_digit()).next());
        let mut next = || parts.next().flatten()?.parse::<u32>().ok();
        Some((next()?, next().unwrap_or(0)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_programs_print_them() {
        assert_eq!(numbers("v20.20.2\n"), Some((20, 20)));
        assert_eq!(numbers("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some((15, 18)));
        assert_eq!(numbers("postgres (PostgreSQL) 18beta1"), Some((18, 0)));
        assert_eq!(numbers("Chromium 156.0.8078.79 built on Debian"), Some((156, 0)));
        assert_eq!(numbers("no number here"), None);
    }

    #[test]
    fn node_is_as_new_as_package_json_demands() {
        let engines = include_str!("../../tests/node/package.json");
        assert!(engines.contains(r#""node": "^20.19.0 || >=22.12.0""#), "{engines}");
        for (found, good) in [
            ((18, 20), false),
            ((20, 18), false),
            ((20, 19), true),
            ((21, 7), false),
            ((22, 11), false),
            ((22, 12), true),
            ((23, 0), true),
        ] {
            assert_eq!(runs_the_programs(found), good, "{found:?}");
        }
    }

    #[test]
    fn all_that_is_missing_is_named_at_once_with_one_command() {
        let missing = [
            Missing { what: "Postgres".into(), packages: &["postgresql"] },
            Missing { what: "npm".into(), packages: &["npm"] },
        ];
        let words = in_words(&missing);
        assert!(words.contains("- Postgres\n  - npm"), "{words}");
        assert!(words.contains("apt-get install -y --no-install-recommends postgresql npm"), "{words}");
    }

    #[test]
    fn a_named_folder_without_postgres_is_not_replaced_by_another() {
        let folder = tempfile::tempdir().unwrap();
        let error = postgres(Some(folder.path())).unwrap_err();
        assert!(error.contains(&folder.path().display().to_string()), "{error}");
    }
}
