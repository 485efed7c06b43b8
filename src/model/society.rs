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

use super::dyad::Surroundings;

/// The society around an organization, as far as its dyads live in it; who belongs to the minority is settled at birth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Society {
    /// Acceptance of unequal power, in [0, 1].
    pub power_distance: f64,
    /// Precedence of the group, in [0, 1].
    pub collectivism: f64,
    /// Strength of the norm against help that looks instrumental, in [0, 1].
    pub instrumental_help_norm: f64,
    /// Strength of stereotypes (SD of dominance).
    pub stereotype: f64,
}

impl Society {
    /// The society of these values.
    pub fn of(values: &Setting) -> Self {
        Self {
            power_distance: values.power_distance,
            collectivism: values.collectivism,
            instrumental_help_norm: values.instrumental_help_norm,
            stereotype: values.stereotype,
        }
    }

    /// The society around a dyad.
    #[inline(always)]
    pub(crate) fn around(around: &Surroundings, lane: usize) -> Self {
        Self {
            power_distance: around.power_distance[lane],
            collectivism: around.collectivism[lane],
            instrumental_help_norm: around.instrumental_help_norm[lane],
            stereotype: around.stereotype[lane],
        }
    }
}
