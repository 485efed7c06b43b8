//! Society: the outermost ring of Figure 1. At its reference values it changes nothing.

use super::parameters::{ARTICLE, Prior::Normal, parameters};

parameters! {
    /// The society around the organizations. The reference values are those at which every society term is zero.
    Setting, "society";
    Society power_distance = 0.4, 0.0 => 1.0, "share", Normal(0.15), "Acceptance of unequal power (Hofstede 2001, divided by 100); reference .4.", ARTICLE;
    Society collectivism = 0.3, 0.0 => 1.0, "share", Normal(0.15), "Precedence of the group over the individual (1 minus Hofstede's individualism / 100); reference .3.", ARTICLE;
    Society instrumental_help_norm = 0.0, 0.0 => 1.0, "share", Normal(0.2), "Strength of the norm against asking for help that looks instrumental; reference 0.", ARTICLE;
    Society minority_share = 0.3, 0.0 => 0.5, "share", Normal(0.1), "Share of persons who belong to the minority group.", "assumed; chosen by the recruitment";
    Society stereotype = 0.5, 0.0 => 1.0, "SD of dominance", Normal(0.2), "Strength of unexamined stereotypes that place the minority member in a one-down position (Scandura 1998).", ARTICLE;
}
