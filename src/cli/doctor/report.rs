//! How the findings are told.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use guichet_core::check::{Check, Verdict};
use guichet_core::serde_json::json;
use guichet_core::terminal::counted;

const GOOD: Style = AnsiColor::Green.on_default();
const CARE: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const ADVICE: Style = Style::new().dimmed();

/// One line a check, and below it what to do.
pub(super) fn text(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for Check { name, verdict, says, advice } in checks {
        let (word, style) = match verdict {
            Verdict::Good => ("good", GOOD),
            Verdict::Warning => ("warning", CARE),
            Verdict::Bad => ("bad", BAD),
        };
        let indent = " ".repeat(11 + width);
        let says = says.replace('\n', &format!("\n{indent}"));
        let _ = writeln!(text, "{style}{word:<7}{style:#}  {name:<width$}  {says}");
        if let Some(advice) = advice {
            let advice = advice.replace('\n', &format!("\n{indent}  "));
            let _ = writeln!(text, "{indent}{ADVICE}→ {advice}{ADVICE:#}");
        }
    }
    let number = |wanted: Verdict| checks.iter().filter(|check| check.verdict == wanted).count();
    let _ = match (number(Verdict::Bad), number(Verdict::Warning)) {
        (0, 0) => writeln!(text, "\n{GOOD}All is well.{GOOD:#}"),
        (0, some) => writeln!(text, "\n{CARE}{}{CARE:#}, nothing is bad.", counted(some, "warning")),
        (bad, 0) => writeln!(text, "\n{BAD}{bad} bad{BAD:#}."),
        (bad, some) => writeln!(text, "\n{BAD}{bad} bad{BAD:#}, {}.", counted(some, "warning")),
    };
    text
}

/// `{good, checks: [{check, verdict, says, advice}]}`.
pub(super) fn json(checks: &[Check]) -> String {
    let good = checks.iter().all(|check| check.verdict != Verdict::Bad);
    format!("{:#}\n", json!({"good": good, "checks": checks}))
}
