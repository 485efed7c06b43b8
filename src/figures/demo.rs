//! Demonstration data for every figure.

use super::*;

/// Numbers that look drawn at random and are the same every time.
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

pub fn course(label: &str, start: f64, end: f64, pace: f64, weeks: usize, width: f64) -> Series {
    let mut draws = Draws(label.len() as u64 + weeks as u64);
    let points = (0..=weeks).map(|week| {
        let mean = end + (start - end) * (-(week as f64) / pace).exp() + 0.004 * draws.normal();
        Point { x: week as f64, mean, low: mean - width, high: mean + width }
    });
    Series { label: label.to_string(), points: points.collect() }
}

pub fn panel(title: &str, unit: &str, series: Vec<Series>) -> Panel {
    Panel { title: title.to_string(), y_label: unit.to_string(), series, y_range: None }
}

fn arms() -> [String; 12] {
    std::array::from_fn(|arm| {
        format!("{} arm number {:02} of the design", ["listening training", "benefits talk, no"][arm % 2], arm + 1)
    })
}

pub const NOTE: &str = "Lines: mean over 1,000 replications of 60 dyads. Bands: the middle 90% of replications.";

pub fn trajectory() -> Trajectory {
    Trajectory {
        title: "Trust and learning under active-listening training".into(),
        subtitle: "Mean over dyads in each arm, all replications; the program ends at week 12".into(),
        panels: vec![
            panel(
                "Trust",
                "latent state (0–1)",
                vec![
                    course("listening training", 0.42, 0.66, 9.0, 52, 0.035),
                    course("benefits talk", 0.42, 0.57, 12.0, 52, 0.03),
                ],
            ),
            panel(
                "Personal learning",
                "SD at baseline",
                vec![
                    course("listening training", 0.0, 0.61, 14.0, 52, 0.07),
                    course("benefits talk", 0.0, 0.55, 16.0, 52, 0.06),
                ],
            ),
        ],
        x_label: "week".into(),
        marks: vec![(12.0, "program ends".into()), (14.0, "survey".into())],
        note: NOTE.into(),
    }
}

pub fn crowd(weeks: usize) -> Vec<Series> {
    arms().iter().enumerate().map(|(i, arm)| course(arm, 0.3, 0.4 + 0.02 * i as f64, 8.0, weeks, 0.03)).collect()
}

pub fn levels() -> Levels {
    let pair = |start, a, b, pace, width| {
        vec![course("treated", start, a, pace, 52, width), course("control", start, b, pace, 52, width)]
    };
    Levels {
        title: "Person, dyad and organization over a year".into(),
        subtitle: "One world in which all have the arm, beside one in which none has".into(),
        person: panel("Person: personal learning", "SD at baseline", pair(0.0, 0.7, 0.45, 12.0, 0.06)),
        dyad: panel("Dyad: trust", "latent state (0–1)", pair(0.4, 0.65, 0.55, 9.0, 0.03)),
        organization: panel("Organization: learning climate", "latent state (0–1)", pair(0.5, 0.53, 0.505, 40.0, 0.01)),
        x_label: "week".into(),
        marks: vec![(12.0, "program ends".into())],
        note: NOTE.into(),
    }
}

/// Power by √n, with an answer at 104.
pub fn power() -> Power {
    let at = |x: f64, half: f64| {
        let power = 1.0 / (1.0 + (4.8 - 0.61 * x.sqrt()).exp());
        PowerPoint { x, power, low: (power - half).max(0.0), high: (power + half).min(1.0) }
    };
    let sizes = [20.0, 41.0, 70.0, 88.0, 106.0, 150.0, 201.0, 260.0, 326.0, 400.0];
    Power {
        title: "Power to find H2: training in active listening raises trust".into(),
        subtitle: "Active-listening training before peer coaching; ancova_cr2 at p < 0.05, 4,200 replications in all"
            .into(),
        x_label: "dyads".into(),
        curve: (0..=95).map(|k| at(20.0 + 4.0 * f64::from(k), 0.03)).collect(),
        points: sizes.iter().map(|x| (at(*x, 0.06), if (80.0..120.0).contains(x) { 1600 } else { 100 })).collect(),
        target: 0.8,
        answer: Some(PowerAnswer {
            x: 104.0,
            low: 97.0,
            high: 110.0,
            label: "104 dyads [97, 110]".into(),
            rising: true,
        }),
        note: NOTE.into(),
    }
}

