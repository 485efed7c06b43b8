//! The organization: the macrosystem of Figure 1.

use super::parameters::{ARTICLE, Prior::Normal, parameters};

parameters! {
    /// The organization as it is found; each one of several is drawn around these values.
    Setting, "organization";
    Organization competition = 0.4, 0.0 => 1.0, "share", Normal(0.15), "How far members compete with each other for recognition.", ARTICLE;
    Organization incentives = 0.0, -1.0 => 1.0, "signed share", Normal(0.3), "-1 rewards short-term individual results only, +1 rewards development and helping.", ARTICLE;
    Organization matching = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Quality of the matching process: participant input, time for the foundation, information on purpose, structure and process.", ARTICLE;
    Organization climate = 0.5, 0.0 => 1.0, "share", Normal(0.1), "Climate of trust: its mean set-point over organizations.", ARTICLE;
    Organization climate_sd = 0.08, 0.0 => 0.3, "SD", Normal(0.02), "Spread of the climate's set-point over organizations.", "model of perceived climate with ICC about .2 (LeBreton & Senter 2008)";
    Organization spread = 0.0, 0.0 => 0.3, "SD", Normal(0.05), "Spread of competition, incentives (twice), collaboration, toolkit and development value over organizations.", "assumed; 0 makes organizations alike but for their climate";
    Organization collaboration = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Teamwork and practices that leave room for meetings.", ARTICLE;
    Organization toolkit = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Cultural toolkit: shared skills for reflecting and designing action plans (Swidler 1986).", ARTICLE;
    Organization development_value = 0.5, 0.0 => 1.0, "share", Normal(0.15), "How far personal development is valued.", ARTICLE;
    Organization hierarchy = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Steepness of the hierarchy.", ARTICLE;
    Organization resources = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Resources that need not be fought over.", ARTICLE;
    Organization coverage = 0.5, 0.01 => 1.0, "share", Normal(0.2), "Share of an organization's members who take part in the study; the others dilute what it does to the climate.", "assumed; chosen by the design";
}

use super::maths::within;
use super::parameters::Parameters;
use super::risk::Knob;
use super::society::Society;
use super::streams::{Purpose, Stream};

/// A state of an organization that can be changed on a day: new rewards, other practices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lever {
    /// Competition; the climate's set-point moves with it.
    Competition,
    /// Incentives; the climate's set-point moves with them.
    Incentives,
    /// Collaboration.
    Collaboration,
    /// Toolkit, as it is and as it would stay.
    Toolkit,
    /// Value of development.
    DevelopmentValue,
    /// Hierarchy, and what there is to fight over with it.
    Hierarchy,
}

impl Lever {
    /// The parameter that each is named by.
    pub const NAMES: &'static [(&'static str, Lever)] = &[
        ("organization.competition", Lever::Competition),
        ("organization.incentives", Lever::Incentives),
        ("organization.collaboration", Lever::Collaboration),
        ("organization.toolkit", Lever::Toolkit),
        ("organization.development_value", Lever::DevelopmentValue),
        ("organization.hierarchy", Lever::Hierarchy),
    ];
}

/// One organization of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// Competition, in [0, 1].
    pub competition: f64,
    /// Incentives, in [−1, 1].
    pub incentives: f64,
    /// Quality of the matching process, in [0, 1].
    pub matching: f64,
    /// Climate of trust, in [0, 1].
    pub climate: f64,
    /// Where the climate stays without episodes.
    pub set_point: f64,
    /// Collaboration, in [0, 1].
    pub collaboration: f64,
    /// Share of a program's structure that practices take away.
    pub structure_lost: f64,
    /// Toolkit, in [0, 1].
    pub toolkit: f64,
    /// The toolkit as it was found.
    pub toolkit_start: f64,
    /// Value of development, in [0, 1].
    pub development_value: f64,
    /// Hierarchy, in [0, 1].
    pub hierarchy: f64,
    /// Hierarchy minus resources: what there is to fight over.
    pub scarcity: f64,
    /// Norm of helping, 0 in the neutral organization, in [−1, 1].
    pub norm: f64,
    /// Reputation, 0 at the start (SD of the pool of hires).
    pub reputation: f64,
    /// Mean skill gained or lost by replacing who left (SD).
    pub composition: f64,
    /// Morale, 0 at the start (SD).
    pub morale: f64,
    /// Members, taking part or not.
    pub headcount: f64,
    /// Participants who have left so far.
    pub exits: f64,
    /// Third parties' presence in its programs, mean over the participants' dyads.
    pub facilitation: f64,
    /// What is left of each contextual risk factor, in the order of Table 1.
    pub burden: [f64; 6],
    /// The society around it.
    pub society: Society,
}

