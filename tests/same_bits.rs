//! The widest instructions and the baseline compute the same bits: whole worlds, a year, every state of every lane.

use peerlab::model::birth::Nursery;
use peerlab::model::circle::Circle;
use peerlab::model::lanes::Instructions;
use peerlab::model::parameters::Parameters;
use peerlab::model::seating::Gathering;
use peerlab::model::world::{Blueprint, Form, Noise, World};

/// A year of a world of several organizations, one formal and one informal form (pairs and a circle of six; colleagues who
/// seek each other), and every risk factor imposed.
fn year(instructions: Instructions, replication: u64) -> World {
    const DYADS: usize = 75;
    let mut parameters = Parameters::default();
    for entry in peerlab::model::parameters::registry() {
        if entry.id.starts_with("risk.") && entry.id.ends_with(".exposure") {
            parameters.set(entry.id, 0.5).unwrap();
        }
    }
    let nursery = Nursery::new(&parameters);
    let births: Vec<_> =
        (0..2 * DYADS as u64).map(|person| nursery.birth(5, replication, person, &[(0.0, 1.0); 14])).collect();
    let form = |formal: bool, weeks: usize| Form { coached: true, formal, weeks, parameters: parameters.clone() };
    // Organizations of one block, of part of a block and across blocks.
    let organization_of_dyad: Vec<usize> = (0..DYADS).map(|dyad| [0, 0, 0, 1, 2, 2, 3][dyad / 11]).collect();
    let form_of_dyad: Vec<usize> = (0..DYADS).map(|dyad| dyad % 2).collect();
    // The homes of a circle: six persons of the formal form in the first organization.
    let circle = Circle::of([0, 1, 4, 5, 8, 9].to_vec());
    let mut world = World::new(&Blueprint {
        parameters: &parameters,
        organization_parameters: &[],
        births: &births,
        seats: &[],
        gatherings: &[Gathering::Circle(circle)],
        organization_of_dyad: &organization_of_dyad,
        organizations: 4,
        forms: &[form(true, 26), form(false, 52)],
        form_of_dyad: &form_of_dyad,
        seed: (5, replication),
    });
    let mut noise = Noise::open(5, replication, DYADS, 4);
    for _ in 0..52 {
        noise.draw(instructions);
        world.step(&noise, instructions);
    }
    world
}

/// What is printed of a number tells every bit of it but those of a NaN, and there must be none.
#[test]
fn widest_and_baseline_agree_in_every_bit() {
    for replication in 0..8 {
        let (wide, baseline) = (year(Instructions::Widest, replication), year(Instructions::Baseline, replication));
        assert_eq!(format!("{:?}", wide.blocks), format!("{:?}", baseline.blocks));
        assert_eq!(format!("{:?}", wide.organizations), format!("{:?}", baseline.organizations));
        assert_eq!(format!("{:?}", wide.ties()), format!("{:?}", baseline.ties()));
        assert!(wide.ties().is_some_and(|ties| ties.len() > 15), "a circle, and colleagues");
        assert!(!format!("{:?}{:?}{:?}", wide.blocks, wide.organizations, wide.ties()).contains("NaN"));
    }
}
