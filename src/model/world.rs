//! A world: organizations, their dyads and persons, and the noise they share with the other worlds of a replication.

use super::birth::Birth;
use super::climate;
use super::dyad::{Block, Upward, place};
use super::formation;
use super::intent;
use super::lanes::{Instructions, LANES};
use super::maths::flag;
use super::noise::{BlockNoise, BlockStreams};
use super::organization::Organization;
use super::parameters::Parameters;
use super::person::Trait;
use super::remedy::{self, Burden};
use super::risk::Knob;
use super::streams::{Purpose, Stream};

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
    /// Parameters of this form; only `program.*` is read per dyad.
    pub parameters: Parameters,
}

/// What a world is made from: the same in all worlds of a replication but for `form_of_dyad` and what is done to states.
#[derive(Clone, Debug)]
pub struct Blueprint<'a> {
    /// The parameters of everything that is not a program's.
    pub parameters: &'a Parameters,
    /// Parameters per organization where they differ (an organization's treatment); empty otherwise.
    pub organization_parameters: &'a [&'a Parameters],
    /// Persons in order of their seats: dyad d seats persons 2d and 2d + 1.
    pub births: &'a [Birth],
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
    /// What is left of risk factors, per dyad; empty where none was ever imposed.
    pub burdens: Vec<Burden>,
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
        let mut world = Self {
            parameters: p.clone(),
            blocks: vec![Block::empty(); dyads.div_ceil(LANES)],
            dyads,
            organization_of_dyad: blueprint.organization_of_dyad.to_vec(),
            organizations,
            week: 0,
            burdens: Vec::new(),
            need_weight: Vec::new(),
            knobs: p.risk.knobs(),
            upward: vec![Upward::none(); blueprint.organizations],
        };
        let mut in_programs = vec![0; blueprint.organizations];
        for (organization, form) in blueprint.organization_of_dyad.iter().zip(blueprint.form_of_dyad) {
            in_programs[*organization] += usize::from(blueprint.forms[*form].formal);
        }
        for dyad in 0..dyads {
            let (index, lane) = place(dyad);
            for seat in 0..2 {
                world.blocks[index].members[seat].person.seat(lane, &blueprint.births[2 * dyad + seat]);
            }
        }
        // Risk factors belong to who people are: they are there before the two meet.
        world.impose_risks(blueprint);
        for dyad in 0..dyads {
            world.form(blueprint, dyad, in_programs[blueprint.organization_of_dyad[dyad]]);
        }
        for (dyad, organization) in blueprint.organization_of_dyad.iter().enumerate() {
            let (index, lane) = place(dyad);
            let share = 2.0 / participants[*organization] as f64;
            world.organizations[*organization].facilitation += share * world.blocks[index].shared.facilitation[lane];
        }
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

    /// Begins the dyad of two seated persons.
    fn form(&mut self, blueprint: &Blueprint, dyad: usize, dyads_in_programs: usize) {
        let form = &blueprint.forms[blueprint.form_of_dyad[dyad]];
        // The theory is the world's; a form brings the levers of its program and nothing else.
        let (p, program) = (blueprint.parameters, &form.parameters.program);
        let (index, lane) = place(dyad);
        let organization = &self.organizations[self.organization_of_dyad[dyad]];
        let block = &mut self.blocks[index];
        let births = [&blueprint.births[2 * dyad], &blueprint.births[2 * dyad + 1]];
        let formal = flag(form.formal);
        // Colleagues who chose each other know each other; two who never coach are strangers.
        let informal = flag(form.coached && !form.formal);
        // A finite capacity is diluted by size and haste: half is left at `capacity` meetings a week.
        let load = dyads_in_programs as f64 * program.meetings_per_week;
        let attention = program.capacity / (program.capacity + load);
        // Colleagues who find each other go through no matching process, good or bad.
        let matching = match organization.matching {
            _ if !form.formal => 0.5,
            sound if sound > 0.5 => 0.5 + (sound - 0.5) * attention,
            poor => poor,
        };
        let (master, replication) = blueprint.seed;
        let mut stream = Stream::open(master, replication, Purpose::Formation, dyad as u64);
        let (shared_liking, liking_first) = stream.normals();
        let (liking_second, _) = stream.normals();
        let (chance_first, chance_second) = stream.normals();
        for seat in 0..2 {
            let (own, partner) = (births[seat], births[1 - seat]);
            let member = &mut block.members[seat];
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
            let climate = organization.climate + own.perception;
            let (schema, worldview) = (member.person.schema[lane], member.person.worldview[lane]);
            let chance = if seat == 0 { chance_first } else { chance_second };
            let trust = formation::first_trust(p, climate, matching, schema, worldview, informal, chance);
            member.tie.trust[lane] = trust;
            member.tie.trust_ceiling[lane] = 1.0;
            let own_liking = if seat == 0 { liking_first } else { liking_second };
            member.tie.liking[lane] = p.formation.liking * (shared_liking + own_liking);
            member.tie.fit[lane] += formation::fit(p, matching, formation::needs_met(own, partner), &own.need, 0.0);
        }
        let shared = &mut block.shared;
        let structure = program.structure * (1.0 - organization.structure_lost);
        shared.active[lane] = flag(form.coached);
        shared.formal[lane] = formal;
        shared.holding[lane] = formation::first_holding(p, program, formal, informal);
        shared.program_weeks[lane] = if form.coached { form.weeks as f64 } else { 0.0 };
        shared.structure[lane] = formal * structure;
        shared.confidentiality[lane] = formal * program.confidentiality;
        shared.facilitation[lane] = formal * program.facilitation * attention;
        shared.meetings_per_week[lane] = program.meetings_per_week;
        shared.coercion[lane] = formal * program.coercion;
        shared.last_step[lane] = program.last_step;
    }

    /// Lets the individual and relational risk factors take their states; who is touched belongs to person and dyad.
    fn impose_risks(&mut self, blueprint: &Blueprint) {
        let p = blueprint.parameters;
        let knobs = self.knobs;
        if knobs[..10].iter().all(|knob| knob.exposure == 0.0) {
            return;
        }
        let (master, replication) = blueprint.seed;
        self.burdens = vec![Burden::default(); self.dyads];
        self.need_weight = blueprint
            .births
            .chunks_exact(2)
            .map(|pair| [0, 1].map(|seat: usize| pair[seat].need.iter().fold(0.0, |sum, w| sum + w)))
            .collect();
        for dyad in 0..self.dyads {
            let (index, lane) = place(dyad);
            let block = &mut self.blocks[index];
            for seat in 0..2 {
                for (factor, Knob { exposure, prevalence, .. }) in knobs[..6].iter().copied().enumerate() {
                    if exposure == 0.0 || blueprint.births[2 * dyad + seat].touched[factor] >= prevalence {
                        continue;
                    }
                    self.burdens[dyad].individual[seat][factor] = exposure;
                    let [first, second] = &mut block.members;
                    let (own, partner) = if seat == 0 { (first, second) } else { (second, first) };
                    let weight = self.need_weight[dyad][1 - seat];
                    remedy::relieve(&mut own.person, &mut partner.tie.fit[lane], weight, lane, factor, -exposure, p);
                }
            }
            let mut stream = Stream::open(master, replication, Purpose::Risk, dyad as u64);
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
                        let seat = usize::from(side < 0.5);
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
        let form = &blueprint.forms[blueprint.form_of_dyad[dyad]];
        let p = blueprint.parameters;
        let selection = flag(form.formal) * form.parameters.program.selection;
        for seat in 0..2 {
            let person = &mut self.blocks[index].members[seat].person;
            // `vengeful` carried the risk factor's exposure until here.
            let imposed = p.theory_risk.intent * person.vengeful[lane];
            person.vengeful[lane] = 0.0;
            let [u, v] = blueprint.births[2 * dyad + seat].intent;
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

    /// Moves a trait of one person: what a treatment does.
    pub fn shift(&mut self, dyad: usize, seat: usize, which: Trait, amount: f64, decay: f64) {
        let (index, lane) = place(dyad);
        self.blocks[index].members[seat].person.shift(lane, which, amount, decay);
    }
}
