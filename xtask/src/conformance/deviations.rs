//! `tests/conformance/deviations.json`: what is built, and where we differ from the reference on purpose.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use regex::Regex;
use serde::Deserialize;

use super::kit::Scenario;

const FILE: &str = "tests/conformance/deviations.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deviations {
    /// What is built, in the kit's words: a scenario counts when all that it needs is in this list.
    pub(crate) needs: Vec<String>,
    /// Scenarios that do not count although their needs are met.
    #[serde(default)]
    pub(crate) skip: Vec<Skip>,
    #[serde(rename = "deviations")]
    pub(crate) intended: Vec<Deviation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Skip {
    pub(crate) scenario: String,
    pub(crate) why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deviation {
    /// A scenario's name; `*` stands for any text.
    scenario: Pattern,
    /// Where the answers differ: the beginning of what the kit prints (`step label: .path`), ending where
    /// a part of the path ends (`*` stands for any text), or `/a regular expression/`.
    difference: Pattern,
    /// Our value there as the kit prints it; left out, any value.
    #[serde(default)]
    target: Option<String>,
    /// The heading that gives the reason: `docs/deviations.md#anchor`.
    reason: String,
}

impl Deviation {
    pub(crate) fn explains(&self, scenario: &str, path: &str, target: &str) -> bool {
        self.concerns(scenario)
            && self.difference.regex.is_match(path)
            && self.target.as_ref().is_none_or(|wanted| wanted == target)
    }

    pub(crate) fn concerns(&self, scenario: &str) -> bool {
        self.scenario.regex.find(scenario).is_some_and(|found| found.len() == scenario.len())
    }
}

impl std::fmt::Display for Deviation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} ({})", self.scenario.text, self.difference.text, self.reason)
    }
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Pattern {
    text: String,
    regex: Regex,
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, regex::Error> {
        let expression = match text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(expression) => expression.to_owned(),
            None => format!(r"^{}(?:$|[.\[:\s])", regex::escape(&text).replace(r"\*", ".*")),
        };
        Ok(Self { regex: Regex::new(&expression)?, text })
    }
}

impl Deviations {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join(FILE)).with_context(|| format!("cannot read {FILE}"))?;
        serde_json::from_str(&text).context(FILE)
    }

    /// Whether a scenario is one that our server must pass.
    pub(crate) fn counts(&self, scenario: &Scenario) -> bool {
        scenario.needs.iter().all(|need| self.needs.contains(need))
            && !self.skip.iter().any(|skip| skip.scenario == scenario.name)
    }

    /// Refuses words that the kit does not know, and reasons that are written nowhere.
    pub(crate) fn check(&self, root: &Path, scenarios: &[Scenario]) -> Result<()> {
        let mut wrong = Vec::new();
        for need in &self.needs {
            if !scenarios.iter().any(|scenario| scenario.needs.contains(need)) {
                wrong.push(format!("no scenario needs \"{need}\""));
            }
        }
        for skip in &self.skip {
            if !scenarios.iter().any(|scenario| scenario.name == skip.scenario) {
                wrong.push(format!("no scenario is called \"{}\" (skipped: {})", skip.scenario, skip.why));
            }
        }
        for deviation in &self.intended {
            if !scenarios.iter().any(|scenario| deviation.concerns(&scenario.name)) {
                wrong.push(format!("no scenario is called \"{}\"", deviation.scenario.text));
            }
            if !is_written(root, &deviation.reason) {
                wrong.push(format!("the reason \"{}\" is no heading of a file here", deviation.reason));
            }
        }
        if !wrong.is_empty() {
            bail!("{FILE}:\n  {}", wrong.join("\n  "));
        }
        Ok(())
    }
}

fn is_written(root: &Path, reason: &str) -> bool {
    let Some((file, anchor)) = reason.split_once('#') else { return false };
    let text = fs::read_to_string(root.join(file)).unwrap_or_default();
    text.lines().filter_map(|line| line.strip_prefix('#')).any(|heading| slug(heading) == anchor)
}

/// The anchor that Markdown renderers give a heading.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviation(scenario: &str, difference: &str) -> Deviation {
        let json = serde_json::json!({ "scenario": scenario, "difference": difference, "reason": "a#b" });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_difference_is_named_by_the_beginning_of_its_path() {
        let deviation = deviation("list sessions", "list: .value.data[0].token");
        assert!(deviation.explains("list sessions", "list: .value.data[0].token", "\"x\""));
        assert!(deviation.explains("list sessions", "list: .value.data[0].token.form", "\"x\""));
        assert!(!deviation.explains("list sessions", "list: .value.data[0].tokens", "\"x\""));
        assert!(!deviation.explains("list sessions twice", "list: .value.data[0].token", "\"x\""));
    }

    #[test]
    fn a_star_and_a_regular_expression_cover_several() {
        let deviation = deviation("otp *", r"/\.status$/");
        assert!(deviation.explains("otp wrong code", "try 3: .http[0].status", "429"));
        assert!(!deviation.explains("otp wrong code", "try 3: .http[0].statusText", "429"));
        assert!(!deviation.explains("my otp", "try 3: .http[0].status", "429"));
    }

    #[test]
    fn our_value_can_be_pinned() {
        let mut deviation = deviation("a", "b: .status");
        deviation.target = Some("403".into());
        assert!(deviation.explains("a", "b: .status", "403"));
        assert!(!deviation.explains("a", "b: .status", "500"));
    }

    #[test]
    fn a_reason_is_a_heading_that_exists() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("d.md"), "# Deviations\n\n## Codes: kept as an HMAC\n").unwrap();
        assert!(is_written(root.path(), "d.md#codes-kept-as-an-hmac"));
        assert!(!is_written(root.path(), "d.md#codes"));
        assert!(!is_written(root.path(), "d.md"));
    }
}
