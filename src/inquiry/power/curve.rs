//! The curve of power: a local probit regression on what was found at a few sizes.
//!
//! At a place t (the square root of a size that is a whole number, else the value itself),
//!
//! ```text
//! P(found at size s) = Φ(a + b (t_s − t))      for sizes near t, weighted by (1 − |t_s − t|³/h³)³
//! power(t) = Φ(a)
//! ```
//!
//! A test whose standard error falls with the square root of the size has power Φ(δ√n − z), a straight line here; where the
//! curve bends (degrees of freedom, organizations that do not grow with the dyads, an effect that changes with the size) only
//! neighbors count. h is twice the widest gap of the first grid. Each size has half a find and half a miss added to it
//! (Jeffreys), so that a size at which all or none have found it has a place on the curve.
//!
//! **Its uncertainty.** Every size uses the same replications: number 17 at 60 dyads and number 17 at 80 dyads share much of
//! their luck. That makes the curve smooth and it makes each row the one that `run` gives, but the sizes are then not
//! independent, and taking them to be would make the band too narrow. So the variance is the sandwich with the number of the
//! replication as cluster, A⁻¹BA⁻¹ with B = Σ over numbers of the squared sum of their scores over sizes; never less than the
//! one without the products between sizes.
//!
//! Sources: Fan, Heckman & Wand (1995), Journal of the American Statistical Association 90, 141-150 (local likelihood); Liang
//! & Zeger (1986), Biometrika 73, 13-22 (the sandwich over clusters).

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::range::Span;
use super::tally::{Shared, Station};
use crate::study::estimators::{normal_cdf, student_t_critical, student_t_quantile};

/// As many degrees of freedom as make t a normal.
const NORMAL: f64 = 1e15;

/// The standard normal's quantile.
pub fn normal_quantile(probability: f64) -> f64 {
    student_t_quantile(probability, NORMAL)
}

/// The half width of an interval in standard errors.
pub fn critical(confidence: f64) -> f64 {
    student_t_critical(confidence, NORMAL)
}

/// Widths of the window, in widest gaps of the grid.
const WINDOW: f64 = 2.0;

/// Power at a size, with the ends of its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The size.
    pub value: f64,
    /// Power.
    pub power: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    span: Span,
    window: f64,
    z: f64,
    sizes: Vec<Size>,
    shared: Vec<Vec<Shared>>,
}

/// A station as the regression sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Size {
    place: f64,
    yes: f64,
    count: f64,
}

impl Curve {
    /// The curve through these stations; `gap` is the widest distance between neighbors of the first grid, on the scale of
    /// [`Span::place`], and `confidence` that of the band.
    pub fn new(span: Span, stations: &[Station], gap: f64, confidence: f64) -> Self {
        let size = |station: &Station| Size {
            place: span.place(station.value),
            yes: station.yes() as f64 + 0.5,
            count: station.count() as f64 + 1.0,
        };
        // Below the diagonal: the products of one with another are those of the other with the one.
        let until =
            |index: usize| stations[..=index].iter().map(move |other| Shared::of(&stations[index], other)).collect();
        let shared = (0..stations.len()).map(until).collect();
        let sizes = stations.iter().map(size).collect();
        Self { span, window: WINDOW * gap, z: critical(confidence), sizes, shared }
    }

    /// The same curve with a band of another confidence.
    pub fn with_confidence(&self, confidence: f64) -> Self {
        Self { z: critical(confidence), ..self.clone() }
    }

    /// Power at a size, with its interval.
    pub fn at(&self, value: f64) -> Point {
        let (a, error) = self.fit(self.span.place(value));
        let power = |eta: f64| normal_cdf(eta);
        Point { value, power: power(a), low: power(a - self.z * error), high: power(a + self.z * error) }
    }

    /// The intercept and its standard error.
    fn fit(&self, place: f64) -> (f64, f64) {
        let near: Vec<Near> = self
            .sizes
            .iter()
            .enumerate()
            .filter_map(|(index, size)| {
                let distance = (size.place - place) / self.window;
                let cube = distance.abs() * distance.abs() * distance.abs();
                let room = (1.0 - cube).max(0.0);
                (room > 0.0).then_some(Near { index, distance, weight: room * room * room, size: *size })
            })
            .collect();
        let (a, b) = solve(&near);
        (a, self.error(&near, a, b))
    }

