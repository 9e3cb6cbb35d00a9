//! The kit for Python: its own tests, and `tests/python`, which uses it and the examples against the real program.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use guichet_testing::TestDatabase;

use crate::program::Serving;

/// Debian's own: its packages are seen by no other.
const PYTHON: &str = "/usr/bin/python3";

/// How long a run may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

const SETTINGS: &str = r#"
rate_limit.enabled = false
[[user.fields]]
name = "role"
input = true
[[user.fields]]
name = "clientId"
input = true
[[session.fields]]
name = "activeOrganizationId"
input = true
acts_for = true
[plugins.email-password]
[plugins.revocation]
[plugins.token-api]
[plugins.jwt]
"#;

/// A run of pytest, which ends with the test.
struct Pytest(Child);

impl Drop for Pytest {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the tests of `path`, from the root of the repository. Everything must pass, and nothing be left out.
fn pytest(path: &str, environment: &[(&str, &str)]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path: PathBuf = root.join(path);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let (output, errors) = (File::create(&log).unwrap(), File::options().append(true).open(&log).unwrap());
    let mut command = Command::new(PYTHON);
    command.args(["-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"]).arg(&path);
    command.current_dir(root).envs(environment.iter().copied()).env("PYTHONDONTWRITEBYTECODE", "1");
    command.stdin(Stdio::null()).stdout(output).stderr(errors);
    let mut running = Pytest(command.spawn().expect("Debian's Python is there"));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = running.0.try_wait().unwrap() {
            break status;
        }
        let said = || fs::read_to_string(&log).unwrap_or_default();
        assert!(began.elapsed() < PATIENCE, "{} takes too long:\n{}", path.display(), said());
        std::thread::sleep(Duration::from_millis(20));
    };
    let said = fs::read_to_string(&log).unwrap();
    assert!(status.success() && said.contains(" passed"), "{}:\n{said}", path.display());
    assert!(!said.contains("skipped"), "{}:\n{said}", path.display());
}

/// The program on `database`, and `tests/python` against it.
fn beside(database: &TestDatabase, path: &str, algorithm: &str, typ: &str) {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("{SETTINGS}algorithm = {algorithm:?}\ntyp = {typ:?}\n");
    fs::write(folder.path().join("guichet.toml"), settings).unwrap();
    let mut server = Serving::open(folder.path(), &[], &[("GUICHET_DATABASE__URL", database.url())]);
    let base = server.base();
    pytest(path, &[("GUICHET_URL", &base), ("GUICHET_ALGORITHM", algorithm), ("GUICHET_TYP", typ)]);
}

/// Wishes: 136, 137, 138, 145, 146, 147.
#[test]
fn the_kit_for_python_keeps_its_word_without_a_network() {
    pytest("clients/python/tests", &[]);
}

guichet_testing::stories! {
    /// Wishes: 87, 135, 136, 137, 138, 141, 145, 147.
    async fn services_in_fastapi_and_flask_know_who_calls(database) {
        beside(&database, "tests/python", "EdDSA", "at+jwt");
    }

    /// Wishes: 87, 134, 135.
    async fn services_take_tokens_of_every_algorithm_and_type(database) {
        beside(&database, "tests/python/test_tokens.py", "RS256", "JWT");
        beside(&database, "tests/python/test_tokens.py", "ES256", "at+jwt");
    }
}
