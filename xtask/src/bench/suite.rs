//! Everything that is measured on one database.

use std::time::Duration;

use anyhow::Result;

use super::Length;
use super::costs;
use super::figures::{OfDatabase, Ratio, Target, median};
use super::load::Load;
use super::pairs::{Pairs, Side, middle};
use super::place::{Place, Programs};
use super::server::{Server, Setting, migrate};
use crate::children::Children;
use crate::database::Database;

/// How long a server is left alone before its memory is read.
const REST: Duration = Duration::from_secs(4);
const STARTS: usize = 5;
const FEW: usize = 10_000;
const MANY: usize = 1_000_000;
/// How many have a password and a code that waits.
const READY: usize = 5_000;

struct Suite<'a> {
    children: &'a Children,
    programs: &'a Programs,
    place: &'a Place,
    length: Length,
    found: OfDatabase,
}

pub(crate) fn run(
    children: &Children,
    programs: &Programs,
    place: &Place,
    length: Length,
) -> Result<OfDatabase> {
    let found = OfDatabase {
        database: place.database.name(),
        first_answer_ms: 0.0,
        idle_mib: 0.0,
        idle_afterwards_mib: 0.0,
        workloads: Vec::new(),
        ratios: Vec::new(),
        costs: Vec::new(),
    };
    let mut suite = Suite { children, programs, place, length, found };
    let url = suite.filled("few", FEW)?;
    suite.starts(&url)?;
    suite.found.costs = costs::count(children, programs, place, &url)?;
    suite.beside_the_bare_one(&url)?;
    if length.million {
        suite.many(&url)?;
    }
    Ok(suite.found)
}

fn get_session() -> Load {
    Load::get("get-session", "/api/auth/get-session", "{\"session\"").signed_in()
}

fn sign_in(name: &str) -> Load {
    let body = r#"{"email":"p{n}@bench.example","password":"{password}"}"#;
    Load::post(name, "/api/auth/sign-in/email", body, "{\"redirect\"").with("--people", &READY)
}

fn hash(name: &str) -> Load {
    Load::post(name, "/hash", "{}", "true")
}

