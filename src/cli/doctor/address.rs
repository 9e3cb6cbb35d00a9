//! The address that people use: its cookies, and whether its name leads anywhere.

use guichet_core::check::Check;
use guichet_core::config::Config;

const NAME: &str = "address";

pub(super) async fn check(config: &Config, offline: bool) -> Vec<Check> {
    let mut checks = vec![cookies(config)];
    if let Some(url::Host::Domain(name)) = config.base_url.host()
        && !offline
        && !config.is_local()
    {
        let port = config.base_url.port_or_known_default().unwrap_or(443);
        checks.push(resolved(name, port).await);
    }
    checks
}

fn cookies(config: &Config) -> Check {
    let base = config.base_url.origin().ascii_serialization();
    if config.is_https() {
        return Check::good(NAME, format!("{base}: cookies are Secure"));
    }
    if !config.is_local() {
        return Check::warning(
            NAME,
            format!("{base}: cookies and codes travel in plain text"),
            "set base_url to https://…; a proxy in front may speak TLS (allow_insecure is for test servers)",
        );
    }
    let host = config.base_url.host_str().unwrap_or_default();
    let other = if host == "localhost" { "127.0.0.1" } else { "localhost" };
    Check::good(
        NAME,
        format!(
            "{base}: for this machine alone; open this very address, at {other} browsers have other cookies"
        ),
    )
}

async fn resolved(name: &str, port: u16) -> Check {
    const DNS: &str = "name";
    match tokio::net::lookup_host((name, port)).await.map(|found| found.map(|a| a.ip().to_string()).collect())
    {
        Ok(found) => {
            let mut found: Vec<String> = found;
            found.sort();
            found.dedup();
            Check::good(DNS, format!("{name} is {}", found.join(", ")))
        }
        Err(error) => Check::bad(
            DNS,
            format!("{name} leads nowhere: {error}"),
            "add it to your name server, or mend base_url (GUICHET_BASE_URL)",
        ),
    }
}
