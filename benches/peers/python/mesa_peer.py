"""The reference model in Mesa 3.5: persons and dyads are agents, a week is a step of the model in stages.

After Mesa's own documentation: agents made by `create_agents`; "Staged Activation" of the how-to guide, `AgentSet.do` for each
stage, by type (`shuffle_do` is for models where the order within a stage matters: here a stage only reads what the other has
not yet moved); `rng` seeds the model, and `self.random` is its chance; a `DataCollector` whose model reporter gives the outcomes,
once, after the last week; `run_for` runs one model, and `batch_run` many in two processes, the seeds as its `rng`.
"""

from math import copysign, exp, sqrt, tanh

import mesa
import numpy as np
from mesa.batchrunner import batch_run

from command import CORRELATIONS, DYADS, OUTCOMES, WEEKS, run

MATRIX = np.eye(11)
for first, second, value in CORRELATIONS:
    MATRIX[first, second] = MATRIX[second, first] = value
FACTOR = np.linalg.cholesky(MATRIX)


def logistic(x):
    return 1.0 / (1.0 + exp(-x))


def coaching_skill(person):
    return (0.5 * person.listening + 0.3 * person.empathy + 0.2 * person.feedback) / 0.75


class Person(mesa.Agent):
    """A person, and this person's tie to the partner."""

    def __init__(self, model, traits):
        super().__init__(model)
        uniform, normal = model.random.random, model.random.gauss
        (
            self.listening, self.disclosure, self.feedback, self.empathy, self.self_awareness, self.mind_set, self.schema,
            self.motivation, self.worldview, self.dominance, self.self_esteem,
        ) = traits  # fmt: skip
        self.schema_usual = self.schema
        self.motivation_usual = self.motivation
        self.self_esteem_usual = self.self_esteem
        self.role_agility = normal(0.0, 1.0)
        self.self_direction = normal(0.0, 1.0)
        accuracy = logistic(-1.1 + 0.8 * self.self_awareness)
        self.self_view = 0.3 + accuracy * coaching_skill(self) + sqrt(1.0 - accuracy**2) * normal(0.0, 1.0)
        self.expectation = normal(0.25, 0.2)
        self.perception = normal(0.0, 0.15)
        self.threshold = normal(-0.25, 0.2)
        self.minority = uniform() < 0.3
        self.expertise = [normal(0.0, 1.0) for _ in range(5)]
        need = [exp(0.5 * (normal(0.0, 1.0) - knows)) for knows in self.expertise]
        norm = sqrt(sum(weight * weight for weight in need))
        self.need = [weight / norm for weight in need]
        climate = model.climate
        exploitative = uniform() < logistic(-4.0 + 1.1 * self.worldview - 1.2 * (climate - 0.5))
        self.self_serving = not exploitative and uniform() < logistic(-1.5 + 0.8 * self.worldview)
        self.malicious = exploitative  # or vengeful, later
        self.strain = self.regret = self.habit = 0.0
        self.learning_personal = self.learning_task = 0.0
        self.trust_ceiling = 1.0
        self.learnt_here = self.revealed = 0.0
        self.turns = self.destructive = self.severe = self.undermined = self.breaches = self.negative_effects = 0
        self.lapse = self.betrayal = False

    def pair(self, dyad, partner, shared_liking):
        """The relationship begins."""
        normal, climate = self.model.random.gauss, self.model.climate
        self.dyad = dyad
        self.partner = partner
        self.trust = logistic(
            -0.2
            + 2.4 * (climate + self.perception - 0.5)
            + 0.3 * self.schema
            - 0.15 * self.worldview
            + 0.3 * normal(0.0, 1.0)
        )
        self.liking = 0.12 * (shared_liking + normal(0.0, 1.0))
        self.fit = sum(need * knows for need, knows in zip(self.need, partner.expertise))

    def competence(self):
        return (self.empathy + self.self_awareness) / 1.6

    def prepare(self):
        """Engagement."""
        self.reflection = logistic(self.self_awareness)
        self.engagement = logistic(
            0.6
            + 0.7 * self.motivation
            + 1.5 * (self.trust - 0.5)
            + 0.3 * self.schema
            + 0.2 * self.self_awareness
            + 0.2 * self.mind_set
            - 0.5 * self.self_serving
        )
        self.disclosed = self.benefit = self.felt = 0.0
        self.inquire = self.advise = 0

    def take_turn(self):
        """A turn in which this person learns and the partner coaches."""
        dyad = self.dyad
        if not dyad.met:
            return
        coach, climate = self.partner, self.model.climate
        uniform, normal = self.model.random.random, self.model.random.gauss
        disclosed = self.disclosed = logistic(
            -0.2
            + 0.5 * self.disclosure
            + 2.5 * (self.trust - 0.5)
            + (dyad.holding - 0.5)
            + 0.2 * self.schema
            - 0.15 * self.worldview
            + 1.2 * (climate + self.perception - 0.5)
            - 0.4 * dyad.submission(self)
            - 0.8 * self.regret
            - (0.3 if coach.minority and not self.minority else 0.0)
        )
        skill = coaching_skill(coach)
        inquire = exp(0.84 + 0.6 * coach.listening + 0.4 * coach.empathy)
        advise = exp(0.2 + 0.2 * (coach.self_view - skill) + 0.25 * coach.dominance)
        superficial = exp(-0.6 + 2.0 * (0.7 - coach.engagement) - 0.5 * coach.role_agility)
        undermine = exp(-4.6 + (5.2 if coach.malicious else 0.0) - 1.2 * (climate + coach.perception - 0.5))
        u = uniform() * (inquire + advise + superficial + undermine)
        value = harm = 0.0
        if u < inquire:
            self.inquire = 1
            value = 0.55 + 0.3 * skill + 0.15 * self.fit
        elif u < inquire + advise:
            self.advise = 1
            value = 0.3 * self.fit + 0.1 * skill
        elif u >= inquire + advise + superficial:
            self.undermined += 1
            harm = 0.5 + 0.5 * disclosed
        benefit = self.benefit = normal((disclosed + 0.25) * value * (0.6 + 0.6 * coach.engagement) - harm, 0.2)
        felt = benefit + self.liking + 0.1 * abs(dyad.dependence)
        if self.advise:
            felt -= 0.25 * logistic(self.dominance)
        if benefit < self.expectation:
            felt -= 0.25 * (self.expectation - benefit)
        felt = self.felt = normal(felt, 0.28)
        self.turns += 1
        self.destructive += felt < -0.25
        self.severe += felt < -1.0
        self.negative_effects += felt < self.threshold

    def learn(self):
        """Learning, from the turn and alone."""
        normal, met = self.model.random.gauss, self.dyad.met
        alone = 0.008 * logistic(0.6 * self.self_direction + 0.3 * self.self_awareness) * (1.0 + self.habit)
        if met:
            alone *= 0.5
        personal, task = normal(alone, 0.06 / sqrt(2.0)), normal(alone, 0.06 / sqrt(2.0))
        if met:
            benefit = self.benefit
            gain = 0.24 * (0.5 + self.reflection) * benefit
            if benefit > 0.0:
                left = exp(-self.learnt_here / 0.45)
                gain *= left * exp(-0.8 * self.dyad.submission(self)) / (1.0 + 0.7 * max(self.expectation - 0.35, 0.0))
                self.learnt_here += gain
            mode = 0.7 if self.inquire else 0.25 if self.advise else 0.5
            share = min(max(mode + 0.25 * (self.disclosed - 0.5) - 0.1 * self.fit, 0.0), 1.0)
            personal += share * gain
            task += (1.0 - share) * gain
        self.learning_personal += personal
        self.learning_task += task

    def feel(self):
        """Trust, and what the turn leaves."""
        dyad, felt, strain = self.dyad, self.felt, self.strain
        good, bad = max(felt, 0.0), max(-felt, 0.0)
        surprise = submitted = 0.0
        self.strain -= 0.15 * strain
        if dyad.met:
            buffer = exp(-0.1 * self.mind_set - 0.15 * self.competence())
            aim = self.trust_ceiling * logistic(
                0.15 + 1.8 * (good - 2.0 * bad * buffer) + (self.partner.disclosed - 0.45)
            )
            step = (aim - self.trust) / (4.0 + min(dyad.meetings, 8))
            self.trust += step * (1.0 - 0.5 * dyad.tensility) if step < 0.0 else step
            unexpected = felt - self.expectation
            surprise = 0.25 * unexpected * (1.0 if unexpected > 0.0 else 1.5 * buffer)
            self.expectation += 0.15 * (1.0 + self.reflection) * unexpected
            submitted = 0.03 * dyad.submission(self)
            self.strain += 0.35 * bad + (0.5 if felt < -1.0 else 0.0) + 0.03
        motivation = self.motivation + surprise + 0.02 * (self.motivation_usual - self.motivation)
        esteem = self.self_esteem + 0.1 * good - 0.16 * bad - submitted
        esteem += 0.02 * (self.self_esteem_usual - self.self_esteem)
        schema = self.schema + 0.06 * good - 0.1 * bad + 0.02 * (self.schema_usual - self.schema)
        self.motivation = min(max(motivation, -6.0), 6.0)
        self.self_esteem = min(max(esteem, -6.0), 6.0)
        self.schema = min(max(schema, -6.0), 6.0)
        if strain <= 0.5 < self.strain and not (dyad.met and felt < self.threshold):
            self.negative_effects += 1

    def hear(self):
        """Feedback, before anyone's skills move."""
        if self.felt > 0.0:
            heard = self.felt * logistic(self.partner.feedback)
            self.self_awareness += 0.05 * heard
            self.self_view += min(0.2 * heard, 1.0) * (coaching_skill(self) - self.self_view)

    def practise(self):
        """Practice, after a meeting."""
        if self.dyad.met:
            gain = 0.02 * (0.5 if self.dyad.stage == 1 else 1.0) * self.engagement * self.reflection
            self.listening += gain
            self.disclosure += gain
            self.feedback += gain
            self.empathy += gain
            self.role_agility += 0.01

    def strike(self):
        """Breach of confidence and regret."""
        dyad, partner, disclosed = self.dyad, self.partner, self.disclosed
        self.revealed = max(0.98 * self.revealed, disclosed)
        self.regret *= 0.95
        if self.felt < -0.25 and disclosed > 0.6:
            self.regret = min(self.regret + (disclosed - 0.6) / 0.4 * (1.0 - dyad.carrying), 3.0)
        self.lapse = self.betrayal = False
        if not dyad.active:
            return
        scale = 0.64 * self.revealed
        betrayal = scale * ((0.06 if partner.malicious else 0.0) + 0.004 * max(0.5 - self.model.climate, 0.0))
        u = self.model.random.random()
        # Nobody is more careless than fully: beyond that, no logistic need be asked.
        if u >= betrayal + 0.0035 * scale:
            return
        careless = logistic(-(partner.self_awareness + partner.competence()))
        if u >= betrayal + scale * (0.0015 + 0.002 * careless):
            return
        self.betrayal = u < betrayal
        self.lapse = not self.betrayal
        self.trust *= 1.0 - 0.75 * (1.0 - 0.5 * dyad.tensility)
        if self.betrayal:
            self.trust_ceiling *= 0.7
        self.schema -= 0.5
        self.self_esteem -= 0.3
        self.strain += 0.8
        self.breaches += 1
        self.negative_effects += 1

    def avenge(self):
        """The betrayed may turn, once both have been struck."""
        if self.betrayal and self.model.random.random() < 0.5 * logistic(
            0.5 * self.worldview - 0.3 * self.competence()
        ):
            self.malicious = True

    def settle(self):
        """The habit of coaching."""
        if not self.dyad.met:
            self.habit *= 0.98
        elif self.dyad.stage == 3:
            self.habit += 0.12 * self.reflection * (1.0 - self.habit)