fn estimates(title: &str, mean: f64, spread: f64, count: usize) -> EstimatePanel {
    let mut draws = Draws(title.len() as u64 * 7 + count as u64);
    let estimates = (0..count).map(|_| {
        let value = mean + spread * draws.normal();
        Estimate { value, significant: value.abs() > 1.96 * spread }
    });
    EstimatePanel {
        title: title.into(),
        x_label: "effect on personal learning (SD)".into(),
        estimates: estimates.collect(),
        truth: Some(mean * 0.95),
        smallest_effect: Some(0.1),
        observed: None,
    }
}

pub fn distribution(panels: usize) -> Distribution {
    let all = [
        ("H1: Training in active listening raises personal learning", 0.22, 0.09),
        ("H2: Trust carries the effect", 0.16, 0.08),
        ("H3: Competition weakens the effect", -0.12, 0.1),
        ("H1, difference in means", 0.21, 0.12),
        ("H2, difference in means", 0.0, 0.1),
        ("H3, ANCOVA with CR2", -0.02, 0.11),
    ];
    Distribution {
        title: "What the experiment would report, and the truth".into(),
        subtitle: "Estimates over 1,000 replications with 60 dyads".into(),
        panels: all[..panels].iter().map(|(title, mean, spread)| estimates(title, *mean, *spread, 1000)).collect(),
        significance: "p < 0.05, two-sided".into(),
        note: "Truth: the design's own contrast without measurement error, mean over replications. Mean: of all estimates.".into(),
    }
}

/// A real estimate over the simulated ones: amid them, and far from them.
pub fn observed() -> Distribution {
    let mut figure = distribution(2);
    let real = |value: f64, larger: f64| Some(Observed { value, low: value - 0.17, high: value + 0.17, larger });
    figure.panels[0].observed = real(0.31, 0.16);
    figure.panels[1].observed = real(-0.4, 1.0);
    figure
}

pub fn episodes(count: usize) -> Episodes {
    let rate = |mean: f64| Rate { mean, low: mean * 0.8, high: mean * 1.25 };
    Episodes {
        title: "Destructive episodes by arm".into(),
        subtitle: "All dyads, weeks 0 to 52".into(),
        kinds: ["Destructive", "Severe", "Undermining", "Breaches"].map(String::from).to_vec(),
        unit: "per 100 turns".into(),
        arms: (0..count)
            .map(|i| {
                let arm = if count < 3 { ["listening training", "benefits talk"][i].into() } else { arms()[i].clone() };
                let base = 4.0 + 0.4 * i as f64;
                ArmRates {
                    arm,
                    look: i,
                    rates: vec![rate(base), rate(base * 0.2), rate(base * 0.35), rate(base * 0.04)],
                }
            })
            .collect(),
        note: "Dots: mean over 1,000 replications. Bars: the middle 90% of replications.".into(),
    }
}

/// Replaces every number of a series.
pub fn broken(mut series: Series, change: impl Fn(usize, Point) -> Point) -> Series {
    series.points = series.points.into_iter().enumerate().map(|(i, p)| change(i, p)).collect();
    series
}

