//! The endpoints, one file each.

pub(crate) mod ask;
pub(crate) mod verify;
