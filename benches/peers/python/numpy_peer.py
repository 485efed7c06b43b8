"""The reference model in vectorized NumPy: every state is an array over two seats and over all dyads of a batch of
replications; a week is a sequence of array operations, as the declaration's paragraphs are. Batches go to two processes.

After NumPy's own advice: operations on whole arrays instead of loops ("NumPy fundamentals: broadcasting, vectorization"), one
`numpy.random.Generator` a batch from a `SeedSequence` ("Parallel random number generation"), `out=` and boolean masks where
they save a copy. `states[::-1]` is a view of the partners' states.
"""

import multiprocessing

import numpy as np

from command import CORRELATIONS, DYADS, OUTCOMES, WEEKS, run

# Replications in a batch: with fewer the interpreter shows, with more the arrays leave the cache.
BATCH = 40

MATRIX = np.eye(11)
for first, second, value in CORRELATIONS:
    MATRIX[first, second] = MATRIX[second, first] = value
FACTOR = np.linalg.cholesky(MATRIX)


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def positive(x):
    return np.maximum(x, 0.0)


def simulate(batch):
    """The outcomes of the replications of a batch, one row each; `batch` is its seed and how many they are."""
    seed, replications = batch
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    n = replications * DYADS
    shape = (2, n)
    normal = rng.standard_normal
    uniform = rng.random

    # Birth.
    climate = np.repeat(np.clip(0.5 + 0.08 * normal(replications), 0.0, 1.0), DYADS)
    traits = np.tensordot(FACTOR, normal((11, *shape)), 1)
    (listening, disclosure, feedback, empathy, awareness, mind_set, schema, motivation, worldview, dominance, esteem) = traits
    motivation_usual, schema_usual, esteem_usual = motivation.copy(), schema.copy(), esteem.copy()
    agility, direction = normal(shape), normal(shape)
    skill = (0.5 * listening + 0.3 * empathy + 0.2 * feedback) / 0.75
    accuracy = logistic(-1.1 + 0.8 * awareness)
    self_view = 0.3 + accuracy * skill + np.sqrt(1.0 - accuracy**2) * normal(shape)
    expectation = 0.25 + 0.2 * normal(shape)
    perceived = climate + 0.15 * normal(shape) - 0.5
    threshold = -0.25 + 0.2 * normal(shape)
    minority = (uniform(shape) < 0.3).astype(float)
    expertise = normal((5, *shape))
    need = np.exp(0.5 * (normal((5, *shape)) - expertise))
    need /= np.sqrt((need**2).sum(0))
    exploitative = uniform(shape) < logistic(-4.0 + 1.1 * worldview - 1.2 * (climate - 0.5))
    serving = ~exploitative & (uniform(shape) < logistic(-1.5 + 0.8 * worldview))
    malicious = exploitative.astype(float)

    # Formation.
    trust = logistic(-0.2 + 2.4 * perceived + 0.3 * schema - 0.15 * worldview + 0.3 * normal(shape))
    liking = 0.12 * (normal(n) + normal(shape))
    fit = (need * expertise[:, ::-1]).sum(0)
    active = np.ones(n)
    (meetings, dependence, carrying, tensility, connectivity, rupture) = np.zeros((6, n))
    holding, step, cause = np.full(n, 0.55), np.ones(n), np.zeros(n)
    ceiling = np.ones(shape)
    (strain, regret, habit, personal, task, learnt_here, revealed) = np.zeros((7, *shape))
    (destructive, severe, undermined, breaches, negative) = np.zeros((5, *shape))
    alone_noise = 0.06 / np.sqrt(2.0)
    # What no mechanism moves is computed once.
    open_to = -1.95 - 0.15 * worldview + 1.2 * perceived - 0.3 * (1.0 - minority) * minority[::-1]
    reaction = 0.25 * logistic(dominance)
    engaged_by = 0.6 - 0.75 + 0.2 * mind_set - 0.5 * serving
    goal_pressure = 0.004 * positive(0.5 - climate)
    gap = dominance[0] - dominance[1] + 0.5 * (minority[1] - minority[0])
    push = np.copysign(0.3 * np.tanh(positive(np.abs(gap) - 1.0)), gap)
    dominant = (gap < 0.0).astype(int)  # The seat whose turn the dominant coaches is the other one's.
    coached_by_dominant = 1 - dominant
    columns = np.arange(n)

    for week in range(WEEKS):
        # Engagement and meeting.
        reflection = logistic(awareness)
        engagement = logistic(engaged_by + 0.7 * motivation + 1.5 * trust + 0.3 * schema + 0.2 * awareness)
        met = active * (uniform(n) < 0.9 * np.sqrt(np.sqrt(engagement[0] * engagement[1])))
        meetings += met
        submission = np.stack([positive(-dependence), positive(dependence)])

        # The turns: rows are learners, `[::-1]` are their coaches.
        disclosed = met * logistic(
            open_to + 0.5 * disclosure + 2.5 * trust + holding + 0.2 * schema - 0.4 * submission - 0.8 * regret
        )
        skill = (0.5 * listening + 0.3 * empathy + 0.2 * feedback) / 0.75
        inquire_weight = np.exp(0.84 + 0.6 * listening + 0.4 * empathy)
        advise_weight = inquire_weight + np.exp(0.2 + 0.2 * (self_view - skill) + 0.25 * dominance)
        superficial_weight = advise_weight + np.exp(-0.6 + 2.0 * (0.7 - engagement) - 0.5 * agility)
        undermine_weight = superficial_weight + np.exp(-4.6 + 5.2 * malicious - 1.2 * perceived)
        u = uniform(shape)[::-1] * undermine_weight
        # By coach first, then seen from the learner.
        inquire = met * (u < inquire_weight)[::-1]
        advise = met * ((u >= inquire_weight) & (u < advise_weight))[::-1]
        undermine = met * (u >= superficial_weight)[::-1]
        coach_skill = skill[::-1]
        worth = inquire * (0.55 + 0.3 * coach_skill + 0.15 * fit) + advise * (0.3 * fit + 0.1 * coach_skill)
        benefit = (disclosed + 0.25) * worth * (0.6 + 0.6 * engagement[::-1]) - undermine * (0.5 + 0.5 * disclosed)
        benefit = met * (benefit + 0.2 * normal(shape))
        felt = met * (
            benefit
            + liking
            - advise * reaction
            + 0.1 * np.abs(dependence)
            - 0.25 * positive(expectation - benefit)
            + 0.28 * normal(shape)
        )
        good, bad = positive(felt), positive(-felt)
        hurt = felt < -0.25
        cut = felt < -1.0
        noticed = (felt < threshold) & (met > 0.5)
        destructive += hurt
        severe += cut
        undermined += undermine
        negative += noticed

        # Learning.
        left = np.exp(-learnt_here / 0.45)
        focus = np.exp(-0.8 * submission) / (1.0 + 0.7 * positive(expectation - 0.35))
        gain = 0.24 * (0.5 + reflection) * (positive(benefit) * left * focus - positive(-benefit))
        share = 0.5 + 0.2 * inquire - 0.25 * advise + 0.25 * (disclosed - 0.5) - 0.1 * fit
        np.clip(share, 0.0, 1.0, out=share)
        alone = 0.008 * logistic(0.6 * direction + 0.3 * awareness) * (1.0 - 0.5 * met) * (1.0 + habit)
        personal += share * gain + alone + alone_noise * normal(shape)
        task += (1.0 - share) * gain + alone + alone_noise * normal(shape)
        learnt_here += positive(gain)

        # Trust, and what the turn leaves.
        buffer = np.exp(-0.1 * mind_set - 0.15 * (empathy + awareness) / 1.6)
        aim = ceiling * logistic(0.15 - 0.45 + 1.8 * (good - 2.0 * bad * buffer) + disclosed[::-1])
        change = met * (aim - trust) / (4.0 + np.minimum(meetings, 8.0))
        trust += np.where(change < 0.0, change * (1.0 - 0.5 * tensility), change)
        surprise = met * (felt - expectation)
        motivation += 0.25 * (positive(surprise) - 1.5 * buffer * positive(-surprise)) + 0.02 * (motivation_usual - motivation)
        esteem += 0.1 * good - 0.16 * bad - 0.03 * submission * met + 0.02 * (esteem_usual - esteem)
        schema += 0.06 * good - 0.1 * bad + 0.02 * (schema_usual - schema)
        for state in (motivation, esteem, schema):
            np.clip(state, -6.0, 6.0, out=state)
        expectation += 0.15 * (1.0 + reflection) * surprise
        strained = strain > 0.5
        strain += 0.35 * bad + 0.5 * cut + 0.03 * met - 0.15 * strain
        negative += (strain > 0.5) & ~strained & ~noticed

        # Feedback and practice.
        heard = good * logistic(feedback[::-1])
        awareness += 0.05 * heard
        self_view += np.minimum(0.2 * heard, 1.0) * (skill - self_view)
        practised = met * 0.02 * np.where(step < 1.5, 0.5, 1.0) * engagement * reflection
        for state in (listening, disclosure, feedback, empathy):
            state += practised
        agility += 0.01 * met

        # Breach of confidence and regret.
        np.maximum(0.98 * revealed, disclosed, out=revealed)
        regret *= 0.95
        regret += hurt * (positive(disclosed - 0.6) / 0.4) * (1.0 - carrying)
        np.minimum(regret, 3.0, out=regret)
        scale = 0.64 * revealed
        betrayal_hazard = scale * (0.06 * malicious[::-1] + goal_pressure)
        u = uniform(shape)
        # Nobody is more careless than fully: only those whom chance comes near are looked at, as breaches are rare.
        near = np.nonzero((u < betrayal_hazard + 0.0035 * scale) & (active > 0.5))
        broken_now = np.zeros(shape, bool)
        if near[0].size:
            seat, dyad = near
            partner = (1 - seat, dyad)
            careless = logistic(-(awareness[partner] + (empathy[partner] + awareness[partner]) / 1.6))
            betrayed = u[near] < betrayal_hazard[near]
            struck = u[near] < betrayal_hazard[near] + scale[near] * (0.0015 + 0.002 * careless)
            who = (seat[struck], dyad[struck])
            trust[who] *= 1.0 - 0.75 * (1.0 - 0.5 * tensility[dyad[struck]])
            schema[who] -= 0.5
            esteem[who] -= 0.3
            strain[who] += 0.8
            breaches[who] += 1.0
            negative[who] += 1.0
            broken_now[who] = True
            who = (seat[betrayed], dyad[betrayed])
            ceiling[who] *= 0.7
            competence = (empathy[who] + awareness[who]) / 1.6
            turned = uniform(who[0].size) < 0.5 * logistic(0.5 * worldview[who] - 0.3 * competence)
            malicious[who] = np.maximum(malicious[who], turned)

        # Holding environment and capacities.
        both = ((felt[0] > 0.0) & (felt[1] > 0.0)).astype(float)
        hurts = hurt.sum(0)
        holding += 0.1 * both * (1.0 - holding) - 0.0912 * hurts * holding
        carrying += 0.05 * (disclosed * inquire).sum(0) * (1.0 - carrying) - 0.1 * hurts * carrying
        tensility += 0.2 * rupture * both * (1.0 - tensility)
        challenge = 0.5 * (inquire * positive(benefit)).sum(0)
        connectivity += 0.15 * challenge * (1.0 - connectivity) - 0.1 * hurts * connectivity
        np.clip(connectivity, 0.0, 1.0, out=connectivity)
        rupture = np.where((hurts > 0) | broken_now.any(0), 1.0, rupture * (1.0 - 0.25 * both))

        # Dependence: the advice of the dominant stands in the turn of the other.
        advice = advise[coached_by_dominant, columns]
        grown = np.clip(0.97 * dependence + push * (advice + 0.2), -1.0, 1.0)
        dependence = np.where(met > 0.5, grown, dependence)

        # Remedy.
        seen = active * (np.abs(dependence) > 0.3) * (uniform(n) < 0.0212 + 0.004 * reflection.sum(0))
        dependence *= 1.0 - seen * (26.0 / (26.0 + week) * (2.0 / 3.0))
        low = np.minimum(trust[0], trust[1])
        called = (active > 0.5) & (low < 0.3) & (meetings > 0.5) & (uniform(n) < 0.25 / 3.0)
        beyond = called & (np.minimum(ceiling[0], ceiling[1]) < 0.75)
        trust += (called & ~beyond) * 0.6 * positive(0.5 * ceiling - trust)
        active = np.where(beyond, 0.0, active)
        cause = np.where(beyond, 3.0, cause)

        # Steps and habits.
        low = np.minimum(trust[0], trust[1])
        second = (step == 1.0) & (holding >= 0.6) & (meetings >= 2.0)
        third = (step == 2.0) & (low >= 0.5) & (meetings >= 5.0) & (connectivity >= 0.1)
        step += met * (second | third)
        habit += met * (step == 3.0) * 0.12 * reflection * (1.0 - habit) - (1.0 - met) * 0.02 * habit

        # Ending.
        odds = -6.2 + 9.0 * positive(0.4 - low) + 1.2 * positive(np.abs(dependence) - 0.6) + 1.5 * cut.any(0)
        odds -= 0.3 * (motivation[0] + motivation[1])
        relationship = (active > 0.5) & (uniform(n) < logistic(odds))
        logistics = (active > 0.5) & ~relationship & (uniform(n) < 0.008)
        cause = np.where(relationship, 1.0, np.where(logistics, 2.0, cause))
        active = np.where(relationship | logistics, 0.0, active)

    skill = (0.5 * listening + 0.3 * empathy + 0.2 * feedback) / 0.75

    def over_persons(state):
        return state.reshape(2, replications, DYADS).mean((0, 2))

    def spread(state):
        return state.reshape(2, replications, DYADS).std((0, 2), ddof=1)

    def over_dyads(state):
        return state.reshape(replications, DYADS).mean(1)

    columns = [
        over_persons(personal), over_persons(task), spread(personal + task), over_persons(trust), spread(trust),
        over_persons(motivation), over_persons(expectation), over_persons(esteem), over_persons(schema),
        over_persons(strain), over_persons(awareness), over_persons(np.abs(self_view - skill)), over_persons(skill),
        over_persons(habit), over_persons(regret), over_dyads(meetings), over_persons(destructive),
        over_persons(severe), over_persons(undermined), over_persons(breaches), over_persons(negative),
        over_dyads(holding), over_dyads(np.abs(dependence)), over_dyads(connectivity), over_dyads(tensility),
        over_dyads(carrying), over_dyads(cause == 1.0), over_dyads(cause == 2.0), over_dyads(cause == 3.0),
    ]  # fmt: skip
    assert len(columns) == len(OUTCOMES)
    return np.stack(columns, 1)


def one(replication):
    return simulate((replication, 1))[0]


def many(first, count):
    batches = [((first, start), min(BATCH, count - start)) for start in range(0, count, BATCH)]
    with multiprocessing.Pool(2) as pool:
        return np.concatenate(pool.map(simulate, batches, chunksize=1))


if __name__ == "__main__":
    run(one, many)
