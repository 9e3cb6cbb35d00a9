//! JavaScript's `encodeURIComponent`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What it leaves as it is (ECMA-262, section 19.2.6.4).
const LEFT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A text as part of an address or a cookie, escaped as `encodeURIComponent` does.
pub fn component(text: &str) -> String {
    utf8_percent_encode(text, LEFT).to_string()
}
