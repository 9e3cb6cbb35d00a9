//! What may be set: the JSON schema of the settings and of every plugin's section, asked key by key.

use serde_json::{Map, Value, json};

use super::Config;
use crate::plugin::Registration;

/// Deeper than any section is nested; a type that contains itself ends here.
const DEEPEST: u8 = 24;

/// Every key that is known.
pub struct Known(Value);

/// What stands at one key.
#[derive(Clone, Copy)]
pub(super) struct Node<'a>(&'a Value);

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Section,
    List,
    Boolean,
    Integer,
    Text,
    /// The schema does not say.
    Any,
}

impl Known {
    /// The keys of the settings and of these plugins.
    pub fn new(plugins: &[Registration]) -> Self {
        let mut schema = whole(&schemars::schema_for!(Config));
        let sections: Map<String, Value> =
            plugins.iter().map(|plugin| (plugin.id.to_owned(), whole(&(plugin.options)()))).collect();
        if let Some(section) = schema.pointer_mut("/properties/plugins").and_then(Value::as_object_mut) {
            section.insert("properties".to_owned(), Value::Object(sections));
            section.insert("additionalProperties".to_owned(), json!(false));
        }
        Self(schema)
    }

    /// All of it as a JSON schema, for editors.
    pub fn schema(&self) -> &Value {
        &self.0
    }

    /// Whether what stands at this path (keys and numbers in lists) is a secret, by declaration or by its name.
    pub fn is_secret(&self, path: &[String]) -> bool {
        let mut node = Some(self.root());
        for step in path {
            node = node.and_then(|n| n.child(step).or_else(|| n.item()).or_else(|| n.any()));
        }
        node.is_some_and(Node::is_secret)
            || path.last().is_some_and(|name| {
                ["secret", "secrets", "password", "token", "api_key", "private_key"]
                    .iter()
                    .any(|end| name.ends_with(end))
            })
    }

    pub(super) fn root(&self) -> Node<'_> {
        Node(&self.0)
    }
}

impl<'a> Node<'a> {
    /// What it is when it is given at all.
    fn given(self) -> &'a Value {
        let choices = self.0.get("anyOf").and_then(Value::as_array);
        let mut real = choices.into_iter().flatten().filter(|c| c.get("type") != Some(&json!("null")));
        match (real.next(), real.next()) {
            (Some(only), None) => only,
            _ => self.0,
        }
    }

    /// The keys of a section; `None` where any may stand.
    pub(super) fn keys(self) -> Option<&'a Map<String, Value>> {
        self.given().get("properties").and_then(Value::as_object)
    }

    pub(super) fn child(self, key: &str) -> Option<Node<'a>> {
        self.keys()?.get(key).map(Node)
    }

    pub(super) fn children(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        self.keys().into_iter().flatten().map(|(key, schema)| (key.as_str(), Node(schema)))
    }

    /// What a list holds.
    pub(super) fn item(self) -> Option<Node<'a>> {
        self.given().get("items").map(Node)
    }

    /// What stands at any key of a section whose keys are free.
    fn any(self) -> Option<Node<'a>> {
        self.given().get("additionalProperties").filter(|any| any.is_object()).map(Node)
    }

    pub(super) fn form(self) -> Form {
        let given = self.given();
        let texts = |list: &Value| {
            list.as_array().is_some_and(|all| all.iter().all(|one| one.get("type") == Some(&json!("string"))))
        };
        let named = match given.get("type") {
            Some(Value::String(name)) => Some(name.as_str()),
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
            _ => None,
        };
        match named {
            Some("object") => Form::Section,
            Some("array") => Form::List,
            Some("boolean") => Form::Boolean,
            Some("integer") => Form::Integer,
            Some("string") => Form::Text,
            _ if given.get("oneOf").is_some_and(texts) => Form::Text,
            _ => Form::Any,
        }
    }

    /// Declared by JSON schema's own word for what is never given out again.
    pub(super) fn is_secret(self) -> bool {
        [self.0, self.given()].iter().any(|schema| schema.get("writeOnly") == Some(&json!(true)))
    }
}

/// The schema with every `$ref` replaced by what it refers to.
fn whole(schema: &schemars::Schema) -> Value {
    let mut whole = schema.as_value().clone();
    let definitions = whole.as_object_mut().and_then(|fields| fields.remove("$defs")).unwrap_or_default();
    replace(&mut whole, &definitions, 0);
    whole
}

fn replace(schema: &mut Value, definitions: &Value, depth: u8) {
    if depth > DEEPEST {
        return;
    }
    match schema {
        Value::Object(fields) => {
            let target =
                fields.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/$defs/"));
            if let Some(Value::Object(target)) = target.and_then(|name| definitions.get(name)).cloned() {
                fields.remove("$ref");
                for (key, value) in target {
                    // What stands beside the reference is more precise.
                    fields.entry(key).or_insert(value);
                }
            }
            fields.values_mut().for_each(|value| replace(value, definitions, depth + 1));
        }
        Value::Array(all) => all.iter_mut().for_each(|value| replace(value, definitions, depth + 1)),
        _ => {}
    }
}
