//! What a program costs and may bring in money: the Brogden–Cronbach–Gleser utility of the simulated lives.
//!
//! Two worlds of a replication are compared, in which *the same people* all have the arm that is paid for, or all have its
//! reference. With d_w the difference of their learning at the end of week w (SD of the reference population at baseline):
//!
//! ```text
//! ΔU = Σ_w N_w · d_w · r · SDy · (1 + discount)^(−w/52) / 52  −  costs          SDy = sd_share · wage
//! N_w = N · (N′/N)^(w/W)  to the last simulated week W,  N′ · (1 − turnover)^((w − W)/52)  after it, up to `horizon` · 52 weeks
//! ```
//!
//! After week W, d_w = d_W · 2^(−(w − W)/half-life). N′ are the persons of the arm's world who are still in the organization at its
//! end, which they leave at a constant rate; `turnover` begins where the simulation ends, so that nobody leaves twice. With h = wage · (1 + overhead) / hours_per_year, the cost of an hour:
//!
//! ```text
//! time          h · (meeting_hours + around_hours) · Δmeetings held
//! training      N · (h · training_hours + training_fee)
//! facilitation  N · facilitation_hours · facilitation_rate
//! setup         setup · organizations
//! harm          h · (negative_effect_hours · Δnegative effects + breach_hours · Δbreaches)
//! replacement   replacement · wage · Δexits
//! ```
//!
//! Δ is the arm's world minus the reference's, over all N persons. Costs are not discounted: they come first. Nothing here
//! presumes a gain: d_w may be negative, and fewer exits are a negative cost.
//!
//! Sources: Brogden 1949, Personnel Psychology 2, 171-183; Cronbach & Gleser 1965; Schmidt, Hunter & Pearlman 1982, Personnel Psychology 35, 333-347 (of
//! training); Boudreau 1983, Personnel Psychology 36, 551-576 (discounting, and those who leave).

pub mod case;
pub mod quantities;
pub mod sample;
pub mod solve;
pub mod utility;

pub use case::{AtLikely, Bar, BreakEven, Case, Found};
pub use quantities::Quantities;
pub use sample::Draws;
pub use utility::{Figures, utility};

#[cfg(test)]
mod tests {
    use super::Quantities;
    use crate::study::business::{Business, Development, INPUTS, Name, Range};

    /// Defaults, and round amounts with a range around them.
    pub fn case() -> Business {
        let mut ranges = INPUTS.map(|input| {
            let [low, likely, high] = input.default.unwrap_or([0.0; 3]);
            Range { low, likely, high, source: "a test".into() }
        });
        for (name, [low, likely, high]) in [
            (Name::Wage, [80_000.0, 90_000.0, 120_000.0]),
            (Name::TrainingFee, [100.0, 100.0, 100.0]),
            (Name::FacilitationRate, [40.0, 60.0, 80.0]),
            (Name::Setup, [500.0, 1000.0, 4000.0]),
        ] {
            let range = &mut ranges[name as usize];
            (range.low, range.likely, range.high) = (low, likely, high);
        }
        Business { currency: "EUR".into(), arm: None, reference: None, development: Development::Task, ranges }
    }

    pub fn quantities() -> Quantities {
        Quantities {
            persons: 20.0,
            organizations: 2.0,
            stayed: 19.0,
            development: (1..=12).map(|week| 0.02 * f64::from(week)).collect(),
            meetings: 100.0,
            negative_effects: 30.0,
            breaches: 2.0,
            exits: -1.0,
        }
    }
}
