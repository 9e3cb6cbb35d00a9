//! Keys that were opened stay so: unsealing one, and checking that its numbers fit, is work that no token needs twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use guichet_core::keyring::Keyring;

use crate::key::Key;
use crate::table::Stored;

/// More are not needed: few sign at a time.
const MOST: usize = 32;

/// Opened keys, by what was stored: a row that changes is opened anew.
#[derive(Default)]
pub(crate) struct Opened(Mutex<HashMap<(String, String), Arc<Key>>>);

impl Opened {
    /// The key of a row; `None` when our secrets do not open it.
    pub(crate) fn get(&self, stored: &Stored, keyring: &Keyring) -> Option<Arc<Key>> {
        let name = (stored.id.clone(), stored.private.clone());
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = opened.get(&name) {
            return Some(key.clone());
        }
        let key = Arc::new(Key::open(stored.id.clone(), stored.algorithm()?, &stored.private, keyring)?);
        if opened.len() >= MOST {
            opened.clear();
        }
        opened.insert(name, key.clone());
        Some(key)
    }
}
