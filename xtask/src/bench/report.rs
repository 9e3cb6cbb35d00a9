//! The figures as tables for the terminal, in Markdown's form.

use super::figures::{Figures, OfDatabase, Ratio, Target};
use super::suite;

pub(crate) fn print(figures: &Figures) {
    println!("{}; guichet is {:.1} MiB", figures.machine, figures.binary_mib);
    for found in &figures.databases {
        print_database(found);
    }
}

fn print_database(found: &OfDatabase) {
    println!("\n## {}\n", found.database);
    println!("| what | measured | target | |\n| --- | ---: | ---: | --- |");
    for ratio in suite::limits(found).iter().chain(&found.ratios) {
        println!("| {} | {:.2} | {} | {} |", ratio.name, ratio.value, words(ratio.target), verdict(ratio));
    }
    println!(
        "\n| operation | statements | transactions | statements with limits |\n| --- | ---: | ---: | ---: |"
    );
    for cost in &found.costs {
        println!(
            "| {} | {} | {} | {} |",
            cost.name, cost.statements, cost.transactions, cost.statements_limited
        );
    }
    println!("\n| load | server | a second | p50, ms | p99, ms | processor, µs | peak, MiB |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for load in &found.workloads {
        println!(
            "| {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {:.0} |",
            load.name, load.server, load.per_second, load.p50_ms, load.p99_ms, load.cpu_us, load.peak_mib
        );
    }
}

fn words(target: Target) -> String {
    match target {
        Target::AtLeast(least) => format!("≥ {least}"),
        Target::AtMost(most) => format!("≤ {most}"),
        Target::None => String::new(),
    }
}

fn verdict(ratio: &Ratio) -> &'static str {
    match ratio.target {
        Target::None => "",
        target if target.is_met_by(ratio.value) => "met",
        _ => "missed",
    }
}
