//! The section `[business]`: inputs as ranges, the currency they are in, and which arm is paid for.
//!
//! A range is a table, `wage = { low = 80000, likely = 90000, high = 110000, source = "payroll" }`; a list of three numbers and
//! a single number, which is a range of no width, are read as such tables.

use super::build::shares;
use super::draft::{Draft, Named};
use super::nearest::{listed, nearest};
use super::problem::{Collector, Say, Spot};
use super::reader::{Given, Reader};
use super::tree::{Node, Table, Value};
use crate::study::business::{Business, Development, INPUTS, Range};

/// The section as it was written.
#[derive(Debug)]
pub(crate) struct BusinessDraft {
    pub at: Spot,
    pub currency: Given<String>,
    pub arm: Given<Named>,
    pub reference: Given<Named>,
    pub development: Given<Development>,
    /// By input.
    pub ranges: Vec<RangeDraft>,
}

#[derive(Debug)]
pub(crate) struct RangeDraft {
    pub at: Option<Spot>,
    /// Low, likely, high.
    pub values: [Given<f64>; 3],
    pub source: Given<String>,
}

const PLACES: [&str; 3] = ["low", "likely", "high"];

/// Makes a table of every input that is a number or a list of three.
pub(crate) fn widen(root: &mut Table) {
    let Some(Node { value: Value::Table(business), .. }) = root.get_mut("business") else { return };
    for input in &INPUTS {
        let Some(node) = business.get_mut(input.id) else { continue };
        let table = match &node.value {
            Value::Whole(_) | Value::Number(_) => Table::from([("likely".to_owned(), node.clone())]),
            Value::List(list) if list.len() == 3 => {
                PLACES.iter().zip(list).map(|(place, one)| ((*place).to_owned(), one.clone())).collect()
            }
            _ => continue,
        };
        node.value = Value::Table(table);
    }
}

/// Reads the section, if there is one.
pub(crate) fn read(top: &Reader<'_>, root: &Table) -> Option<BusinessDraft> {
    let at = root.get("business")?.key_spot();
    let business = top.inner("business");
    let named = |key: &str| business.take(key, |node| Some((node.text()?.to_owned(), node.spot())));
    let range = |id: &str| {
        let inner = business.inner(id);
        let node = business.table.and_then(|table| table.get(id));
        RangeDraft {
            at: node.map(Node::key_spot),
            values: PLACES.map(|place| {
                // A number out of its bounds is refused as it stands; what is not written follows the likely value or the default.
                let mut given = inner.take(place, super::reader::as_number);
                if given.at.is_none() && inner.refused.is_some() {
                    given.at.clone_from(&inner.refused);
                }
                given
            }),
            source: inner.text("source"),
        }
    };
    Some(BusinessDraft {
        at,
        currency: business.text("currency"),
        arm: named("arm"),
        reference: named("reference"),
        development: business.choice("development", Development::NAMES),
        ranges: INPUTS.iter().map(|input| range(input.id)).collect(),
    })
}

impl RangeDraft {
    /// Low, likely and high: ends that are not written are the likely value; an input that is not written has its default.
    fn values(&self, default: Option<[f64; 3]>) -> Option<[f64; 3]> {
        if self.at.is_none() {
            return default;
        }
        let [low, likely, high] = &self.values;
        if [low, likely, high].into_iter().any(Given::is_bad) {
            return None;
        }
        let likely = likely.value?;
        Some([low.value.unwrap_or(likely), likely, high.value.unwrap_or(likely)])
    }
}