    /// √ of the first element of A⁻¹BA⁻¹.
    fn error(&self, near: &[Near], a: f64, b: f64) -> f64 {
        let mut bread = Matrix::default();
        for one in near {
            let (_, _, information) = probit(a + b * one.distance);
            bread.add(one.weight * one.size.count * information, one.distance, one.distance);
        }
        // The first row of A⁻¹: how much of each score goes into the intercept.
        let Some((first, second)) = bread.first_row_of_inverse() else { return f64::INFINITY };
        let share = |one: &Near| {
            let (p, slope, _) = probit(a + b * one.distance);
            (one.weight * slope * (first + second * one.distance), p)
        };
        let (mut apart, mut together) = (0.0, 0.0);
        for one in near {
            let (mine, p) = share(one);
            let products = self.shared[one.index][one.index].products(p, p);
            // Where all or none have found it, the distances alone would claim to know it exactly.
            let variance = mine * mine * products.max(one.size.count * p * (1.0 - p));
            (apart, together) = (apart + variance, together + variance);
            for other in near.iter().take_while(|other| other.index < one.index) {
                let (its, q) = share(other);
                together += 2.0 * mine * its * self.shared[one.index][other.index].products(p, q);
            }
        }
        together.max(apart).sqrt()
    }
}

/// A size in the window.
struct Near {
    index: usize,
    distance: f64,
    weight: f64,
    size: Size,
}

/// A symmetric 2 × 2 matrix of an intercept and a slope.
#[derive(Clone, Copy, Default)]
struct Matrix {
    one: f64,
    mixed: f64,
    two: f64,
}

impl Matrix {
    fn add(&mut self, weight: f64, x: f64, y: f64) {
        self.one += weight;
        self.mixed += weight * x;
        self.two += weight * x * y;
    }

    fn determinant(&self) -> f64 {
        self.one * self.two - self.mixed * self.mixed
    }

    /// Whether a slope can be told from these sizes.
    fn slopes(&self) -> bool {
        self.determinant() > 1e-9 * self.one * self.one
    }

    fn first_row_of_inverse(&self) -> Option<(f64, f64)> {
        if self.slopes() {
            let determinant = self.determinant();
            Some((self.two / determinant, -self.mixed / determinant))
        } else {
            (self.one > 0.0).then(|| (1.0 / self.one, 0.0))
        }
    }
}

/// Φ(η), φ(η)/(Φ(1 − Φ)) and φ(η)²/(Φ(1 − Φ)).
fn probit(eta: f64) -> (f64, f64, f64) {
    let eta = eta.clamp(-6.0, 6.0);
    let p = normal_cdf(eta);
    let density = libm::exp(-0.5 * eta * eta) / (2.0 * PI).sqrt();
    let slope = density / (p * normal_cdf(-eta));
    (p, slope, slope * density)
}

/// Maximum of the weighted likelihood by Fisher's scoring, its steps halved where they overshoot.
fn solve(near: &[Near]) -> (f64, f64) {
    let likelihood = |a: f64, b: f64| {
        near.iter().fold(0.0, |sum, one| {
            let eta = (a + b * one.distance).clamp(-6.0, 6.0);
            let yes = one.size.yes * libm::log(normal_cdf(eta));
            let no = (one.size.count - one.size.yes) * libm::log(normal_cdf(-eta));
            sum + one.weight * (yes + no)
        })
    };
    let all = near
        .iter()
        .fold((0.0, 0.0), |(yes, count), one| (yes + one.weight * one.size.yes, count + one.weight * one.size.count));
    if all.1 == 0.0 {
        return (f64::NAN, 0.0);
    }
    let (mut a, mut b) = (normal_quantile(all.0 / all.1), 0.0);
    let mut best = likelihood(a, b);
    for _ in 0..100 {
        let mut information = Matrix::default();
        let (mut first, mut second) = (0.0, 0.0);
        for one in near {
            let (p, slope, weight) = probit(a + b * one.distance);
            let score = one.weight * slope * (one.size.yes - one.size.count * p);
            first += score;
            second += score * one.distance;
            information.add(one.weight * one.size.count * weight, one.distance, one.distance);
        }
        let (mut da, mut db) = if information.slopes() {
            let determinant = information.determinant();
            (
                (information.two * first - information.mixed * second) / determinant,
                (information.one * second - information.mixed * first) / determinant,
            )
        } else {
            (first / information.one, 0.0)
        };
        let mut found = likelihood(a + da, b + db);
        let mut halvings = 0;
        while found < best && halvings < 30 {
            (da, db) = (0.5 * da, 0.5 * db);
            found = likelihood(a + da, b + db);
            halvings += 1;
        }
        if found < best {
            break;
        }
        (a, b, best) = (a + da, b + db, found);
        if da.abs() + db.abs() < 1e-10 {
            break;
        }
    }
    (a, b)
}

