//! The arrows of Figure 1: every influence that crosses a level, with a gain.
//!
//! 1 is the theory as stated, 0 cuts the arrow, 2 doubles it. A test cuts each and sees its outcome move.

use super::parameters::{Prior::Normal, parameters};

const FIGURE: &str = "Parker, Kram & Hall 2012, Figure 1: an arrow between levels; gain 1 by construction";

parameters! {
    /// From the person to the dyad: what people bring into the relationship.
    PersonToDyad, "coupling.person_to_dyad";
    Person skill = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Relational skills shape inquiry, disclosure and the value of a turn.", FIGURE;
    Person awareness = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Self-awareness shapes engagement, reflection and the misjudgment that makes a 'doctor'.", FIGURE;
    Person mind_set = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "The mind-set shapes engagement and recovery from a bad turn.", FIGURE;
    Person schema = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "The relational schema shapes engagement, disclosure and first trust.", FIGURE;
    Person motivation = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Motivation shapes engagement and persistence.", FIGURE;
    Person intent = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Intent shapes undermining and breach.", FIGURE;
    Person homophily = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Who people are decides with whom they are tied and whom they seek: those like themselves.", FIGURE;
}

parameters! {
    /// From the dyad to the person: what the relationship does to people.
    DyadToPerson, "coupling.dyad_to_person";
    Dyad practice = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Meetings practice relational skills.", FIGURE;
    Dyad feedback = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Feedback raises self-awareness and corrects the self-view.", FIGURE;
    Dyad experience = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Benefit becomes learning; felt quality moves motivation and schema.", FIGURE;
    Dyad harm = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Bad turns and breaches lower self-esteem, schema and career and raise strain.", FIGURE;
}

parameters! {
    /// From the organization to the dyad.
    OrganizationToDyad, "coupling.organization_to_dyad";
    Organization climate = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "The perceived climate shapes first trust and disclosure.", FIGURE;
    Organization competition = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Competition shapes disclosure, undermining and breach.", FIGURE;
    Organization matching = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "The matching process shapes fit and first trust.", FIGURE;
    Organization toolkit = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "The toolkit shapes inquiry and remedy.", FIGURE;
    Organization practices = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Collaboration and hierarchy shape how often peers meet.", FIGURE;
}

parameters! {
    /// From the organization to the person.
    OrganizationToPerson, "coupling.organization_to_person";
    Organization incentives = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Incentives shape engagement and intent.", FIGURE;
    Organization competition = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Competition shapes engagement and intent.", FIGURE;
    Organization norms = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "The norm of helping and the value of development shape what people learn by themselves.", FIGURE;
}

parameters! {
    /// From the dyad to the organization.
    DyadToOrganization, "coupling.dyad_to_organization";
    Dyad episodes = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Episodes, good and bad, move the climate.", FIGURE;
    Dyad helping = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Coaching that works raises the norm of helping.", FIGURE;
    Dyad exit = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Harm in dyads makes people leave and spoils the reputation.", FIGURE;
}

parameters! {
    /// From the person to the organization.
    PersonToOrganization, "coupling.person_to_organization";
    Person composition = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Developed members, and who is hired for those who left, change the toolkit.", FIGURE;
}

parameters! {
    /// From society inwards.
    SocietyToPerson, "coupling.society_to_person";
    Society power_distance = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Power distance makes asking superiors cost face, so that people learn less by themselves.", FIGURE;
    Society collectivism = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Collectivism makes helping a matter of course, and asking for instrumental help less so.", FIGURE;
}

parameters! {
    /// From society to the dyad.
    SocietyToDyad, "coupling.society_to_dyad";
    Society power_distance = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Power distance makes opening up cost face.", FIGURE;
    Society collectivism = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Collectivism shapes disclosure within the group.", FIGURE;
}
