//! The organization: the macrosystem of Figure 1.

use super::parameters::{ARTICLE, Prior::Normal, parameters};

parameters! {
    /// The organization as it is found; each one of several is drawn around these values.
    Setting, "organization";
    Organization competition = 0.4, 0.0 => 1.0, "share", Normal(0.15), "How far members compete with each other for recognition.", ARTICLE;
    Organization incentives = 0.0, -1.0 => 1.0, "signed share", Normal(0.3), "-1 rewards short-term individual results only, +1 rewards development and helping.", ARTICLE;
    Organization matching = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Quality of the matching process: participant input, time for the foundation, information on purpose, structure and process.", ARTICLE;
    Organization climate = 0.5, 0.0 => 1.0, "share", Normal(0.1), "Climate of trust: its mean set-point over organizations.", ARTICLE;
    Organization climate_sd = 0.08, 0.0 => 0.3, "SD", Normal(0.02), "Spread of the climate's set-point over organizations.", "model of perceived climate with ICC about .2 (LeBreton & Senter 2008)";
    Organization spread = 0.0, 0.0 => 0.3, "SD", Normal(0.05), "Spread of competition, incentives (twice), collaboration, toolkit and development value over organizations.", "assumed; 0 makes organizations alike but for their climate";
    Organization collaboration = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Teamwork and practices that leave room for meetings.", ARTICLE;
    Organization toolkit = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Cultural toolkit: shared skills for reflecting and designing action plans (Swidler 1986).", ARTICLE;
    Organization development_value = 0.5, 0.0 => 1.0, "share", Normal(0.15), "How far personal development is valued.", ARTICLE;
    Organization hierarchy = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Steepness of the hierarchy.", ARTICLE;
    Organization resources = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Resources that need not be fought over.", ARTICLE;
    Organization coverage = 0.5, 0.01 => 1.0, "share", Normal(0.2), "Share of an organization's members who take part in the study; the others dilute what it does to the climate.", "assumed; chosen by the design";
}