#[cfg(test)]
mod tests {
    use super::super::tally::Found;
    use super::*;

    fn station(value: f64, yes: usize, count: usize) -> Station {
        // The finds are spread in a way of their own at each size, so that sizes are nearly independent.
        let jump = 7 + value as usize * 2;
        let mut found = vec![Found::No; count];
        let mut at = value as usize;
        for _ in 0..yes {
            while found[at % count] == Found::Yes {
                at += 1;
            }
            found[at % count] = Found::Yes;
            at += jump;
        }
        Station { value, found }
    }

    #[test]
    fn two_sizes_are_joined_by_a_line_through_both() {
        // Jeffreys' half a find and half a miss, nothing else.
        let span = Span::new(25.0, 100.0, true);
        let curve = Curve::new(span, &[station(25.0, 400, 999), station(100.0, 800, 999)], 5.0, 0.95);
        assert!((curve.at(25.0).power - 400.5 / 1000.0).abs() < 1e-9);
        assert!((curve.at(100.0).power - 800.5 / 1000.0).abs() < 1e-9);
        let middle = normal_cdf(0.5 * (normal_quantile(0.4005) + normal_quantile(0.8005)));
        // 7.5² = 56.25 is no whole number; power at 56 is next to it.
        assert!((curve.at(56.0).power - middle).abs() < 0.002);
        // At a size itself the interval is that of a share.
        let point = curve.at(100.0);
        let share = (0.8_f64 * 0.2 / 1000.0).sqrt() * 1.96;
        assert!(((point.high - point.low) / 2.0 / share - 1.0).abs() < 0.05, "{point:?}");
    }

    #[test]
    fn sizes_that_share_all_their_luck_count_once() {
        let span = Span::new(0.0, 1.0, false);
        let station = |value: f64, turn: usize| {
            let find = |k: usize| if (k * 7 + turn) % 10 < 8 { Found::Yes } else { Found::No };
            Station { value, found: (0..1000).map(find).collect() }
        };
        let error = |stations: &[Station]| {
            let point = Curve::new(span, stations, 1.0, 0.95).at(0.5);
            point.high - point.low
        };
        let same = error(&[station(0.0, 0), station(1.0, 0)]);
        let other = error(&[station(0.0, 0), station(1.0, 5)]);
        let share = (0.8_f64 * 0.2 / 1000.0).sqrt() * 1.96 * 2.0;
        assert!((same / share - 1.0).abs() < 0.02, "{same} {share}");
        assert!((other / share * 2.0_f64.sqrt() - 1.0).abs() < 0.02, "{other} {share}");
    }

    #[test]
    fn all_and_none_have_a_place_on_the_curve() {
        let span = Span::new(4.0, 400.0, true);
        let curve =
            Curve::new(span, &[station(4.0, 0, 100), station(100.0, 100, 100), station(400.0, 100, 100)], 10.0, 0.95);
        for value in [4.0, 100.0, 400.0] {
            let point = curve.at(value);
            assert!(point.low < point.power && point.power < point.high, "{point:?}");
            assert!(point.high - point.low < 0.1, "{point:?}");
        }
    }
}
