//! `docs/plugins/README.md`: every plugin with its page, routes and settings, from what the program says of itself.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

const HEAD: &str = "# Plugins, one by one

Paths in the pages of plugins are below `/api/auth`, unless they are those of token-api. What each brings: routes, and settings of its section `[plugins.<name>]`. Written by `cargo xtask openapi`, do not edit it here.
Columns stand in [tables](../tables.md), bodies and answers in the [OpenAPI document](../../openapi.json), every key with its
default in [guichet.example.toml](../../guichet.example.toml), limits in [security](../security.md).
";

/// Where the page of a plugin is, when not beside this one.
const ELSEWHERE: [(&str, &str); 3] = [
    ("email-password", "../passwords.md"),
    ("pages", "../pages.md"),
    ("prepare-login", "../prepare-login.md"),
];

/// The page. `document` is the `OpenAPI` document with every plugin on, `settings` the JSON schema of the settings.
pub(crate) fn page(document: &Value, settings: &Value) -> Result<String> {
    let plugins = object(settings, "/properties/plugins/properties")?;
    let mut names: Vec<&String> = plugins.keys().collect();
    names.sort();
    let mut text = HEAD.to_owned();
    for name in names {
        let there = ELSEWHERE.iter().find(|(known, _)| known == name).map(|(_, page)| (*page).to_owned());
        let there = there.unwrap_or_else(|| format!("{name}.md"));
        write!(text, "\n## [{name}]({there})\n")?;
        routes(&mut text, document, name)?;
        keys(&mut text, plugins.get(name).unwrap_or(&Value::Null))?;
    }
    Ok(text)
}

fn routes(text: &mut String, document: &Value, plugin: &str) -> Result<()> {
    let mut head = Some("\n| route | name | |\n| --- | --- | --- |\n");
    for (path, operations) in object(document, "/paths")? {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            if operation.pointer("/tags/0").is_none_or(|tag| tag != plugin) {
                continue;
            }
            text.push_str(head.take().unwrap_or_default());
            let (name, about) = (said(operation.get("operationId")), said(operation.get("summary")));
            writeln!(text, "| `{} {path}` | `{name}` | {about} |", method.to_uppercase())?;
        }
    }
    Ok(())
}

fn keys(text: &mut String, section: &Value) -> Result<()> {
    let mut head = Some("\n| key | |\n| --- | --- |\n");
    for (key, schema) in section.get("properties").and_then(Value::as_object).into_iter().flatten() {
        text.push_str(head.take().unwrap_or_default());
        writeln!(text, "| `{key}` | {} |", said(schema.get("description")))?;
    }
    Ok(())
}

/// A text as one cell.
fn said(text: Option<&Value>) -> String {
    let words = text.and_then(Value::as_str).unwrap_or_default();
    words.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn object<'a>(value: &'a Value, pointer: &str) -> Result<&'a Map<String, Value>> {
    value.pointer(pointer).and_then(Value::as_object).with_context(|| format!("no object at {pointer}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::page;

    #[test]
    fn a_plugin_has_its_routes_and_keys() {
        let operation = |tag: &str| json!({"tags": [tag], "operationId": format!("{tag}.go"), "summary": "Goes\non | off"});
        let document = json!({"paths": {"/a": {"post": operation("one")}, "/b": {"get": operation("core")}}});
        let settings = json!({"properties": {"plugins": {"properties": {
            "pages": {}, "one": {"properties": {"digits": {"description": "How many."}}},
        }}}});
        let text = page(&document, &settings).unwrap();
        for line in [
            "## [one](one.md)",
            "| `POST /a` | `one.go` | Goes on \\| off |",
            "| `digits` | How many. |",
            "## [pages](../pages.md)",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
        assert!(!text.contains("/b"), "{text}");
    }
}
