use super::*;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

fn fit(estimate: f64, half_width: f64, p_value: f64) -> Option<Estimate> {
    Some(Estimate {
        estimate,
        standard_error: half_width / 2.0,
        degrees_of_freedom: 20.0,
        lower: estimate - half_width,
        upper: estimate + half_width,
        p_value,
        boundary: false,
    })
}

fn near(measure: (f64, f64), value: f64, mcse: f64) {
    assert!((measure.0 - value).abs() < 1e-14, "value {} is not {value}", measure.0);
    assert!((measure.1 - mcse).abs() < 1e-14, "mcse {} is not {mcse}", measure.1);
}

fn undefined(measure: (f64, f64)) {
    assert!(measure.0.is_nan() && measure.1.is_nan(), "{measure:?}");
}

/// Truths 1, 1, 2, 0, 1: the estimand is 1. The last fit failed.
fn five() -> [Attempt; 5] {
    [
        Attempt { result: fit(2.0, 0.8, 0.01), truth: 1.0 },
        Attempt { result: fit(1.0, 2.0, 0.30), truth: 1.0 },
        Attempt { result: fit(-2.0, 1.0, 0.02), truth: 2.0 },
        Attempt { result: fit(3.0, 2.2, 0.04), truth: 0.0 },
        Attempt { result: None, truth: 1.0 },
    ]
}

#[test]
fn five_replications_by_hand() {
    let found = diagnose(five().into_iter(), Expectation::Greater, 0.05);
    assert_eq!((found.replications, found.failures, found.significant), (5, 1, 3));
    near((found.failure_share, found.failure_share_mcse), 0.2, (0.2_f64 * 0.8 / 5.0).sqrt());
    // Truths about 1: squares 0 0 1 1 0, variance 1/2.
    near((found.mean_truth, found.mean_truth_mcse), 1.0, (0.5_f64 / 5.0).sqrt());
    // Estimates 2 1 -2 3: mean 1, squares 1 0 9 4, variance 14/3.
    near((found.mean_estimate, found.mean_estimate_mcse), 1.0, (14.0_f64 / 3.0 / 4.0).sqrt());
    // Differences 1 0 -4 3: mean 0, squares 26, variance 26/3.
    near((found.bias, found.bias_mcse), 0.0, (26.0_f64 / 3.0 / 4.0).sqrt());
    // Squares about the estimand 1 0 9 4: mean 3.5, variance (6.25 + 12.25 + 30.25 + 0.25) / 3 = 49/3.
    let rmse = 3.5_f64.sqrt();
    near((found.rmse, found.rmse_mcse), rmse, (49.0_f64 / 3.0 / 4.0).sqrt() / (2.0 * rmse));
    // Significant and positive: the first and the fourth.
    near((found.power, found.power_mcse), 0.5, 0.25);
    // [1.2, 2.8] misses 1, [-1, 3] holds it, [-3, -1] misses, [0.8, 5.2] holds.
    near((found.coverage, found.coverage_mcse), 0.5, 0.25);
    // Of their own truths 1 1 2 0 the second alone is held; of the mean estimate 1 the second and the fourth.
    near((found.own_coverage, found.own_coverage_mcse), 0.25, (0.25_f64 * 0.75 / 4.0).sqrt());
    near((found.bias_eliminated_coverage, found.bias_eliminated_coverage_mcse), 0.5, 0.25);
    near((found.type_s, found.type_s_mcse), 1.0 / 3.0, (2.0_f64 / 27.0).sqrt());
    // 2, 2, 3 times the truth.
    near((found.type_m, found.type_m_mcse), 7.0 / 3.0, (1.0_f64 / 3.0 / 3.0).sqrt());
    // Standard errors .4 1 .5 1.1: mean .75, deviations -.35 .25 -.25 .35, variance .37/3; their products with
    // the deviations -2.5 -3.5 5.5 .5 of the squares: .875 - .875 - 1.375 + .175 = -1.2, over 3 = -.4.
    let (m, v) = (0.75, 14.0 / 3.0);
    let spread: f64 = 0.37 / 3.0 / (m * m) + 49.0 / 3.0 / (4.0 * v * v) + 0.4 / (m * v);
    let ratio = m / v.sqrt();
    near((found.standard_error_ratio, found.standard_error_ratio_mcse), ratio, ratio * (spread / 4.0).sqrt());
}

/// Simple allocation may leave an arm empty: that replication has no truth and no fit, and must not void the others.
#[test]
fn a_replication_without_a_truth_is_a_failed_fit_and_nothing_else() {
    let without = diagnose(five().into_iter(), Expectation::Greater, 0.05);
    let empty = Attempt { result: None, truth: f64::NAN };
    let with = diagnose(five().into_iter().chain([empty]), Expectation::Greater, 0.05);
    assert_eq!((with.replications, with.failures), (6, 2));
    let known =
        |d: Diagnosis| [d.mean_truth, d.mean_truth_mcse, d.bias, d.rmse, d.power, d.coverage, d.type_s, d.type_m];
    assert_eq!(known(with), known(without));
}

