//! The founding of a world: how every relationship begins, who comes with what intent, and who is tied to whom.

use super::birth::Birth;
use super::circle;
use super::colleagues::Colleagues;
use super::dyad::{Block, Shared, Tie, place};
use super::formation;
use super::imposing::GroupRisk;
use super::intent;
use super::lanes::{LANES, Lanes, all};
use super::maths::flag;
use super::network::{Network, comfort};
use super::organization::Organization;
use super::parameters::Parameters;
use super::seating::{Gathering, Seating, pair_entity};
use super::streams::{Purpose, first_normals};
use super::team::Teams;
use super::world::{Blueprint, Form, World};

impl World {
    /// Begins every relationship: prepares everyone, then forms the pairs that stay and the ties of the gatherings.
    pub(super) fn form_all(&mut self, blueprint: &Blueprint, participants: &[usize]) {
        let form_of = |person: usize| form_of(blueprint, person);
        let mut seating = self.seating.take();
        let person_at = |seating: &Option<Box<Seating>>, seat: usize| {
            seating.as_ref().map_or(seat, |seating| seating.person_at(seat))
        };
        let stays = |seating: &Option<Box<Seating>>, dyad: usize| {
            seating.as_ref().is_none_or(|seating| seating.stays(dyad, blueprint.organization_of_dyad[dyad]))
        };
        // A program attends to pairs and to circles: each is one meeting.
        let mut in_programs = vec![0; blueprint.organizations];
        for (dyad, organization) in blueprint.organization_of_dyad.iter().enumerate() {
            let first = person_at(&seating, 2 * dyad);
            in_programs[*organization] += usize::from(stays(&seating, dyad) && form_of(first).formal);
        }
        for group in blueprint.gatherings {
            if let Some(first) = group.members().first() {
                in_programs[blueprint.organization_of_dyad[first / 2]] += usize::from(form_of(*first).formal);
            }
        }
        let pair_of =
            |seating: &Option<Box<Seating>>, dyad: usize| [0, 1].map(|seat| person_at(seating, 2 * dyad + seat));
        let mut chances = Chances::none();
        for dyad in 0..self.dyads {
            let organization = blueprint.organization_of_dyad[dyad];
            let pair = pair_of(&seating, dyad);
            let (index, lane) = place(dyad);
            if lane == 0 {
                chances = Chances::draw(blueprint, |lane| pair_of(&seating, (dyad + lane).min(self.dyads - 1)));
            }
            for (seat, person) in pair.into_iter().enumerate() {
                self.prepare(blueprint.parameters, form_of(person), dyad, seat);
            }
            if !stays(&seating, dyad) {
                continue;
            }
            let Block { members: [a, b], shared, .. } = &mut self.blocks[index];
            let minds = [&a.person, &b.person].map(|person| (person.schema[lane], person.worldview[lane]));
            let two = Two { pair, chance: chances.of(lane), minds, others: [0.0; 2] };
            Forming {
                blueprint,
                organization: &self.organizations[organization],
                form: form_of(pair[0]),
                in_programs: in_programs[organization],
                together: 2,
            }
            .form(two, [&mut a.tie, &mut b.tie], shared, lane);
            let share = 2.0 / participants[organization] as f64;
            self.organizations[organization].facilitation += share * shared.facilitation[lane];
        }
        if let Some(seating) = &mut seating {
            self.form_gatherings(blueprint, seating, &in_programs, participants);
        }
        self.seating = seating;
    }

