//! Who a provider says somebody is, read out of its profile by the entry's mapping.

use guichet_core::email_address::EmailAddress;
use serde_json::{Map, Value as Json};

use crate::error::ProviderError;
use crate::providers::{Mapping, Verified};

/// Somebody, as a provider knows them.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The name that the provider never gives to anybody else.
    pub subject: String,
    /// The address, where it tells one that is one.
    pub email: Option<EmailAddress>,
    /// Whether it says that the address is theirs.
    pub email_verified: bool,
    /// The name; may be empty.
    pub name: String,
    /// The address of a picture. Never fetched by us.
    pub image: Option<String>,
    /// All that it said.
    pub data: Map<String, Json>,
}

/// Longer ones are nobody's (`OpenID` Connect Core, section 2: 255 characters).
const LONGEST_SUBJECT: usize = 255;
const LONGEST_NAME: usize = 200;
const LONGEST_IMAGE: usize = 2000;

impl Mapping {
    /// Reads a profile; one without a subject is nobody's.
    pub fn read(&self, answer: &Json) -> Result<Person, ProviderError> {
        let profile = answer.pointer(self.root).ok_or(ProviderError::Profile("it is empty"))?;
        let Json::Object(data) = profile else { return Err(ProviderError::Profile("it is no object")) };
        let first = |pointers: &[&str]| pointers.iter().find_map(|pointer| text(profile, pointer));
        let subject = self.id.iter().find_map(|pointer| subject(profile.pointer(pointer)?));
        let subject = subject.ok_or(ProviderError::Profile("it names no subject"))?;
        let address = first(self.email);
        let name = self.name.iter().find_map(|group| {
            let parts: Vec<String> = group.iter().filter_map(|pointer| text(profile, pointer)).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        });
        Ok(Person {
            subject,
            email: address.as_deref().and_then(EmailAddress::parse_international),
            email_verified: self.verified.holds(profile, address.as_deref()),
            name: cut(&name.unwrap_or_default(), LONGEST_NAME),
            image: self.image.iter().find_map(|pointer| image(profile, pointer)),
            data: data.clone(),
        })
    }
}

impl Verified {
    /// Whether an address is verified, as far as the profile itself says it. Nothing but `true` is.
    fn holds(self, profile: &Json, address: Option<&str>) -> bool {
        let is = |pointer: &str, value: &Json| profile.pointer(pointer) == Some(value);
        match self {
            Self::Never | Self::Emails(_) | Self::Confirmed(..) => false,
            Self::All(pointers) => pointers.iter().all(|pointer| is(pointer, &Json::Bool(true))),
            Self::TrueOrText(pointer) => is(pointer, &Json::Bool(true)) || is(pointer, &Json::from("true")),
            Self::One(pointer) => is(pointer, &Json::from(1)),
            Self::Listed(pointer, lists) => {
                let listed = |list: &&str| {
                    let all = profile.pointer(list).and_then(Json::as_array);
                    all.is_some_and(|all| {
                        all.iter().any(|one| one.as_str().is_some() && one.as_str() == address)
                    })
                };
                match profile.pointer(pointer) {
                    Some(said) => said == &Json::Bool(true),
                    None => lists.iter().any(listed),
                }
            }
        }
    }
}

/// A text or a whole number, as the provider names people.
fn subject(value: &Json) -> Option<String> {
    let subject = match value {
        Json::String(text) => text.clone(),
        Json::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return None,
    };
    let usable = !subject.trim().is_empty()
        && subject.chars().count() <= LONGEST_SUBJECT
        && !subject.chars().any(char::is_control)
        && subject != "undefined"
        && subject != "null";
    usable.then_some(subject)
}

fn text(profile: &Json, pointer: &str) -> Option<String> {
    let text: String = profile.pointer(pointer)?.as_str()?.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// The address of a picture: on the web, and nothing that a browser would run.
fn image(profile: &Json, pointer: &str) -> Option<String> {
    let address = if pointer.starts_with('/') {
        text(profile, pointer)?
    } else {
        let mut address = String::new();
        for (n, part) in pointer.split(['{', '}']).enumerate() {
            if n % 2 == 0 { address.push_str(part) } else { address.push_str(&text(profile, part)?) }
        }
        address
    };
    let good = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    (good && address.len() <= LONGEST_IMAGE).then_some(address)
}

/// `<subject>@<provider>.placeholder.invalid` (RFC 2606): an address that no mail can reach and nobody can prove.
pub(crate) fn placeholder(provider: &str, subject: &str) -> Option<EmailAddress> {
    let plain = subject.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let fits = plain && !subject.bytes().any(|b| b.is_ascii_uppercase()) && subject.len() <= 60;
    // Where an address cannot hold the subject, or would hold two as one, its hash stands for it.
    let local = if fits { subject.to_owned() } else { hex::encode(&sha2_of(subject)[..20]) };
    EmailAddress::parse(&format!("{local}@{provider}.placeholder.invalid"))
}

fn sha2_of(text: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).into()
}