#[test]
fn the_expectation_decides_about_power_alone() {
    let [greater, less, different] = [Expectation::Greater, Expectation::Less, Expectation::Different]
        .map(|expectation| diagnose(five().into_iter(), expectation, 0.05));
    assert_eq!([greater, less, different].map(|d| d.power), [0.5, 0.25, 0.75]);
    assert_eq!(less.type_s, greater.type_s);
    assert_eq!(Diagnosis { power: greater.power, power_mcse: greater.power_mcse, ..different }, greater);
}

#[test]
fn a_truth_of_zero_has_no_wrong_sign_and_no_exaggeration() {
    let attempts = five().map(|attempt| Attempt { truth: 0.0, ..attempt });
    let found = diagnose(attempts.into_iter(), Expectation::Different, 0.05);
    undefined((found.type_s, found.type_s_mcse));
    undefined((found.type_m, found.type_m_mcse));
    near((found.mean_truth, found.mean_truth_mcse), 0.0, 0.0);
    assert_eq!(found.power, 0.75);
    assert_eq!(found.significant, 3);
}

#[test]
fn nothing_significant_leaves_power_at_zero_and_the_errors_undefined() {
    let found = diagnose(five().into_iter(), Expectation::Different, 0.001);
    assert_eq!((found.significant, found.power), (0, 0.0));
    undefined((found.type_s, found.type_s_mcse));
    undefined((found.type_m, found.type_m_mcse));
}

#[test]
fn without_a_fit_only_failures_and_truth_are_known() {
    let attempts = [Attempt { result: None, truth: 0.5 }; 3];
    let found = diagnose(attempts.into_iter(), Expectation::Greater, 0.05);
    assert_eq!((found.replications, found.failures), (3, 3));
    near((found.failure_share, found.failure_share_mcse), 1.0, 0.0);
    near((found.mean_truth, found.mean_truth_mcse), 0.5, 0.0);
    for measure in [
        (found.mean_estimate, found.mean_estimate_mcse),
        (found.bias, found.bias_mcse),
        (found.rmse, found.rmse_mcse),
        (found.power, found.power_mcse),
        (found.coverage, found.coverage_mcse),
    ] {
        undefined(measure);
    }
    undefined((found.standard_error_ratio, found.standard_error_ratio_mcse));
    let nothing = diagnose(std::iter::empty(), Expectation::Greater, 0.05);
    assert_eq!(nothing.replications, 0);
    undefined((nothing.mean_truth, nothing.mean_truth_mcse));
    undefined((nothing.failure_share, nothing.failure_share_mcse));
}

#[test]
fn a_known_sampling_distribution_is_recovered_within_monte_carlo_error() {
    // Estimates normal about the truth with SD 1, the z-test at 5 % with its right standard error. For a truth of
    // 1 (Gelman & Carlin's formulas): power Φ(θ - z) + Φ(-θ - z), with z = 1.959964.
    let theta = 1.0;
    let z = 1.959_963_984_540_054;
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2012);
    let mut uniform = move || ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let upper_tail = |x: f64| 0.5 * libm::erfc(x / std::f64::consts::SQRT_2);
    let density = |x: f64| libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
    let attempts: Vec<Attempt> = (0..40_000)
        .map(|_| {
            let radius = (-2.0 * libm::log(uniform())).sqrt();
            let normal = radius * libm::cos(2.0 * std::f64::consts::PI * uniform());
            let estimate = theta + normal;
            let result = Estimate {
                estimate,
                standard_error: 1.0,
                degrees_of_freedom: 1e14,
                lower: estimate - z,
                upper: estimate + z,
                p_value: 2.0 * upper_tail(estimate.abs()),
                boundary: false,
            };
            Attempt { result: Some(result), truth: theta }
        })
        .collect();
    let found = diagnose(attempts.iter().copied(), Expectation::Different, 0.05);
    let (right, wrong) = (upper_tail(z - theta), upper_tail(z + theta));
    // E|X| beyond ±z: θ (right - wrong) + φ(z - θ) + φ(z + θ)
    let beyond = theta * (right - wrong) + density(z - theta) + density(z + theta);
    let n = 40_000.0_f64;
    let expected = [
        ((found.bias, found.bias_mcse), 0.0, 1.0 / n.sqrt()),
        ((found.mean_estimate, found.mean_estimate_mcse), theta, 1.0 / n.sqrt()),
        ((found.rmse, found.rmse_mcse), 1.0, 1.0 / (2.0 * n).sqrt()),
        ((found.power, found.power_mcse), right + wrong, 0.0),
        ((found.coverage, found.coverage_mcse), 0.95, (0.95_f64 * 0.05 / n).sqrt()),
        ((found.type_s, found.type_s_mcse), wrong / (right + wrong), 0.0),
        ((found.type_m, found.type_m_mcse), beyond / (right + wrong), 0.0),
        ((found.standard_error_ratio, found.standard_error_ratio_mcse), 1.0, 1.0 / (2.0 * n).sqrt()),
    ];
    for (measure, value, mcse) in expected {
        assert!((measure.0 - value).abs() < 3.0 * measure.1, "{measure:?} is far from {value}");
        if mcse > 0.0 {
            assert!((measure.1 / mcse - 1.0).abs() < 0.05, "the error of {measure:?} is far from {mcse}");
        }
    }
}