/// A design of this many arms; with names of forty letters and many settings if `crowded`.
pub fn design(arms: usize, crowded: bool) -> Design {
    let name = |arm: usize| match (crowded, arm) {
        (true, _) => format!("{:-<40}", format!("training {arm} and counter-indications")),
        (false, 0) => "benefits talk".to_owned(),
        (false, _) => format!("listening training {arm}"),
    };
    let stage = |title: &str, boxes: Vec<String>| Stage { title: title.into(), boxes };
    let settings =
        (0..if crowded { 9 } else { 2 }).map(|i| format!("setting {i}: 12 organizations, competition 0.{i}"));
    Design {
        title: "The design of listening-training, told at length".into(),
        subtitle: "From recruitment to the last measurement".into(),
        stages: vec![
            stage("Recruited", vec!["120 persons in 60 dyads, pairs made by lot".into()]),
            stage("Settings", settings.collect()),
            stage("Assigned", vec!["Dyads, both members together, by lot in fixed numbers per arm".into()]),
        ],
        arms: (0..arms)
            .map(|arm| Track {
                name: name(arm),
                size: if arm == 0 { "30 dyads, control".into() } else { "30 dyads".into() },
                receives: match (arm, crowded) {
                    (0, _) => vec!["nothing that moves a state".into()],
                    (_, true) => vec!["training.active_listening, dose 0.8, and whatever else".into(); 3],
                    _ => vec!["training.active_listening, dose 0.8".into()],
                },
                high: Vec::new(),
                program: (arm != 2).then_some(12.0),
                informal: arm == 3,
                events: if arm == 0 { vec![] } else { vec![0.0, 26.0] },
            })
            .collect(),
        waves: if crowded { (0..53).map(f64::from).collect() } else { vec![0.0, 6.0, 12.0, 24.0, 52.0] },
        last: 52.0,
        note: "Everyone has the program unless the arm says otherwise.".into(),
    }
}

/// A Pareto chart of `count` effects on each of two outcomes.
pub fn pareto(count: usize) -> Pareto {
    let panel = |title: &str, turn: f64| ParetoPanel {
        title: title.into(),
        x_label: "size of the effect (SD)".into(),
        bars: (0..count)
            .map(|i| ParetoBar {
                name: format!("a factor with the number {i} and a name"),
                estimate: turn * (i as f64 - 4.0) * 0.1,
                truth: turn * (i as f64 - 4.2) * 0.1,
                level: (i < 12).then_some(i % 3),
            })
            .collect(),
        margin: 0.15,
    };
    Pareto {
        title: "Effects by size".into(),
        subtitle: "Sixteen factors in 32 runs".into(),
        panels: vec![panel("Personal learning", -1.0), panel("Negative effects", 1.0)],
        note: NOTE.into(),
    }
}

/// A forest of `count` hypotheses.
pub fn forest(count: usize) -> Forest {
    let row = |i: usize| {
        let estimate = 0.3 - 0.07 * i as f64;
        ForestRow {
            name: format!(
                "H{i} A hypothesis with the number {i} states what happens to whom and when, and by how much"
            ),
            short: format!("H{i} the factor {i} of many: personal learning"),
            estimate,
            low: estimate - 0.4,
            high: estimate + 0.35,
            truth: (i != 2).then_some(estimate + 0.02),
            smallest: [vec![0.2], vec![-0.2], vec![-0.2, 0.2], Vec::new()][i % 4].clone(),
            numbers: format!("{estimate:.2} [{:.2}, {:.2}] points of it", estimate - 0.4, estimate + 0.35),
            power: format!("{}%", 5 * i),
        }
    };
    Forest {
        title: "What a study of this size finds".into(),
        subtitle: "Every hypothesis by its first estimator; 1,000 replications of 60 dyads".into(),
        x_label: "effect in multiples of the smallest effect of interest".into(),
        interval: "middle 95%".into(),
        rows: (0..count).map(row).collect(),
        note: NOTE.into(),
    }
}

/// The classes of turns in `count` arms.
pub fn shares(count: usize) -> Shares {
    Shares {
        title: "How coaching turns feel, week by week".into(),
        subtitle: "Share of turns by felt quality; 20 replications of 60 dyads".into(),
        classes: ["severe (below −1)", "destructive (−1 to −0.25)", "neither (−0.25 to 0)", "developmental (above 0)"]
            .map(String::from),
        panels: (0..count)
            .map(|i| SharePanel {
                arm: arms()[i].clone(),
                look: i,
                caption: "destructive or severe: 21.0 of 100 turns [17.1, 24.9]".into(),
                weeks: (1..=52)
                    .filter(|week| *week != 30)
                    .map(|week| {
                        let fall = 0.002 * f64::from(week);
                        let weight = if week > 12 { 0.2 } else { 1.0 };
                        ShareWeek { week: f64::from(week), shares: [0.05, 0.2 - fall, 0.15, 0.6 + fall], weight }
                    })
                    .collect(),
            })
            .collect(),
        note: NOTE.into(),
    }
}

