//! Two servers under one load, in turn, round after round.

use anyhow::Result;

use super::Length;
use super::figures::{Workload, median};
use super::load::{Load, Seen};
use super::place::Programs;
use super::server::Server;
use crate::children::Children;

/// What every round said of both.
pub(crate) struct Pairs {
    pub(crate) ours: Workload,
    pub(crate) theirs: Workload,
    rounds: Vec<Round>,
}

struct Round {
    ours: (Seen, Workload),
    theirs: (Seen, Workload),
}

/// One side of a comparison.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub(crate) server: &'a Server,
    pub(crate) load: &'a Load,
}

impl Pairs {
    pub(crate) fn measure(
        children: &Children,
        programs: &Programs,
        ours: Side<'_>,
        theirs: Side<'_>,
        length: Length,
    ) -> Result<Self> {
        let look = |side: Side<'_>| side.load.measure(children, programs, side.server, length.seconds);
        let mut rounds = Vec::new();
        for round in 0..length.rounds {
            // Whoever comes first finds the machine in another state: they take turns.
            rounds.push(if round % 2 == 0 {
                let ours = look(ours)?;
                Round { ours, theirs: look(theirs)? }
            } else {
                let theirs = look(theirs)?;
                Round { ours: look(ours)?, theirs }
            });
        }
        let all = |side: fn(&Round) -> &(Seen, Workload)| {
            middle(&rounds.iter().map(|round| side(round).1.clone()).collect::<Vec<_>>())
        };
        let (ours, theirs) = (all(|round| &round.ours), all(|round| &round.theirs));
        Ok(Self { ours, theirs, rounds })
    }

    /// The median of `ours / theirs`, a ratio a round.
    pub(crate) fn ratio(&self, what: fn(&Seen, &Workload) -> f64) -> f64 {
        let ratio =
            |round: &Round| what(&round.ours.0, &round.ours.1) / what(&round.theirs.0, &round.theirs.1);
        median(self.rounds.iter().map(ratio).collect())
    }
}

/// The medians of rounds of one kind.
pub(crate) fn middle(rounds: &[Workload]) -> Workload {
    let of = |what: fn(&Workload) -> f64| median(rounds.iter().map(what).collect());
    Workload {
        name: rounds.first().map(|round| round.name.clone()).unwrap_or_default(),
        server: rounds.first().map_or("", |round| round.server),
        per_second: of(|round| round.per_second),
        p50_ms: of(|round| round.p50_ms),
        p99_ms: of(|round| round.p99_ms),
        cpu_us: of(|round| round.cpu_us),
        peak_mib: rounds.iter().map(|round| round.peak_mib).fold(0.0, f64::max),
    }
}
