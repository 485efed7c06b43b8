//! Questions that are no contrast of two arms at one time: associations, factors, growth, steps, and a standardized effect; each in
//! experiments whose truth is known, by the estimator that is meant for it and by one that takes its rows for independent.

use peerlab::inquiry::diagnosis::{Attempt, Diagnosis, Expectation, diagnose};
use peerlab::model::streams::{Purpose, Stream};
use peerlab::study::assumed::{Assumed, Design};
use peerlab::study::estimators::{Estimate, Observations, find, hedges_g, student_t_critical, student_t_two_sided};

use super::cases::cases;
use super::measure::{REPLICATIONS, REPLICATIONS_OF_DEAR, SEED};
use super::page::Asked;

/// A standard normal at a time, from a stream that gives two.
struct Normals {
    stream: Stream,
    kept: Option<f64>,
}

impl Normals {
    fn open(replication: u64, question: u64) -> Self {
        Self { stream: Stream::open(SEED, replication, Purpose::Answer, question), kept: None }
    }

    fn next(&mut self) -> f64 {
        self.kept.take().unwrap_or_else(|| {
            let (one, other) = self.stream.normals();
            self.kept = Some(other);
            one
        })
    }

    /// As many with mean 0 and variance 1, of which groups of `size` share `icc`.
    fn alike(&mut self, groups: usize, size: usize, icc: f64) -> Vec<f64> {
        let own = (1.0 - icc).sqrt();
        (0..groups)
            .flat_map(|_| {
                let shared = icc.sqrt() * self.next();
                (0..size).map(|_| shared + own * self.next()).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Ones and zeros, half of each, by lot.
    fn lot(&mut self, units: usize) -> Vec<f64> {
        let mut all: Vec<f64> = (0..units).map(|unit| f64::from(unit < units / 2)).collect();
        self.stream.shuffle(&mut all);
        all
    }
}

/// Labels of groups of `size`.
fn labels(groups: usize, size: usize) -> Vec<u32> {
    (0..groups * size).map(|row| (row / size) as u32).collect()
}

/// Two measures that go together by `r`, in clusters that share 40 % of either, and a covariate that goes with the predictor by .5 and
/// with the outcome through it alone: slope, slope at an equal covariate and correlation are one number.
fn association(draws: &mut Normals, groups: usize, size: usize, r: f64) -> Observations {
    let mut shared = || draws.alike(groups, size, 0.4);
    let (covariate, other, rest) = (shared(), shared(), shared());
    let predictor: Vec<f64> = covariate.iter().zip(&other).map(|(c, o)| 0.5 * c + 0.75_f64.sqrt() * o).collect();
    let left = (1.0 - r * r).sqrt();
    Observations {
        outcome: predictor.iter().zip(&rest).map(|(x, e)| r * x + left * e).collect(),
        treated: predictor,
        covariates: vec![("covariate".to_owned(), covariate)],
        cluster: labels(groups, size),
        dyad: labels(groups, size),
        ..Observations::default()
    }
}

/// Forty dyads in a 2 × 2 design: the first factor's main effect, or the interaction, is `effect`; the other factor does .3.
fn factors(draws: &mut Normals, interaction: bool, effect: f64) -> Observations {
    let (dyads, size) = (40, 2);
    let mut cells: Vec<usize> = (0..dyads).map(|dyad| dyad % 4).collect();
    draws.stream.shuffle(&mut cells);
    let of = |row: usize| cells[row / size];
    let (a, b): (Vec<f64>, Vec<f64>) =
        (0..dyads * size).map(|row| (f64::from(of(row) as u8 & 1), f64::from(of(row) as u8 >> 1))).unzip();
    let product: Vec<f64> = a.iter().zip(&b).map(|(a, b)| (a - 0.5) * (b - 0.5)).collect();
    let noise = draws.alike(dyads, size, 0.4);
    let asked = if interaction { &product } else { &a };
    let outcome = asked.iter().zip(&b).zip(&noise).map(|((asked, b), e)| effect * asked + 0.3 * b + e).collect();
    let treated = asked.clone();
    let beside = if interaction { vec![("a", a), ("b", b)] } else { vec![("b", b), ("a b", product)] };
    Observations {
        outcome,
        treated,
        beside: beside.into_iter().map(|(name, column)| (name.to_owned(), column)).collect(),
        cluster: labels(dyads, size),
        dyad: labels(dyads, size),
        ..Observations::default()
    }
}

/// Thirty dyads at weeks 0, 4, 8 and 12: persons' own starts and slopes, of which partners share 30 %; the treated rise by `effect`
/// more a week. A tenth of answers after week 0 is not given.
fn growth(draws: &mut Normals, effect: f64) -> Observations {
    let (dyads, weeks) = (30, [0.0, 4.0, 8.0, 12.0]);
    let arm = draws.lot(dyads);
    let (starts, slopes) = (draws.alike(dyads, 2, 0.3), draws.alike(dyads, 2, 0.3));
    let mut data = Observations { beside: vec![("week".into(), vec![]), ("arm".into(), vec![])], ..Default::default() };
    for person in 0..2 * dyads {
        for week in weeks {
            let (noise, missing) = (draws.next(), draws.stream.uniform() < 0.1);
            if missing && week > 0.0 {
                continue;
            }
            let treated = arm[person / 2];
            data.outcome
                .push(0.8 * starts[person] + (0.02 + 0.04 * slopes[person] + effect * treated) * week + 0.5 * noise);
            data.treated.push(treated * week);
            data.beside[0].1.push(week);
            data.beside[1].1.push(treated);
            data.person.push(person as u32);
            data.dyad.push(person as u32 / 2);
            data.cluster.push(person as u32 / 2);
            data.week.push(week);
        }
    }
    data
}

/// Organizations of ten people, a quarter of which change at each of four steps, measured at five waves. Persons and organizations have
/// what is theirs at every wave, and an organization what passes over all of its people at one; unless `apart`: then every row
/// is another person's, with the same variance, as the degrees of freedom of CR2 suppose.
fn steps(draws: &mut Normals, organizations: usize, apart: bool, effect: f64) -> Observations {
    let (size, waves) = (10, 5);
    let mut from: Vec<usize> = (0..organizations).map(|at| 1 + at % (waves - 1)).collect();
    draws.stream.shuffle(&mut from);
    let (shared, own) = (draws.alike(organizations, 1, 0.0), draws.alike(organizations * size, 1, 0.0));
    let mut data = Observations {
        beside: (1..waves).map(|wave| (format!("wave {wave}"), Vec::new())).collect(),
        ..Default::default()
    };
    for organization in 0..organizations {
        for wave in 0..waves {
            let passing = 0.2 * draws.next();
            // .4² + .6² + .2² + .6²
            let whole = 0.92_f64.sqrt();
            for (person, own) in own.iter().enumerate().skip(organization * size).take(size) {
                let changed = f64::from(u8::from(wave >= from[organization]));
                let noise = if apart {
                    whole * draws.next()
                } else {
                    0.4 * shared[organization] + 0.6 * own + passing + 0.6 * draws.next()
                };
                data.outcome.push(noise + 0.1 * wave as f64 + effect * changed);
                data.treated.push(changed);
                for (at, (_, column)) in data.beside.iter_mut().enumerate() {
                    column.push(f64::from(u8::from(at + 1 == wave)));
                }
                data.cluster.push(organization as u32);
                data.organization.push(organization as u32);
                data.person.push(person as u32);
                data.dyad.push(person as u32 / 2);
                data.week.push(wave as f64);
            }
        }
    }
    data
}

/// One question with its estimators.
struct Question {
    name: &'static str,
    effect: f64,
    estimators: &'static [&'static str],
    /// Data of a replication with this effect.
    draw: fn(&mut Normals, f64) -> Observations,
}

const QUESTIONS: [Question; 8] = [
    Question {
        name: "an association in 30 dyads that are alike in both measures",
        effect: 0.3,
        estimators: &["slope_cr2", "regression_cr2", "correlation_jackknife", "regression_ols"],
        draw: |draws, effect| association(draws, 30, 2, effect),
    },
    Question {
        name: "an association in 12 organizations of 10 that are alike in both measures",
        effect: 0.3,
        estimators: &["slope_cr2", "regression_cr2", "correlation_jackknife", "regression_ols"],
        draw: |draws, effect| association(draws, 12, 10, effect),
    },
    Question {
        name: "a main effect in 40 dyads of a 2 × 2 design",
        effect: 0.5,
        estimators: &["difference_cr2", "mixed_dyad", "difference_ols"],
        draw: |draws, effect| factors(draws, false, effect),
    },
    Question {
        name: "the interaction in 40 dyads of a 2 × 2 design",
        effect: 1.0,
        estimators: &["difference_cr2", "mixed_dyad", "difference_ols"],
        draw: |draws, effect| factors(draws, true, effect),
    },
    Question {
        name: "a difference in change per week, 30 dyads at four waves",
        effect: 0.03,
        estimators: &["growth", "difference_cr2", "difference_ols"],
        draw: growth,
    },
    Question {
        name: "12 organizations that change at one of four steps",
        effect: 0.3,
        estimators: &["stepped_wedge_cr2", "difference_ols"],
        draw: |draws, effect| steps(draws, 12, false, effect),
    },
    Question {
        name: "the same, every row another person's and nothing shared",
        effect: 0.3,
        estimators: &["stepped_wedge_cr2"],
        draw: |draws, effect| steps(draws, 12, true, effect),
    },
    Question {
        name: "48 organizations that change at one of four steps",
        effect: 0.3,
        estimators: &["stepped_wedge_cr2"],
        draw: |draws, effect| steps(draws, 48, false, effect),
    },
];

/// The designs of contrasts in which Hedges' g is tried, and a small one: of whole clusters treated.
fn of_g() -> Vec<(String, Assumed)> {
    let mut all: Vec<(String, Assumed)> = cases()
        .into_iter()
        .filter(|case| ['A', 'B', 'F', 'H', 'I'].contains(&case.letter))
        .map(|case| (format!("Hedges' g, design {}", case.letter), case.assumed))
        .collect();
    let few = Assumed { clusters: 6, ..all[0].1 };
    all.push(("Hedges' g, 3 dyads against 3, alike".to_owned(), few));
    all
}

/// Attempts of all replications on all processors, in the order of their numbers.
fn every(numbers: u64, one: impl Fn(u64) -> Attempt + Sync) -> Vec<Attempt> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let share = numbers.div_ceil(threads);
    std::thread::scope(|scope| {
        let one = &one;
        let part = |from: u64| move || (from..(from + share).min(numbers)).map(one).collect::<Vec<_>>();
        let running: Vec<_> = (0..threads).map(|at| scope.spawn(part(at * share))).collect();
        running.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    })
}

fn judged(replications: u64, one: impl Fn(u64, bool) -> Attempt + Sync) -> (Diagnosis, Diagnosis) {
    let judge = |attempts: Vec<Attempt>| diagnose(attempts.into_iter(), Expectation::Different, 0.05);
    // Replications with an effect are others than those without.
    (judge(every(replications, |n| one(n, false))), judge(every(replications, |n| one((1 << 32) + n, true))))
}

/// Of g, with the interval that `analyze` gives.
fn of_effect_size(design: &Design, number: u64, truth: f64) -> Attempt {
    let data = design.draw(SEED, number);
    let result = hedges_g(&data.outcome, &data.treated, &data.cluster).ok().map(|found| {
        let df = found.error_degrees_of_freedom;
        let half = student_t_critical(0.95, df) * found.standard_error;
        Estimate {
            estimate: found.g,
            standard_error: found.standard_error,
            degrees_of_freedom: df,
            lower: found.g - half,
            upper: found.g + half,
            p_value: student_t_two_sided(found.g / found.standard_error, df),
            boundary: false,
        }
    });
    Attempt { result, truth }
}

/// The rows of the table that are wanted, by question and estimator.
pub fn rows(wanted: impl Fn(&str, &str) -> bool) -> Vec<Asked> {
    let mut all = Vec::new();
    for (at, question) in QUESTIONS.iter().enumerate() {
        for id in question.estimators.iter().filter(|id| wanted(question.name, id)) {
            let estimator = find(id).unwrap_or_else(|| panic!("no estimator {id}"));
            let dear = ["growth", "mixed_dyad"].contains(id);
            let (without, with) = judged(if dear { REPLICATIONS_OF_DEAR } else { REPLICATIONS }, |number, real| {
                let effect = if real { question.effect } else { 0.0 };
                let data = (question.draw)(&mut Normals::open(number, at as u64), effect);
                Attempt { result: estimator.estimate(&data, 0.95).ok(), truth: effect }
            });
            all.push(Asked { name: question.name.to_owned(), estimator: format!("`{id}`"), without, with });
        }
    }
    for (name, assumed) in of_g().into_iter().filter(|(name, _)| wanted(name, "hedges_g")) {
        let design = |effect| Design::new(Assumed { effect, ..assumed }).expect("a possible design");
        let (none, some) = (design(0.0), design(assumed.effect));
        // In SD of the outcome as measured.
        let truth = assumed.effect * assumed.reliability.sqrt();
        let (without, with) = judged(REPLICATIONS, |number, real| match real {
            true => of_effect_size(&some, number, truth),
            false => of_effect_size(&none, number, 0.0),
        });
        all.push(Asked { name, estimator: "Hedges' g".to_owned(), without, with });
    }
    all
}

/// How many rows the table has.
pub fn count() -> usize {
    QUESTIONS.iter().map(|question| question.estimators.len()).sum::<usize>() + of_g().len()
}
