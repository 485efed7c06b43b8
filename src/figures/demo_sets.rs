//! What the tests of figures draw: good data and hostile data, each under the name of its picture.

use super::demo::*;
use super::*;

/// The figures.
pub fn catalogue() -> Vec<(&'static str, Figure)> {
    let mut crowded = trajectory();
    crowded.panels.iter_mut().for_each(|panel| panel.series = crowd(52));
    let mut crowded_levels = levels();
    crowded_levels.person.series = crowd(30);
    crowded_levels.dyad.series = crowd(30);
    let mut five = trajectory();
    five.panels.iter_mut().for_each(|panel| panel.series = crowd(12)[..5].to_vec());
    five.panels.push(panel("Dependence", "latent state (0–1)", crowd(12)[..5].to_vec()));
    let mut single = trajectory();
    single.panels.truncate(1);
    let mut differing = trajectory();
    differing.panels[1].series.push(course("no program", 0.0, 0.1, 9.0, 30, 0.05));
    vec![
        ("trajectory", Figure::Trajectory(trajectory())),
        ("pareto", Figure::Pareto(pareto(16))),
        ("power", Figure::Power(power())),
        ("power-falls", {
            let mut falls = power();
            falls.curve.iter_mut().for_each(|point| point.x = 420.0 - point.x);
            falls.points.iter_mut().for_each(|(point, _)| point.x = 420.0 - point.x);
            falls.answer = Some(PowerAnswer {
                x: 316.0,
                low: 310.0,
                high: 323.0,
                label: "316 dyads [310, 323]".into(),
                rising: false,
            });
            Figure::Power(falls)
        }),
        ("trajectory-one", Figure::Trajectory(single)),
        ("trajectory-five", Figure::Trajectory(five)),
        ("trajectory-differing", Figure::Trajectory(differing)),
        ("trajectory-twelve", Figure::Trajectory(crowded)),
        ("levels", Figure::Levels(Box::new(levels()))),
        ("levels-twelve", Figure::Levels(Box::new(crowded_levels))),
        ("distribution-1", Figure::Distribution(distribution(1))),
        ("distribution-2", Figure::Distribution(distribution(2))),
        ("distribution-3", Figure::Distribution(distribution(3))),
        ("distribution-6", Figure::Distribution(distribution(6))),
        ("distribution-observed", Figure::Distribution(observed())),
        ("episodes", Figure::Episodes(episodes(2))),
        ("episodes-twelve", Figure::Episodes(episodes(12))),
        ("trajectory-thirty-two", {
            let mut many = trajectory();
            for panel in &mut many.panels {
                panel.series = (0..32)
                    .map(|i| course(&format!("run {i:02}"), 0.3, 0.4 + 0.01 * f64::from(i * 7 % 32), 8.0, 52, 0.03))
                    .collect();
            }
            Figure::Trajectory(many)
        }),
        ("forest", Figure::Forest(forest(5))),
        ("forest-many", Figure::Forest(forest(32))),
        ("tornado", Figure::Tornado(tornado())),
        ("quality", Figure::Shares(shares(2))),
        ("quality-twelve", Figure::Shares(shares(12))),
        ("heat-map", Figure::HeatMap(heat(5, 3))),
        ("heat-map-large", Figure::HeatMap(heat(41, 30))),
        ("heat-map-one-row", Figure::HeatMap(heat(11, 1))),
        ("heat-map-points", Figure::HeatMap(heat_points(64))),
        ("heat-map-bins", {
            let mut bins = heat(8, 6);
            bins.x.along = Along::Edges((0..=8).map(|edge| f64::from(edge) / 8.0).collect());
            bins.y.along = Along::Edges((0..=6).map(|edge| 12.0 + 2.5 * f64::from(edge)).collect());
            Figure::HeatMap(bins)
        }),
        ("network", Figure::Network(network(40))),
        ("network-large", Figure::Network(network(140))),
        ("design", Figure::Design(Box::new(design(2, false)))),
        ("design-five", Figure::Design(Box::new(design(5, false)))),
        ("design-factors", {
            let mut many = design(32, true);
            for (run, arm) in many.arms.iter_mut().enumerate() {
                arm.high = (0..16).map(|factor| (run * (factor + 3)) % 5 > 2).collect();
            }
            Figure::Design(Box::new(many))
        }),
        ("design-twelve", Figure::Design(Box::new(design(12, true)))),
    ]
}

