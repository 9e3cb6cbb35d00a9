//! A clock that is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use guichet_core::clock::{Clock, SystemClock};
use guichet_core::timestamp::Timestamp;

/// Goes with the machine's clock, ahead of it by what the test added.
#[derive(Debug, Clone, Default)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Moves it forward.
    ///
    /// # Panics
    /// For spans of millions of years.
    pub fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).expect("a span that a test can mean");
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let ahead = u64::try_from(self.0.load(Ordering::SeqCst)).expect("it only moves forward");
        SystemClock.now().plus(Duration::from_millis(ahead))
    }
}
