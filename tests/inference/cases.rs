//! The designs on which estimators are tried.

use peerlab::study::assumed::{Assignment, Assumed, Attrition, Leaving, Lost};

/// A design with its name.
pub struct Case {
    /// A letter, for the heads of tables.
    pub letter: char,
    /// What is special about it.
    pub name: &'static str,
    /// Its numbers.
    pub assumed: Assumed,
}

/// ICC of partners who resemble, and of those who contrast, in the construct.
pub const ALIKE: f64 = 0.4;
pub const APART: f64 = -0.4;

const NOBODY: Attrition = Attrition { share: 0.0, lost: Lost::Person, selection: 0.0 };
const FIFTH: Attrition = Attrition { share: 0.2, ..NOBODY };

/// 30 dyads that resemble each other, treated by dyad.
fn dyads() -> Assumed {
    Assumed {
        clusters: 30,
        effect: 0.5,
        intraclass: ALIKE,
        reliability: 0.8,
        baseline: Some(0.5),
        attrition: NOBODY,
        ..Assumed::default()
    }
}

/// Who is lost, who leaves, and why.
pub fn losses() -> Vec<Case> {
    let selected = 0.5;
    let leaving = Leaving { share: 0.2, selection: 0.0, kept: 0.0 };
    let all = [
        ("a fifth is not measured, at random", Assumed { attrition: FIFTH, ..dyads() }),
        (
            "a fifth is not measured; of the treated, rather those who do badly",
            Assumed { attrition: Attrition { selection: selected, ..FIFTH }, ..dyads() },
        ),
        ("a fifth of the treated leaves the program, at random; all are measured", Assumed { leaving, ..dyads() }),
        (
            "a fifth of the treated leaves the program, rather those who do badly; all are measured",
            Assumed { leaving: Leaving { selection: selected, ..leaving }, ..dyads() },
        ),
    ];
    all.into_iter().zip('a'..).map(|((name, assumed), letter)| Case { letter, name, assumed }).collect()
}

/// Events, such as a dyad that has come apart: 30 % of controls have one.
pub fn events() -> Vec<Case> {
    let event = |clusters| Assumed { clusters, event: Some(0.3), ..dyads() };
    let places =
        Assumed { organizations: 12, organization_intraclass: 0.15, assignment: Assignment::Organization, ..event(60) };
    let all = [
        ("30 dyads, alike; treated by dyad", event(30)),
        ("120 dyads, alike; treated by dyad", event(120)),
        ("12 organizations of 5 dyads; treated by organization", places),
    ];
    all.into_iter().zip('p'..).map(|((name, assumed), letter)| Case { letter, name, assumed }).collect()
}

/// Partners who resemble each other, are strangers, contrast; nothing is done to anybody.
pub fn resemblances() -> Vec<Case> {
    let all = [
        ("strangers", 0.0, NOBODY),
        ("alike", ALIKE, NOBODY),
        ("contrasting", APART, NOBODY),
        ("contrasting strongly", -0.8, NOBODY),
        ("strangers; a fifth is not measured", 0.0, FIFTH),
        ("alike; a fifth is not measured", ALIKE, FIFTH),
        ("contrasting; a fifth is not measured", APART, FIFTH),
        ("contrasting strongly; a fifth is not measured", -0.8, FIFTH),
    ];
    let case = |intraclass, attrition| Assumed { intraclass, attrition, effect: 0.0, ..dyads() };
    let cases = all.into_iter().zip('s'..);
    cases.map(|((name, icc, lost), letter)| Case { letter, name, assumed: case(icc, lost) }).collect()
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let dyads = dyads();
    let places = Assumed { clusters: 60, organizations: 12, organization_intraclass: 0.15, ..dyads };
    let (dyad, within, organization) = (Assignment::Cluster, Assignment::Within, Assignment::Organization);
    let all = [
        ("30 dyads, alike; treated by dyad", dyads),
        ("30 dyads, contrasting; treated by dyad", Assumed { intraclass: APART, ..dyads }),
        ("30 dyads, alike; one partner of each treated", Assumed { assignment: within, ..dyads }),
        (
            "30 dyads, contrasting; one partner of each treated",
            Assumed { assignment: within, intraclass: APART, ..dyads },
        ),
        (
            "30 dyads, alike; persons treated, whoever their partner",
            Assumed { assignment: Assignment::Person, ..dyads },
        ),
        ("30 dyads, alike; treated by dyad; 20 % of persons lost", Assumed { attrition: FIFTH, ..dyads }),
        (
            "30 dyads, alike; treated by dyad; 20 % of dyads lost",
            Assumed { attrition: Attrition { lost: Lost::Cluster, ..FIFTH }, ..dyads },
        ),
        ("12 organizations of 5 dyads; treated by organization", Assumed { assignment: organization, ..places }),
        (
            "12 organizations of 5 dyads; treated by organization; 20 % of persons lost",
            Assumed { assignment: organization, attrition: FIFTH, ..places },
        ),
        ("12 organizations of 5 dyads; treated by dyad", Assumed { assignment: dyad, ..places }),
    ];
    all.into_iter().zip('A'..).map(|((name, assumed), letter)| Case { letter, name, assumed }).collect()
}
