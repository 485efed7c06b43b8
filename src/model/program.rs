//! What a program does: the levers at the level of the dyad.

use super::parameters::{
    ARTICLE, ASSUMED,
    Prior::{Fixed, Normal},
    parameters,
};

parameters! {
    /// Levers of a program. Informal coaching and no coaching have none of the first seven, whatever stands here.
    Setting, "program";
    Dyad structure = 0.6, 0.0 => 1.0, "share", Normal(0.2), "Working agreement, guidelines, ground rules, reflection and reporting.", ARTICLE;
    Dyad confidentiality = 0.6, 0.0 => 1.0, "share", Normal(0.2), "Strength of the ground rule of confidentiality.", ARTICLE;
    Dyad preparation = 0.5, 0.0 => 1.0, "share", Normal(0.2), "Preparation: cognitive understanding of potential, limits and process; it makes expectations realistic.", ARTICLE;
    Dyad selection = 0.0, 0.0 => 1.0, "share", Normal(0.2), "Informed selection of participants: how far bad intentions and lack of motivation are screened out.", ARTICLE;
    Dyad coercion = 0.0, 0.0 => 1.0, "share", Fixed, "How far participation is coerced rather than voluntary.", ARTICLE;
    Dyad facilitation = 0.5, 0.0 => 1.0, "share", Normal(0.2), "Presence of a qualified third party before dilution by size.", ARTICLE;
    Dyad capacity = 120.0, 1.0 => 100000.0, "meetings per week", Fixed, "Meetings a week, of all dyads together, at which facilitation and matching attention are halved: size and haste dilute them.", ASSUMED;
    Dyad meetings_per_week = 1.0, 0.05 => 1.0, "meetings per week", Fixed, "Meetings offered per week; a meeting has one turn for each member.", "programs in use: 4-10 meetings over 10-26 weeks; chosen by the design";
    Dyad last_step = 3.0, 1.0 => 3.0, "step", Fixed, "The step of peer coaching after which the program stops: 1 building the relationship, 2 creating success, 3 making it a habit.", "Parker, Hall, Kram & Wasserman 2018";
}
