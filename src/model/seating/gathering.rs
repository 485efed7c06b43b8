//! Persons whose partners change: who belongs together, who works with whom this week, and what the week leaves in all of them.

use std::ops::Range;

use crate::model::circle::Circle;
use crate::model::colleagues::Colleagues;
use crate::model::maths::least;
use crate::model::parameters::Parameters;
use crate::model::steps;
use crate::model::ties::Ties;
use crate::model::world::World;

/// Persons of one organization whose partners change from week to week.
#[derive(Clone, Debug, PartialEq)]
pub enum Gathering {
    /// A circle: its members work in rotating pairs.
    Circle(Circle),
    /// Colleagues without a program: they seek each other week by week.
    Colleagues(Colleagues),
}

impl Gathering {
    /// Who belongs to it.
    pub fn members(&self) -> &[usize] {
        match self {
            Gathering::Circle(circle) => &circle.members,
            Gathering::Colleagues(colleagues) => &colleagues.members,
        }
    }

    /// Every two of them who may ever meet; the order numbers the ties.
    pub fn ties(&self) -> Vec<[usize; 2]> {
        match self {
            Gathering::Circle(circle) => circle.ties().collect(),
            Gathering::Colleagues(colleagues) => colleagues.ties.iter().map(|tie| tie.persons).collect(),
        }
    }

    /// How many are together in a meeting: all of a circle, two colleagues.
    pub fn together(&self) -> usize {
        match self {
            Gathering::Circle(circle) => circle.members.len(),
            Gathering::Colleagues(_) => 2,
        }
    }

    /// The week's pairs, by the number of their tie among this gathering's own; each person at most once.
    ///
    /// `world` is as the last week left it: `world.ties()` holds the ties (this gathering's from `first`), and
    /// [`World::member_at`] the persons. `week` weeks have passed. A choice by chance must make a fixed number of draws, from
    /// streams of its own.
    pub(crate) fn choose(&self, world: &World, first: usize, pairs: &mut Vec<usize>) {
        match self {
            Gathering::Circle(circle) => pairs.extend(circle.working(world.week)),
            Gathering::Colleagues(colleagues) => pairs.extend(colleagues.choose(world, first)),
        }
    }

    /// What the members hold in common, after the ties were formed.
    pub(super) fn begin(&mut self, ties: &Ties, own: Range<usize>) {
        match self {
            Gathering::Circle(circle) => {
                if own.is_empty() {
                    return;
                }
                let (block, lane) = ties.at(own.start);
                circle.holding = block.shared.holding[lane];
            }
            Gathering::Colleagues(_) => {}
        }
    }

    /// What the week leaves in all of them; `worked` are the pairs that were active when it began, by number of tie.
    pub(super) fn settle(&mut self, ties: &mut Ties, own: Range<usize>, worked: &[usize], p: &Parameters) {
        match self {
            Gathering::Circle(circle) => {
                let (mut holding, mut met, mut trust, mut connectivity, mut last) = (0.0, 0.0, 0.0, 0.0, 3.0);
                for tie in worked {
                    let (block, lane) = ties.at(*tie);
                    let (shared, [a, b]) = (&block.shared, &block.sides);
                    holding += shared.holding[lane];
                    last = shared.last_step[lane];
                    if shared.met[lane] > 0.5 {
                        met += 1.0;
                        trust += least(a.trust[lane], b.trust[lane]);
                        connectivity += shared.connectivity[lane];
                    }
                }
                if worked.is_empty() {
                    return;
                }
                circle.holding = holding / worked.len() as f64;
                if met > 0.5 {
                    circle.meetings += 1.0;
                    let (trust, connectivity) = (trust / met, connectivity / met);
                    circle.step =
                        steps::reached(p, circle.step, circle.holding, circle.meetings, trust, connectivity, last);
                }
                for tie in own {
                    let (block, lane) = ties.at_mut(tie);
                    block.shared.holding[lane] = circle.holding;
                    block.shared.step[lane] = circle.step;
                }
            }
            Gathering::Colleagues(_) => {}
        }
    }
}

/// A gathering with its ties in the store.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub gathering: Gathering,
    pub ties: Range<usize>,
}
