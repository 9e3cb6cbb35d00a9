//! When something that another server did not take is tried again: a mail, an event.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_hours(1);

/// The pause after the `attempt`th failure (from 1): doubles from 5 s up to an hour, of which a random half is
/// taken off, so that what failed together does not come back together.
pub fn pause(attempt: i64, random: u64) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 30)).unwrap_or(0);
    let full = FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST);
    let half = u64::try_from(full.as_millis() / 2).unwrap_or(0);
    full.saturating_sub(Duration::from_millis(random % (half + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_an_hour_and_differ() {
        for attempt in 1..40 {
            let (short, long) = (pause(attempt, 1_799_999), pause(attempt, 0));
            assert!(short <= long && long <= LONGEST && short * 2 >= FIRST.min(long), "{attempt}");
        }
        assert_eq!(pause(1, 0), Duration::from_secs(5));
        assert_eq!(pause(2, 0), Duration::from_secs(10));
        assert_eq!(pause(1, 2500), Duration::from_millis(2500));
        assert_eq!(pause(30, 0), LONGEST);
        assert_eq!(pause(i64::MAX, 0), LONGEST);
        assert_eq!(pause(i64::MIN, 0), FIRST);
    }
}
