//! Visibility and remedy: what is visible is found; found early, a deficit of low severity is remedied, and a severe one
//! needs a third party.

use super::dyad::{Block, Member, Shared, Surroundings};
use super::lanes::{LANES, Lanes, all, any};
use super::maths::{flag, least, only, positive, unit_interval, within};
use super::noise::DyadNoise;
use super::organization::Organization;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::{Person, Trait};
use super::risk::Knob;
use super::streams::mix;

parameters! {
    /// Visibility and remedy.
    Theory, "theory.remedy";
    Dyad attention = 0.02, 0.0 => 0.1, "probability per week", Normal(0.006), "Weekly probability that a fully visible deficit is found without structure, third party or awareness.", ASSUMED;
    Dyad structure = 0.06, 0.0 => 0.2, "probability per week", Normal(0.02), "What full structure (reflection and reporting) adds.", ARTICLE;
    Dyad facilitation = 0.06, 0.0 => 0.2, "probability per week", Normal(0.02), "What a third party adds.", ARTICLE;
    Person awareness = 0.04, 0.0 => 0.15, "probability per week", Normal(0.012), "What full self-awareness adds.", ARTICLE;
    Dyad imbalance = 0.3, 0.1 => 0.8, "dependence", Normal(0.08), "Dependence beyond which it can be seen.", ASSUMED;
    Dyad rupture_trust = 0.3, 0.1 => 0.5, "trust", Normal(0.05), "Lower trust below which a third party steps in.", ASSUMED;
    Dyad repair_rate = 0.25, 0.0 => 0.8, "probability per week", Normal(0.08), "Weekly probability that a fully present third party finds such a rupture.", ARTICLE;
    Dyad repaired = 0.6, 0.0 => 1.0, "share", Normal(0.15), "How much of the way back to .5 repair brings trust.", ARTICLE;
    Dyad beyond_repair = 0.75, 0.0 => 1.0, "share", Normal(0.1), "Ceiling of trust below which a third party ends it without blame instead.", ARTICLE;
    Organization half_time = 26.0, 2.0 => 520.0, "weeks", Normal(8.0), "Weeks since the start at which what is found is remedied by half as much: found early, a deficit is mended more easily.", ARTICLE;
    Organization review_weeks = 4.0, 1.0 => 26.0, "weeks", Normal(1.0), "Weeks between an organization's reviews of its program and practices.", ASSUMED;
    Organization review = 0.3, 0.0 => 1.0, "probability per review", Normal(0.1), "Probability that a review with a full toolkit finds a fully visible deficit of the organization: double-loop learning above the person.", "Argyris 1992; value assumed";
}

/// Weekly probability that a deficit of this visibility to self, peer and third party is found, in [0, 1]:
/// `self × .04 reflection + peer × (.02 + .06 structure) + third party × .06 facilitation`, times the toolkit's help;
/// reflection is the mean of σ(self_awareness) over the two.
#[inline(always)]
pub fn found(
    p: &Parameters,
    visibility: [f64; 3],
    structure: f64,
    facilitation: f64,
    reflection: f64,
    toolkit: f64,
) -> f64 {
    let t = &p.remedy;
    let [own, peer, third_party] = visibility;
    let seen = own * t.awareness * reflection
        + peer * (t.attention + t.structure * structure)
        + third_party * t.facilitation * facilitation;
    let help = 1.0 + p.organization_to_dyad.toolkit * (toolkit - 0.5);
    within(p.mechanism.remedy * seen * help, 0.0, 1.0)
}

/// Share of a deficit that is remedied once found, in [0, 1]: the severe part only as far as a third party is there, and
/// less the later it is found, half after 26 weeks.
#[inline(always)]
pub fn remedied(p: &Parameters, severity: f64, facilitation: f64, week: f64) -> f64 {
    p.remedy.half_time / (p.remedy.half_time + week) * (1.0 - severity * (1.0 - facilitation))
}

