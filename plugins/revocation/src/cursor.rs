//! Where a reader is: opaque to them.

use crate::table::Feed;

/// A position of a feed, as `<epoch>.<position>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    epoch: String,
    pub(crate) position: i64,
}

impl Cursor {
    /// The position that `given` names in `feed`; `None` for one that was never handed out there.
    pub(crate) fn position(given: &str, feed: &Feed) -> Option<i64> {
        let (epoch, position) = given.split_once('.')?;
        let position = position.parse().ok()?;
        (epoch == feed.epoch && (0..=feed.position).contains(&position)).then_some(position)
    }

    /// A cursor at this position.
    pub(crate) fn at(feed: &Feed, position: i64) -> Self {
        Self { epoch: feed.epoch.clone(), position }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.epoch, self.position)
    }
}
