//! Random values. Uniform: no alphabet is reached by taking a remainder.

use rand::distr::{Distribution, Uniform};
use rand::{RngCore, SeedableRng, rngs::StdRng};

use super::Keyring;

/// The source of all randomness.
pub trait Randomness: Send + Sync + 'static {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "this is randomness's home; a system without entropy must stop rather than go on with predictable tokens"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

const ALPHANUMERIC: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

impl Keyring {
    /// Random bytes.
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes);
        bytes
    }

    /// `length` characters of `[a-zA-Z0-9]` (Better Auth's ids and session tokens have 32: 190 bits).
    pub fn random_alphanumeric(&self, length: usize) -> String {
        random_alphanumeric(self.randomness.as_ref(), length)
    }

    /// A decimal code of `digits` digits, each uniform.
    pub fn random_digits(&self, digits: usize) -> String {
        self.random_from(b"0123456789", digits)
    }

    /// `length` characters drawn uniformly from `alphabet` (ASCII; an empty one gives an empty text).
    pub fn random_from(&self, alphabet: &[u8], length: usize) -> String {
        random_from(self.randomness.as_ref(), alphabet, length)
    }

    /// A random 64-bit number, for jitter.
    pub fn random_u64(&self) -> u64 {
        StdRng::from_seed(self.random_bytes()).next_u64()
    }
}

/// `length` characters of `[a-zA-Z0-9]`, where there is no keyring yet: a new secret.
pub fn random_alphanumeric(randomness: &dyn Randomness, length: usize) -> String {
    random_from(randomness, ALPHANUMERIC, length)
}

fn random_from(randomness: &dyn Randomness, alphabet: &[u8], length: usize) -> String {
    let mut seed = [0; 32];
    randomness.fill(&mut seed);
    let mut generator = StdRng::from_seed(seed);
    let Ok(index) = Uniform::new(0, alphabet.len()) else { return String::new() };
    (0..length).filter_map(|_| alphabet.get(index.sample(&mut generator))).map(|&b| char::from(b)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::keyring;

    #[test]
    fn codes_have_their_length_and_only_digits() {
        let ring = keyring("x");
        for _ in 0..200 {
            let code = ring.random_digits(6);
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
        }
    }

    #[test]
    fn every_digit_comes_equally_often() {
        let ring = keyring("x");
        let mut counts = [0_u32; 10];
        for byte in ring.random_digits(100_000).bytes() {
            counts[usize::from(byte - b'0')] += 1;
        }
        assert!(counts.iter().all(|&n| (9_500..10_500).contains(&n)), "{counts:?}");
    }
}