    /// Forms the ties of those whose partners change.
    fn form_gatherings(
        &mut self,
        blueprint: &Blueprint,
        seating: &mut Seating,
        in_programs: &[usize],
        participants: &[usize],
    ) {
        let mut ties = std::mem::take(&mut seating.ties);
        for group in &seating.groups {
            let members = group.gathering.members();
            let Some(first) = members.first() else { continue };
            let organization = blueprint.organization_of_dyad[first / 2];
            let forming = Forming {
                blueprint,
                organization: &self.organizations[organization],
                form: form_of(blueprint, *first),
                in_programs: in_programs[organization],
                together: group.gathering.together(),
            };
            let mut risks = GroupRisk::of(self, blueprint, members, (members.len() - 1) as f64);
            let mut chances = Chances::none();
            for (number, tie) in group.ties.clone().enumerate() {
                let pair = ties.pair(tie);
                if number.is_multiple_of(LANES) {
                    chances = Chances::draw(blueprint, |lane| ties.pair((tie + lane).min(group.ties.end - 1)));
                }
                let others = match &group.gathering {
                    Gathering::Circle(_) if members.len() > 2 => others_know(blueprint, members, pair),
                    Gathering::Circle(_) => [0.0; 2],
                    Gathering::Colleagues(colleagues) => {
                        // Each of their ties is touched by itself, as a dyad is.
                        let ties_of_each = (2.0 * group.ties.len() as f64 / members.len() as f64).max(1.0);
                        risks = GroupRisk::of(self, blueprint, &pair, ties_of_each);
                        [comfort(blueprint.parameters, colleagues.ties[tie - group.ties.start].similarity); 2]
                    }
                };
                let minds = pair.map(|person| {
                    let seat = seating.seat_of(person);
                    let (index, lane) = place(seat / 2);
                    let person = &self.blocks[index].members[seat % 2].person;
                    (person.schema[lane], person.worldview[lane])
                });
                let (block, lane) = ties.at_mut(tie);
                let [a, b] = &mut block.sides;
                let lacking = pair.map(|person| {
                    let seat = seating.seat_of(person);
                    self.burdens.get(seat / 2).map_or(0.0, |burden| burden.individual[seat % 2][0])
                });
                if !self.burdens.is_empty() {
                    for (learner, side) in [&mut *a, &mut *b].into_iter().enumerate() {
                        let weight = need_weight(&blueprint.births[pair[learner]]);
                        side.fit[lane] += blueprint.parameters.theory_risk.expertise * -lacking[1 - learner] * weight;
                    }
                }
                let (relational, schemer) =
                    risks.lay(&mut self.blocks, blueprint.parameters, seating, pair, &mut block.shared, lane);
                let chance = chances.of(number % LANES);
                forming.form(Two { pair, chance, minds, others }, [a, b], &mut block.shared, lane);
                ties.burden(tie, relational, schemer, lacking);
            }
            if !group.ties.is_empty() {
                let (block, lane) = ties.at(group.ties.start);
                let share = members.len() as f64 / participants[organization] as f64;
                self.organizations[organization].facilitation += share * block.shared.facilitation[lane];
            }
        }
        seating.ties = ties;
        seating.begin();
    }

    /// What a program does to a person before it begins: it makes expectations realistic, and motivates or coerces.
    fn prepare(&mut self, p: &Parameters, form: &Form, dyad: usize, seat: usize) {
        let (index, lane) = place(dyad);
        let (program, formal) = (&form.parameters.program, flag(form.formal));
        let member = &mut self.blocks[index].members[seat];
        let preparation = formal * program.preparation;
        let realistic = p.population.expectation_mean;
        let corrected = p.formation.realism * preparation;
        member.person.expectation[lane] += corrected * (realistic - member.person.expectation[lane]);
        if let Some(burden) = self.burdens.get_mut(dyad) {
            burden.individual[seat][4] *= 1.0 - corrected;
        }
        let will = formal * (p.formation.selection * program.selection - p.formation.coercion * program.coercion);
        member.person.motivation[lane] += will;
        member.person.motivation_set_point[lane] += will;
    }