/// Every dyad: dependence that is seen is answered with a working agreement; a rupture that a third party finds is
/// repaired, or the dyad ends without blame.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // A lane indexes many states.
pub(crate) fn mend(block: &mut Block, around: &Surroundings, noise: &DyadNoise, p: &Parameters, week: f64) {
    let t = &p.remedy;
    let knob = &p.risk.overdependence;
    let visibility = [knob.visibility_self, knob.visibility_peer, knob.visibility_third_party];
    let [a, b] = &mut block.members;
    let shared = &mut block.shared;
    let (mut seen, mut called) = (all(0.0), all(0.0));
    for i in 0..LANES {
        let in_force = shared.active[i] * flag(week < shared.program_weeks[i]);
        let facilitation = in_force * shared.facilitation[i];
        let structure = in_force * shared.structure[i];
        let reflection = 0.5 * (a.turn.reflection[i] + b.turn.reflection[i]);
        let chance = found(p, visibility, structure, facilitation, reflection, around.toolkit[i]);
        let visible = shared.dependence[i].abs() > t.imbalance;
        seen[i] = only(visible & (noise.discovery[i] < chance), shared.active[i]);
        let trust_low = least(a.tie.trust[i], b.tie.trust[i]);
        let present = p.mechanism.repair * facilitation * flag(shared.meetings[i] > 0.5);
        let help = 1.0 + p.organization_to_dyad.toolkit * (around.toolkit[i] - 0.5);
        let heard = noise.repair[i] < t.repair_rate * present * help;
        called[i] = only((trust_low < t.rupture_trust) & heard, in_force);
    }
    if any(&seen) {
        for i in 0..LANES {
            let facilitation = shared.active[i] * flag(week < shared.program_weeks[i]) * shared.facilitation[i];
            shared.dependence[i] *= 1.0 - seen[i] * remedied(p, knob.severity, facilitation, week);
        }
    }
    if any(&called) {
        repair([a, b], shared, &called, p, week);
    }
}

/// What a third party does about the ruptures to which it is called: trust is repaired, or the dyad ends without blame.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // A lane indexes many states.
fn repair([a, b]: [&mut Member; 2], shared: &mut Shared, called: &Lanes, p: &Parameters, week: f64) {
    let t = &p.remedy;
    for i in 0..LANES {
        let ceiling = least(a.tie.trust_ceiling[i], b.tie.trust_ceiling[i]);
        let blameless = called[i] * flag(ceiling < t.beyond_repair);
        let repaired = (called[i] - blameless) * t.repaired;
        a.tie.trust[i] += repaired * positive(0.5 * a.tie.trust_ceiling[i] - a.tie.trust[i]);
        b.tie.trust[i] += repaired * positive(0.5 * b.tie.trust_ceiling[i] - b.tie.trust[i]);
        shared.active[i] -= blameless;
        shared.cause[i] += 3.0 * blameless;
        shared.ended[i] = if blameless > 0.5 { week } else { shared.ended[i] };
    }
}

/// What is left of the risk factors that touch a dyad and its members, of 1 at full exposure: the six individual factors
/// per member, and the four relational ones of the dyad.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Burden {
    /// Per member, in the order of Table 1.
    pub individual: [[f64; 6]; 2],
    /// Of the dyad, in the order of Table 1.
    pub relational: [f64; 4],
    /// The seat whose person came with bad intentions, where that factor touches the dyad.
    pub schemer: usize,
}

impl Burden {
    /// Whether anything is left to be found.
    pub fn any(&self) -> bool {
        self.individual.iter().flatten().chain(&self.relational).any(|left| *left > 0.0)
    }
}

/// Takes back, from one person, `amount` (of 1) of an individual risk factor. With a negative amount it imposes it.
pub fn relieve(
    person: &mut Person,
    fit_of_partner: &mut f64,
    need_weight: f64,
    lane: usize,
    factor: usize,
    amount: f64,
    p: &Parameters,
) {
    let t = &p.theory_risk;
    let mut shift = |which, size: f64| person.shift(lane, which, size * amount, person.decay[lane]);
    match factor {
        0 => *fit_of_partner += t.expertise * amount * need_weight,
        1 => {
            // Not remembered as training: what a deficit took was never added.
            person.listening[lane] += t.skills * amount;
            person.disclosure[lane] += t.skills * amount;
            person.feedback[lane] += t.skills * amount;
            person.empathy[lane] += t.skills * amount;
        }
        2 => {
            shift(Trait::SelfAwareness, t.awareness);
            person.self_view[lane] -= t.self_view * amount;
        }
        3 => {
            shift(Trait::Schema, t.schema);
            person.schema_set_point[lane] += t.schema * amount;
            person.mind_set[lane] += t.mind_set * amount;
        }
        4 => {
            shift(Trait::Expectation, -t.expectation);
            shift(Trait::SelfDirection, t.self_direction);
        }
        _ => {
            shift(Trait::Motivation, t.motivation);
            person.motivation_set_point[lane] += t.motivation * amount;
        }
    }
}

