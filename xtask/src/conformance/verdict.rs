//! What a comparison means: scenario by scenario, agreed, different as intended, or wrong.

use std::collections::HashMap;

use serde::Deserialize;

use super::deviations::{Deviation, Deviations};
use super::kit::Scenario;
use crate::database::Database;

/// The kit's results, as `run.mjs --json` writes them.
#[derive(Deserialize)]
pub(crate) struct Results {
    pub(crate) results: Vec<ScenarioResult>,
}

#[derive(Deserialize)]
pub(crate) struct ScenarioResult {
    pub(crate) name: String,
    /// Steps that agreed.
    same: u32,
    differences: Vec<Difference>,
    /// Why the scenario ended early on our side.
    #[serde(default)]
    skipped: Option<String>,
}

/// Where the two differ, what the reference has there, what we have.
#[derive(Clone, Deserialize)]
pub(crate) struct Difference(pub(crate) String, pub(crate) String, pub(crate) String);

pub(crate) enum Standing {
    Agreed,
    Deviating,
    Failing(Vec<Difference>),
    /// On SQLite, when the very first step asks the kit's Postgres.
    NotAsked,
    NotBuilt,
}

pub(crate) struct Outcome<'a> {
    pub(crate) name: &'a str,
    pub(crate) area: &'a str,
    pub(crate) standing: Standing,
}

pub(crate) struct Verdict<'a> {
    pub(crate) outcomes: Vec<Outcome<'a>>,
    /// Deviations that nothing needed.
    pub(crate) stale: Vec<&'a Deviation>,
}

impl<'a> Verdict<'a> {
    /// `chosen`: the names that must be among the results; empty when a person chose.
    pub(crate) fn of(
        results: &Results,
        scenarios: &'a [Scenario],
        deviations: &'a Deviations,
        database: Database,
        chosen: &[&str],
    ) -> Self {
        let by_name: HashMap<&str, &ScenarioResult> =
            results.results.iter().map(|result| (result.name.as_str(), result)).collect();
        let mut judge = Judge { database, deviations: &deviations.intended, used: vec![] };
        let mut outcomes = Vec::new();
        for scenario in scenarios {
            let name = scenario.name.as_str();
            let standing = match by_name.get(name) {
                _ if !deviations.counts(scenario) => Standing::NotBuilt,
                Some(result) => judge.standing(result),
                None if chosen.contains(&name) => Standing::Failing(vec![not_run()]),
                None => continue,
            };
            outcomes.push(Outcome { name, area: &scenario.area, standing });
        }
        let counting: Vec<_> = scenarios.iter().filter(|one| deviations.counts(one)).collect();
        Self { outcomes, stale: judge.stale(&counting, &by_name) }
    }

    pub(crate) fn count(&self, is: impl Fn(&Standing) -> bool) -> usize {
        self.outcomes.iter().filter(|outcome| is(&outcome.standing)).count()
    }

    pub(crate) fn passed(&self) -> usize {
        self.count(|standing| matches!(standing, Standing::Agreed | Standing::Deviating))
    }

    /// Scenarios that fail, and deviations that are not needed any more.
    pub(crate) fn failed(&self) -> usize {
        self.count(|standing| matches!(standing, Standing::Failing(_))) + self.stale.len()
    }
}

fn not_run() -> Difference {
    Difference("(all of it)".into(), "run".into(), "the kit did not run it".into())
}

struct Judge<'a> {
    database: Database,
    deviations: &'a [Deviation],
    used: Vec<&'a Deviation>,
}

impl<'a> Judge<'a> {
    fn standing(&mut self, result: &ScenarioResult) -> Standing {
        if let Some(why) = &result.skipped {
            return Standing::Failing(vec![Difference("(the end)".into(), String::new(), why.clone())]);
        }
        let cut_off = self.cut_off(result);
        if cut_off && result.same == 0 && result.differences.len() == 1 {
            return Standing::NotAsked;
        }
        let (mut deviating, mut failing) = (false, vec![]);
        for difference in &result.differences {
            if cut_off && asks_postgres(difference) {
                continue;
            }
            let reasons: Vec<_> = self
                .deviations
                .iter()
                .filter(|one| one.explains(&result.name, &difference.0, &difference.2))
                .collect();
            if reasons.is_empty() {
                failing.push(difference.clone());
            }
            deviating |= !reasons.is_empty();
            self.used.extend(reasons);
        }
        match (failing.is_empty(), deviating) {
            (false, _) => Standing::Failing(failing),
            (true, true) => Standing::Deviating,
            (true, false) => Standing::Agreed,
        }
    }