class Dyad(mesa.Agent):
    """What two persons share."""

    def __init__(self, model, first, second):
        super().__init__(model)
        self.members = first, second
        self.active = True
        self.met = False
        self.meetings = 0
        self.holding = 0.55
        self.dependence = 0.0
        self.stage = 1
        self.carrying = self.tensility = self.connectivity = self.rupture = 0.0
        self.cause = None
        shared_liking = model.random.gauss(0.0, 1.0)
        first.pair(self, second, shared_liking)
        second.pair(self, first, shared_liking)

    def submission(self, member):
        """How far a member submits: dependence is positive where the first dominates."""
        return max(-self.dependence if member is self.members[0] else self.dependence, 0.0)

    def meet(self):
        """Whether the two meet this week."""
        first, second = self.members
        self.met = (
            self.active and self.random.random() < 0.9 * (first.engagement * second.engagement) ** 0.25
        )
        self.meetings += self.met

    def connect(self):
        """Holding environment and capacities, dependence, remedy, steps."""
        a, b = self.members
        uniform = self.random.random
        both = a.felt > 0.0 and b.felt > 0.0
        destructive = (a.felt < -0.25) + (b.felt < -0.25)
        if self.met:
            self.holding += 0.1 * both * (1.0 - self.holding) - 0.0912 * destructive * self.holding
            carried = 0.5 * (a.disclosed * a.inquire + b.disclosed * b.inquire)
            self.carrying += 0.1 * carried * (1.0 - self.carrying) - 0.1 * destructive * self.carrying
            self.tensility += 0.2 * self.rupture * both * (1.0 - self.tensility)
            challenge = 0.5 * (a.inquire * max(a.benefit, 0.0) + b.inquire * max(b.benefit, 0.0))
            connectivity = self.connectivity
            connectivity += 0.15 * challenge * (1.0 - connectivity) - 0.1 * destructive * connectivity
            self.connectivity = min(max(connectivity, 0.0), 1.0)
        if destructive or a.lapse or a.betrayal or b.lapse or b.betrayal:
            self.rupture = 1.0
        elif both:
            self.rupture *= 0.75
        if self.met:
            gap = a.dominance - b.dominance + 0.5 * (b.minority - a.minority)
            advice = a.advise if gap < 0.0 else b.advise
            push = 0.3 * tanh(max(abs(gap) - 1.0, 0.0)) * (advice + 0.2)
            self.dependence = min(max(0.97 * self.dependence + copysign(push, gap), -1.0), 1.0)
        if self.active:
            self.mend(a, b, uniform)
        if self.met:
            if self.stage == 1 and self.holding >= 0.6 and self.meetings >= 2:
                self.stage = 2
            elif (
                self.stage == 2 and min(a.trust, b.trust) >= 0.5 and self.meetings >= 5 and self.connectivity >= 0.1
            ):
                self.stage = 3

    def mend(self, a, b, uniform):
        """What is visible is found and mended."""
        week = self.model.steps - 1
        if abs(self.dependence) > 0.3 and uniform() < 0.0212 + 0.004 * (a.reflection + b.reflection):
            self.dependence *= 1.0 - 26.0 / (26.0 + week) * (2.0 / 3.0)
        if min(a.trust, b.trust) < 0.3 and self.meetings > 0 and uniform() < 0.25 / 3.0:
            if min(a.trust_ceiling, b.trust_ceiling) < 0.75:
                self.active = False
                self.cause = "third party"
            else:
                a.trust += 0.6 * max(0.5 * a.trust_ceiling - a.trust, 0.0)
                b.trust += 0.6 * max(0.5 * b.trust_ceiling - b.trust, 0.0)

    def end(self):
        """Whether it ends this week."""
        if not self.active:
            return
        a, b = self.members
        log_odds = (
            -6.2
            + 9.0 * max(0.4 - min(a.trust, b.trust), 0.0)
            + 1.2 * max(abs(self.dependence) - 0.6, 0.0)
            + (1.5 if min(a.felt, b.felt) < -1.0 else 0.0)
            - 0.3 * (a.motivation + b.motivation)
        )
        if self.random.random() < logistic(log_odds):
            self.active, self.cause = False, "relationship"
        elif self.random.random() < 0.008:
            self.active, self.cause = False, "logistics"