/// Data that nobody wants to see and that nevertheless occur.
pub fn hostile() -> Vec<(&'static str, Figure)> {
    let with = |change: &dyn Fn(usize, Point) -> Point| {
        let mut figure = trajectory();
        for series in figure.panels.iter_mut().flat_map(|panel| &mut panel.series) {
            *series = broken(series.clone(), change);
        }
        Figure::Trajectory(figure)
    };
    let same = |v: f64| move |_: usize, p: Point| Point { x: p.x, mean: v, low: v, high: v };
    let mut bare = trajectory();
    bare.panels.clear();
    let mut empty = trajectory();
    empty.panels[0].series.clear();
    empty.panels[1].series.iter_mut().for_each(|series| series.points.clear());
    let mut lone = trajectory();
    lone.panels.iter_mut().flat_map(|p| &mut p.series).for_each(|series| series.points.truncate(1));
    lone.title = "A <title> with \"quotes\" & a very long tail ".repeat(5);
    lone.marks = vec![(f64::NAN, "never".into()), (0.0, "start < 0 & more".into())];
    let mut wide = trajectory();
    wide.panels[0].y_range = Some((1.0, 0.0));
    wide.panels[1].y_range = Some((f64::NAN, 1.0));
    wide.marks = (0..9).map(|i| (f64::from(i) * 6.0, format!("a moment with the number {i}"))).collect();
    let mut estimates = distribution(6);
    estimates.panels[0].estimates.clear();
    estimates.panels[1].estimates.iter_mut().for_each(|e| e.value = 0.25);
    estimates.panels[2].estimates.iter_mut().step_by(3).for_each(|e| e.value = f64::NAN);
    estimates.panels[3].estimates.iter_mut().for_each(|e| e.value *= 1e-4);
    estimates.panels[3].smallest_effect = None;
    estimates.panels[3].truth = Some(1e-5);
    estimates.panels[4].estimates.truncate(1);
    estimates.panels[4].truth = Some(f64::INFINITY);
    estimates.panels[5].estimates[7].value = 1e9;
    estimates.panels[4].x_label = "Lack of relational competence × Unwillingness to adapt practices (SD)".into();
    let mut rates = episodes(12);
    rates.arms[0].rates.clear();
    rates.arms[1].rates[0].mean = f64::NAN;
    rates.arms[2].rates[0].low = f64::NAN;
    rates.arms.iter_mut().skip(1).for_each(|arm| {
        arm.rates[1] = Rate { mean: 0.0, low: 0.0, high: 0.0 };
        arm.rates[2].mean *= 1e-4;
        arm.rates[2].low *= 1e-4;
        arm.rates[2].high *= 1e-4;
        arm.rates[3].mean -= 0.2;
        arm.rates[3].low -= 0.2;
    });
    let mut no_arms = episodes(2);
    no_arms.arms.clear();
    vec![
        ("bare", Figure::Trajectory(bare)),
        ("empty", Figure::Trajectory(empty)),
        ("lone", Figure::Trajectory(lone)),
        ("wide", Figure::Trajectory(wide)),
        ("constant", with(&same(0.3))),
        ("zero", with(&same(0.0))),
        ("tiny", with(&|_, p| Point { x: p.x, mean: p.mean * 1e-4, low: p.low * 1e-4, high: p.high * 1e-4 })),
        ("huge", with(&|_, p| Point { x: p.x, mean: p.mean * 1e12, low: p.low * 1e12, high: p.high * 1e300 })),
        ("negative", with(&|_, p| Point { x: p.x, mean: -p.mean, low: -p.low, high: -p.high })),
        (
            "gaps",
            with(&|i, p| Point {
                mean: if i % 7 > 4 { f64::NAN } else { p.mean },
                low: if i > 30 { f64::NAN } else { p.low },
                ..p
            }),
        ),
        ("nothing", with(&|_, p| Point { x: f64::NAN, ..p })),
        ("estimates", Figure::Distribution(estimates)),
        ("rates", Figure::Episodes(rates)),
        ("no-arms", Figure::Episodes(no_arms)),
        ("no-panels", Figure::Distribution(distribution(0))),
        ("no-hypotheses", Figure::Forest(forest(0))),
        ("odd-hypotheses", {
            let mut odd = forest(4);
            odd.rows[0].estimate = f64::NAN;
            odd.rows[0].numbers = String::new();
            odd.rows[1].low = f64::NEG_INFINITY;
            odd.rows[2].truth = Some(f64::NAN);
            odd.rows[3].high = 1e9;
            odd.rows[3].name = "H".repeat(90);
            odd.x_label = "a very long name of an axis, longer than the page is wide, ".repeat(4);
            Figure::Forest(odd)
        }),
        ("no-arms-with-turns", Figure::Shares(shares(0))),
        ("no-turns", {
            let mut none = shares(2);
            none.panels[0].weeks.clear();
            none.panels[1].weeks = vec![ShareWeek { week: 1.0, shares: [f64::NAN; 4], weight: f64::NAN }];
            Figure::Shares(none)
        }),
        ("heat-nothing", Figure::HeatMap(heat(0, 0))),
        ("heat-no-points", Figure::HeatMap(heat_points(0))),
        ("heat-odd", {
            let mut odd = heat(7, 4);
            if let Field::Cells(rows) = &mut odd.field {
                (rows[0][0], rows[1][1], rows[2][2]) = (f64::NAN, f64::INFINITY, 1e12);
            }
            odd.title = "A <title> with \"quotes\" & a very long tail ".repeat(5);
            odd.quantity = "a very long name of a quantity that is longer than the page is wide ".repeat(4);
            odd.x.label = "arm.\"listening training\".treatment.listening_training.effect_on_inquiry (share)".into();
            odd.y.along = Along::Values(vec![1e-9, 0.123_456_789, 123_456.789, 1e12]);
            Figure::HeatMap(odd)
        }),
        ("heat-constant", {
            let mut constant = heat(4, 4);
            constant.field = Field::Cells(vec![vec![-0.25; 4]; 4]);
            Figure::HeatMap(constant)
        }),
        ("heat-tiny", {
            let mut tiny = heat(4, 4);
            tiny.field = Field::Cells((0..4).map(|k| vec![-1e-6, 1e-7, f64::from(k) * 1e-6, 0.0]).collect());
            Figure::HeatMap(tiny)
        }),
        ("nobody", Figure::Network(network(0))),
        ("two-people", Figure::Network(network(2))),
        ("no-effects", Figure::Pareto(pareto(0))),
        ("no-power", {
            let mut none = power();
            (none.curve, none.points, none.answer) = (Vec::new(), Vec::new(), None);
            Figure::Power(none)
        }),
        ("odd-power", {
            let mut odd = power();
            odd.curve[3].low = f64::NAN;
            odd.points[0].0.power = f64::NAN;
            odd.target = 0.999;
            odd.title = "A <title> with \"quotes\" & a very long tail ".repeat(5);
            odd.answer = Some(PowerAnswer {
                x: 20.0,
                low: 20.0,
                high: 400.0,
                label: "20 dyads [<20, >400]".into(),
                rising: true,
            });
            Figure::Power(odd)
        }),
        ("odd-effects", {
            let mut odd = pareto(4);
            odd.panels[0].bars[0].estimate = f64::NAN;
            odd.panels[0].bars[1].truth = f64::INFINITY;
            odd.panels[0].margin = f64::NAN;
            odd.panels[1].bars.iter_mut().for_each(|bar| bar.estimate *= 1e-9);
            Figure::Pareto(odd)
        }),
    ]
}
