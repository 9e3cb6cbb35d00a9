//! What it was measured on.

use std::fs;

/// `8 cores, 16 GiB, <processor>`.
pub(crate) fn described() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kib = fs::read_to_string("/proc/meminfo").ok().and_then(|text| field(&text, "MemTotal:"));
    let memory = kib.and_then(|text| text.split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1024 / 1024;
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = field(&info, "model name").unwrap_or_default();
    format!("{cores} cores, {memory} GiB, {}", model.trim_start_matches(':').trim())
}

fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()))
}
