//! What the system allows this process, where that is less than the machine has.

use std::fs;

/// Bytes of address space that this process may have (`ulimit -v`, as batch systems set it), where that is limited and the system says so.
pub(super) fn address_space() -> Option<f64> {
    of(&fs::read_to_string("/proc/self/limits").ok()?)
}

fn of(limits: &str) -> Option<f64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    // The soft limit, then the hard one and the unit; `unlimited` is no number.
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_and_no_limit_is_none() {
        let limits = |soft: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units\n\
                 Max cpu time              10                   unlimited            seconds\n\
                 Max address space         {soft:<20} unlimited            bytes\n"
            )
        };
        assert_eq!(of(&limits("409600000")), Some(409_600_000.0));
        assert_eq!(of(&limits("unlimited")), None);
        assert_eq!(of(""), None);
    }
}
