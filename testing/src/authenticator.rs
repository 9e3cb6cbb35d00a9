//! An authenticator of passkeys in software: keys, flags, a counter, and every way to say something else than it should.

#![allow(clippy::missing_panics_doc, reason = "a double that is used wrongly fails its test")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Flag: somebody is there (WebAuthn, 6.1).
pub const PRESENT: u8 = 0x01;
/// Flag: it is known who.
pub const VERIFIED: u8 = 0x04;
/// Flag: the key may be copied elsewhere.
pub const BACKUP_ELIGIBLE: u8 = 0x08;
/// Flag: it is.
pub const BACKED_UP: u8 = 0x10;

enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

/// One credential, in the hands of whoever tests.
pub struct Authenticator {
    key: Key,
    /// The credential's id.
    pub id: Vec<u8>,
    /// How often it signed.
    pub counter: u32,
    /// What it says of who is there.
    pub flags: u8,
    /// The page that it says it is on.
    pub origin: String,
    /// The domain that it says it is for.
    pub rp_id: String,
    /// Says that it is of the other ceremony.
    pub other_ceremony: bool,
    /// Answers this challenge instead of the one that was asked.
    pub challenge: Option<String>,
    /// What it says of frames.
    pub cross_origin: Value,
    /// Signs something else.
    pub forged: bool,
    /// Attests by its own key, as `packed` has it; wrongly when the flag is set.
    pub packed: Option<bool>,
    /// Who it says it is of.
    pub user_handle: Value,
}

/// Base64 as WebAuthn writes it.
pub fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn map(entries: Vec<(Cbor, Cbor)>) -> Cbor {
    Cbor::Map(entries)
}

impl Authenticator {
    /// With a key of P-256.
    pub fn es256(base: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        Self::of(Key::Es256(key), base)
    }

    /// With a key of Ed25519.
    pub fn eddsa(base: &str) -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::of(Key::EdDsa(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap()), base)
    }

    /// With a key of RSA, 2048 bits.
    pub fn rs256(base: &str) -> Self {
        Self::of(Key::Rs256(RsaKeyPair::from_pkcs8(include_bytes!("rs256.pk8")).unwrap()), base)
    }

    fn of(key: Key, base: &str) -> Self {
        let id = ring::rand::generate::<[u8; 32]>(&SystemRandom::new()).unwrap().expose().to_vec();
        Self {
            key,
            id,
            counter: 0,
            flags: PRESENT | VERIFIED,
            origin: base.to_owned(),
            rp_id: "127.0.0.1".to_owned(),
            other_ceremony: false,
            challenge: None,
            cross_origin: json!(false),
            forged: false,
            packed: None,
            user_handle: Value::Null,
        }
    }

    /// The public key, as COSE writes it.
    pub fn cose(&self) -> Vec<u8> {
        let n = |number: i64| Cbor::from(number);
        let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
        cbor(&map(match &self.key {
            Key::Es256(key) => {
                let point = key.public_key().as_ref();
                vec![
                    (n(1), n(2)),
                    (n(3), n(-7)),
                    (n(-1), n(1)),
                    (n(-2), bytes(&point[1..33])),
                    (n(-3), bytes(&point[33..])),
                ]
            }
            Key::EdDsa(key) => {
                vec![(n(1), n(1)), (n(3), n(-8)), (n(-1), n(6)), (n(-2), bytes(key.public_key().as_ref()))]
            }
            Key::Rs256(key) => {
                // RSAPublicKey of 2048 bits (RFC 8017, appendix A.1.1): its two numbers stand where they always do.
                let der = key.public().as_ref();
                vec![
                    (n(1), n(3)),
                    (n(3), n(-257)),
                    (n(-1), bytes(&der[9..265])),
                    (n(-2), bytes(&der[267..270])),
                ]
            }
        }))
    }

    fn algorithm(&self) -> i64 {
        match self.key {
            Key::Es256(_) => -7,
            Key::EdDsa(_) => -8,
            Key::Rs256(_) => -257,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Es256(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Key::EdDsa(key) => key.sign(message).as_ref().to_vec(),
            Key::Rs256(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    fn client_data(&self, registers: bool, options: &Value) -> Vec<u8> {
        let kind = if registers == self.other_ceremony { "webauthn.get" } else { "webauthn.create" };
        let challenge = self.challenge.as_deref().unwrap_or_else(|| options["challenge"].as_str().unwrap());
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin})
            .to_string()
            .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let hash = Sha256::digest(self.rp_id.as_bytes());
        [&hash[..], &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// What `navigator.credentials.create` gives, as JSON.
    pub fn create(&self, options: &Value) -> Value {
        let client_data = self.client_data(true, options);
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [&self.data(self.flags | 0x40)[..], &[7; 16], &length, &self.id, &self.cose()].concat();
        let text = |text: &str| Cbor::Text(text.to_owned());
        let (format, statement) = match self.packed {
            None => ("none", Vec::new()),
            Some(wrongly) => {
                let mut signed = [&data[..], &Sha256::digest(&client_data)[..]].concat();
                signed[0] ^= u8::from(wrongly);
                let signature = Cbor::Bytes(self.sign(&signed));
                ("packed", vec![(text("alg"), Cbor::from(self.algorithm())), (text("sig"), signature)])
            }
        };
        let object = map(vec![
            (text("fmt"), text(format)),
            (text("attStmt"), map(statement)),
            (text("authData"), Cbor::Bytes(data)),
        ]);
        json!({
            "id": b64(&self.id), "rawId": b64(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": b64(&client_data), "attestationObject": b64(&cbor(&object)),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// What `navigator.credentials.get` gives, as JSON; counts the use.
    pub fn get(&mut self, options: &Value) -> Value {
        self.counter += 1;
        self.get_again(options)
    }

    /// As [`Self::get`], without counting.
    pub fn get_again(&self, options: &Value) -> Value {
        let client_data = self.client_data(false, options);
        let data = self.data(self.flags);
        let mut signed = [&data[..], &Sha256::digest(&client_data)[..]].concat();
        signed[0] ^= u8::from(self.forged);
        json!({
            "id": b64(&self.id), "rawId": b64(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": b64(&client_data), "authenticatorData": b64(&data),
                "signature": b64(&self.sign(&signed)), "userHandle": self.user_handle,
            },
        })
    }
}
