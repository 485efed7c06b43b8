//! Switches of whole mechanisms: 1 on, 0 off. A test switches each off and sees its outcome move.

use super::parameters::{ASSUMED, Prior::Fixed, parameters};

parameters! {
    /// Whole mechanisms that can be switched off, to learn what each one carries.
    Mechanisms, "mechanism";
    Dyad holding = 1.0, 0.0 => 1.0, "switch", Fixed, "The holding environment grows and shrinks with what happens in the dyad.", ASSUMED;
    Dyad dependence = 1.0, 0.0 => 1.0, "switch", Fixed, "A gap in dominance and stereotypes turns into dependence and submission.", ASSUMED;
    Dyad remedy = 1.0, 0.0 => 1.0, "switch", Fixed, "Visible deficits are found and remedied.", ASSUMED;
    Dyad repair = 1.0, 0.0 => 1.0, "switch", Fixed, "A third party repairs a ruptured relationship or ends it without blame.", ASSUMED;
    Person double_loop = 1.0, 0.0 => 1.0, "switch", Fixed, "Self-aware persons revise the goal; off, everyone learns single-loop.", ASSUMED;
    Person regret = 1.0, 0.0 => 1.0, "switch", Fixed, "A deep disclosure that is met badly is regretted and closes the person.", ASSUMED;
    Person revenge = 1.0, 0.0 => 1.0, "switch", Fixed, "The betrayed may turn.", ASSUMED;
    Person finite_needs = 1.0, 0.0 => 1.0, "switch", Fixed, "Needs that a partner can meet get met, and the rest teaches less.", ASSUMED;
    Organization organization_loop = 1.0, 0.0 => 1.0, "switch", Fixed, "The organization changes with what happens in it.", ASSUMED;
    Organization exit_and_hiring = 1.0, 0.0 => 1.0, "switch", Fixed, "People leave and are replaced.", ASSUMED;
    Person habit = 1.0, 0.0 => 1.0, "switch", Fixed, "Coaching becomes a habit that outlives the program.", ASSUMED;
}
