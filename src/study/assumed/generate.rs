//! One experiment of a design in assumed numbers.
//!
//! Every cluster and every organization has a stream of its own, read by a fixed schedule: a cluster's people are the same in designs
//! of any size, whatever is assigned and whoever is lost, so that designs are compared on common luck.
//!
//! Compound symmetry of either sign comes from independent normals z alone: with mean z̄ over the cluster,
//! η_i = √(s − c) (z_i − z̄) + √(s + (n − 1) c) z̄ has variance s and covariance c.

use super::{Assignment, Assumed, Impossible, Lost};
use crate::model::streams::{Purpose, Stream};
use crate::study::estimators::{Lot, Observations, Sample, normal_cdf, student_t_quantile};

/// Streams of organizations, of the lot and of lots within clusters: far above the clusters' numbers.
const ORGANIZATIONS: u64 = 1 << 60;
const LOT: u64 = 1 << 61;
const LOT_WITHIN: u64 = 1 << 62;

/// A design that is possible, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Design {
    assumed: Assumed,
    /// √(s − c) and √(s + (n − 1) c) of the construct within organizations.
    apart: f64,
    together: f64,
    /// √ρ_o.
    organization: f64,
    /// √((1 − r)/r).
    error: f64,
    /// Correlation of the construct at baseline and at the end, and √(1 − κ²).
    stability: [f64; 2],
    /// SD of a cluster's mean construct.
    mean_spread: f64,
    /// Below which normal score who is lost, who leaves.
    lost: f64,
    leaves: f64,
    /// Above which measured outcome the event is.
    event: f64,
    truth: f64,
}

/// What a person brings.
#[derive(Clone, Copy, Debug, Default)]
struct Member {
    construct: f64,
    baseline: f64,
    error: f64,
    baseline_error: f64,
    stays: f64,
    completes: f64,
}

impl Design {
    /// Prepares a design.
    ///
    /// # Errors
    /// If no experiment has these numbers.
    pub fn new(assumed: Assumed) -> Result<Self, Impossible> {
        assumed.check()?;
        let construct = assumed.construct();
        let (variance, covariance) =
            (construct.person - construct.organization, construct.cluster - construct.organization);
        let others = (assumed.size - 1) as f64;
        let stability = assumed.baseline.unwrap_or(0.0) / assumed.reliability;
        let spread = assumed.measured().person.sqrt();
        let normal = |probability: f64| student_t_quantile(probability, NORMAL);
        let event = assumed.event.map_or(0.0, |share| spread * normal(1.0 - share));
        let log_odds = |mean: f64| {
            let share = normal_cdf((mean - event) / spread);
            libm::log(share / (1.0 - share))
        };
        let truth = match assumed.event {
            None => assumed.expected(),
            Some(_) if assumed.leaving.share > 0.0 => return Err(Impossible::EventAndLeaving),
            Some(_) => log_odds(assumed.effect) - log_odds(0.0),
        };
        Ok(Self {
            apart: (variance - covariance).max(0.0).sqrt(),
            together: (variance + others * covariance).max(0.0).sqrt(),
            organization: construct.organization.sqrt(),
            error: ((1.0 - assumed.reliability) / assumed.reliability).sqrt(),
            stability: [stability, (1.0 - stability * stability).max(0.0).sqrt()],
            mean_spread: ((1.0 + others * construct.cluster).max(0.0) / assumed.size as f64).sqrt(),
            lost: normal(assumed.attrition.share),
            leaves: normal(assumed.leaving.share),
            event,
            truth,
            assumed,
        })
    }

    /// The assumed numbers.
    pub fn assumed(&self) -> &Assumed {
        &self.assumed
    }

    /// The effect of being assigned, exactly: in SD of the construct, or of an event the log odds ratio.
    pub fn truth(&self) -> f64 {
        self.truth
    }

    /// One experiment: the same for the same seed and replication, on every machine. Rows stand by organization, cluster and person.
    ///
    /// ```
    /// use peerlab::study::assumed::{Assumed, Design};
    /// let design = Design::new(Assumed { effect: 0.5, intraclass: 0.3, clusters: 60, ..Assumed::default() }).unwrap();
    /// let data = design.draw(7, 0);
    /// assert_eq!(data.outcome.len(), 120);
    /// assert_eq!(data.treated.iter().sum::<f64>(), 60.0);
    /// ```
    pub fn draw(&self, seed: u64, replication: u64) -> Observations {
        self.draw_sample(seed, replication, Sample::Answered)
    }

