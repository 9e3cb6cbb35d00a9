//! The workspace's own crates depend on each other along the arrows that `docs/architecture.md` draws:
//! guichet → plugins → core → huge-pages, guichet → huge-pages, testing → core, tests of plugins and product → testing.
//! Nothing else.

use std::collections::HashMap;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: String,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// None for a normal dependency, else "dev" or "build".
    kind: Option<String>,
    /// Some for a crate of this repository.
    path: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Product,
    Plugin,
    Core,
    HugePages,
    Testing,
    Chores,
    Benches,
}

/// The room of a crate by its folder, relative to the workspace's root.
fn room(folder: &str) -> Option<Room> {
    match folder {
        "" => Some(Room::Product),
        "core" => Some(Room::Core),
        "huge-pages" => Some(Room::HugePages),
        "testing" => Some(Room::Testing),
        "xtask" => Some(Room::Chores),
        "benches" => Some(Room::Benches),
        other => other.starts_with("plugins/").then_some(Room::Plugin),
    }
}

fn allowed(from: Room, to: Room, kind: Option<&str>) -> bool {
    match (from, kind) {
        (Room::Product, None) => matches!(to, Room::Plugin | Room::Core | Room::HugePages),
        (Room::Core, None) => to == Room::HugePages,
        (Room::Product, Some("dev")) => matches!(to, Room::Plugin | Room::Core | Room::Testing),
        (Room::Plugin, None) | (Room::Testing, None | Some("dev")) => to == Room::Core,
        (Room::Plugin, Some("dev")) => matches!(to, Room::Core | Room::Testing),
        _ => false,
    }
}

fn metadata() -> Result<Metadata> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

#[test]
fn crates_depend_on_each_other_along_the_arrows_alone() -> Result<()> {
    let metadata = metadata()?;
    let mut rooms = HashMap::new();
    for package in &metadata.packages {
        let manifest = package.manifest_path.strip_prefix(&metadata.workspace_root);
        let folder = manifest.and_then(|path| path.strip_suffix("Cargo.toml")).context("a manifest")?;
        let room = room(folder.trim_matches('/'));
        rooms.insert(package.name.as_str(), room.with_context(|| format!("no arrow is drawn for {folder}"))?);
    }
    assert_eq!(rooms["guichet-core"], Room::Core);

    let mut wrong = Vec::new();
    for package in &metadata.packages {
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            let kind = dependency.kind.as_deref();
            let to = rooms.get(dependency.name.as_str());
            if !to.is_some_and(|to| allowed(rooms[package.name.as_str()], *to, kind)) {
                wrong.push(format!("{} → {} ({})", package.name, dependency.name, kind.unwrap_or("normal")));
            }
        }
    }
    assert!(wrong.is_empty(), "no arrow allows:\n{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn plugins_never_import_each_other_and_the_core_imports_nobody() {
    for kind in [None, Some("dev"), Some("build")] {
        assert!(!allowed(Room::Plugin, Room::Plugin, kind));
        assert!(!allowed(Room::Core, Room::Plugin, kind));
        assert!(!allowed(Room::Core, Room::Testing, kind));
        assert!(!allowed(Room::Chores, Room::Core, kind));
        assert!(!allowed(Room::Benches, Room::Core, kind));
    }
    assert!(!allowed(Room::Product, Room::Testing, None));
    assert!(!allowed(Room::Plugin, Room::Testing, None));
}
