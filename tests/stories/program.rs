//! The built program, run for real in a folder of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use guichet_core::serde_json::Value;
use rustix::process::{Pid, Signal, kill_process};

/// How long anything may take on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// Waits for something that another process does.
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < DEADLINE, "{what}: not within {DEADLINE:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[expect(clippy::disallowed_methods, reason = "what the tests are told is nothing to the program")]
fn command(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GUICHET_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(arguments).envs(settings.iter().copied()).stdin(Stdio::null());
    command
}

/// What a finished program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Its output, when all went well.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    /// Its errors, when it failed.
    #[track_caller]
    pub(crate) fn failed(self) -> String {
        assert_eq!(self.code, 1, "{self:?}");
        self.err
    }
}

/// Runs the program to its end, with these variables and no others of its own.
pub(crate) fn guichet(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Said {
    let output = command(folder, arguments, settings).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// As [`guichet`], with this on standard input.
pub(crate) fn guichet_fed(input: &str, folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Said {
    let mut command = command(folder, arguments, settings);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that ends without reading closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A server that runs. It is killed when the test ends.
pub(crate) struct Serving {
    child: Child,
    log: Arc<Mutex<String>>,
    printed: Arc<Mutex<String>>,
}

impl Serving {
    /// Starts `guichet serve` on a free port; whether it opens is another question.
    pub(crate) fn spawn(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let arguments = [&["serve"], arguments].concat();
        let mut command =
            command(folder, &arguments, &[&[("GUICHET_LISTEN", "127.0.0.1:0")], settings].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (lines, out) = (child.stderr.take().unwrap(), child.stdout.take().unwrap());
        let written = log.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(lines).lines().map_while(Result::ok) {
                written.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let printed = Arc::new(Mutex::new(String::new()));
        let said = printed.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                said.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        Self { child, log, printed }
    }

    /// Starts it and waits until it listens.
    pub(crate) fn open(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut server = Self::spawn(folder, arguments, settings);
        server.base();
        server
    }

    /// Its base URL, once it listens.
    pub(crate) fn base(&mut self) -> String {
        self.listening()["base_url"].as_str().unwrap().trim_end_matches('/').to_owned()
    }

    /// Where it listens, once it does.
    pub(crate) fn address(&mut self) -> String {
        self.listening()["address"].as_str().unwrap().to_owned()
    }

    fn listening(&mut self) -> Value {
        eventually("the server listens", || {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended with {status}:\n{}", self.log.lock().unwrap());
            }
            let log = self.log.lock().unwrap();
            let mut lines =
                log.lines().filter_map(|line| guichet_core::serde_json::from_str::<Value>(line).ok());
            lines.find(|line| line["message"] == "listening")
        })
    }

    /// What it has written to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// What it has written to standard output so far.
    pub(crate) fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// How it ended.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        eventually("the server ends", || self.child.try_wait().unwrap())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
