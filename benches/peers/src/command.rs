//! The command line of every peer: `PEER one TIMES` runs single replications after one that warms up and prints the seconds of
//! each; `PEER many FIRST COUNT FILE` runs many on two cores its own way, writes their outcomes and prints the seconds.
//! `PEER parts`, of those that have parts, says how long beginnings and weeks take.

use std::io::Write;
use std::time::Instant;

use crate::model::{OUTCOMES, Outcomes};

/// Runs what the command line asks for.
pub fn run(one: impl Fn(u64) -> Outcomes, many: impl Fn(u64, usize) -> Vec<Outcomes>) -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |text: &str| text.parse::<u64>().map_err(|error| std::io::Error::other(format!("{text}: {error}")));
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["one", times] => {
            for time in 0..=number(times)? {
                let begin = Instant::now();
                std::hint::black_box(one(time));
                // The first warms up, unless it is the only one: then it is what a user waits for.
                if time > 0 {
                    println!("{:.9}", begin.elapsed().as_secs_f64());
                }
            }
            Ok(())
        }
        ["many", first, count, file] => {
            let begin = Instant::now();
            let rows = many(number(first)?, number(count)? as usize);
            println!("{:.9}", begin.elapsed().as_secs_f64());
            let mut text = OUTCOMES.join(",");
            for row in rows {
                text += &format!("\n{}", row.map(|value| format!("{value:?}")).join(","));
            }
            std::fs::File::create(file)?.write_all((text + "\n").as_bytes())
        }
        _ => Err(std::io::Error::other("usage: one TIMES | many FIRST COUNT FILE")),
    }
}

/// `PEER parts`: microseconds before the first week and of all weeks, medians over replications. Whether that was asked for.
pub fn parts<T>(start: impl Fn(u64) -> T, weeks: impl Fn(&mut T)) -> bool {
    const TIMES: u64 = 1000;
    if std::env::args().nth(1).is_none_or(|argument| argument != "parts") {
        return false;
    }
    let mut times = [Vec::new(), Vec::new()];
    for replication in 0..TIMES {
        let begin = Instant::now();
        let mut world = start(replication);
        times[0].push(begin.elapsed().as_secs_f64());
        let begin = Instant::now();
        weeks(&mut world);
        times[1].push(begin.elapsed().as_secs_f64());
        std::hint::black_box(world);
    }
    let [before, during] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        1e6 * times[times.len() / 2]
    });
    println!("{before:.3} {during:.3}");
    true
}
