"""Times the peers beside each other, checks that they simulate the same, and writes both into docs/performance.md.

Everything is measured from outside, process by process; in each round every peer has its turn, in an order that rotates, so
that a machine that slows down slows them all. Run by `make peers`.
"""

import argparse
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "python"))

import numpy  # noqa: E402

import check  # noqa: E402

REFERENCE = "peerlab"
# Name in the table, and how many single replications make a median of one round.
PEERS = {
    "peerlab": ("peerlab", 200),
    "plain": ("plain Rust loop", 200),
    "krabmaga": ("krABMaga 0.6.2", 200),
    "numpy": (f"NumPy {numpy.__version__}", 40),
    "mesa": ("Mesa 3.3.1", 10),
}
# Repetitions of what is short, and the seconds after which one is enough.
AGAIN, LONG = 9, 1.0
MARKS = ("<!-- peers: written by make peers -->\n", "<!-- /peers -->\n")


def measured(command):
    """Standard output and wall time in seconds of a command; the end of everything where it fails."""
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - begin
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}")
    return done.stdout, seconds


def wall(command):
    """Seconds of a whole process; the median of several where it is short, so that one interruption does not count."""
    seconds = [measured(command)[1]]
    while len(seconds) < AGAIN and sum(seconds) < LONG:
        seconds.append(measured(command)[1])
    return statistics.median(seconds)


def measure(commands, rounds, replications, folder):
    """Per peer a list over rounds of seconds: of one replication, of one with start-up, of many."""
    found = {peer: {"one": [], "started": [], "many": []} for peer in PEERS}
    order = list(PEERS)
    for number in range(rounds):
        for peer in order[number % len(order) :] + order[: number % len(order)]:
            command, times, mine = commands[peer], PEERS[peer][1], found[peer]
            singles = measured([*command, "one", str(times)])[0].split()
            mine["one"].append(statistics.median(map(float, singles)))
            mine["started"].append(wall([*command, "one", "0"]))
            first, file = number * replications, folder / f"{peer}-{number}.csv"
            mine["many"].append(wall([*command, "many", str(first), str(replications), str(file)]))
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return found


def joined(folder, peer, rounds):
    """One file of the outcomes of all rounds."""
    whole = folder / f"{peer}.csv"
    parts = [(folder / f"{peer}-{number}.csv").read_text().splitlines() for number in range(rounds)]
    whole.write_text("\n".join([parts[0][0], *(line for part in parts for line in part[1:])]) + "\n")
    return whole