/// Adds every problem of the section.
pub(crate) fn check(draft: &Draft, problems: &mut Collector) {
    let Some(business) = &draft.business else { return };
    currency(business, problems);
    for (range, input) in business.ranges.iter().zip(&INPUTS) {
        let id = input.id;
        let Some(at) = &range.at else {
            if input.default.is_none() {
                let say = Say::new(format!("`{id}` is missing in [business]"), format!("without `{id}`"))
                    .expected(format!("{id} = {{ low = …, likely = …, high = …, source = \"…\" }}, in {}", input.unit))
                    .help(format!(
                        "{} Only you can know it ({}); 0 where it costs nothing",
                        input.meaning, input.source
                    ));
                problems.add(&business.at, say);
            }
            continue;
        };
        let [low, likely, high] = &range.values;
        if likely.at.is_none() {
            let say = Say::new(format!("`{id}` has no likely value"), "a range needs it")
                .expected(format!("{id} = {{ low = …, likely = …, high = …, source = \"…\" }}, in {}", input.unit))
                .help("write `likely`: the value you would name if you could name only one");
            problems.add(at, say);
        }
        let ends = [(low, likely, "low", "likely"), (likely, high, "likely", "high"), (low, high, "low", "high")];
        for (smaller, larger, first, second) in ends {
            if let (Some(a), Some(b), Some(spot)) = (smaller.value, larger.value, &smaller.at)
                && a > b
                && !(first == "low" && second == "high" && likely.value.is_some())
            {
                let say =
                    Say::new(format!("`{first}` of `{id}` is above its `{second}`"), format!("{a} is more than {b}"))
                        .expected("low ≤ likely ≤ high")
                        .help("a range goes from the lowest to the highest value that is plausible");
                problems.add(spot, say);
            }
        }
    }
    arms(draft, business, problems);
}