/// Takes back `amount` (of 1) of a relational risk factor that acts on both members, on the dyad, or on the member who came
/// with it.
#[allow(clippy::too_many_arguments)]
pub fn relieve_dyad(
    members: [&mut Person; 2],
    shared: &mut Shared,
    lane: usize,
    factor: usize,
    amount: f64,
    left: f64,
    schemer: usize,
    p: &Parameters,
) {
    let t = &p.theory_risk;
    match factor {
        0 => members.into_iter().for_each(|person| person.role_agility[lane] += t.role_agility * amount),
        1 => shared.imposed_gap[lane] *= 1.0 - if left > 0.0 { amount / left } else { 0.0 },
        // A bad intention that has been surfaced is given up or not: in part is no third way.
        2 => {
            if amount > 0.5 * left {
                members[schemer].exploitative[lane] = 0.0;
            }
        }
        _ => shared.breach_risk[lane] -= p.breach.exposed * amount,
    }
}

/// Which of `N` deficits are found, each with its own probability, whatever the others are: one uniform on a fixed schedule
/// gives `N` of them, by hashing its bits with the deficit's number.
pub(crate) fn discovered<const N: usize>(u: f64, chance: impl Fn(usize) -> f64) -> [bool; N] {
    std::array::from_fn(|k| unit_interval(mix(u.to_bits() ^ k as u64)) < chance(k))
}

/// Review of an organization's own practices, every few weeks: it hears members, colleagues and third parties alike, and
/// each contextual factor that is found is remedied in part.
pub(crate) fn review(organization: &mut Organization, knobs: &[Knob; 16], u: f64, week: f64, p: &Parameters) {
    let t = &p.remedy;
    let chance = |factor: usize| {
        p.mechanism.remedy
            * p.mechanism.organization_loop
            * t.review
            * organization.toolkit
            * knobs[10 + factor].visibility.iter().fold(0.0, |sum, seen| sum + seen / 3.0)
            * flag(organization.burden[factor] > 0.0)
    };
    let found = discovered::<6>(u, chance);
    for factor in (0..6).filter(|factor| found[*factor]) {
        relieve_organization(organization, &knobs[10 + factor], factor, week, p);
    }
}

