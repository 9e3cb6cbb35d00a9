//! CBOR (RFC 8949) as authenticators write it: one item, of little depth, and what follows it.

use ciborium::Value;

/// No authenticator nests deeper (CTAP 2.1, section 8).
const DEPTH: usize = 8;

/// The first item, and what stands behind it.
pub(super) fn first(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let mut rest = bytes;
    let item = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEPTH).ok()?;
    Some((item, rest))
}

/// The one item that the bytes are.
pub(super) fn only(bytes: &[u8]) -> Option<Value> {
    first(bytes).filter(|(_, rest)| rest.is_empty()).map(|(item, _)| item)
}

/// A member of a map; one that is there twice is not there.
pub(super) fn member<'a>(map: &'a [(Value, Value)], key: &Value) -> Option<&'a Value> {
    let mut found = map.iter().filter(|(name, _)| name == key).map(|(_, value)| value);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_integer().and_then(|number| i64::try_from(number).ok())
}