def digits(value):
    """Three significant digits, with thousands separated."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def seconds(values):
    """A median over rounds and how far rounds lie apart, in the unit that reads best."""
    middle = statistics.median(values)
    scale, unit = (1e6, "µs") if middle < 1e-3 else (1e3, "ms") if middle < 1.0 else (1.0, "s")
    return f"{digits(middle * scale)} {unit} ({digits(min(values) * scale)}–{digits(max(values) * scale)})"


def ratio(values, reference):
    """The median over rounds of the ratio within a round."""
    return digits(statistics.median(mine / ours for mine, ours in zip(values, reference)))


def table(found, replications):
    """The table of times and ratios."""
    lines = [
        f"| Peer | one replication | ratio | one, start-up included | ratio | {replications:,} replications, two cores "
        "| ratio |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    ours = found[REFERENCE]
    for peer, (name, _) in PEERS.items():
        mine = found[peer]
        cells = [name]
        for what in ("one", "started", "many"):
            cells += [seconds(mine[what]), f"**{ratio(mine[what], ours[what])}**"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def sentence(found, replications):
    """What the table says, in one sentence."""
    ours = found[REFERENCE]["many"]
    others = [f"{PEERS[peer][0]} {ratio(found[peer]['many'], ours)}" for peer in PEERS if peer != REFERENCE]
    return (
        f"**For {replications:,} replications on two cores, times as long as peerlab:** "
        + ", ".join(others[:-1]) + f" and {others[-1]}."
    )  # fmt: skip


def parts(found):
    """Where the time of one replication goes."""
    lines = ["| Of one replication, µs | before the first week | twelve weeks |", "|---|---:|---:|"]
    for peer, times in found.items():
        lines.append(f"| {PEERS[peer][0]} | " + " | ".join(digits(statistics.median(part)) for part in zip(*times)) + " |")
    return lines


def agreement(rows, bound, total):
    """What the comparison of distributions found."""
    lines = [
        f"Agreement of outcomes with peerlab over {total:,} replications each: {len(rows)} comparisons, bound |z| ≤ {bound:.2f}.",
        "",
        "| Peer | largest z of a mean | of a spread | beyond the bound |",
        "|---|---|---|---:|",
    ]
    for peer in PEERS:
        own = [row for row in rows if row[0] == peer]
        if not own:
            continue
        cells = [PEERS[peer][0]]
        for moment in ("mean", "spread"):
            _, outcome, _, z = max((row for row in own if row[2] == moment), key=lambda row: abs(row[3]))
            cells.append(f"{z:+.2f} (`{outcome}`)".replace("-", "−"))
        cells.append(str(sum(abs(row[3]) > bound for row in own)))
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def scale(command, sizes, counts):
    """Time and memory of peerlab by size of one organization, and memory by number of replications."""
    lines = ["| Persons in one organization, 12 weeks | seconds | peak memory, MB |", "|---:|---:|---:|"]
    memories = []
    for dyads in sizes:
        seconds, memory = map(float, measured([*command, "size", str(dyads)])[0].split())
        memories.append(memory)
        lines.append(f"| {2 * dyads:,} | {digits(seconds)} | {digits(memory)} |")
    slope = (memories[-1] - memories[-2]) * 1024 / (sizes[-1] - sizes[-2])
    lines += ["", f"Memory grows by {slope:.2f} KB per dyad between the last two rows.", ""]
    lines += ["| Replications of 60 dyads, two cores | seconds | peak memory, MB |", "|---:|---:|---:|"]
    for count in counts:
        seconds, memory = map(float, measured([*command, "replications", str(count)])[0].split())
        lines.append(f"| {count:,} | {digits(seconds)} | {digits(memory)} |")
    return lines


def machine():
    """What it ran on."""
    cpu = next(
        (line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}; rustc {rustc}, Python {platform.python_version()}"


def written(path, lines):
    """Puts the lines between the marks of a page."""
    text = path.read_text()
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    whole = before + MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1] + after
    temporary = path.with_suffix(".tmp")
    temporary.write_text(whole)
    temporary.replace(path)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", type=pathlib.Path, required=True, help="where the Rust peers are built")
    options.add_argument("--page", type=pathlib.Path, help="the page to write into; without, the table is only printed")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--replications", type=int, default=1000)
    options.add_argument("--persons", type=int, default=1_000_000, help="the largest organization")
    options = options.parse_args()
    commands = {peer: [options.bin / peer] for peer in ("peerlab", "plain", "krabmaga")}
    for peer in ("numpy", "mesa"):
        commands[peer] = [sys.executable, HERE / "python" / f"{peer}_peer.py"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        found = measure(commands, options.rounds, options.replications, folder)
        files = {peer: joined(folder, peer, options.rounds) for peer in PEERS}
        split = {peer: [] for peer in ("peerlab", "plain")}
        for _ in range(options.rounds):
            for peer, times in split.items():
                times.append(list(map(float, measured([*commands[peer], "parts"])[0].split())))
        rows, bound = check.compare(files.pop(REFERENCE), files)
    most = options.persons // 2
    lines = [
        f"{machine()}. Medians over rounds (least–most), {options.rounds} in all; ratios to peerlab are medians of the ratios within rounds.",
        "",
        sentence(found, options.replications),
        "",
        *table(found, options.replications),
        "",
        *parts(split),
        "",
        *agreement(rows, bound, options.rounds * options.replications),
        "",
        *scale(commands[REFERENCE], [60, most // 100, most // 10, most], [100, 1_000, 10_000]),
    ]
    print("\n".join(lines))
    if options.page:
        written(options.page, lines)
    apart = [row for row in rows if abs(row[3]) > bound]
    for peer, outcome, moment, z in apart:
        print(f"{peer} differs from peerlab in the {moment} of {outcome}: z = {z:.2f}", file=sys.stderr)
    sys.exit(1 if apart else 0)


if __name__ == "__main__":
    main()
