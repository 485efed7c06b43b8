//! A world: organizations, their dyads and persons, and the noise they share with the other worlds of a replication.

use super::birth::Birth;
use super::circle;
use super::climate;
use super::colleagues::Colleagues;
use super::dyad::{Block, Shared, Tie, Upward, place};
use super::formation;
use super::intent;
use super::lanes::{Instructions, LANES};
use super::maths::flag;
use super::network::{Network, comfort};
use super::noise::{BlockNoise, BlockStreams};
use super::organization::Organization;
use super::parameters::Parameters;
use super::person::Trait;
use super::remedy::{self, Burden};
use super::risk::Knob;
use super::seating::{Gathering, Seating, pair_entity};
use super::streams::{Purpose, Stream};
use super::team::Teams;

/// The chance of a replication: one block of streams after another, drawn week by week for all its worlds.
#[derive(Clone, Debug)]
pub struct Noise {
    streams: Vec<BlockStreams>,
    pub(crate) blocks: Vec<BlockNoise>,
    pub(crate) organizations: Vec<f64>,
    founding: Vec<Stream>,
}

impl Noise {
    /// Opens the streams of `dyads` dyads in `organizations` organizations.
    pub fn open(master: u64, replication: u64, dyads: usize, organizations: usize) -> Self {
        let blocks = dyads.div_ceil(LANES);
        Self {
            streams: (0..blocks).map(|block| BlockStreams::open(master, replication, block)).collect(),
            blocks: vec![BlockNoise::empty(); blocks],
            organizations: vec![0.0; organizations],
            founding: (0..organizations)
                .map(|number| Stream::open(master, replication, Purpose::Founding, (1 << 40) + number as u64))
                .collect(),
        }
    }

    /// Draws the next week, for everyone and whatever happens.
    pub fn draw(&mut self, instructions: Instructions) {
        struct Draw<'a>(&'a mut [BlockStreams], &'a mut [BlockNoise]);
        impl super::lanes::Work for Draw<'_> {
            #[inline(always)]
            fn run(self) {
                for (streams, noise) in self.0.iter_mut().zip(self.1) {
                    streams.draw(noise);
                }
            }
        }
        super::lanes::dispatch(instructions, Draw(&mut self.streams, &mut self.blocks));
        for (stream, uniform) in self.founding.iter_mut().zip(&mut self.organizations) {
            *uniform = stream.uniform();
        }
    }
}

/// What differs between dyads by their arm: whether and how they are coached, and by what parameters. A number, not a
/// name: the model knows no arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Whether they coach each other at all.
    pub coached: bool,
    /// Whether a program made the pair and supports it.
    pub formal: bool,
    /// Weeks of the program.
    pub weeks: usize,
    /// Parameters of this form; only `program.*`, and exposure and prevalence of the individual and relational `risk.*`, are
    /// read per dyad.
    pub parameters: Parameters,
}

/// What a world is made from: the same in all worlds of a replication but for `form_of_dyad` and what is done to states.
#[derive(Clone, Debug)]
pub struct Blueprint<'a> {
    /// The parameters of everything that is not a program's.
    pub parameters: &'a Parameters,
    /// Parameters per organization where they differ (an organization's treatment); empty otherwise.
    pub organization_parameters: &'a [&'a Parameters],
    /// Persons by number; the home of person p is seat `p % 2` of dyad `p / 2`, whose organization and form are the person's.
    pub births: &'a [Birth],
    /// The person in each seat at the beginning, within each organization; empty where everyone is at home.
    pub seats: &'a [usize],
    /// Those whose partners change, each person in at most one; all others stay with whom they sit.
    pub gatherings: &'a [Gathering],
    /// The organization of each dyad, not decreasing.
    pub organization_of_dyad: &'a [usize],
    /// Number of organizations.
    pub organizations: usize,
    /// The forms of coaching.
    pub forms: &'a [Form],
    /// Which form each dyad has.
    pub form_of_dyad: &'a [usize],
    /// Seed and replication of beginnings.
    pub seed: (u64, u64),
}

