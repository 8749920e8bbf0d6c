//! What the figures were measured on, so that others know what to compare them with.

use std::fs;
use std::path::Path;

use crate::program::Program;

/// The machine, the command and the versions, a line each.
pub(super) fn describe(binary: &Path, database: &str) -> Vec<String> {
    let command = shown(std::env::args().skip(1));
    let version = Program::new("env")
        .with(binary.display().to_string())
        .with("--version")
        .must()
        .unwrap_or_default();
    vec![
        format!("`cargo xtask {command}`"),
        format!(
            "{} cores of {}, {} GB, {}, Linux {}",
            std::thread::available_parallelism().map_or(0, usize::from),
            field("/proc/cpuinfo", "model name"),
            gigabytes(&field("/proc/meminfo", "MemTotal")),
            field("/etc/os-release", "PRETTY_NAME").trim_matches('"'),
            fs::read_to_string("/proc/sys/kernel/osrelease")
                .unwrap_or_default()
                .trim(),
        ),
        format!("{}, {database}", version.trim()),
        "the load generator runs on the same machine and shares its cores".to_owned(),
    ]
}

/// The arguments without the server's address, which may have a password in it.
fn shown(arguments: impl Iterator<Item = String>) -> String {
    let mut shown: Vec<String> = Vec::new();
    for argument in arguments {
        match shown.last().map(String::as_str) {
            Some("--postgres") => shown.push("…".to_owned()),
            _ if argument.starts_with("--postgres=") => shown.push("--postgres=…".to_owned()),
            _ => shown.push(argument),
        }
    }
    shown.join(" ")
}

/// The value of the first line of `path` that begins with `name`.
fn field(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or("?")
        .trim_start_matches(['\t', ' ', ':', '='])
        .to_owned()
}

fn gigabytes(kilobytes: &str) -> u64 {
    let digits = kilobytes.trim_end_matches(" kB").parse::<u64>();
    digits.map_or(0, |kilobytes| (kilobytes + 500_000) / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_server_is_not_shown() {
        for arguments in [
            "bench --postgres x://a:b@c --runs 1",
            "bench --postgres=x://a:b@c",
        ] {
            let shown = shown(arguments.split(' ').map(str::to_owned));
            assert!(shown.starts_with("bench --postgres"), "{shown}");
            assert!(!shown.contains("a:b"), "{shown}");
        }
    }
}
