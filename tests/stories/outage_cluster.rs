//! A Postgres of a test's own, which it may stop and start again.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Waits for the test's end of a pipe to close, stops Postgres, throws its files away: whatever ends the test.
const WATCH: &str = r#"cat >/dev/null; "$1/pg_ctl" -D "$2" -m immediate -w -t 20 stop; rm -rf "$2""#;

/// A Postgres that can be stopped and started.
pub(crate) struct OutageCluster {
    bin: PathBuf,
    folder: TempDir,
    account: Option<(u32, u32)>,
    port: u16,
    watcher: Child,
}

impl OutageCluster {
    /// Makes one and starts it.
    #[expect(clippy::disallowed_methods, reason = "what the chore found is told by the environment")]
    pub(crate) fn start() -> Self {
        let bin = std::env::var("GUICHET_TEST_PG_BIN")
            .expect("GUICHET_TEST_PG_BIN: run `cargo xtask test`, which finds Postgres's programs");
        let bin = PathBuf::from(bin);
        let account = unprivileged();
        let folder = folder_for(account);
        let data = folder.path().join("data");
        let mut initdb = program(&bin.join("initdb"), account, folder.path());
        initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        succeed(initdb.arg("--no-sync"));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        drop(listener);
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
             fsync = off\nsynchronous_commit = off\n"
        );
        std::fs::write(data.join("postgresql.auto.conf"), settings).expect("Postgres's settings");
        let mut watch = program(Path::new("sh"), account, Path::new("/"));
        watch.args(["-c", WATCH, "watch-postgres"]).arg(&bin).arg(&data).process_group(0);
        let watcher = watch.stdin(Stdio::piped()).spawn().expect("a shell starts");
        let cluster = Self { bin, folder, account, port, watcher };
        cluster.comes_back();
        cluster
    }

    /// The URL of its database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Postgres is gone, and its connections with it.
    pub(crate) fn goes_away(&self) {
        succeed(self.pg_ctl().args(["-m", "fast", "-w", "-t", "60", "stop"]));
    }

    /// Postgres is there again.
    pub(crate) fn comes_back(&self) {
        let log = self.folder.path().join("data/server.log");
        succeed(self.pg_ctl().arg("-l").arg(log).args(["-w", "-t", "60", "start"]));
    }

    fn pg_ctl(&self) -> Command {
        let mut command = program(&self.bin.join("pg_ctl"), self.account, self.folder.path());
        command.arg("-D").arg(self.folder.path().join("data"));
        command
    }
}

impl Drop for OutageCluster {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

fn program(path: &Path, account: Option<(u32, u32)>, home: &Path) -> Command {
    let mut command = Command::new(path);
    command.current_dir(home).env("HOME", home).env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some((uid, gid)) = account {
        command.uid(uid).gid(gid);
    }
    command
}

fn succeed(command: &mut Command) {
    let status = command.status().expect("the program starts");
    assert!(status.success(), "{command:?} ended with {status}");
}

/// Postgres refuses to run as root: then as `postgres`, else as `nobody`.
fn unprivileged() -> Option<(u32, u32)> {
    let ours = id(&["-u"])?;
    if ours != 0 {
        return None;
    }
    let found = ["postgres", "nobody"].iter().find_map(|name| Some((id(&["-u", name])?, id(&["-g", name])?)));
    Some(found.expect("an account that Postgres can run under"))
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// A folder that the account can work in: where cargo keeps tests' files, or where that is closed to it, the system's.
fn folder_for(account: Option<(u32, u32)>) -> TempDir {
    for parent in [PathBuf::from(env!("CARGO_TARGET_TMPDIR")), std::env::temp_dir()] {
        let folder = tempfile::Builder::new().prefix("outage-").tempdir_in(parent).expect("a folder");
        if let Some((uid, gid)) = account {
            std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid))
                .expect("root may give folders away");
        }
        let mut look = program(Path::new("sh"), account, Path::new("/"));
        look.args(["-c", r#"test -w "$1" && test -x "$1""#, "look"]).arg(folder.path());
        if look.status().is_ok_and(|status| status.success()) {
            return folder;
        }
    }
    panic!("Postgres's account can work in no folder of ours");
}
