"""Times the peers beside each other, checks that they simulate the same, and writes both into docs/performance.md.

Everything is measured from outside, process by process; in each round every peer has its turn, in an order that rotates, so
that a machine that slows down slows them all. Run by `make peers`.
"""

import argparse
import importlib.metadata
import itertools
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

import check  # noqa: E402

REFERENCE = "peerlab"
# Name in the table, and how many single replications make a median of one round.
PEERS = {
    "peerlab": ("peerlab, the library", 200),
    "plain": ("plain Rust loop", 200),
    "native": ("plain Rust loop (`target-cpu=native`)", 200),
    "krabmaga": ("krABMaga 0.6.2", 200),
    "numpy": (f"NumPy {importlib.metadata.version('numpy')}", 40),
    "mesa": (f"Mesa {importlib.metadata.version('mesa')}", 10),
}
# Beside them what a scholar types: more is simulated, and everything written.
STUDY = "study"
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
    """Seconds of a whole process, whose command a function gives; the median of several where it is short, so that one
    interruption does not count."""
    seconds = [measured(command())[1]]
    while len(seconds) < AGAIN and sum(seconds) < LONG:
        seconds.append(measured(command())[1])
    return statistics.median(seconds)


def measure(commands, peerlab, rounds, replications, folder):
    """Per peer, and for the command, a list over rounds of seconds: of one replication, of a process that runs one, of many."""
    found = {peer: {"one": [], "process": [], "many": []} for peer in [*PEERS, STUDY]}
    order, outputs = list(found), itertools.count()

    def study(count):
        """`peerlab run` of a study, into a folder that is not there yet."""
        out = folder / f"output-{next(outputs)}"
        options = ["--replications", str(count), "--threads", "2", "--quiet", "--out", out]
        return [peerlab, "run", "listening-training", *options]

    for number in range(rounds):
        for peer in order[number % len(order) :] + order[: number % len(order)]:
            mine = found[peer]
            if peer == STUDY:
                mine["process"].append(wall(lambda: study(1)))
                mine["many"].append(wall(lambda: study(replications)))
                continue
            command, times = commands[peer], PEERS[peer][1]
            singles = measured([*command, "one", str(times)])[0].split()
            mine["one"].append(statistics.median(map(float, singles)))
            mine["process"].append(wall(lambda: [*command, "one", "0"]))
            first, file = number * replications, folder / f"{peer}-{number}.csv"
            mine["many"].append(wall(lambda: [*command, "many", str(first), str(replications), str(file)]))
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
        f"| Peer | one replication | ratio | a process that runs one | ratio | {replications:,} replications, two cores "
        "| ratio |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    ours = found[REFERENCE]
    for peer, mine in found.items():
        cells = ["*the command `peerlab run`*" if peer == STUDY else PEERS[peer][0]]
        for what in ("one", "process", "many"):
            cells += [seconds(mine[what]), f"**{ratio(mine[what], ours[what])}**"] if mine[what] else ["", ""]
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
    options.add_argument("--peerlab", type=pathlib.Path, required=True, help="the command peerlab")
    options.add_argument("--bin", type=pathlib.Path, required=True, help="where the Rust peers are built")
    options.add_argument("--native", type=pathlib.Path, required=True, help="where they are built for this processor")
    options.add_argument("--page", type=pathlib.Path, help="the page to write into; without, the table is only printed")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--replications", type=int, default=1000)
    options.add_argument("--persons", type=int, default=1_000_000, help="the largest organization")
    options = options.parse_args()
    commands = {peer: [options.bin / peer] for peer in ("peerlab", "plain", "krabmaga")}
    commands["native"] = [options.native / "plain"]
    for peer in ("numpy", "mesa"):
        commands[peer] = [sys.executable, HERE / "python" / f"{peer}_peer.py"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        found = measure(commands, options.peerlab, options.rounds, options.replications, folder)
        # What is compiled for this processor is the same program, and no further witness.
        files = {peer: joined(folder, peer, options.rounds) for peer in PEERS if peer != "native"}
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
