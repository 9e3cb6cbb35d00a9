//! `guichet healthcheck`: asks a running server whether it can serve, for images that hold no other program.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use guichet_core::outbound::Outbound;
use url::Url;

use super::output;
use super::settings::{Settings, base_url_at};

#[derive(Args)]
pub(crate) struct Options {
    /// The server's address [default: where `listen` says, on this machine]
    #[arg(long, value_name = "URL", value_parser = address)]
    url: Option<Url>,
}

/// Asks `/readyz`. Settings that cannot be used matter only when they are to say where.
pub(crate) async fn run(settings: anyhow::Result<Settings>, options: Options) -> anyhow::Result<ExitCode> {
    let server = match options.url {
        Some(url) => url,
        None => listened_at(&settings?)?,
    };
    let question = http::Request::get(server.join("/readyz")?.as_str()).body(Vec::new())?;
    let asked = server.origin().ascii_serialization();
    let answer =
        Outbound::nearby()?.send(question).await.with_context(|| format!("no answer from {asked}"))?;
    if !answer.status.is_success() {
        anyhow::bail!("the server at {asked} is not ready: /readyz answers {}", answer.status);
    }
    output::print("ready\n")?;
    Ok(ExitCode::SUCCESS)
}

fn listened_at(settings: &Settings) -> anyhow::Result<Url> {
    let listen = settings.config().listen;
    if listen.port() == 0 {
        anyhow::bail!("listen (GUICHET_LISTEN) is {listen}, which is any free port: say which by --url");
    }
    base_url_at(settings.config(), listen.port())
}

fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(format!("http or https is spoken here, not {other}")),
    }
}
