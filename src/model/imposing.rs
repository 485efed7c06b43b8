//! Risk factors as a world begins with them: whom each touches, and what of it lies on pairs and gatherings.

use super::dyad::{Block, Shared, place};
use super::founding::{form_of, need_weight};
use super::parameters::Parameters;
use super::remedy::{self, Burden};
use super::risk::Knob;
use super::seating::{Seating, pair_entity};
use super::streams::{Purpose, Stream};
use super::world::{Blueprint, World};

impl World {
    /// Lets the individual and relational risk factors take their states; who is touched belongs to person and dyad.
    pub(super) fn impose_risks(&mut self, blueprint: &Blueprint) {
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
}

/// What the relational risk factors do to a gathering: they touch it as a whole, by one draw, and each of its ties has a
/// part of the burden.
pub(super) struct GroupRisk {
    exposure: [f64; 4],
    schemer: usize,
    ties_of_each: f64,
}

impl GroupRisk {
    pub(super) fn of(world: &World, blueprint: &Blueprint, members: &[usize], ties_of_each: f64) -> Self {
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
    pub(super) fn lay(
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