    /// Draws who came to exploit and who for the own benefit only.
    pub(super) fn settle_intent(&mut self, blueprint: &Blueprint, dyad: usize) {
        let (index, lane) = place(dyad);
        let organization = &self.organizations[self.organization_of_dyad[dyad]];
        let p = blueprint.parameters;
        for seat in 0..2 {
            let number = self.seating.as_ref().map_or(2 * dyad + seat, |seating| seating.person_at(2 * dyad + seat));
            let form = form_of(blueprint, number);
            let selection = flag(form.formal) * form.parameters.program.selection;
            let person = &mut self.blocks[index].members[seat].person;
            // `vengeful` carried the risk factor's exposure until here.
            let imposed = p.theory_risk.intent * person.vengeful[lane];
            person.vengeful[lane] = 0.0;
            let [u, v] = blueprint.births[number].intent;
            let worldview = person.worldview[lane];
            let bad = intent::exploitative(
                p,
                worldview,
                organization.competition,
                organization.incentives,
                organization.scarcity,
                organization.climate,
                imposed,
                selection,
            );
            person.exploitative[lane] = flag(u < bad);
            person.self_serving[lane] = flag(u >= bad) * flag(v < intent::self_serving(p, worldview, selection));
        }
    }
}

/// The teams of all organizations, and those who coach each other informally, by organization: everyone who is coached
/// without a program, and is in no other gathering.
pub(super) fn colleagues(blueprint: &Blueprint) -> (Teams, Vec<Gathering>) {
    let persons = blueprint.births.len();
    let places: Vec<usize> = (0..persons).map(|person| blueprint.organization_of_dyad[person / 2]).collect();
    let form_of = |person: usize| form_of(blueprint, person);
    let mut informal: Vec<bool> =
        (0..persons).map(|person| form_of(person).coached && !form_of(person).formal).collect();
    blueprint.gatherings.iter().flat_map(Gathering::members).for_each(|person| informal[*person] = false);
    let p = blueprint.parameters;
    let network = Network::form(p, &places, blueprint.organizations, blueprint.seed);
    let mut gatherings = Vec::new();
    for organization in (0..blueprint.organizations).filter(|_| informal.contains(&true)) {
        let members: Vec<usize> =
            (0..persons).filter(|person| informal[*person] && places[*person] == organization).collect();
        if !members.is_empty() {
            let ties = network.ties_among(p, blueprint.births, organization, |person| informal[person]);
            gatherings.push(Gathering::Colleagues(Colleagues { members, ties, seed: blueprint.seed }));
        }
    }
    (Teams::found(p, &network, informal, blueprint.seed), gatherings)
}

/// The form of a person's coaching.
pub(super) fn form_of<'a>(blueprint: &'a Blueprint, person: usize) -> &'a Form {
    &blueprint.forms[blueprint.form_of_dyad[person / 2]]
}

/// How much a person needs in all domains together.
pub(super) fn need_weight(birth: &Birth) -> f64 {
    birth.need.iter().fold(0.0, |sum, w| sum + w)
}

/// What the best of the others in a circle knows of what each of two members needs, as it adds to their fit.
fn others_know(blueprint: &Blueprint, members: &[usize], pair: [usize; 2]) -> [f64; 2] {
    pair.map(|learner| {
        let best = members
            .iter()
            .filter(|member| !pair.contains(member))
            .map(|member| formation::needs_met(&blueprint.births[learner], &blueprint.births[*member]))
            .fold(0.0, super::maths::greatest);
        blueprint.parameters.circle.others * best
    })
}

/// How sixteen pairs take to each other by chance: three pairs of normals that belong to the two of them.
struct Chances([[Lanes; 2]; 3]);

impl Chances {
    fn none() -> Self {
        Self([[all(0.0); 2]; 3])
    }

    /// Draws the chance of the pair in each lane.
    fn draw(blueprint: &Blueprint, pair: impl Fn(usize) -> [usize; 2]) -> Self {
        let entity = |lane: usize| {
            let [first, second] = pair(lane);
            pair_entity(first, second).0
        };
        Self(first_normals(blueprint.seed, Purpose::Formation, entity))
    }

