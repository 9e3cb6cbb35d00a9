//! A moment in UTC, to the millisecond: the only form of time in the database and on the wire.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// Fixed width, so that text on `SQLite` sorts as time does; also the JSON form of Better Auth's dates.
const WIRE: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
/// What `CURRENT_TIMESTAMP` writes on `SQLite`.
const SQLITE_DEFAULT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");

/// A moment in UTC with millisecond precision.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// The moment, cut to whole milliseconds and moved to UTC.
    pub fn new(moment: OffsetDateTime) -> Self {
        // At the ends of time there may be no such moment in UTC.
        let utc = moment.checked_to_offset(UtcOffset::UTC).unwrap_or(moment.replace_offset(UtcOffset::UTC));
        let millisecond = utc.millisecond();
        Self(utc.replace_millisecond(millisecond).unwrap_or(utc))
    }

    /// From milliseconds since 1970; `None` outside the years that `time` can express.
    pub fn from_millis(millis: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok().map(Self::new)
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        i64::try_from(self.0.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
    }

    /// Seconds since 1970 (RFC 7519 `NumericDate`).
    pub fn seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// The inner value, for libraries that want `time`'s own type.
    pub fn inner(self) -> OffsetDateTime {
        self.0
    }

    /// Later by `span`; stays at the last representable moment when it would overflow.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        let span = time::Duration::try_from(span).unwrap_or(time::Duration::MAX);
        Self(self.0.saturating_add(span))
    }

    /// Earlier by `span`.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        let span = time::Duration::try_from(span).unwrap_or(time::Duration::MAX);
        Self(self.0.saturating_sub(span))
    }

    /// How long until `later`; zero when it has passed.
    pub fn until(self, later: Self) -> Duration {
        Duration::try_from(later.0 - self.0).unwrap_or(Duration::ZERO)
    }

    /// To the minute, as people read it: `2026-01-31 12:00`, in UTC.
    pub fn to_the_minute(self) -> String {
        self.to_string().get(..16).unwrap_or_default().replace('T', " ")
    }

    /// Reads RFC 3339, our own form, and what `SQLite`'s `CURRENT_TIMESTAMP` writes (UTC without a zone).
    pub fn parse(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_| PrimitiveDateTime::parse(text, SQLITE_DEFAULT).map(PrimitiveDateTime::assume_utc));
        let utc = moment.ok()?.checked_to_offset(UtcOffset::UTC)?;
        // What RFC 3339 can write again.
        (0..=9999).contains(&utc.year()).then(|| Self::new(utc))
    }
}

impl From<PrimitiveDateTime> for Timestamp {
    fn from(value: PrimitiveDateTime) -> Self {
        Self::new(value.assume_utc())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(WIRE).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_at_the_ends_of_time_are_no_moments_and_no_panic() {
        for text in ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
        assert!(Timestamp::parse("9999-12-31T23:59:59Z").is_some());
    }

    #[test]
    fn text_has_one_width_so_that_it_sorts_as_time_does() {
        let early = Timestamp::parse("2024-05-01T10:00:00Z").unwrap();
        let late = Timestamp::parse("2024-05-01T12:00:00.5+02:00").unwrap();
        assert_eq!(early.to_string(), "2024-05-01T10:00:00.000Z");
        assert_eq!(late.to_string(), "2024-05-01T10:00:00.500Z");
        assert!(early < late && early.to_string() < late.to_string());
    }

    #[test]
    fn what_sqlite_writes_by_itself_is_read_as_utc() {
        assert_eq!(
            Timestamp::parse("2024-05-01 10:00:00").unwrap(),
            Timestamp::parse("2024-05-01T10:00:00Z").unwrap()
        );
    }

    #[test]
    fn people_read_it_to_the_minute() {
        assert_eq!(Timestamp::parse("2024-05-01T10:00:59.999Z").unwrap().to_the_minute(), "2024-05-01 10:00");
    }

    #[test]
    fn precision_is_the_millisecond() {
        let moment = Timestamp::parse("2024-05-01T10:00:00.123999Z").unwrap();
        assert_eq!(moment.to_string(), "2024-05-01T10:00:00.123Z");
        assert_eq!(Timestamp::from_millis(moment.millis()), Some(moment));
    }
}