/// A world at some week.
#[derive(Clone, Debug)]
pub struct World {
    /// The parameters of everything.
    pub parameters: Parameters,
    /// Dyads in blocks of sixteen; the lanes beyond the last dyad are empty.
    pub blocks: Vec<Block>,
    /// Number of dyads.
    pub dyads: usize,
    /// The organization of each dyad.
    pub organization_of_dyad: Vec<usize>,
    /// Organizations.
    pub organizations: Vec<Organization>,
    /// Weeks that have passed.
    pub week: usize,
    /// What is left of risk factors, per lane; empty where none was ever imposed.
    pub burdens: Vec<Burden>,
    /// Who sits where; none where everyone is at home for good.
    pub(crate) seating: Option<Box<Seating>>,
    /// Who works in which team, at what task.
    pub teams: Teams,
    pub(crate) need_weight: Vec<[f64; 2]>,
    pub(crate) knobs: [Knob; 16],
    /// What the dyads of each organization gave to it this week, still lane by lane.
    pub(crate) upward: Vec<Upward>,
}

impl World {
    /// Builds a world at the end of week 0, before anything is done to anyone.
    pub fn new(blueprint: &Blueprint) -> Self {
        let p = blueprint.parameters;
        let (master, replication) = blueprint.seed;
        let dyads = blueprint.organization_of_dyad.len();
        let mut participants = vec![0; blueprint.organizations];
        blueprint.organization_of_dyad.iter().for_each(|organization| participants[*organization] += 2);
        let organizations: Vec<Organization> = participants
            .iter()
            .enumerate()
            .map(|(number, count)| {
                let p = blueprint.organization_parameters.get(number).copied().unwrap_or(p);
                Organization::found(p, master, replication, number as u64, *count)
            })
            .collect();
        let (teams, colleagues) = colleagues(blueprint);
        let gatherings = [blueprint.gatherings, &colleagues].concat();
        let everyone_at_home = blueprint.seats.is_empty() && gatherings.is_empty();
        let seating = (!everyone_at_home).then(|| {
            let (seats, places) = (blueprint.seats, blueprint.organization_of_dyad);
            Box::new(Seating::new(seats, &gatherings, places, blueprint.organizations))
        });
        let mut world = Self {
            parameters: p.clone(),
            blocks: vec![Block::empty(); dyads.div_ceil(LANES)],
            dyads,
            organization_of_dyad: blueprint.organization_of_dyad.to_vec(),
            organizations,
            week: 0,
            burdens: Vec::new(),
            seating,
            teams,
            need_weight: Vec::new(),
            knobs: p.risk.knobs(),
            upward: vec![Upward::none(); blueprint.organizations],
        };
        for dyad in 0..dyads {
            let (index, lane) = place(dyad);
            for seat in 0..2 {
                let birth = &blueprint.births[world.person_at(dyad, seat)];
                world.blocks[index].members[seat].person.seat(lane, birth);
            }
        }
        // Risk factors belong to who people are: they are there before the two meet.
        world.impose_risks(blueprint);
        world.form_all(blueprint, &participants);
        for dyad in 0..dyads {
            world.settle_intent(blueprint, dyad);
            for seat in 0..2 {
                let (index, lane) = place(dyad);
                let person = &mut world.blocks[index].members[seat].person;
                person.developed_start[lane] = climate::developed(person, lane);
            }
        }
        world
    }