    /// The chance of the pair in this lane.
    fn of(&self, lane: usize) -> [[f64; 2]; 3] {
        self.0.each_ref().map(|[one, other]| [one[lane], other[lane]])
    }
}

/// Two people whose relationship begins.
struct Two {
    pair: [usize; 2],
    /// Theirs of [`Chances`].
    chance: [[f64; 2]; 3],
    /// Their schemas and worldviews.
    minds: [(f64, f64); 2],
    /// What others add to their fit.
    others: [f64; 2],
}

/// What two people find when their relationship begins.
struct Forming<'a> {
    blueprint: &'a Blueprint<'a>,
    organization: &'a Organization,
    form: &'a Form,
    /// Pairs and circles in programs of the organization.
    in_programs: usize,
    /// How many are together in a meeting.
    together: usize,
}

impl Forming<'_> {
    /// Begins the relationship of two persons.
    fn form(&self, two: Two, sides: [&mut Tie; 2], shared: &mut Shared, lane: usize) {
        let Two { pair, chance, minds, others } = two;
        let Self { blueprint, organization, form, in_programs, together } = *self;
        // The theory is the world's; a form brings the levers of its program and nothing else.
        let (p, program) = (blueprint.parameters, &form.parameters.program);
        let births = pair.map(|person| &blueprint.births[person]);
        let formal = flag(form.formal);
        // Colleagues who chose each other know each other; two who never coach are strangers.
        let informal = flag(form.coached && !form.formal);
        // A finite capacity is diluted by size and haste: half is left at `capacity` meetings a week.
        let load = in_programs as f64 * program.meetings_per_week;
        let attention = program.capacity / (program.capacity + load);
        // Colleagues who find each other go through no matching process, good or bad.
        let matching = match organization.matching {
            _ if !form.formal => 0.5,
            sound if sound > 0.5 => 0.5 + (sound - 0.5) * attention,
            poor => poor,
        };
        let (_, turned) = pair_entity(pair[0], pair[1]);
        let [[shared_liking, liking_first], [liking_second, _], [chance_first, chance_second]] = chance;
        for (seat, tie) in sides.into_iter().enumerate() {
            let (own, partner) = (births[seat], births[1 - seat]);
            let (schema, worldview) = minds[seat];
            let climate = organization.climate + own.perception;
            let lower = (seat == 0) != turned;
            let chance = if lower { chance_first } else { chance_second };
            let trust = formation::first_trust(p, climate, matching, schema, worldview, informal, chance);
            tie.trust[lane] = trust;
            tie.trust_ceiling[lane] = 1.0;
            let own_liking = if lower { liking_first } else { liking_second };
            tie.liking[lane] = p.formation.liking * (shared_liking + own_liking);
            let ahead = p.formation.fit_experience * (partner.seniority[1] - own.seniority[1]);
            let met = formation::needs_met(own, partner) + others[seat] + ahead;
            tie.fit[lane] += formation::fit(p, matching, met, &own.need, 0.0);
        }
        let structure = program.structure * (1.0 - organization.structure_lost);
        shared.active[lane] = flag(form.coached);
        shared.formal[lane] = formal;
        shared.holding[lane] = formation::first_holding(p, program, formal, informal);
        shared.program_weeks[lane] = if form.coached { form.weeks as f64 } else { 0.0 };
        shared.structure[lane] = formal * structure;
        shared.confidentiality[lane] = formal * program.confidentiality;
        shared.facilitation[lane] = formal * program.facilitation * attention;
        shared.meetings_per_week[lane] = program.meetings_per_week * circle::airtime(&p.circle, together);
        shared.coercion[lane] = formal * program.coercion;
        shared.last_step[lane] = program.last_step;
        shared.audience[lane] = circle::audience(together);
        shared.breach_risk[lane] *= circle::ears(&p.circle, together);
    }
}
