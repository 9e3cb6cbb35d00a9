//! A private, throw-away Postgres: trusts everybody on 127.0.0.1, keeps nothing.
//!
//! A watcher stops it as soon as our end of a pipe closes, so that it ends with us in every case: at the
//! end, after a failure, on Ctrl-C, and when we are killed.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::account::Account;

/// A free port can be taken by somebody else before Postgres has it; so often we look for another.
const ATTEMPTS: u32 = 5;

/// What the watcher does: waits for the pipe to close, stops Postgres, throws its files away.
const WATCH: &str = r#"cat >/dev/null; "$1/pg_ctl" -D "$2" -m immediate -w -t 20 stop; rm -rf "$2""#;

/// A running Postgres; dropping it stops it and removes its files.
pub(crate) struct Cluster {
    port: u16,
    watcher: Child,
    // Declared after the watcher: what that could not remove goes last.
    _folder: TempDir,
}

impl Cluster {
    /// Starts Postgres from the programs in `bin`, in a folder of its own under `target`.
    pub(crate) fn start(bin: &Path, target: &Path) -> Result<Self> {
        let setup = Setup::new(bin, target)?;
        setup.initialise()?;
        let watcher = setup.watch()?;
        // From here on dropping the cluster cleans up, whatever fails.
        let mut cluster = Self { port: 0, watcher, _folder: setup.folder };
        for attempt in 1..=ATTEMPTS {
            cluster.port = free_port()?;
            let start = Start { bin, account: &setup.account, data: &setup.data, port: cluster.port };
            match start.run() {
                Ok(()) => return Ok(cluster),
                Err(error) if attempt < ATTEMPTS && error.to_string().contains("could not bind") => {}
                Err(error) => return Err(error),
            }
        }
        bail!("no port stayed free long enough for Postgres")
    }

    /// The URL of the database `postgres`, with a superuser that may create others.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        if let Err(error) = self.watcher.wait() {
            eprintln!("the private Postgres may still run: {error}");
        }
    }
}

struct Setup<'a> {
    bin: &'a Path,
    account: Account,
    folder: TempDir,
    data: PathBuf,
}

impl<'a> Setup<'a> {
    fn new(bin: &'a Path, target: &Path) -> Result<Self> {
        let account = Account::for_postgres()?;
        let folder = folder_for(&account, target)?;
        let data = folder.path().join("data");
        Ok(Self { bin, account, folder, data })
    }

    fn initialise(&self) -> Result<()> {
        let mut initdb = program(self.bin, "initdb", &self.account, self.folder.path());
        initdb.arg("-D").arg(&self.data);
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        let output = initdb.output().context("cannot start initdb")?;
        ensure!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    fn watch(&self) -> Result<Child> {
        let mut watcher = Command::new("sh");
        watcher.args(["-c", WATCH, "watch-postgres"]).arg(self.bin).arg(&self.data);
        // A group of its own: Ctrl-C in the terminal must not end it before Postgres.
        watcher.process_group(0).current_dir("/");
        watcher.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.account.take(&mut watcher);
        watcher.spawn().context("cannot start the shell that watches over Postgres")
    }
}

struct Start<'a> {
    bin: &'a Path,
    account: &'a Account,
    data: &'a Path,
    port: u16,
}

impl Start<'_> {
    fn run(&self) -> Result<()> {
        // Not UTC, on purpose: a query that forgets its zone must show. No socket file: its path would
        // be too long in a deep folder.
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = ''\n\
             max_connections = 300\ntimezone = 'Europe/Paris'\n\
             fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n",
            self.port
        );
        fs::write(self.data.join("postgresql.auto.conf"), settings).context("Postgres's settings")?;
        let log = self.data.join("server.log");
        let mut start = program(self.bin, "pg_ctl", self.account, self.data);
        start.arg("-D").arg(self.data).arg("-l").arg(&log).args(["-w", "-t", "60", "start"]);
        let output = start.output().context("cannot start pg_ctl")?;
        if !output.status.success() {
            let log = fs::read_to_string(&log).unwrap_or_default();
            bail!("Postgres does not start: {}{log}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }
}

fn program(bin: &Path, name: &str, account: &Account, home: &Path) -> Command {
    let mut command = Command::new(bin.join(name));
    // In English, so that a taken port can be told from other troubles.
    command.current_dir(home).env("HOME", home).env("LC_ALL", "C").stdin(Stdio::null());
    account.take(&mut command);
    command
}

/// A folder that the account can work in: under the build folder, or where that is closed to it (below
/// somebody's home), the system's temporary one.
fn folder_for(account: &Account, target: &Path) -> Result<TempDir> {
    for parent in [target.to_owned(), std::env::temp_dir()] {
        let name = format!("test-postgres-{}-", std::process::id());
        let folder = tempfile::Builder::new().prefix(&name).tempdir_in(&parent)?;
        account.own(folder.path())?;
        let mut look = Command::new("sh");
        look.args(["-c", "test -w \"$1\" && test -x \"$1\"", "look"]).arg(folder.path()).current_dir("/");
        account.take(&mut look);
        if look.status().context("cannot start a shell")?.success() {
            return Ok(folder);
        }
    }
    bail!("Postgres's account can work neither in {} nor in the temporary folder", target.display())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).context("no free port")?.local_addr()?.port())
}