/// Takes back what can be taken back of a contextual risk factor that was found.
fn relieve_organization(organization: &mut Organization, knob: &Knob, factor: usize, week: f64, p: &Parameters) {
    let amount = organization.burden[factor] * remedied(p, knob.severity, organization.facilitation, week);
    organization.burden[factor] -= amount;
    let t = &p.theory_risk;
    match factor {
        0 => {
            organization.change(organization.competition - t.competition * amount, organization.incentives, p);
            organization.development_value =
                within(organization.development_value + t.development_value * amount, 0.0, 1.0);
        }
        1 => organization.set_point = within(organization.set_point + t.climate * amount, 0.0, 1.0),
        2 => {
            organization.collaboration = within(organization.collaboration + t.collaboration * amount, 0.0, 1.0);
            organization.structure_lost = within(organization.structure_lost - t.structure * amount, 0.0, 1.0);
        }
        3 => {
            organization.toolkit = within(organization.toolkit + t.toolkit * amount, 0.0, 1.0);
            organization.toolkit_start = within(organization.toolkit_start + t.toolkit * amount, 0.0, 1.0);
        }
        4 => organization.change(organization.competition, organization.incentives + t.incentives * amount, p),
        _ => organization.matching = within(organization.matching + t.matching * amount, 0.0, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_visible_is_found_sooner(
            p in random::parameters(), visibility in 0.0..0.5_f64, structure in 0.0..0.5_f64, facilitation in 0.0..0.5_f64,
            awareness in -4.0..4.0_f64, toolkit in 0.0..0.5_f64,
        ) {
            let at = |v, s, f, a, t| found(&p, [v; 3], s, f, a, t);
            let base = at(visibility, structure, facilitation, awareness, toolkit);
            prop_assert!((0.0..=1.0).contains(&base));
            prop_assert!(at(visibility + 0.5, structure, facilitation, awareness, toolkit) >= base);
            prop_assert!(at(visibility, structure + 0.5, facilitation, awareness, toolkit) >= base);
            prop_assert!(at(visibility, structure, facilitation + 0.5, awareness, toolkit) >= base);
            prop_assert!(at(visibility, structure, facilitation, awareness + 1.0, toolkit) >= base);
            prop_assert!(at(visibility, structure, facilitation, awareness, toolkit + 0.5) >= base);
            prop_assert_eq!(at(0.0, structure, facilitation, awareness, toolkit), 0.0);
        }

        #[test]
        fn severe_deficits_need_a_third_party_and_early_help(
            p in random::parameters(), severity in 0.0..=1.0_f64, facilitation in 0.0..0.5_f64, week in 0.0..200.0_f64,
        ) {
            let share = remedied(&p, severity, facilitation, week);
            prop_assert!((0.0..=1.0).contains(&share));
            prop_assert!(remedied(&p, severity, facilitation + 0.5, week) >= share);
            prop_assert!(remedied(&p, severity, facilitation, week + 10.0) <= share);
            prop_assert_eq!(remedied(&p, severity, 1.0, 0.0), 1.0);
            prop_assert_eq!(remedied(&p, 0.0, 0.0, p.remedy.half_time), 0.5);
        }

        /// Imposed and wholly taken back, a factor leaves a person as it found them.
        #[test]
        fn relief_undoes_what_was_imposed(p in random::parameters(), factor in 0..6_usize, amount in 0.0..=1.0_f64) {
            let (mut person, mut fit) = (Person::neutral(), 0.0);
            let before = format!("{person:.9?}").replace("-0.0", "0.0");
            relieve(&mut person, &mut fit, 1.5, 3, factor, -amount, &p);
            relieve(&mut person, &mut fit, 1.5, 3, factor, amount, &p);
            prop_assert_eq!(format!("{person:.9?}").replace("-0.0", "0.0"), before);
            prop_assert!(fit.abs() < 1e-12);
        }
    }

    /// Who came with bad intentions gives them up; the partner's own are the partner's.
    #[test]
    fn only_who_came_with_it_gives_it_up() {
        let mut block = Block::empty();
        let Block { members: [a, b], shared, .. } = &mut block;
        (a.person.exploitative[2], b.person.exploitative[2]) = (1.0, 1.0);
        let members = [&mut a.person, &mut b.person];
        relieve_dyad(members, shared, 2, 2, 0.8, 1.0, 1, &Parameters::default());
        assert_eq!((a.person.exploitative[2], b.person.exploitative[2]), (1.0, 0.0));
    }

    /// One uniform finds each deficit with that deficit's own probability, however likely, and whatever becomes of the
    /// others: 100,000 uniforms, four standard errors.
    #[test]
    fn each_deficit_is_found_with_its_probability() {
        let chances = [0.05, 0.0, 0.20, 0.60];
        let n = 100_000;
        let (mut counts, mut together) = ([0; 4], 0);
        let mut stream = crate::model::streams::Stream::open(1, 1, crate::model::streams::Purpose::Life, 1);
        for _ in 0..n {
            let found = discovered::<4>(stream.uniform(), |k| chances[k]);
            (0..4).for_each(|k| counts[k] += i32::from(found[k]));
            together += i32::from(found[2] && found[3]);
        }
        let near = |count: i32, chance: f64| {
            let error = (chance * (1.0 - chance) / f64::from(n)).sqrt();
            assert!((f64::from(count) / f64::from(n) - chance).abs() <= 4.0 * error, "{counts:?} {together}");
        };
        counts.into_iter().zip(chances).for_each(|(count, chance)| near(count, chance));
        near(together, 0.20 * 0.60);
    }
}