    /// On SQLite our tables are not in the Postgres database that the kit looks into: there the scenario
    /// ends for us, and what came before is compared.
    fn cut_off(&self, result: &ScenarioResult) -> bool {
        self.database == Database::Sqlite && result.differences.iter().any(asks_postgres)
    }

    /// A deviation that was not used although all scenarios that it concerns ran to their end.
    fn stale(&self, counting: &[&Scenario], results: &HashMap<&str, &ScenarioResult>) -> Vec<&'a Deviation> {
        let ran_whole = |deviation: &Deviation| {
            let mut concerned = counting.iter().filter(|scenario| deviation.concerns(&scenario.name));
            concerned.all(|one| results.get(one.name.as_str()).is_some_and(|result| !self.cut_off(result)))
        };
        let unused = |one: &&Deviation| !self.used.iter().any(|used| std::ptr::eq(*used, *one));
        self.deviations.iter().filter(unused).filter(|one| ran_whole(one)).collect()
    }
}

fn asks_postgres(difference: &Difference) -> bool {
    difference.2.starts_with("stopped: relation \"") && difference.2.ends_with("\" does not exist")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(
        database: Database,
        result: &serde_json::Value,
        deviations: &serde_json::Value,
    ) -> (String, usize) {
        let scenarios = [Scenario { name: "a".into(), area: "x".into(), needs: vec!["built".into()] }];
        let deviations: Deviations =
            serde_json::from_value(serde_json::json!({ "needs": ["built"], "deviations": deviations }))
                .unwrap();
        let results = serde_json::from_value(serde_json::json!({ "results": [result] })).unwrap();
        let verdict = Verdict::of(&results, &scenarios, &deviations, database, &["a"]);
        let standing = match &verdict.outcomes[0].standing {
            Standing::Agreed => "agreed".to_owned(),
            Standing::Deviating => "deviating".to_owned(),
            Standing::Failing(differences) => format!("failing {}", differences.len()),
            Standing::NotAsked => "not asked".to_owned(),
            Standing::NotBuilt => "not built".to_owned(),
        };
        (standing, verdict.stale.len())
    }

    fn result(same: u32, differences: &[(&str, &str, &str)]) -> serde_json::Value {
        serde_json::json!({ "name": "a", "same": same, "differences": differences })
    }

    fn status_deviation() -> serde_json::Value {
        serde_json::json!([{ "scenario": "a", "difference": "s: .status", "reason": "r#r" }])
    }

    #[test]
    fn every_difference_needs_its_deviation() {
        let different = result(1, &[("s: .status", "200", "403"), ("s: .body", "1", "2")]);
        let (standing, stale) = judged(Database::Postgres, &different, &status_deviation());
        assert_eq!((standing.as_str(), stale), ("failing 1", 0));

        let different = result(1, &[("s: .status", "200", "403")]);
        let (standing, stale) = judged(Database::Postgres, &different, &status_deviation());
        assert_eq!((standing.as_str(), stale), ("deviating", 0));
    }

    #[test]
    fn a_deviation_that_matches_nothing_is_stale() {
        let (standing, stale) = judged(Database::Postgres, &result(1, &[]), &status_deviation());
        assert_eq!((standing.as_str(), stale), ("agreed", 1));
    }

    #[test]
    fn a_deviation_is_not_stale_while_its_scenario_did_not_run() {
        let mut other = result(1, &[]);
        other["name"] = "b".into();
        assert_eq!(judged(Database::Postgres, &other, &status_deviation()).1, 0);
    }

    #[test]
    fn on_sqlite_a_scenario_is_compared_until_it_asks_postgres() {
        let asks =
            ("step 2 \"row\" and the 3 after it", "present", "stopped: relation \"user\" does not exist");
        let none = serde_json::json!([]);
        assert_eq!(judged(Database::Sqlite, &result(1, &[asks]), &status_deviation()), ("agreed".into(), 0));
        assert_eq!(judged(Database::Sqlite, &result(0, &[asks]), &none).0, "not asked");
        let wrong = result(0, &[("s: .status", "200", "500"), asks]);
        assert_eq!(judged(Database::Sqlite, &wrong, &none).0, "failing 1");
        assert_eq!(judged(Database::Postgres, &result(1, &[asks]), &none).0, "failing 1");
    }

    #[test]
    fn a_scenario_that_counts_and_did_not_run_fails() {
        let mut other = result(1, &[]);
        other["name"] = "b".into();
        assert_eq!(judged(Database::Postgres, &other, &serde_json::json!([])).0, "failing 1");
    }
}