fn currency(business: &BusinessDraft, problems: &mut Collector) {
    const FORM: &str = "three capital letters, as in ISO 4217: \"USD\", \"EUR\", \"CHF\"";
    match (&business.currency.value, &business.currency.at) {
        (None, None) => problems.add(
            &business.at,
            Say::new("`currency` is missing in [business]", "without `currency`")
                .expected(FORM)
                .help("every amount of the case is in it; nothing is converted"),
        ),
        (Some(code), Some(at)) if !is_code(code) => {
            let meant = match code.trim().to_lowercase().as_str() {
                "$" | "us$" | "dollar" | "dollars" => Some("USD"),
                "€" | "euro" | "euros" => Some("EUR"),
                "£" | "pound" | "pounds" => Some("GBP"),
                "¥" | "yen" => Some("JPY"),
                other if other.len() == 3 && other.chars().all(|c| c.is_ascii_alphabetic()) => None,
                _ => None,
            };
            let upper = code.trim().to_uppercase();
            let help = match meant.or_else(|| is_code(&upper).then_some(upper.as_str())) {
                Some(code) => format!("write `currency = \"{code}\"`"),
                None => "every amount of the case is in it; nothing is converted".to_owned(),
            };
            problems.add(
                at,
                Say::new(format!("{code:?} is no code of a currency"), "not a code").expected(FORM).help(help),
            );
        }
        _ => {}
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 3 && text.chars().all(|c| c.is_ascii_uppercase())
}

fn arms(draft: &Draft, business: &BusinessDraft, problems: &mut Collector) {
    let known: Vec<&str> = draft.arms.iter().filter_map(|arm| arm.name.value.as_deref()).collect();
    if !draft.arms_whole || known.len() != draft.arms.len() {
        return;
    }
    for (name, spot) in [&business.arm, &business.reference].into_iter().filter_map(|given| given.value.as_ref()) {
        if !known.contains(&name.as_str()) {
            let near = nearest(name, known.iter().copied());
            let say = Say::new(format!("there is no arm `{name}`"), "not an arm of this scenario")
                .expected(listed(known.iter().copied(), "or"))
                .nearest(near);
            problems.add(
                spot,
                match near {
                    Some(near) => say.help(format!("did you mean \"{near}\"?")),
                    None => say.help("name the arm that is paid for as it stands in its [[arm]] table"),
                },
            );
        }
    }
    if let (Some((arm, spot)), Some((reference, _))) = (&business.arm.value, &business.reference.value)
        && arm == reference
    {
        let say = Say::new("`arm` and `reference` are the same arm", "nothing to compare")
            .expected("two arms")
            .help("`arm` is paid for, `reference` is what there would be without it");
        problems.add(spot, say);
    }
    if known.len() < 2 && shares(draft).is_some() {
        let say = Say::new("a business case compares two arms, and there is only one", "nothing to compare with").help(
            "add an [[arm]] with `program = { kind = \"none\" }` and `share = 0`: the same lives without the program",
        );
        problems.add(&business.at, say);
    }
}

/// The business case; `None` inside if there is none.
pub(crate) fn build(draft: &Draft) -> Option<Option<Business>> {
    let Some(written) = &draft.business else { return Some(None) };
    let arm = |given: &Given<Named>| match &given.value {
        Some((name, _)) => draft.arms.iter().position(|arm| arm.name.value.as_deref() == Some(name)).map(Some),
        None if given.is_bad() => None,
        None => Some(None),
    };
    let range = |(range, input): (&RangeDraft, &crate::study::business::Input)| {
        let [low, likely, high] = range.values(input.default)?;
        let source = match &range.source.value {
            Some(source) => source.clone(),
            None if range.at.is_none() => input.source.to_owned(),
            None => NOT_STATED.to_owned(),
        };
        Some(Range { low, likely, high, source })
    };
    let ranges: Vec<Range> = written.ranges.iter().zip(&INPUTS).map(range).collect::<Option<_>>()?;
    Some(Some(Business {
        currency: written.currency.value.clone()?,
        arm: arm(&written.arm)?,
        reference: arm(&written.reference)?,
        development: written.development.value?,
        ranges: ranges.try_into().ok()?,
    }))
}

/// The source of a range that was written without one.
pub const NOT_STATED: &str = "not stated";

#[cfg(test)]
mod tests {
    use crate::scenario::read;
    use crate::study::business::{Business, Name};

    const STUDY: &str = r#"
id = "x"
title = "X"
population.dyads = 4
program = { kind = "formal", weeks = 4 }
[[arm]]
name = "no program"
control = true
program.kind = "none"
[[arm]]
name = "coaching"
"#;
    const MONEY: &str = r#"
[business]
currency = "EUR"
wage = { low = 80_000, likely = 90_000, high = 1e5, source = "payroll 2025" }
training_fee = 100
facilitation_rate = [50, 60, 70]
setup = 0
"#;

    fn business(more: &str, sets: &[&str]) -> Result<Business, String> {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        let scenario = read(&format!("{STUDY}{more}"), "x.toml", &sets).map_err(|problems| problems.to_string())?;
        Ok(scenario.study.business.expect("a case"))
    }

    #[test]
    fn ranges_numbers_and_lists_are_read() {
        let case = business(MONEY, &["business.wage.likely=85000", "business.horizon=2"]).unwrap();
        assert_eq!(case.currency, "EUR");
        let wage = case.range(Name::Wage);
        assert_eq!((wage.low, wage.likely, wage.high, wage.source.as_str()), (8e4, 8.5e4, 1e5, "payroll 2025"));
        let rate = case.range(Name::FacilitationRate);
        assert_eq!((rate.low, rate.likely, rate.high, rate.source.as_str()), (50.0, 60.0, 70.0, "not stated"));
        let horizon = case.range(Name::Horizon);
        assert_eq!((horizon.low, horizon.likely, horizon.high), (2.0, 2.0, 2.0));
        assert_eq!(case.range(Name::SdShare).likely, 0.4, "the default");
        assert!(case.range(Name::SdShare).source.contains("Schmidt & Hunter"));
    }

    #[test]
    fn a_scenario_without_the_section_has_no_case() {
        assert_eq!(read(STUDY, "x.toml", &[]).unwrap().study.business, None);
    }

    /// What is wrong, what is said of it.
    #[test]
    fn hostile_inputs_are_refused_with_a_way_out() {
        let cases: [(&[&str], &[&str]); 8] = [
            (&["business.wage=-1"], &["`likely` = -1 is out of range", "from 0 to"]),
            (&["business.wage={ low = 5, likely = 3, high = 9 }"], &["`low` of `wage` is above its `likely`"]),
            (&["business.wage=[1, 9, 3]"], &["`likely` of `wage` is above its `high`"]),
            (&["business.wage=[1, 9]"], &["`wage` is a table"]),
            (&["business.wage={ low = 5 }"], &["`wage` has no likely value"]),
            (&["business.currency=dollars"], &["no code of a currency", "write `currency = \"USD\"`"]),
            (&["business.currency=usd"], &["write `currency = \"USD\"`"]),
            (&["business.arm=coachin"], &["there is no arm `coachin`", "did you mean \"coaching\""]),
        ];
        for (sets, said) in cases {
            let problems = business(MONEY, sets).expect_err("refused");
            for one in said {
                assert!(problems.contains(one), "{sets:?}: {problems}");
            }
        }
        let empty = business("[business]\n", &[]).expect_err("refused");
        for needed in ["`currency`", "`wage`", "`training_fee`", "`facilitation_rate`", "`setup`"] {
            assert!(empty.contains(&format!("{needed} is missing in [business]")), "{empty}");
        }
    }
}
