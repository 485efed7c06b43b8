//! Gain 0 really cuts an arrow: whatever is done at its tail, not a bit moves at its head.

mod common;

use common::*;
use peerlab::model::person::Trait;
use peerlab::model::world::World;

/// What happens between peers and what they learn, as text that is equal exactly where the bits are.
fn head(world: &World) -> String {
    let mut text = String::new();
    for_seats(world, |block, seat, lane| {
        let (member, shared) = (&block.members[seat], &block.shared);
        let states = [
            member.person.learning_personal[lane],
            member.person.learning_task[lane],
            member.person.self_esteem[lane],
            member.person.expectation[lane],
            member.tie.trust[lane],
            member.tie.fit[lane],
            member.tie.vitality[lane],
            member.count.destructive[lane],
            member.count.undermined[lane],
            member.count.breaches[lane],
            shared.met[lane],
            shared.meetings[lane],
            shared.holding[lane],
            shared.dependence[lane],
            shared.cause[lane],
        ];
        text += &format!("{states:?}");
    });
    text
}

fn seeds() -> std::ops::Range<u64> {
    0..4
}

/// With `cut` at 0 both values of each parameter give the same; with the arrows open they do not.
fn carries(cut: &[&str], tail: &str, values: [f64; 2]) {
    let run = |gain: f64, value: f64, seed| {
        let gains: Vec<(&str, f64)> = cut.iter().map(|id| (*id, gain)).collect();
        head(&Setup::default().weeks(20, 4).with(&gains).with(&[(tail, value)]).run(seed))
    };
    for seed in seeds() {
        assert!(run(0.0, values[0], seed) == run(0.0, values[1], seed), "{tail} gets past {cut:?}");
    }
    assert!(seeds().any(|seed| run(1.0, values[0], seed) != run(1.0, values[1], seed)), "{tail} moves nothing at all");
}

#[test]
fn from_the_organization_and_society() {
    carries(&["coupling.organization_to_dyad.climate"], "organization.climate", [0.2, 0.8]);
    carries(&["coupling.organization_to_dyad.matching"], "organization.matching", [0.0, 1.0]);
    carries(&["coupling.organization_to_dyad.toolkit"], "organization.toolkit", [0.0, 1.0]);
    carries(&["coupling.organization_to_dyad.practices"], "organization.collaboration", [0.0, 1.0]);
    carries(
        &["coupling.organization_to_dyad.practices", "coupling.organization_to_person.competition"],
        "organization.hierarchy",
        [0.0, 1.0],
    );
    carries(&["coupling.organization_to_person.competition"], "organization.resources", [0.0, 1.0]);
    carries(
        &["coupling.organization_to_dyad.competition", "coupling.organization_to_person.competition"],
        "organization.competition",
        [0.1, 0.9],
    );
    carries(
        &["coupling.organization_to_person.incentives", "coupling.organization_to_person.norms"],
        "organization.incentives",
        [-1.0, 1.0],
    );
    carries(&["coupling.organization_to_person.norms"], "organization.development_value", [0.0, 1.0]);
    carries(
        &["coupling.society_to_person.power_distance", "coupling.society_to_dyad.power_distance"],
        "society.power_distance",
        [0.1, 0.9],
    );
    carries(
        &["coupling.society_to_person.collectivism", "coupling.society_to_dyad.collectivism"],
        "society.collectivism",
        [0.1, 0.9],
    );
    carries(&["coupling.society_to_dyad.collectivism"], "society.instrumental_help_norm", [0.0, 1.0]);
}

#[test]
fn from_the_person() {
    carries(&["coupling.person_to_dyad.intent"], "risk.bad_intentions.exposure", [0.0, 1.0]);
    for (cut, which) in [
        ("coupling.person_to_dyad.skill", Trait::Listening),
        ("coupling.person_to_dyad.skill", Trait::Disclosure),
        ("coupling.person_to_dyad.skill", Trait::RoleAgility),
        ("coupling.person_to_dyad.schema", Trait::Schema),
        ("coupling.person_to_dyad.schema", Trait::Worldview),
        ("coupling.person_to_dyad.motivation", Trait::Motivation),
        ("coupling.person_to_dyad.mind_set", Trait::MindSet),
    ] {
        // What people become reaches the organization's toolkit too: another arrow. Worldview is a motive for betrayal
        // and revenge as well, which need competition or bad intent.
        let run = |gain, shifts: &[Shift], seed| {
            let closed = [
                (cut, gain),
                ("coupling.person_to_organization.composition", 0.0),
                ("coupling.organization_to_dyad.competition", 0.0),
                ("coupling.person_to_dyad.intent", 0.0),
            ];
            head(&Setup::default().weeks(20, 4).with(&closed).shifted(shifts).run(seed))
        };
        let shifted: &[Shift] = &[(which, 1.0, 0.0)];
        for seed in seeds() {
            assert!(run(0.0, &[], seed) == run(0.0, shifted, seed), "{which:?} gets past {cut}");
        }
        assert!(seeds().any(|seed| run(1.0, &[], seed) != run(1.0, shifted, seed)), "{which:?} moves nothing at all");
    }
}

#[test]
fn from_the_dyad() {
    let still = |cut: &str, of: &dyn Fn(&World) -> String, what: &str| {
        for seed in seeds() {
            let setup = Setup::default().weeks(20, 4).with(&[(cut, 0.0)]);
            assert!(of(&setup.world(seed)) == of(&setup.run(seed)), "{what} moves past {cut}");
            let open = Setup::default().weeks(20, 4);
            assert!(of(&open.world(seed)) != of(&open.run(seed)), "{what} does not move at all");
        }
    };
    let persons = |of: fn(&peerlab::model::person::Person, usize) -> f64| {
        move |world: &World| {
            let mut text = String::new();
            for_seats(world, |block, seat, lane| text += &format!("{:?} ", of(&block.members[seat].person, lane)));
            text
        }
    };
    still("coupling.dyad_to_person.practice", &persons(|p, i| p.listening[i]), "listening");
    still("coupling.dyad_to_person.practice", &persons(|p, i| p.role_agility[i]), "role agility");
    still("coupling.dyad_to_person.feedback", &persons(|p, i| p.self_awareness[i]), "self-awareness");
    still("coupling.dyad_to_person.feedback", &persons(|p, i| p.self_view[i]), "the self-view");
    let none =
        Setup::default().with(&[("coupling.dyad_to_person.experience", 0.0), ("coupling.dyad_to_person.harm", 0.0)]);
    for seed in seeds() {
        let world = none.run(seed);
        for_seats(&world, |block, seat, lane| {
            let person = &block.members[seat].person;
            assert_eq!(person.schema[lane], person.schema_set_point[lane]);
            assert_eq!(person.motivation[lane], person.motivation_set_point[lane]);
            assert_eq!(person.self_esteem[lane], person.self_esteem_set_point[lane]);
            assert_eq!(block.members[seat].tie.learned_here[lane], 0.0);
        });
    }
}
