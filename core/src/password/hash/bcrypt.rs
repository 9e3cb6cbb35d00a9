//! bcrypt: `$2a$`, `$2b$`, `$2y$`. It sees 72 bytes at most; whoever made such a hash had the same limit.

use super::Unreadable;

/// A hash of this cost takes several seconds; more is a broken row, or somebody's wish to stop a thread.
const HIGHEST_COST: u32 = 16;

pub(super) fn is_right(kept: &str, password: &[u8]) -> Result<bool, Unreadable> {
    let unreadable = |_| Unreadable("it is no bcrypt hash");
    let parts: bcrypt::HashParts = kept.parse().map_err(unreadable)?;
    if parts.get_cost() > HIGHEST_COST {
        return Err(Unreadable("its cost is out of reach"));
    }
    bcrypt::verify(password, kept).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_prefixes_are_one_algorithm() {
        // OpenBSD's test vector of cost 5.
        for prefix in ["$2a", "$2b", "$2y"] {
            let kept = format!("{prefix}$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
            assert!(is_right(&kept, b"U*U").unwrap());
            assert!(!is_right(&kept, b"U*V").unwrap());
        }
    }
}