impl Organization {
    /// The organization with this number in this replication: the parameters' values, spread, and what risk factors take.
    pub fn found(p: &Parameters, master: u64, replication: u64, number: u64, participants: usize) -> Self {
        let s = &p.organization;
        let mut stream = Stream::open(master, replication, Purpose::Founding, number);
        let (climate_draw, competition_draw) = stream.normals();
        let (incentives_draw, collaboration_draw) = stream.normals();
        let (toolkit_draw, value_draw) = stream.normals();
        let knobs = p.risk.knobs();
        let mut burden = [0.0; 6];
        for (left, Knob { exposure, prevalence, .. }) in burden.iter_mut().zip(&knobs[10..]) {
            *left = if stream.uniform() < *prevalence { *exposure } else { 0.0 };
        }
        let t = &p.theory_risk;
        let spread = |value: f64, draw: f64, low: f64, width: f64| within(value + width * s.spread * draw, low, 1.0);
        let set_point = within(s.climate + s.climate_sd * climate_draw - t.climate * burden[1], 0.0, 1.0);
        let development_value =
            within(spread(s.development_value, value_draw, 0.0, 1.0) - t.development_value * burden[0], 0.0, 1.0);
        let incentives = spread(s.incentives, incentives_draw, -1.0, 2.0);
        let toolkit = within(spread(s.toolkit, toolkit_draw, 0.0, 1.0) - t.toolkit * burden[3], 0.0, 1.0);
        let mut organization = Self {
            competition: spread(s.competition, competition_draw, 0.0, 1.0),
            incentives,
            matching: within(s.matching - t.matching * burden[5], 0.0, 1.0),
            climate: set_point,
            set_point,
            collaboration: within(
                spread(s.collaboration, collaboration_draw, 0.0, 1.0) - t.collaboration * burden[2],
                0.0,
                1.0,
            ),
            structure_lost: within(t.structure * burden[2], 0.0, 1.0),
            toolkit,
            toolkit_start: toolkit,
            development_value,
            hierarchy: s.hierarchy,
            scarcity: s.hierarchy - s.resources,
            norm: 0.0,
            reputation: 0.0,
            composition: 0.0,
            morale: 0.0,
            headcount: participants.max(1) as f64 / s.coverage,
            exits: 0.0,
            facilitation: 0.0,
            burden,
            society: Society::of(&p.society),
        };
        // A risk factor is a change from what the organization would be, so that its remedy is the change back.
        organization.change(
            organization.competition + t.competition * burden[0],
            organization.incentives - t.incentives * burden[4],
            p,
        );
        organization.climate = organization.set_point;
        let aim = super::climate::norm_aim(p, development_value, organization.incentives, 0.0);
        organization.norm = within(aim, -1.0, 1.0);
        organization
    }

    /// Sets competition and incentives, held within their bounds. The climate's set-point moves with them and with nothing
    /// else; the climate follows in its own time.
    pub fn change(&mut self, competition: f64, incentives: f64, p: &Parameters) {
        let (competition, incentives) = (within(competition, 0.0, 1.0), within(incentives, -1.0, 1.0));
        let t = &p.climate;
        let moved = t.set_point_incentives * (incentives - self.incentives)
            - t.set_point_competition * (competition - self.competition);
        self.set_point = within(self.set_point + moved, 0.0, 1.0);
        (self.competition, self.incentives) = (competition, incentives);
    }

    /// Moves one state by so much, held within its bounds. What follows from it follows in its own time.
    pub fn shift(&mut self, which: Lever, by: f64, p: &Parameters) {
        let moved = |state: f64| within(state + by, 0.0, 1.0);
        match which {
            Lever::Competition => self.change(self.competition + by, self.incentives, p),
            Lever::Incentives => self.change(self.competition, self.incentives + by, p),
            Lever::Collaboration => self.collaboration = moved(self.collaboration),
            Lever::Toolkit => {
                (self.toolkit, self.toolkit_start) = (moved(self.toolkit), moved(self.toolkit_start));
            }
            Lever::DevelopmentValue => self.development_value = moved(self.development_value),
            Lever::Hierarchy => {
                let before = self.hierarchy;
                self.hierarchy = moved(before);
                self.scarcity += self.hierarchy - before;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        /// The set-point falls with competition, rises with incentives, and a change undone leaves it where it was.
        #[test]
        fn the_set_point_follows_competition_and_incentives(
            competition in 0.0..=1.0_f64, incentives in -1.0..=1.0_f64, more in 0.0..=1.0_f64,
        ) {
            let p = Parameters::default();
            let start = Organization::found(&p, 1, 1, 1, 10);
            let mut now = start.clone();
            now.change(competition, incentives, &p);
            let before = now.set_point;
            now.change(competition + more, incentives, &p);
            prop_assert!(now.set_point <= before && now.competition <= 1.0);
            now.change(competition, incentives + more, &p);
            prop_assert!(now.set_point >= before && now.incentives <= 1.0);
            now.change(start.competition, start.incentives, &p);
            prop_assert!((now.set_point - start.set_point).abs() < 1e-12);
        }

        #[test]
        fn organizations_are_founded_in_bounds(p in random::parameters(), number in 0..1000_u64, participants in 0..50_usize) {
            let o = Organization::found(&p, 1, 1, number, participants);
            for share in [o.competition, o.matching, o.climate, o.set_point, o.collaboration, o.structure_lost, o.toolkit, o.development_value] {
                prop_assert!((0.0..=1.0).contains(&share), "{o:?}");
            }
            prop_assert!((-1.0..=1.0).contains(&o.incentives) && (-1.0..=1.0).contains(&o.norm));
            prop_assert!(o.headcount >= participants as f64 && o.headcount > 0.0);
        }
    }
}