/// A network of `count` people.
pub fn network(count: usize) -> Network {
    let mut draws = Draws(3);
    let mut links: Vec<Link> = (0..count / 2)
        .map(|pair| {
            let trust = draws.uniform();
            let bond = if pair % 5 == 4 { Bond::Ended } else { Bond::Trust(trust) };
            Link { ends: [pair, count - 1 - pair], bond }
        })
        .collect();
    links.extend((0..count / 3).map(|i| Link { ends: [i, (i * 7 + 3) % count.max(1)], bond: Bond::Acquainted }));
    Network {
        title: "Who coaches whom, and how far they trust each other".into(),
        subtitle: "Organization 0 of replication 0 at week 52".into(),
        people: (0..count)
            .map(|number| Colleague { number, team: number % (count / 7).max(1), arm: number % 3 })
            .collect(),
        links,
        arms: (0..3).map(|arm| (arm, arms()[arm].clone())).collect(),
        note: NOTE.into(),
    }
}

/// The inputs of a business case.
pub fn tornado() -> Tornado {
    let bar = |name: &str, low: f64, high: f64, from: &str, to: &str| TornadoBar {
        name: name.into(),
        low,
        high,
        from: from.into(),
        to: to.into(),
    };
    Tornado {
        title: "What the result depends on".into(),
        subtitle: "Physician leaders: everyone in the program, against none of it".into(),
        x_label: "net utility, USD on average".into(),
        middle: 320_000.0,
        bars: vec![
            bar("transfer of what is learned to performance", -410_000.0, 1_450_000.0, "0.08", "0.6"),
            bar("SD of performance in money", 40_000.0, 610_000.0, "40%", "100%"),
            bar("luck of who takes part", 110_000.0, 540_000.0, "2.5%", "97.5%"),
            bar("hour of facilitation", 380_000.0, 260_000.0, "150 USD", "450 USD"),
        ],
        note: NOTE.into(),
    }
}

/// A grid of numbers of both signs, of so many columns and rows.
pub fn heat(columns: usize, rows: usize) -> HeatMap {
    let share = |at: usize, of: usize| at as f64 / (of.max(2) - 1) as f64;
    let value = |column: usize, row: usize| 0.27 - 0.41 * share(column, columns) + 0.12 * share(row, rows);
    HeatMap {
        title: "What is true of H1, over organization.competition and program.weeks".into(),
        subtitle: "Training in active listening raises trust; 15 cells of 100 replications".into(),
        quantity: "truth (points of the response scale)".into(),
        share: false,
        x: HeatAxis {
            label: "organization.competition (share)".into(),
            along: Along::Values((0..columns).map(|at| (100.0 * share(at, columns)).round() / 100.0).collect()),
        },
        y: HeatAxis {
            label: "program.weeks (weeks)".into(),
            along: Along::Values((0..rows).map(|at| 12.0 + 4.0 * at as f64).collect()),
        },
        field: Field::Cells((0..rows).map(|row| (0..columns).map(|at| value(at, row)).collect()).collect()),
        note: NOTE.into(),
    }
}

/// Points that fill a plane.
pub fn heat_points(count: usize) -> HeatMap {
    let mut draws = Draws(count as u64);
    let points = (0..count).map(|_| {
        let (x, y) = (draws.uniform(), 12.0 + 14.0 * draws.uniform());
        [x, y, 0.2 + 0.6 * x * (y - 12.0) / 14.0]
    });
    let points = points.collect();
    let mut map = heat(2, 2);
    map.share = true;
    map.quantity = "experiments that find H1 (share)".into();
    (map.x.along, map.y.along) = (Along::Between(0.0, 1.0), Along::Between(12.0, 26.0));
    map.field = Field::Points(points);
    map
}
