//! What asks a run to end: Ctrl-C, SIGTERM, a terminal that goes away. And what must not end it without a word.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// What was heard.
#[derive(Default)]
struct Heard {
    stop: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
}

static HEARD: OnceLock<Result<Heard, String>> = OnceLock::new();

/// A flag that these signals raise; a second one ends the process at once.
pub(super) fn interrupted() -> Result<&'static AtomicBool, String> {
    match HEARD.get_or_init(|| listen().map_err(|error| error.to_string())) {
        Ok(heard) => Ok(&heard.stop),
        Err(reason) => Err(reason.clone()),
    }
}

/// Whether a signal was heard.
pub(super) fn heard() -> bool {
    HEARD.get().and_then(|heard| heard.as_ref().ok()).is_some_and(|heard| heard.stop.load(Ordering::Relaxed))
}

/// The exit status of what was interrupted: 128 and the number of the signal, as a shell has it (130 after Ctrl-C, 143 after SIGTERM).
pub(super) fn status() -> ExitCode {
    let signal =
        HEARD.get().and_then(|heard| heard.as_ref().ok()).map_or(0, |heard| heard.signal.load(Ordering::Relaxed));
    let signal = if signal == 0 { SIGINT as usize } else { signal };
    ExitCode::from((128 + signal) as u8)
}

fn listen() -> std::io::Result<Heard> {
    let heard = Heard::default();
    for signal in [Some(SIGINT), Some(SIGTERM), hangup()].into_iter().flatten() {
        // In this order: the first time the flag is not up yet.
        flag::register_conditional_shutdown(signal, 128 + signal, heard.stop.clone())?;
        flag::register_usize(signal, heard.signal.clone(), signal as usize)?;
        flag::register(signal, heard.stop.clone())?;
    }
    Ok(heard)
}

/// The signal of a terminal that goes away, unless who began the process wants it ignored, as `nohup` does. Where that cannot be asked
/// without unsafe code, it is left to the system, which ignores it then or ends the process; what the journal has is kept.
#[cfg(target_os = "linux")]
fn hangup() -> Option<i32> {
    use signal_hook::consts::SIGHUP;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let ignored = u64::from_str_radix(ignored.trim(), 16).ok()?;
    (ignored & (1 << (SIGHUP - 1)) == 0).then_some(SIGHUP)
}

#[cfg(not(target_os = "linux"))]
fn hangup() -> Option<i32> {
    None
}

/// Makes a file that may not grow (`ulimit -f`) an error of whoever writes it: the system would end the process without a word.
pub(super) fn outlive_limits() {
    #[cfg(unix)]
    let _ = flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}
