//! Checks of settings: groups of organizations and their numbers.

use super::build::shares;
use super::check::unique;
use super::draft::Draft;
use super::problem::{Collector, Say, Spot};

/// Adds every problem of the settings.
pub(crate) fn check(draft: &Draft, problems: &mut Collector) {
    let names = draft.settings.iter().filter_map(|one| Some((one.name.value.as_deref()?, one.name.at.clone()?)));
    unique(names, "setting", problems);
    counts(draft, problems);
}

/// A stated number of organizations is the settings' together.
fn counts(draft: &Draft, problems: &mut Collector) {
    let (Some(stated), Some(at)) = (draft.organizations.value, &draft.organizations.at) else {
        return;
    };
    let Some(counts) = draft.settings.iter().map(|setting| setting.count.value).collect::<Option<Vec<_>>>() else {
        return;
    };
    let counted: usize = counts.iter().sum();
    if counts.is_empty() || !draft.settings_whole || counted == stated {
        return;
    }
    let added = counts.iter().map(usize::to_string).collect::<Vec<_>>().join(" + ");
    problems.add(
        at,
        Say::new(
            format!("the settings have {counted} organizations, not {stated}"),
            format!("the settings' counts: {added} = {counted}"),
        )
        .expected(format!("{counted}, or no `count` in [organization]"))
        .help("every organization belongs to a setting: leave this `count` out, or change a setting's"),
    );
}

/// How many arms somebody is assigned to.
pub(super) fn arms_with_members(draft: &Draft) -> usize {
    shares(draft).map_or(draft.arms.len(), |shares| shares.iter().filter(|share| **share > 0.0).count())
}

/// Organizations are blocked by setting: every arm is in every setting.
pub(super) fn blocks(draft: &Draft, at: &Spot, problems: &mut Collector) {
    if draft.settings.is_empty() && draft.settings_whole {
        problems.add(
            at,
            Say::new("organizations cannot be blocked within organizations", "a block of organizations is a setting")
                .expected("`complete` or `simple` where the unit is the organization and there are no settings")
                .help(
                    "write `allocation = \"complete\"`, assign dyads within organizations: `unit = \"dyad\"`, or group the organizations in [[setting]] tables",
                ),
        );
        return;
    }
    let arms = arms_with_members(draft);
    for setting in &draft.settings {
        let (Some(count), Some(at)) = (setting.count.value, &setting.count.at) else {
            continue;
        };
        if draft.arms_whole && count < arms {
            problems.add(
                at,
                Say::new(
                    format!("{count} organizations of a setting cannot be blocked into {arms} arms"),
                    "needs every arm in every setting",
                )
                .expected(format!("at least {arms} organizations in each setting"))
                .help("raise this `count`, or write `allocation = \"complete\"` in [design]"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::{builtin, read};
    use crate::study::plan::Plan;

    /// The first built-in study with twelve organizations in two settings, and more.
    fn study(more: &str) -> Result<Plan, String> {
        let text = builtin::find("listening-training").expect("built in").text.replace("count = 1\n", "");
        let settings = "
[[setting]]
name = \"competitive\"
count = 7
organization.competition = 0.8
society.minority_share = 0.5
[[setting]]
name = \"collaborative\"
count = 5
organization.collaboration = 0.9
";
        let scenario =
            read(&format!("{text}{settings}"), "mine.toml", &[more.to_owned()]).map_err(|p| p.to_string())?;
        Plan::new(scenario.study).map_err(|error| error.to_string())
    }

    #[test]
    fn settings_hold_the_organizations_in_order_with_their_own_values() {
        let plan = study("population.dyads=60").expect("right");
        assert_eq!(plan.study.organizations, 12);
        assert_eq!(plan.setting_of_organization, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        assert_eq!((plan.setting_name(6), plan.setting_name(7)), ("competitive", "collaborative"));
        let [first, second] = [0, 1].map(|at: usize| &plan.study.settings[at].parameters);
        assert_eq!((first.organization.competition, second.organization.competition), (0.8, 0.4));
        assert_eq!((first.organization.collaboration, second.organization.collaboration), (0.5, 0.9));
        let at = |organization: usize| plan.organization_parameters(|_| 0)[organization];
        assert_eq!((at(0), at(11)), (first, second));
        // An override reaches one setting by its name.
        let plan = study("setting.collaborative.organization.competition=0.1").expect("right");
        assert_eq!(plan.study.settings[1].parameters.organization.competition, 0.1);
        assert_eq!(plan.study.settings[0].parameters.organization.competition, 0.8);
    }

    /// An arm's value stands over the setting's, even where it is the study's own.
    #[test]
    fn an_arm_changes_what_the_setting_gives() {
        let plan = study("design.unit=organization").expect("right");
        let mut study = (*plan.study).clone();
        study.arms[1].organization = vec![("organization.competition", 0.4)];
        let plan = Plan::new(study).expect("right");
        let competition = |arm: usize| plan.organization_parameters(|_| arm)[0].organization.competition;
        assert_eq!((competition(0), competition(1)), (0.8, 0.4));
    }

    #[test]
    fn what_settings_cannot_be_is_said() {
        for (more, said) in [
            ("organization.count=11", "the settings have 12 organizations, not 11"),
            ("setting.collaborative.name=competitive", "two settings are called `competitive`"),
            ("setting.colaborative.count=4", "there is no setting `colaborative`"),
            ("setting.competitive.theory.climate.rate=0.1", "there is no key `theory`"),
        ] {
            let problems = study(more).expect_err("wrong");
            assert!(problems.contains(said), "{more}: {problems}");
        }
    }
}