impl Suite<'_> {
    fn say(&self, what: &str) {
        eprintln!("{}: {what}", self.found.database);
    }

    fn filled(&self, name: &str, people: usize) -> Result<String> {
        self.say(&format!("{people} people"));
        let url = self.place.database(self.children, name)?;
        self.children.succeed(&mut migrate(self.programs, self.place, &url)?)?;
        let mut rows = self.programs.command("bench-rows");
        rows.args(["--database", &url, "--people", &people.to_string(), "--ready", &READY.to_string()]);
        self.children.succeed(&mut rows)?;
        Ok(url)
    }

    fn starts(&mut self, url: &str) -> Result<()> {
        self.say("starts");
        let (mut answers, mut idle) = (Vec::new(), Vec::new());
        for _ in 0..STARTS {
            self.children.go_on()?;
            let server = Server::guichet(self.programs, self.place, url, Setting::MEASURED)?;
            answers.push(server.first_answer.as_secs_f64() * 1000.0);
            std::thread::sleep(REST / 8);
            idle.push(server.memory()?);
        }
        (self.found.first_answer_ms, self.found.idle_mib) = (median(answers), median(idle));
        Ok(())
    }

    fn pair(&mut self, ours: Side<'_>, theirs: Side<'_>) -> Result<Pairs> {
        self.say(&ours.load.name);
        let pairs = Pairs::measure(self.children, self.programs, ours, theirs, self.length)?;
        self.found.workloads.extend([pairs.ours.clone(), pairs.theirs.clone()]);
        Ok(pairs)
    }

    fn note(&mut self, name: &str, value: f64, target: Target) {
        self.found.ratios.push(Ratio { name: name.to_owned(), value, target });
    }

    fn beside_the_bare_one(&mut self, url: &str) -> Result<()> {
        let hash_of_all = self.programs.hash(self.children)?;
        let guichet = Server::guichet(self.programs, self.place, url, Setting::MEASURED)?;
        let bare = Server::bare(self.programs, url, &hash_of_all)?;
        let both =
            |ours, theirs| (Side { server: &guichet, load: ours }, Side { server: &bare, load: theirs });

        let nobody = Load::get("get-session, nobody", "/api/auth/get-session", "null");
        let valid = get_session();
        for (load, target) in [(&valid, Target::AtLeast(0.9)), (&nobody, Target::None)] {
            let (ours, theirs) = both(load, load);
            let pairs = self.pair(ours, theirs)?;
            let name = format!("{}: throughput, to the bare one's", load.name);
            self.note(&name, pairs.ratio(|_, all| all.per_second), target);
            let name = format!("{}: processor time, to the bare one's", load.name);
            self.note(&name, pairs.ratio(|_, all| all.cpu_us), Target::None);
        }

        let (one, one_hash) = (sign_in("sign-in, one at a time").by(1), hash("a hash, one at a time").by(1));
        let (ours, theirs) = both(&one, &one_hash);
        let pairs = self.pair(ours, theirs)?;
        self.note("sign-in: time, to its hash's", pairs.ratio(|seen, _| seen.mean_us), Target::AtMost(1.05));
        let (many, many_hashes) = (sign_in("sign-in").by(32), hash("a hash").by(32));
        let (ours, theirs) = both(&many, &many_hashes);
        let pairs = self.pair(ours, theirs)?;
        self.note("sign-in: throughput, to its hash's", pairs.ratio(|_, all| all.per_second), Target::None);

        self.alone(&guichet)?;
        self.storm(&guichet, &sign_in("storm"), "", Target::AtMost(3.0))?;
        self.storm(&bare, &hash("storm"), " (the bare one)", Target::None)?;
        std::thread::sleep(REST);
        self.found.idle_afterwards_mib = guichet.memory()?;
        Ok(())
    }

    /// What the bare server has nothing like.
    fn alone(&mut self, guichet: &Server) -> Result<()> {
        let new = r#"{"name":"x","email":"n{n}@bench.example","password":"{password}"}"#;
        let sign_up = Load::post("sign-up", "/api/auth/sign-up/email", new, "{\"token\"");
        let known = r#"{"email":"p{n}@bench.example","type":"sign-in"}"#;
        let path = "/api/auth/email-otp/send-verification-otp";
        // Those whose codes are checked come first, and get no second one.
        let send = Load::post("code send", path, known, "{\"success\"").with("--from", &READY);
        let right = r#"{"email":"p{n}@bench.example","otp":"{code}"}"#;
        let verify = Load::post("code verify", "/api/auth/sign-in/email-otp", right, "{\"token\"");
        for load in [sign_up, send.with("--people", &(FEW - READY)), verify.with("--most", &(READY - 200))] {
            self.say(&load.name);
            // One round: what is posted cannot be posted twice.
            let rest = self.length.seconds * 1.5;
            let (_, seen) = load.measure(self.children, self.programs, guichet, rest)?;
            self.found.workloads.push(middle(&[seen]));
        }
        Ok(())
    }

    /// get-session at a steady pace, in quiet and while everybody signs in.
    fn storm(&mut self, server: &Server, storm: &Load, whose: &str, target: Target) -> Result<()> {
        self.say(&format!("sign-in storm{whose}"));
        let seconds = self.length.seconds;
        let paced = |name: &str| get_session().named(format!("{name}{whose}")).by(8).with("--rate", &200);
        let (quiet, stormy) = (paced("get-session, 200/s"), paced("get-session, 200/s in a storm"));
        let storm = storm.clone().by(32);
        let (mut ratios, mut calm, mut rough) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..self.length.rounds {
            let (before, measured) = quiet.measure(self.children, self.programs, server, seconds)?;
            calm.push(measured);
            let beside = storm.beside(self.programs, server, seconds * 3.0)?;
            let (during, measured) = stormy.measure(self.children, self.programs, server, seconds)?;
            drop(beside);
            rough.push(measured);
            ratios.push(during.p99_us / before.p99_us);
        }
        self.found.workloads.extend([middle(&calm), middle(&rough)]);
        self.note(
            &format!("get-session: p99 in a storm of sign-ins, to its quiet one{whose}"),
            median(ratios),
            target,
        );
        Ok(())
    }

    fn many(&mut self, few: &str) -> Result<()> {
        let many = self.filled("many", MANY)?;
        let small = Server::guichet(self.programs, self.place, few, Setting::MEASURED)?;
        let large = Server::guichet(self.programs, self.place, &many, Setting::MEASURED)?;
        let ours = get_session().named("get-session, 1 000 000 users");
        let theirs = get_session().named("get-session, 10 000 users");
        let pairs =
            self.pair(Side { server: &large, load: &ours }, Side { server: &small, load: &theirs })?;
        let ratio = pairs.ratio(|_, all| all.per_second);
        self.note("get-session with a million users, to that with ten thousand", ratio, Target::AtLeast(0.9));
        Ok(())
    }
}

/// Targets that are no ratios.
pub(crate) fn limits(found: &OfDatabase) -> Vec<Ratio> {
    let peak = found.workloads.iter().filter(|load| load.server == "guichet").map(|load| load.peak_mib);
    let first = if found.database == Database::Sqlite.name() { Target::AtMost(100.0) } else { Target::None };
    vec![
        Ratio { name: "first answer, ms".to_owned(), value: found.first_answer_ms, target: first },
        Ratio {
            name: "resident when idle, MiB".to_owned(),
            value: found.idle_mib,
            target: Target::AtMost(30.0),
        },
        Ratio {
            name: "resident at the peak, MiB".to_owned(),
            value: peak.fold(0.0, f64::max),
            target: Target::AtMost(100.0),
        },
        Ratio {
            name: "resident afterwards, MiB".to_owned(),
            value: found.idle_afterwards_mib,
            target: Target::None,
        },
    ]
}
