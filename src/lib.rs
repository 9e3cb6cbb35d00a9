//! Guichet: a self-contained identity provider, one program beside one database.
//!
//! This crate composes: it hands the core the list of plugins. The program, the tests, and Rust applications that
//! embed Guichet start through [`build`].

pub mod plugins;

use guichet_core::config::Config;
use guichet_core::plugin::switched_on;
use guichet_core::server::{Outside, Server};

/// Puts the product together: the plugins that `config` switches on, its database, and the outside world.
pub async fn build(config: Config, outside: Outside) -> anyhow::Result<Server> {
    let plugins = switched_on(&plugins::all(), &config)?;
    Server::build(config, plugins, outside).await
}
