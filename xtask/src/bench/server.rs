//! A server that is measured: started, watched from outside, and stopped.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::place::{Place, Programs};

/// Signs the cookies of the load.
pub(crate) const SECRET: &str = "a-secret-of-the-benchmark-that-nobody-else-uses";
const CONNECTIONS: u32 = 20;
/// How long a start may take, and a stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; dropping it stops it.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    /// From the start of the process to its first answer.
    pub(crate) first_answer: Duration,
    child: Child,
}

/// What Guichet is told beside where its database is.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) limits: bool,
    /// Where its log goes, every request a line; without it only warnings are written, to nowhere.
    pub(crate) log: Option<&'a Path>,
}

impl Setting<'_> {
    /// How it is measured: no limits, since all the load comes from one address.
    pub(crate) const MEASURED: Self = Self { limits: false, log: None };
}

impl Server {
    pub(crate) fn guichet(programs: &Programs, place: &Place, url: &str, how: Setting<'_>) -> Result<Self> {
        let address = free_address()?;
        let file = settings(place, url, address, how.limits)?;
        let mut command = programs.command("guichet");
        command.arg("--config").arg(&file).current_dir(place.folder());
        command.args(["--log-format", "json", "--log", if how.log.is_some() { "info" } else { "warn" }]);
        command.arg("serve");
        command.stderr(match how.log {
            Some(log) => Stdio::from(File::create(log)?),
            None => Stdio::null(),
        });
        Self::start("guichet", command, address)
    }

    pub(crate) fn bare(programs: &Programs, url: &str, hash: &str) -> Result<Self> {
        let address = free_address()?;
        let mut command = programs.command("bench-bare");
        command.arg("--listen").arg(address.to_string()).args(["--database", url, "--hash", hash]);
        command.args(["--connections", &CONNECTIONS.to_string()]).stderr(Stdio::null());
        Self::start("bare", command, address)
    }

    fn start(name: &'static str, mut command: Command, address: SocketAddr) -> Result<Self> {
        use std::os::unix::process::CommandExt;
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null());
        let began = Instant::now();
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let mut server = Self { name, address, first_answer: Duration::ZERO, child };
        while !server.answers() {
            if let Some(status) = server.child.try_wait()? {
                bail!("{name} ended with {status} instead of answering");
            }
            if began.elapsed() > PATIENCE {
                bail!("{name} does not answer");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        server.first_answer = began.elapsed();
        Ok(server)
    }

    fn answers(&self) -> bool {
        use std::io::{Read, Write};
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        let mut answer = [0; 12];
        stream.write_all(request).and_then(|()| stream.read_exact(&mut answer)).is_ok()
            && answer.ends_with(b"200")
    }

    /// Resident memory now, in MiB.
    pub(crate) fn memory(&self) -> Result<f64> {
        self.status("VmRSS:")
    }

    /// The most that was resident since [`Server::forget_peak`], in MiB.
    pub(crate) fn peak(&self) -> Result<f64> {
        self.status("VmHWM:")
    }

    /// Counts the peak anew (proc(5), `clear_refs`).
    pub(crate) fn forget_peak(&self) -> Result<()> {
        Ok(fs::write(self.proc("clear_refs"), "5")?)
    }

    /// Processor time since the start, by itself and for it in the kernel.
    pub(crate) fn processor(&self) -> Result<Duration> {
        let stat = fs::read_to_string(self.proc("stat"))?;
        let (_, rest) = stat.rsplit_once(')').context("proc(5), stat")?;
        let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        let ticks: u64 = ticks.sum::<Result<u64, _>>()?;
        // USER_HZ is 100 on every Linux.
        Ok(Duration::from_millis(ticks * 10))
    }

    fn status(&self, field: &str) -> Result<f64> {
        let status = fs::read_to_string(self.proc("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)).context("proc(5), status")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024.0)
    }

    fn proc(&self, file: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{file}", self.child.id()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let told = Instant::now();
        while told.elapsed() < PATIENCE && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn settings(place: &Place, url: &str, address: SocketAddr, limits: bool) -> Result<PathBuf> {
    let file = place.folder().join(format!("{}.toml", address.port()));
    // Codes in plain, so that those that wait are known.
    let text = format!(
        r#"base_url = "http://{address}"
listen = "{address}"
secret = "{SECRET}"
database = {{ url = "{url}", connections = {CONNECTIONS} }}
rate_limit = {{ enabled = {limits} }}
[plugins.email-otp]
storage = "plain"
[plugins.email-password]
[plugins.pages]
"#
    );
    fs::write(&file, text)?;
    Ok(file)
}

/// Makes the tables.
pub(crate) fn migrate(programs: &Programs, place: &Place, url: &str) -> Result<Command> {
    let file = settings(place, url, free_address()?, true)?;
    let mut command = programs.command("guichet");
    command.arg("--config").arg(file).arg("migrate").current_dir(place.folder());
    command.stdout(Stdio::null());
    Ok(command)
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).context("no free port")?.local_addr()?)
}
