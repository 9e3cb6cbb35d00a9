//! A program of `tests/node`. It prints one JSON value a line and is told one JSON value a line; it ends with its
//! input, so that it never outlives the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use guichet_core::serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The longest that a program may say nothing: a browser on a busy machine starts slowly.
const PATIENCE: Duration = Duration::from_secs(90);

/// How long it may take to clean up.
const FAREWELL: Duration = Duration::from_secs(5);

/// A running Node program.
pub(crate) struct Node {
    script: String,
    child: Child,
    input: Option<ChildStdin>,
    lines: UnboundedReceiver<Value>,
    complaints: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Node {
    /// Starts `tests/node/<script>`.
    pub(crate) fn start(script: &str, environment: &[(&str, &str)]) -> Self {
        let folder = folder();
        let mut command = Command::new("node");
        command.arg(folder.join(script)).current_dir(folder).envs(environment.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("node starts");
        let (sender, lines) = unbounded_channel();
        let output = child.stdout.take().expect("its output is a pipe");
        let errors = child.stderr.take().expect("its errors are a pipe");
        let complaints = Arc::new(Mutex::new(String::new()));
        let heard = complaints.clone();
        let readers = vec![
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let value = guichet_core::serde_json::from_str(&line).unwrap_or(Value::String(line));
                    let _nobody_listens = sender.send(value);
                }
            }),
            std::thread::spawn(move || {
                let mut text = String::new();
                let _broken = BufReader::new(errors).read_to_string(&mut text);
                *heard.lock().unwrap_or_else(PoisonError::into_inner) = text;
            }),
        ];
        Self { script: script.to_owned(), input: child.stdin.take(), child, lines, complaints, readers }
    }

    /// What it says next; `None` when it has ended.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        let said = tokio::time::timeout(PATIENCE, self.lines.recv()).await;
        said.unwrap_or_else(|_| panic!("{} has said nothing for {} s", self.script, PATIENCE.as_secs()))
    }

    /// What it has said and nobody has looked at yet.
    pub(crate) fn said_already(&mut self) -> Option<Value> {
        self.lines.try_recv().ok()
    }

    /// Tells it something.
    pub(crate) fn tell(&mut self, value: &Value) {
        let input = self.input.as_mut().expect("it has not been ended");
        writeln!(input, "{value}").expect("it listens");
    }

    /// Closes its input, waits for its end, and gives whether that was a good one, with what it wrote to its errors.
    pub(crate) fn end(&mut self) -> (bool, String) {
        drop(self.input.take());
        let status = self.child.wait().expect("it was started");
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        let complaints = self.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (status.success(), complaints)
    }

    /// Runs it to its end, which must be a good one, while it asks nothing.
    pub(crate) async fn runs_through(self) {
        self.answer(async |question| panic!("nothing is asked: {question}")).await;
    }

    /// Answers what it asks until it ends, which must be a good end. A question is `{"ask": …}`.
    pub(crate) async fn answer(mut self, mut answer: impl AsyncFnMut(Value) -> Value) {
        while let Some(said) = self.next().await {
            if said.get("ask").is_some() {
                let reply = answer(said).await;
                self.tell(&reply);
            } else {
                println!("{}: {said}", self.script);
            }
        }
        let (good, complaints) = self.end();
        assert!(good, "{} failed:\n{complaints}", self.script);
    }
}

impl Drop for Node {
    /// It cleans up when its input ends; whoever does not is ended.
    fn drop(&mut self) {
        drop(self.input.take());
        let began = Instant::now();
        while began.elapsed() < FAREWELL {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ended = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the Node programs.
#[expect(clippy::disallowed_methods, reason = "what the chore prepared is told by the environment")]
fn folder() -> PathBuf {
    let folder = std::env::var("GUICHET_TEST_NODE")
        .expect("GUICHET_TEST_NODE: run `cargo xtask test`, which installs Node's packages");
    PathBuf::from(folder)
}
