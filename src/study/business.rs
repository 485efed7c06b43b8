//! What a program is worth in money to whoever pays for it, as it is declared: inputs as ranges with their sources.
//!
//! Nothing is computed here: [`crate::inquiry::business`] holds the formula.

/// One input of a business case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    /// Its key in `[business]`.
    pub id: &'static str,
    /// Its name in a sentence.
    pub name: &'static str,
    /// Its unit, in words.
    pub unit: &'static str,
    /// Whether it is an amount of money, in the case's currency.
    pub money: bool,
    /// The lowest and the highest value that can be computed with.
    pub bounds: (f64, f64),
    /// Low, likely and high where a scenario says nothing; none of what only the organization itself can know.
    pub default: Option<[f64; 3]>,
    /// Where the default comes from.
    pub source: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// The inputs by name: the index in [`INPUTS`] and in [`Business::ranges`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum Name {
    Wage,
    Overhead,
    HoursPerYear,
    SdShare,
    Transfer,
    HalfLife,
    Horizon,
    Discount,
    Turnover,
    MeetingHours,
    AroundHours,
    TrainingHours,
    TrainingFee,
    FacilitationHours,
    FacilitationRate,
    Setup,
    Replacement,
    NegativeEffectHours,
    BreachHours,
}

/// Number of inputs.
pub const COUNT: usize = 19;

const MOST_MONEY: f64 = 1e12;

macro_rules! input {
    ($id:literal, $name:literal, $unit:literal, $money:literal, $bounds:expr, $default:expr, $source:literal, $meaning:literal) => {
        Input {
            id: $id,
            name: $name,
            unit: $unit,
            money: $money,
            bounds: $bounds,
            default: $default,
            source: $source,
            meaning: $meaning,
        }
    };
}

/// Every input, in the order of [`Name`].
#[rustfmt::skip]
pub const INPUTS: [Input; COUNT] = [
    input!("wage", "the yearly pay", "currency per person and year", true, (0.0, MOST_MONEY), None,
        "the organization's own payroll",
        "Pay of a participant for a year of full-time work, before the employer's contributions."),
    input!("overhead", "the employer's cost on top of pay", "share of pay", false, (0.0, 5.0), Some([0.2, 0.33, 0.45]),
        "non-wage labor costs: a third of wages in the European Union (Eurostat, labor cost levels 2023), 42 % with benefits in the United States (BLS, Employer Costs for Employee Compensation); low end assumed",
        "What an hour of a participant costs beyond pay: the employer's contributions and benefits, as a share of pay."),
    input!("hours_per_year", "the hours worked in a year", "hours per person and year", false, (50.0, 5000.0), Some([1500.0, 1700.0, 1900.0]),
        "hours actually worked per worker, OECD: about 1,740 on average, 1,340 to 2,200 between countries",
        "Hours that a participant works in a year: pay and overhead divided by them are the cost of an hour."),
    input!("sd_share", "the SD of performance in money (SDy)", "share of yearly pay per SD", false, (0.0, 10.0), Some([0.2, 0.4, 0.7]),
        "40 % of salary: Schmidt & Hunter 1983, Journal of Applied Psychology 68, 407-414; 40 to 70 %: Hunter & Schmidt 1982; output varies by 19 % in simple and 48 % in complex jobs: Hunter, Schmidt & Judiesch 1990, 75, 28-42",
        "SDy: what one standard deviation of performance on the job is worth in a year, as a share of pay. It is contested; nothing else but transfer matters as much."),
    input!("transfer", "the transfer from learning to performance", "SD of performance per SD learned", false, (-1.0, 1.0), Some([0.08, 0.2, 0.6]),
        "correlation of learning with behavior at work: .08 to .18 in Alliger et al. 1997, Personnel Psychology 50, 341-358; about .2 in Blume et al. 2010, Journal of Management 36, 1065-1105; high end: effect on behavior over effect on learning, .2 to .7, in Taylor, Russ-Eft & Chan 2005, Journal of Applied Psychology 90, 692-709",
        "r: how far performance on the job moves with what was learned, in standard deviations of each."),
    input!("half_life", "the half-life of what was learned", "months", false, (0.1, 1200.0), Some([6.0, 10.0, 14.0]),
        "unused skill: Tatel & Ackerman 2025, Psychological Bulletin (10.1037/bul0000481); Saks & Belcourt 2006, Human Resource Management 45, 629-648",
        "Months in which half of the advantage is lost, after the last week that is simulated; before that the model itself says what is left."),
    input!("horizon", "the horizon", "years", false, (0.02, 40.0), Some([1.0, 2.0, 3.0]),
        "assumed",
        "Years from the start of the program over which its benefit is counted."),
    input!("discount", "the discount rate", "share of value per year", false, (0.0, 1.0), Some([0.03, 0.05, 0.1]),
        "3 and 7 % real in public appraisal (US Office of Management and Budget, Circular A-94 and A-4 of 2003); high end assumed, for firms",
        "How much less a benefit of a year later is worth."),
    input!("turnover", "ordinary turnover", "share of persons per year", false, (0.0, 0.95), Some([0.05, 0.12, 0.25]),
        "assumed; it differs much by sector: state the organization's own",
        "Share of participants who leave in a year for reasons that have nothing to do with the program, and take with them what they learned."),
    input!("meeting_hours", "the hours of a meeting", "hours per person and meeting", false, (0.0, 24.0), Some([1.0, 1.5, 2.0]),
        "schedules in use: half an hour to an hour each way, see docs/business-case.md",
        "Working time of a participant in one meeting, both ways of coaching together."),
    input!("around_hours", "the hours around a meeting", "hours per person and meeting", false, (0.0, 24.0), Some([0.0, 0.25, 0.75]),
        "assumed",
        "Working time of a participant around one meeting: preparing, reflecting, making the appointment, the way there."),
    input!("training_hours", "the hours of training", "hours per person", false, (0.0, 2000.0), Some([2.0, 4.0, 8.0]),
        "assumed: a quarter of a day to a day of preparation",
        "Working time of a participant in preparation and training, once."),
    input!("training_fee", "the fee of training", "currency per person", true, (0.0, MOST_MONEY), None,
        "an offer, or what the own trainers cost",
        "What trainer, room and material cost per participant, once."),
    input!("facilitation_hours", "the hours of facilitation", "hours per person", false, (0.0, 2000.0), Some([0.5, 1.0, 3.0]),
        "assumed",
        "Hours of a coordinator or facilitator per participant over the whole program: matching, opening, review, remedy."),
    input!("facilitation_rate", "the hourly rate of facilitation", "currency per hour", true, (0.0, MOST_MONEY), None,
        "external coaches ask 230 to 245 US$ an hour; an own coordinator costs an hour's pay with overhead",
        "What an hour of the coordinator or facilitator costs."),
    input!("setup", "the cost of setting up", "currency per organization", true, (0.0, MOST_MONEY), None,
        "the organization's own estimate",
        "What it takes to begin, once in each organization that the scenario has: design, agreement with staff representatives, announcement."),
    input!("replacement", "the cost of replacing a leaver", "share of yearly pay", false, (0.0, 10.0), Some([0.1, 0.21, 0.5]),
        "median 21 %, physicians and executives far more: Boushey & Glynn 2012, Center for American Progress",
        "What it costs to replace one who leaves, as a share of yearly pay. Those who leave because of the program cost it, and those who stay because of it save it."),
    input!("negative_effect_hours", "the hours lost to a negative effect", "hours per event", false, (0.0, 2000.0), Some([0.0, 1.0, 4.0]),
        "assumed: nobody has measured it for peer coaching",
        "Working time lost to one negative effect of the coaching (an episode that hurt): brooding, avoiding, talking it over."),
    input!("breach_hours", "the hours lost to a broken confidence", "hours per event", false, (0.0, 5000.0), Some([4.0, 16.0, 80.0]),
        "assumed: nobody has measured it for peer coaching",
        "Working time lost to one breach of confidence by all concerned, beyond that of a negative effect: conflict, mediation, a case at the personnel office."),
];

