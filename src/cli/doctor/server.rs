//! The running server, asked the way that visitors come: through the public address and every proxy in front of it.

use guichet_core::app::App;
use guichet_core::check::{self, Check};
use guichet_core::serde_json::Value;

const NAME: &str = "server";
const PROXY: &str = "proxy";

pub(super) async fn check(app: &App) -> Vec<Check> {
    let base = app.config.base_url.origin().ascii_serialization();
    let Ok(request) = http::Request::get(check::question(app)).body(Vec::new()) else { return Vec::new() };
    let answer = match app.outbound.send(request).await {
        Ok(answer) => answer,
        Err(error) => {
            let says = format!("does not answer at {base}: {error}");
            let certificate = says.contains("certificate");
            let advice = "start it (`guichet serve`), or see to what stands in front of it";
            let check =
                if certificate { Check::bad(NAME, says, advice) } else { Check::warning(NAME, says, advice) };
            return vec![check];
        }
    };
    match (answer.status.as_u16(), answer.json::<Value>()) {
        (200, Ok(seen)) if seen.get("version").is_some_and(Value::is_string) => {
            let version = text(&seen, "version");
            let same = version == env!("CARGO_PKG_VERSION");
            let says = format!("answers at {base}, version {version}");
            let first = if same {
                Check::good(NAME, says)
            } else {
                Check::warning(
                    NAME,
                    says,
                    format!("this program is {}: restart the server", env!("CARGO_PKG_VERSION")),
                )
            };
            vec![first, proxy(app.config.is_https(), &seen)]
        }
        (401, Ok(refusal)) if text(&refusal, "code") == "INVALID_TOKEN" => vec![Check::bad(
            NAME,
            format!("what answers at {base} has another secret, or a clock that is a minute off"),
            "run the doctor with the server's settings; servers of one address share one secret",
        )],
        (status, _) => vec![Check::bad(
            NAME,
            format!("what answers at {base} is no Guichet of this version (status {status})"),
            "see where base_url leads, and that the proxy passes /api/auth on",
        )],
    }
}

fn text<'a>(seen: &'a Value, name: &str) -> &'a str {
    seen.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whose address the server counts.
fn proxy(https: bool, seen: &Value) -> Check {
    let (peer, kind, counted) = (text(seen, "peerAddress"), text(seen, "peer"), text(seen, "counted"));
    let is = |name: &str| seen.get(name).and_then(Value::as_bool).unwrap_or_default();
    let forwarded = is("forwardedFor");
    if is("peerTrusted") {
        if counted.is_empty() {
            return Check::bad(
                PROXY,
                format!("{peer} is trusted and does not say whom it speaks for: all visitors count as one"),
                "let the proxy set X-Forwarded-For",
            );
        }
        if https && text(seen, "forwardedProto") == "http" {
            return Check::bad(
                PROXY,
                format!("{peer} says that visitors come by http, and base_url is https"),
                "let the proxy send people on to https",
            );
        }
        return Check::good(PROXY, format!("{peer} is trusted; it speaks for {counted}"));
    }
    if forwarded {
        return Check::bad(
            PROXY,
            format!(
                "X-Forwarded-For comes from {peer} ({kind}), which is not trusted: all its visitors count as one"
            ),
            format!("add it: trusted_proxies = [\"{peer}\"] (GUICHET_TRUSTED_PROXIES)"),
        );
    }
    if https {
        // The server itself speaks no TLS.
        return Check::bad(
            PROXY,
            format!(
                "{peer} ({kind}) speaks TLS in front of the server and sends no X-Forwarded-For: all visitors count as one"
            ),
            format!("let it set X-Forwarded-For, and add trusted_proxies = [\"{peer}\"]"),
        );
    }
    Check::good(PROXY, format!("none in front; this machine is counted as {counted}"))
}
