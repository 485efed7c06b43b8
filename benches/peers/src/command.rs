//! The command line of every peer: `PEER one TIMES` runs single replications after one that warms up and prints the seconds of
//! each; `PEER many FIRST COUNT FILE` runs many on two cores its own way, writes their outcomes and prints the seconds.

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