/// A range: the lowest, the likely and the highest plausible value.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Lowest.
    pub low: f64,
    /// Most likely.
    pub likely: f64,
    /// Highest.
    pub high: f64,
    /// Where it comes from.
    pub source: String,
}

impl Range {
    /// The mean of the triangle over it: what draws from the range are on average.
    pub fn mean(&self) -> f64 {
        (self.low + self.likely + self.high) / 3.0
    }
}

/// Which learning is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Development {
    /// Learning for the work itself.
    Task,
    /// Learning about oneself.
    Personal,
    /// Both: their sum over √2, which has an SD of 1 too, since the two standings are independent at baseline.
    Both,
}

impl Development {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Development)] = &[
        ("learning_task", Development::Task),
        ("learning_personal", Development::Personal),
        ("both", Development::Both),
    ];
}

/// A business case, as declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Business {
    /// Code of the currency of every amount, e.g. USD.
    pub currency: String,
    /// Index of the arm that is paid for; none: the first that is not the reference.
    pub arm: Option<usize>,
    /// Index of the arm it is compared with; none: the arm without coaching, else the control.
    pub reference: Option<usize>,
    /// Which learning is counted.
    pub development: Development,
    /// One per entry of [`INPUTS`].
    pub ranges: [Range; COUNT],
}

impl Business {
    /// The range of an input.
    pub fn range(&self, name: Name) -> &Range {
        &self.ranges[name as usize]
    }
}

/// The index in [`INPUTS`] of the input with this id.
pub fn find(id: &str) -> Option<usize> {
    INPUTS.iter().position(|input| input.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_ranges_within_their_bounds() {
        for input in &INPUTS {
            let (low, high) = input.bounds;
            if let Some([a, b, c]) = input.default {
                assert!(low <= a && a <= b && b <= c && c <= high, "{}", input.id);
            }
            assert_eq!(
                input.money,
                input.default.is_none(),
                "{}: money has no default in an unknown currency",
                input.id
            );
            assert!(input.unit.contains("currency") == input.money, "{}", input.id);
        }
        assert_eq!(INPUTS[Name::BreachHours as usize].id, "breach_hours");
        assert_eq!(INPUTS[Name::SdShare as usize].id, "sd_share");
        assert_eq!(INPUTS[Name::Setup as usize].id, "setup");
    }
}