    /// Begins every relationship: prepares everyone, then forms the pairs that stay and the ties of the gatherings.
    fn form_all(&mut self, blueprint: &Blueprint, participants: &[usize]) {
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
        for dyad in 0..self.dyads {
            let organization = blueprint.organization_of_dyad[dyad];
            let pair = [0, 1].map(|seat| person_at(&seating, 2 * dyad + seat));
            let (index, lane) = place(dyad);
            for (seat, person) in pair.into_iter().enumerate() {
                self.prepare(blueprint.parameters, form_of(person), dyad, seat);
            }
            if !stays(&seating, dyad) {
                continue;
            }
            let Block { members: [a, b], shared, .. } = &mut self.blocks[index];
            let minds = [&a.person, &b.person].map(|person| (person.schema[lane], person.worldview[lane]));
            Forming {
                blueprint,
                organization: &self.organizations[organization],
                form: form_of(pair[0]),
                in_programs: in_programs[organization],
                together: 2,
            }
            .form(pair, minds, [0.0; 2], [&mut a.tie, &mut b.tie], shared, lane);
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
            for tie in group.ties.clone() {
                let pair = ties.pair(tie);
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
                forming.form(pair, minds, others, [a, b], &mut block.shared, lane);
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

    /// Lets the individual and relational risk factors take their states; who is touched belongs to person and dyad.
    fn impose_risks(&mut self, blueprint: &Blueprint) {
        let p = blueprint.parameters;
        let of_form: Vec<[Knob; 16]> = blueprint.forms.iter().map(|form| form.parameters.risk.knobs()).collect();
        if of_form.iter().all(|knobs| knobs[..10].iter().all(|knob| knob.exposure == 0.0)) {
            return;
        }
        let (master, replication) = blueprint.seed;
        self.burdens = vec![Burden::default(); self.dyads];
        self.need_weight = (0..self.dyads)
            .map(|dyad| [0, 1].map(|seat: usize| need_weight(&blueprint.births[self.person_at(dyad, seat)])))
            .collect();
        for dyad in 0..self.dyads {
            let (index, lane) = place(dyad);
            let pair = [0, 1].map(|seat| self.person_at(dyad, seat));
            let block = &mut self.blocks[index];
            for (seat, person) in pair.into_iter().enumerate() {
                let knobs = &of_form[blueprint.form_of_dyad[person / 2]];
                for (factor, Knob { exposure, prevalence, .. }) in knobs[..6].iter().copied().enumerate() {
                    if exposure == 0.0 || blueprint.births[person].touched[factor] >= prevalence {
                        continue;
                    }
                    self.burdens[dyad].individual[seat][factor] = exposure;
                    let [first, second] = &mut block.members;
                    let (own, partner) = if seat == 0 { (first, second) } else { (second, first) };
                    let weight = self.need_weight[dyad][1 - seat];
                    remedy::relieve(&mut own.person, &mut partner.tie.fit[lane], weight, lane, factor, -exposure, p);
                }
            }
            let stays =
                self.seating.as_ref().is_none_or(|seating| seating.stays(dyad, self.organization_of_dyad[dyad]));
            if !stays {
                continue;
            }
            let knobs = &of_form[blueprint.form_of_dyad[pair[0] / 2]];
            let (entity, turned) = pair_entity(pair[0], pair[1]);
            let mut stream = Stream::open(master, replication, Purpose::Risk, entity);
            for factor in 0..4 {
                let (touched, side) = (stream.uniform(), stream.uniform());
                let Knob { exposure, prevalence, .. } = knobs[6 + factor];
                if exposure == 0.0 || touched >= prevalence {
                    continue;
                }
                self.burdens[dyad].relational[factor] = exposure;
                let [first, second] = &mut block.members;
                match factor {
                    // The risk widens the gap that is there: whoever is the more dominant dominates more.
                    1 => {
                        let gap = first.person.dominance[lane] - second.person.dominance[lane];
                        let sign = if gap < 0.0 { -1.0 } else { 1.0 };
                        block.shared.imposed_gap[lane] = sign * p.theory_risk.gap * exposure;
                    }
                    // One of the two came with it; settled with everyone's intent below.
                    2 => {
                        let seat = usize::from((side < 0.5) != turned);
                        self.burdens[dyad].schemer = seat;
                        block.members[seat].person.vengeful[lane] = exposure;
                    }
                    _ => remedy::relieve_dyad(
                        [&mut first.person, &mut second.person],
                        &mut block.shared,
                        lane,
                        factor,
                        -exposure,
                        exposure,
                        0,
                        p,
                    ),
                }
            }
        }
    }

    /// Draws who came to exploit and who for the own benefit only.
    fn settle_intent(&mut self, blueprint: &Blueprint, dyad: usize) {
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

    /// Moves a trait of one person, named by home: what a treatment does.
    pub fn shift(&mut self, dyad: usize, seat: usize, which: Trait, amount: f64, decay: f64) {
        let (dyad, seat) = self.seat_of(2 * dyad + seat);
        let (index, lane) = place(dyad);
        self.blocks[index].members[seat].person.shift(lane, which, amount, decay);
    }
}

/// The teams of all organizations, and those who coach each other informally, by organization: everyone who is coached
/// without a program, and is in no other gathering.
fn colleagues(blueprint: &Blueprint) -> (Teams, Vec<Gathering>) {
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
fn form_of<'a>(blueprint: &'a Blueprint, person: usize) -> &'a Form {
    &blueprint.forms[blueprint.form_of_dyad[person / 2]]
}

/// How much a person needs in all domains together.
fn need_weight(birth: &Birth) -> f64 {
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
    /// Begins the relationship of two persons, given their schemas and worldviews and what others add to their fit.
    fn form(
        &self,
        pair: [usize; 2],
        minds: [(f64, f64); 2],
        others: [f64; 2],
        sides: [&mut Tie; 2],
        shared: &mut Shared,
        lane: usize,
    ) {
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
        let (master, replication) = blueprint.seed;
        let (entity, turned) = pair_entity(pair[0], pair[1]);
        let mut stream = Stream::open(master, replication, Purpose::Formation, entity);
        let (shared_liking, liking_first) = stream.normals();
        let (liking_second, _) = stream.normals();
        let (chance_first, chance_second) = stream.normals();
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

/// What the relational risk factors do to a gathering: they touch it as a whole, by one draw, and each of its ties has a
/// part of the burden.
struct GroupRisk {
    exposure: [f64; 4],
    schemer: usize,
    ties_of_each: f64,
}

impl GroupRisk {
    fn of(world: &World, blueprint: &Blueprint, members: &[usize], ties_of_each: f64) -> Self {
        let mut risk = Self { exposure: [0.0; 4], schemer: usize::MAX, ties_of_each };
        if world.burdens.is_empty() || members.len() < 2 {
            return risk;
        }
        let (master, replication) = blueprint.seed;
        let (entity, turned) = pair_entity(members[0], members[1]);
        let mut stream = Stream::open(master, replication, Purpose::Risk, entity);
        let knobs = form_of(blueprint, members[0]).parameters.risk.knobs();
        for factor in 0..4 {
            let (touched, side) = (stream.uniform(), stream.uniform());
            let Knob { exposure, prevalence, .. } = knobs[6 + factor];
            if exposure == 0.0 || touched >= prevalence {
                continue;
            }
            risk.exposure[factor] = exposure;
            if factor == 2 {
                // One of them came with it.
                let place = (side * members.len() as f64) as usize;
                let place = if turned && members.len() == 2 { place } else { members.len() - 1 - place };
                risk.schemer = members[place];
            }
        }
        risk
    }

    /// Lays them on one tie; what is left of each on it, and the side of who came with bad intentions.
    fn lay(
        &self,
        blocks: &mut [Block],
        p: &Parameters,
        seating: &Seating,
        pair: [usize; 2],
        shared: &mut Shared,
        lane: usize,
    ) -> ([f64; 4], usize) {
        let seats = pair.map(|person| seating.seat_of(person));
        let mut relational = [0.0; 4];
        let schemer = pair.iter().position(|person| *person == self.schemer);
        for (factor, exposure) in self.exposure.into_iter().enumerate().filter(|(_, exposure)| *exposure > 0.0) {
            match factor {
                // A member's lack of agility shows in each of the ties in its part.
                0 => {
                    relational[0] = exposure / self.ties_of_each;
                    for seat in seats {
                        let (index, at) = place(seat / 2);
                        blocks[index].members[seat % 2].person.role_agility[at] -=
                            p.theory_risk.role_agility * relational[0];
                    }
                }
                1 => {
                    relational[1] = exposure;
                    let [first, second] = seats.map(|seat| {
                        let (index, at) = place(seat / 2);
                        blocks[index].members[seat % 2].person.dominance[at]
                    });
                    let sign = if first - second < 0.0 { -1.0 } else { 1.0 };
                    shared.imposed_gap[lane] = sign * p.theory_risk.gap * exposure;
                }
                2 => {
                    if let Some(side) = schemer {
                        relational[2] = exposure;
                        let (index, at) = place(seats[side] / 2);
                        blocks[index].members[seats[side] % 2].person.vengeful[at] = exposure;
                    }
                }
                _ => {
                    relational[3] = exposure;
                    shared.breach_risk[lane] += p.breach.exposed * exposure;
                }
            }
        }
        (relational, schemer.unwrap_or(0))
    }
}
