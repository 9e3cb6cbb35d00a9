//! The comparison's verdict, printed.

use std::collections::BTreeMap;

use super::verdict::{Standing, Verdict};
use crate::database::Database;

/// Differences shown for each failing scenario; all of them are in the transcripts.
const SHOWN: usize = 25;

const COLUMNS: [&str; 5] = ["agreed", "deviating as intended", "failing", "not asked", "not built"];

pub(crate) fn print(verdict: &Verdict, database: Database) {
    table(verdict, database);
    for outcome in &verdict.outcomes {
        let Standing::Failing(differences) = &outcome.standing else { continue };
        println!("\nfailing: {}", outcome.name);
        for difference in differences.iter().take(SHOWN) {
            println!(
                "    {}\n        reference: {}\n        ours:      {}",
                difference.0, difference.1, difference.2
            );
        }
        if differences.len() > SHOWN {
            println!("    … and {} more", differences.len() - SHOWN);
        }
    }
    for deviation in &verdict.stale {
        println!("\nstale deviation, it matches nothing: {deviation}");
    }
}

fn table(verdict: &Verdict, database: Database) {
    let mut areas: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for outcome in &verdict.outcomes {
        let [agreed, deviating, failing, not_asked, not_built] = areas.entry(outcome.area).or_default();
        *match outcome.standing {
            Standing::Agreed => agreed,
            Standing::Deviating => deviating,
            Standing::Failing(_) => failing,
            Standing::NotAsked => not_asked,
            Standing::NotBuilt => not_built,
        } += 1;
    }
    println!("\n{:<24} {}", format!("area (on {})", database.name()), COLUMNS.join("  "));
    let mut total = [0; 5];
    for (area, counts) in areas {
        row(area, counts);
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    row("all", total);
}

fn row(name: &str, counts: [usize; 5]) {
    let cells: Vec<String> = counts
        .iter()
        .zip(COLUMNS)
        .map(|(count, column)| {
            format!(
                "{:>width$}",
                if *count == 0 { "·".into() } else { count.to_string() },
                width = column.len()
            )
        })
        .collect();
    println!("{name:<24} {}", cells.join("  "));
}
