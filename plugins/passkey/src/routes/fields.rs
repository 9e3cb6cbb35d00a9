//! Fields of the inputs.

use guichet_core::http::{Field, Issues, Shape};
use guichet_core::serde_json::{Value, json};

guichet_core::choices! {
    /// Which authenticators are asked for.
    pub(crate) enum Attachment {
        /// One that is part of the device.
        Platform = "platform",
        /// One that is carried along.
        CrossPlatform = "cross-platform",
    }
}

/// Any JSON; what it must be is asked later.
#[derive(Debug)]
pub(crate) struct Anything(pub(crate) Value);

impl Field for Anything {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        if value.is_none() {
            issues.expected(path, "nonoptional", None);
        }
        value.cloned().map(Self)
    }

    fn shape() -> Shape {
        Shape(json!({"type": "object", "description": "A PublicKeyCredential, as JSON"}))
    }
}

/// What a passkey is called: trimmed, perhaps empty.
#[derive(Debug)]
pub(crate) struct Label(pub(crate) String);

impl Label {
    /// How long it may be.
    pub(crate) const LONGEST: usize = 100;
}

impl Field for Label {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        let text = String::read(value, path, issues)?;
        let text = text.trim();
        if text.chars().count() > Self::LONGEST {
            issues.note(path, format!("Too big: expected string to have <={} characters", Self::LONGEST));
            return None;
        }
        Some(Self(text.to_owned()))
    }

    fn shape() -> Shape {
        Shape(json!({"type": "string", "maxLength": Self::LONGEST}))
    }
}

/// As [`Label`], of at least one character.
#[derive(Debug)]
pub(crate) struct FullLabel(pub(crate) String);

impl Field for FullLabel {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        let Label(text) = Label::read(value, path, issues)?;
        if text.is_empty() {
            issues.note(path, "Too small: expected string to have >=1 characters");
            return None;
        }
        Some(Self(text))
    }

    fn shape() -> Shape {
        Shape(json!({"type": "string", "minLength": 1, "maxLength": Label::LONGEST}))
    }
}
