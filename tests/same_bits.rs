//! The widest instructions and the baseline compute the same bits: whole worlds, a year, every state of every lane.

use peerlab::model::birth::Nursery;
use peerlab::model::lanes::Instructions;
use peerlab::model::parameters::Parameters;
use peerlab::model::world::{Blueprint, Form, Noise, World};

/// A year of a world of several organizations, one formal and one informal form, and every risk factor imposed.
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
    let mut world = World::new(&Blueprint {
        parameters: &parameters,
        organization_parameters: &[],
        births: &births,
        seats: &[],
        gatherings: &[],
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
        assert!(!format!("{:?}{:?}", wide.blocks, wide.organizations).contains("NaN"));
    }
}