    /// The same experiment as an analyst sees it who takes this sample: everyone who is measured, as assigned, or only those who have
    /// gone through with the program.
    pub fn draw_sample(&self, seed: u64, replication: u64, sample: Sample) -> Observations {
        let assumed = &self.assumed;
        let lot = self.assign(seed, replication);
        let shared: Vec<(f64, f64)> = (0..assumed.organizations)
            .map(|k| Stream::open(seed, replication, Purpose::Assumed, ORGANIZATIONS + k as u64).normals())
            .collect();
        let mut rows = Rows::default();
        let mut members = vec![Member::default(); assumed.size];
        for cluster in 0..assumed.clusters {
            let organization = assumed.organization_of(cluster);
            let mut stream = Stream::open(seed, replication, Purpose::Assumed, cluster as u64);
            let cluster_stays = self.meet(&mut members, shared[organization], &mut stream);
            let mean = members.iter().fold(0.0, |sum, member| sum + member.construct) / assumed.size as f64;
            let mean = if self.mean_spread > 0.0 { mean / self.mean_spread } else { 0.0 };
            for (place, member) in members.iter().enumerate() {
                let person = cluster * assumed.size + place;
                let unit = self.unit(person);
                let treated = lot.treated[unit];
                let (standing, luck) = match assumed.attrition.lost {
                    Lost::Person => (member.construct, member.stays),
                    Lost::Cluster => (mean, cluster_stays),
                };
                if assumed.attrition.share > 0.0
                    && score(treated, assumed.attrition.selection, standing, luck) < self.lost
                {
                    continue;
                }
                let completed = !(treated
                    && assumed.leaving.share > 0.0
                    && score(true, assumed.leaving.selection, member.construct, member.completes) < self.leaves);
                if sample == Sample::Completers && !completed {
                    continue;
                }
                let share = if !treated {
                    0.0
                } else if completed {
                    1.0
                } else {
                    assumed.leaving.kept
                };
                let outcome = assumed.effect * share + member.construct + member.error;
                rows.outcome.push(match assumed.event {
                    Some(_) if outcome > self.event => 1.0,
                    Some(_) => 0.0,
                    None => outcome,
                });
                rows.treated.push(if treated { 1.0 } else { 0.0 });
                rows.baseline.push(member.baseline + member.baseline_error);
                rows.unit.push(unit as u32);
                rows.cluster.push(cluster as u32);
                rows.organization.push(organization as u32);
            }
        }
        rows.observations(assumed, lot)
    }

    /// The members of a cluster; what decides whether it stays.
    fn meet(&self, members: &mut [Member], shared: (f64, f64), stream: &mut Stream) -> f64 {
        let (stays, _) = stream.normals();
        for member in members.iter_mut() {
            let (construct, baseline) = stream.normals();
            let (error, baseline_error) = stream.normals();
            let (stays, completes) = stream.normals();
            *member = Member { construct, baseline, error, baseline_error, stays, completes };
        }
        let size = members.len() as f64;
        let mean = |of: fn(&Member) -> f64| members.iter().fold(0.0, |sum, member| sum + of(member)) / size;
        let means = (mean(|member| member.construct), mean(|member| member.baseline));
        let [stable, fresh] = self.stability;
        for member in members {
            let one = |own: f64, mean: f64, shared: f64| {
                self.apart * (own - mean) + self.together * mean + self.organization * shared
            };
            member.construct = one(member.construct, means.0, shared.0);
            member.baseline = stable * member.construct + fresh * one(member.baseline, means.1, shared.1);
            member.error *= self.error;
            member.baseline_error *= self.error;
        }
        stays
    }

    /// The unit of assignment to which a person belongs.
    fn unit(&self, person: usize) -> usize {
        let assumed = &self.assumed;
        match assumed.assignment {
            Assignment::Person | Assignment::Within => person,
            Assignment::Cluster => person / assumed.size,
            Assignment::Organization => assumed.organization_of(person / assumed.size),
        }
    }

    /// The draw of the experiment; who stands in which row is not known yet.
    fn assign(&self, seed: u64, replication: u64) -> Lot {
        let assumed = &self.assumed;
        let mut stream = Stream::open(seed, replication, Purpose::Assumed, LOT);
        let treated = match assumed.assignment {
            Assignment::Person => halves(assumed.persons(), &mut stream),
            Assignment::Cluster => halves(assumed.clusters, &mut stream),
            Assignment::Organization => halves(assumed.organizations, &mut stream),
            Assignment::Within => (0..assumed.clusters as u64)
                .flat_map(|k| {
                    halves(assumed.size, &mut Stream::open(seed, replication, Purpose::Assumed, LOT_WITHIN + k))
                })
                .collect(),
        };
        let block = |unit: usize| if assumed.assignment == Assignment::Within { unit / assumed.size } else { 0 };
        let block = (0..treated.len()).map(|unit| block(unit) as u32).collect();
        Lot { unit: Vec::new(), treated, block, chance: None, exhaust: 0 }
    }
}

/// As many degrees of freedom as make t a normal.
const NORMAL: f64 = 1e15;

/// A standard normal score that correlates with the standing of the treated.
fn score(treated: bool, selection: f64, standing: f64, luck: f64) -> f64 {
    if treated { selection * standing + (1.0 - selection * selection).sqrt() * luck } else { luck }
}

/// Half of the units, by lot; of an odd number the lot decides too whether it is one more.
fn halves(units: usize, lot: &mut Stream) -> Vec<bool> {
    let more = lot.below(2);
    let treated = if units.is_multiple_of(2) { units / 2 } else { units / 2 + more };
    let mut all: Vec<bool> = (0..units).map(|unit| unit < treated).collect();
    lot.shuffle(&mut all);
    all
}

/// Columns as they grow.
#[derive(Default)]
struct Rows {
    outcome: Vec<f64>,
    treated: Vec<f64>,
    baseline: Vec<f64>,
    unit: Vec<u32>,
    cluster: Vec<u32>,
    organization: Vec<u32>,
}

impl Rows {
    /// What is assigned belongs together, and never less than a cluster.
    fn observations(self, assumed: &Assumed, lot: Lot) -> Observations {
        Observations {
            outcome: self.outcome,
            treated: self.treated,
            beside: Vec::new(),
            covariates: assumed.baseline.map(|_| ("the baseline".to_owned(), self.baseline)).into_iter().collect(),
            cluster: match assumed.assignment {
                Assignment::Organization => self.organization.clone(),
                _ => self.cluster.clone(),
            },
            dyad: self.cluster,
            organization: self.organization,
            lot: Some(Lot { unit: self.unit, ..lot }),
            ..Default::default()
        }
    }
}
