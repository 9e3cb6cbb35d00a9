//! The load: so many connections that are kept open, each sending one request after the other, for so long; then one
//! line of JSON with what came back. Ends by itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use clap::Parser;
use guichet_benches::{CODE, PASSWORD, SESSIONS, cookie};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::TcpStream;

#[derive(Parser)]
struct Arguments {
    #[arg(long)]
    server: SocketAddr,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How long requests are counted; as much again as a fifth goes before, uncounted.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Ends after so many requests, however early.
    #[arg(long)]
    most: Option<usize>,
    /// So many requests a second over all connections, evenly; without it, as fast as answers come.
    #[arg(long)]
    rate: Option<f64>,
    #[arg(long)]
    path: String,
    /// What is posted, with `{n}` for a number that no other request has; without it, GET.
    #[arg(long)]
    body: Option<String>,
    /// The first `{n}`.
    #[arg(long, default_value_t = 0)]
    from: usize,
    /// Numbers begin anew after so many.
    #[arg(long)]
    people: Option<usize>,
    /// Signs the sessions' cookies; without it, no cookie is sent.
    #[arg(long)]
    secret: Option<String>,
    /// What a good answer begins with.
    #[arg(long, default_value = "")]
    good: String,
}

/// What `xtask` reads.
#[derive(Serialize)]
struct Report {
    /// Counted, after the warm-up.
    requests: usize,
    /// All that were answered.
    answered: usize,
    failures: usize,
    first_failure: Option<String>,
    seconds: f64,
    mean_us: f64,
    p50_us: u64,
    p99_us: u64,
}

struct Load {
    arguments: Arguments,
    cookies: Vec<String>,
    next: AtomicUsize,
    begins: Instant,
    counts_from: Instant,
    ends: Instant,
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    micros: Vec<u64>,
    answered: usize,
    failures: usize,
    first_failure: Option<String>,
}

impl Load {
    fn request(&self, n: usize) -> anyhow::Result<Request<Full<Bytes>>> {
        let mut request = Request::builder().uri(&self.arguments.path).header(header::HOST, "127.0.0.1");
        if let Some(cookie) = self.cookies.get(n % self.cookies.len().max(1)) {
            request = request.header(header::COOKIE, cookie);
        }
        let Some(body) = &self.arguments.body else { return Ok(request.body(Full::default())?) };
        let n = self.arguments.from + self.arguments.people.map_or(n, |people| n % people);
        let body =
            body.replace("{n}", &n.to_string()).replace("{password}", PASSWORD).replace("{code}", CODE);
        let request = request.method(Method::POST).header(header::CONTENT_TYPE, "application/json");
        Ok(request.body(Full::from(body))?)
    }

    /// When the request `n` is to leave; with a rate, what is late counts from when it should have left.
    fn leaves(&self, n: usize) -> Option<Instant> {
        let rate = self.arguments.rate?;
        #[expect(clippy::cast_precision_loss, reason = "far fewer requests than that")]
        Some(self.begins + Duration::from_secs_f64(n as f64 / rate))
    }

    async fn connection(self: Arc<Self>) -> anyhow::Result<Seen> {
        let stream = TcpStream::connect(self.arguments.server).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let mut seen = Seen::default();
        loop {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            if self.arguments.most.is_some_and(|most| n >= most) || Instant::now() >= self.ends {
                return Ok(seen);
            }
            let planned = self.leaves(n);
            if let Some(planned) = planned {
                tokio::time::sleep_until(planned.into()).await;
            }
            let began = planned.unwrap_or_else(Instant::now);
            sender.ready().await?;
            let answer = sender.send_request(self.request(n)?).await?;
            let status = answer.status();
            let body = answer.into_body().collect().await?.to_bytes();
            seen.answered += 1;
            if status != 200 || !body.starts_with(self.arguments.good.as_bytes()) {
                seen.failures += 1;
                let text = format!("{status} {}", String::from_utf8_lossy(&body));
                seen.first_failure.get_or_insert(text);
            }
            if began >= self.counts_from {
                seen.micros.push(u64::try_from(began.elapsed().as_micros())?);
            }
        }
    }
}

fn at(sorted: &[u64], share: f64) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let cookies = match &arguments.secret {
        Some(secret) => (0..SESSIONS).map(|n| cookie(secret, n)).collect::<anyhow::Result<_>>()?,
        None => Vec::new(),
    };
    let begins = Instant::now();
    // A load that ends by its number has nothing to waste on a warm-up.
    let warm_up = if arguments.most.is_some() { 0.0 } else { arguments.seconds / 5.0 };
    let counts_from = begins + Duration::from_secs_f64(warm_up);
    let ends = counts_from + Duration::from_secs_f64(arguments.seconds);
    let connections = arguments.connections;
    let load = Arc::new(Load { arguments, cookies, next: AtomicUsize::new(0), begins, counts_from, ends });
    let running: Vec<_> = (0..connections).map(|_| tokio::spawn(load.clone().connection())).collect();
    let mut all = Seen::default();
    for connection in running {
        let seen = connection.await?.context("a connection broke off")?;
        all.micros.extend(seen.micros);
        all.answered += seen.answered;
        all.failures += seen.failures;
        all.first_failure = all.first_failure.or(seen.first_failure);
    }
    let seconds = counts_from.elapsed().as_secs_f64();
    ensure!(!all.micros.is_empty(), "no request was answered: {:?}", all.first_failure);
    all.micros.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a short run")]
    let mean_us = all.micros.iter().sum::<u64>() as f64 / all.micros.len() as f64;
    let report = Report {
        requests: all.micros.len(),
        answered: all.answered,
        failures: all.failures,
        first_failure: all.first_failure,
        seconds,
        mean_us,
        p50_us: at(&all.micros, 0.5),
        p99_us: at(&all.micros, 0.99),
    };
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}
