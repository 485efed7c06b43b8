"""The command line of the Python peers: `one TIMES` and `many FIRST COUNT FILE`, as the Rust peers have it."""

import sys
import time

OUTCOMES = (
    "learning_personal learning_task learning_sd trust trust_sd motivation expectation self_esteem schema strain "
    "self_awareness misjudgement skill habit regret turns destructive severe undermined breaches negative_effects "
    "holding dependence connectivity tensility carrying ended_relationship ended_logistics ended_third_party"
).split()

DYADS = 60
WEEKS = 12

# Correlations of the first eleven traits at birth, by number: 0 listening, 1 disclosure, 2 feedback, 3 empathy,
# 4 self-awareness, 5 mind-set, 6 schema, 7 motivation, 8 worldview, 9 dominance, 10 self-esteem.
CORRELATIONS = (
    (0, 3, 0.40), (0, 2, 0.35), (0, 1, 0.20), (3, 1, 0.25), (2, 1, 0.25), (3, 2, 0.30), (4, 0, 0.25), (4, 3, 0.30),
    (4, 2, 0.20), (4, 1, 0.20), (5, 6, 0.30), (5, 4, 0.20), (6, 1, 0.30), (6, 7, 0.35), (8, 6, -0.30), (8, 3, -0.25),
    (7, 5, 0.30), (10, 5, 0.20), (9, 8, 0.25), (9, 3, -0.15),
)  # fmt: skip


def run(one, many):
    """Does what the command line asks for; `many` gives rows of outcomes."""
    match sys.argv[1:]:
        case ["one", times]:
            for number in range(int(times) + 1):
                begin = time.perf_counter()
                one(number)
                # The first warms up, unless it is the only one: then it is what a user waits for.
                if number > 0:
                    print(f"{time.perf_counter() - begin:.9f}")
        case ["many", first, count, file]:
            begin = time.perf_counter()
            rows = many(int(first), int(count))
            print(f"{time.perf_counter() - begin:.9f}")
            with open(file, "w") as out:
                print(",".join(OUTCOMES), file=out)
                for row in rows:
                    print(",".join(repr(float(value)) for value in row), file=out)
        case _:
            sys.exit("usage: one TIMES | many FIRST COUNT FILE")