class Program(mesa.Model):
    """Persons and dyads in one organization that does not change."""

    def __init__(self, rng=None):
        super().__init__(rng=rng)
        self.climate = min(max(self.random.gauss(0.5, 0.08), 0.0), 1.0)
        traits = (self.rng.standard_normal((2 * DYADS, 11)) @ FACTOR.T).tolist()
        persons = list(Person.create_agents(self, 2 * DYADS, traits))
        Dyad.create_agents(self, DYADS, persons[::2], persons[1::2])
        self.datacollector = mesa.DataCollector(model_reporters={"outcomes": outcomes})

    def step(self):
        persons, dyads = self.agents_by_type[Person], self.agents_by_type[Dyad]
        persons.do("prepare")
        dyads.do("meet")
        for stage in ("take_turn", "learn", "feel", "hear", "practise", "strike", "avenge"):
            persons.do(stage)
        dyads.do("connect")
        persons.do("settle")
        dyads.do("end")
        if self.steps == WEEKS:
            self.datacollector.collect(self)


def outcomes(model):
    """The outcomes."""
    persons, dyads = model.agents_by_type[Person], model.agents_by_type[Dyad]
    skills = [coaching_skill(person) for person in persons]
    learning = [person.learning_personal + person.learning_task for person in persons]
    trust = persons.get("trust")

    def mean(values):
        return float(np.mean(values))

    found = {
        "learning_sd": float(np.std(learning, ddof=1)),
        "trust_sd": float(np.std(trust, ddof=1)),
        "skill": mean(skills),
        "misjudgement": mean([abs(person.self_view - skill) for person, skill in zip(persons, skills)]),
        "dependence": mean(np.abs(dyads.get("dependence"))),
    }
    causes = dyads.get("cause")
    for cause in ("relationship", "logistics", "third party"):
        found[f"ended_{cause.replace(' ', '_')}"] = causes.count(cause) / DYADS
    for name in ("holding", "connectivity", "tensility", "carrying"):
        found[name] = mean(dyads.get(name))
    return [found[name] if name in found else mean(persons.get(name)) for name in OUTCOMES]


def one(replication):
    model = Program(rng=replication)
    model.run_for(WEEKS)
    return model.datacollector.model_vars["outcomes"][-1]


def many(first, count):
    rows = batch_run(
        Program,
        parameters={},
        rng=list(range(first, first + count)),
        max_steps=WEEKS,
        number_processes=2,
        data_collection_period=-1,
        display_progress=False,
    )
    return [row["outcomes"] for row in sorted(rows, key=lambda row: row["rng"])]


if __name__ == "__main__":
    run(one, many)
