//! What the authenticator says of itself: authenticator data (section 6.1).

use sha2::{Digest as _, Sha256};

use super::{Expected, Refused, Result, cbor};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;

/// A signature counter; zero for ever where an authenticator has none (section 6.1.1).
pub type Counter = u32;

/// Authenticator data, taken apart.
#[derive(Debug)]
pub(super) struct AuthenticatorData {
    rp_id_hash: [u8; 32],
    flags: u8,
    pub(super) counter: Counter,
    pub(super) attested: Option<Attested>,
}

/// The credential that was made.
#[derive(Debug)]
pub(super) struct Attested {
    pub(super) aaguid: [u8; 16],
    pub(super) id: Vec<u8>,
    /// The public key, as COSE writes it.
    pub(super) key: Vec<u8>,
}

impl AuthenticatorData {
    /// Takes it apart; nothing may be left over.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        Self::read(bytes).ok_or(Refused::Malformed("authenticatorData"))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (&flags, rest) = rest.split_first()?;
        let (counter, mut rest) = rest.split_first_chunk::<4>()?;
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (aaguid, after) = rest.split_first_chunk::<16>()?;
            let (length, after) = after.split_first_chunk::<2>()?;
            let (id, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
            let (_, behind) = cbor::first(after)?;
            let key = after.get(..after.len().checked_sub(behind.len())?)?;
            attested = Some(Attested { aaguid: *aaguid, id: id.to_vec(), key: key.to_vec() });
            rest = behind;
        }
        if flags & EXTENSIONS != 0 {
            let (extensions, behind) = cbor::first(rest)?;
            extensions.as_map()?;
            rest = behind;
        }
        let counter = Counter::from_be_bytes(*counter);
        rest.is_empty().then_some(Self { rp_id_hash: *rp_id_hash, flags, counter, attested })
    }

    /// Checks whom it was made for, and what was asked of the person.
    pub(super) fn check(&self, expected: Expected<'_>) -> Result<()> {
        if self.rp_id_hash[..] != Sha256::digest(expected.rp_id.as_bytes())[..] {
            return Err(Refused::RpId);
        }
        if self.flags & PRESENT == 0 {
            return Err(Refused::UserPresence);
        }
        if expected.user_verification && !self.is_verified() {
            return Err(Refused::UserVerification);
        }
        // What cannot be backed up is not.
        if self.is_backed_up() && !self.is_backup_eligible() {
            return Err(Refused::Malformed("authenticatorData"));
        }
        Ok(())
    }

    pub(super) fn is_verified(&self) -> bool {
        self.flags & VERIFIED != 0
    }

    pub(super) fn is_backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }

    pub(super) fn is_backed_up(&self) -> bool {
        self.flags & BACKED_UP != 0
    }
}
