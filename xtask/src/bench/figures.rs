//! What was measured, as `--json` writes it.

use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Figures {
    /// Processor, cores and memory.
    pub(crate) machine: String,
    pub(crate) binary_mib: f64,
    pub(crate) databases: Vec<OfDatabase>,
}

impl Figures {
    pub(crate) fn new(machine: String, binary_mib: f64) -> Self {
        Self { machine, binary_mib, databases: Vec::new() }
    }
}

#[derive(Serialize)]
pub(crate) struct OfDatabase {
    pub(crate) database: &'static str,
    /// From the start of the process to the first answer, its tables made already.
    pub(crate) first_answer_ms: f64,
    pub(crate) idle_mib: f64,
    /// A while after everything below.
    pub(crate) idle_afterwards_mib: f64,
    pub(crate) workloads: Vec<Workload>,
    pub(crate) ratios: Vec<Ratio>,
    pub(crate) costs: Vec<Cost>,
}

/// Medians over the rounds.
#[derive(Serialize, Clone)]
pub(crate) struct Workload {
    pub(crate) name: String,
    pub(crate) server: &'static str,
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// The server's own processor time a request, which other programs on the machine hardly change.
    pub(crate) cpu_us: f64,
    /// The most memory that was resident in any round.
    pub(crate) peak_mib: f64,
}

/// The median of what the rounds said, and what it is to be.
#[derive(Serialize)]
pub(crate) struct Ratio {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) target: Target,
}

#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Told for comparison.
    None,
}

impl Target {
    pub(crate) fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
            Self::None => true,
        }
    }
}

/// What one operation asks of the database.
#[derive(Serialize)]
pub(crate) struct Cost {
    pub(crate) name: &'static str,
    pub(crate) statements: u64,
    pub(crate) transactions: u64,
    /// The same with every limit on, as it is by default.
    pub(crate) statements_limited: u64,
}

/// The middle one; the mean of the middle two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.get(half.wrapping_sub(1)), values.get(half)) {
        (Some(lower), Some(upper)) if values.len().is_multiple_of(2) => f64::midpoint(*lower, *upper),
        (_, Some(middle)) => *middle,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!((median(vec![7.0]) - 7.0).abs() < f64::EPSILON);
    }
}
