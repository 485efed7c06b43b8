//! Who coaches whom, and how far they trust each other: the people of an organization on a ring, team by team.
//!
//! The places follow from teams and numbers alone. A layout by forces would bring trusted colleagues together, and would
//! look like another network whenever a tie is added.

use super::axis;
use super::metrics;
use super::scene::{Anchor, Place, Scene};
use super::theme::{self, MARGIN, look, number, size, stroke};

/// A person.
#[derive(Clone, Debug, PartialEq)]
pub struct Colleague {
    /// Number in the tables.
    pub number: usize,
    /// Number of the team.
    pub team: usize,
    /// The arm's place among all arms.
    pub arm: usize,
}

/// What lies between two persons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bond {
    /// They coach each other; the mean of their trust in each other, 0 to 1.
    Trust(f64),
    /// They did, and it ended before its time.
    Ended,
    /// They know each other and never coached.
    Acquainted,
}

/// Two persons with what lies between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The persons, by their place in [`Network::people`].
    pub ends: [usize; 2],
    /// What lies between them.
    pub bond: Bond,
}

/// The network of an organization.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// The people.
    pub people: Vec<Colleague>,
    /// Their ties.
    pub links: Vec<Link>,
    /// The arms that occur, each with its place among all arms.
    pub arms: Vec<(usize, String)>,
    /// What else a reader must know.
    pub note: String,
}

/// Radius of the ring, and on a phone.
const RADII: [f64; 2] = [132.0, 82.0];
/// Space between two teams, in parts of the space between two persons.
const BREAK: f64 = 1.6;
/// From this distance on, persons have their number beside them.
const NUMBERED: f64 = 15.0;
/// Width of a line of no trust, and what full trust adds.
const WIDTH: (f64, f64) = (0.35, 4.4);

/// By the square of trust, which is between .3 and .7 for most.
fn width(trust: f64) -> f64 {
    WIDTH.0 + WIDTH.1 * trust.clamp(0.0, 1.0).powi(2)
}

/// Lays the figure out.
pub(super) fn compose(data: &Network, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let y = scene.heading(&data.title, &data.subtitle);
    let mut order: Vec<usize> = (0..data.people.len()).collect();
    order.sort_by_key(|person| (data.people[*person].team, data.people[*person].number));
    let teams: Vec<Vec<usize>> =
        order.chunk_by(|a, b| data.people[*a].team == data.people[*b].team).map(<[usize]>::to_vec).collect();
    let breaks = if teams.len() > 1 { BREAK * teams.len() as f64 } else { 0.0 };
    let radius = RADII[usize::from(scene.narrow())];
    let step = std::f64::consts::TAU / (order.len() as f64 + breaks).max(1.0);
    let numbered = step * radius >= NUMBERED;
    let labels = radius + if numbered { 23.0 } else { 12.0 };
    let x = if scene.narrow() { scene.width / 2.0 } else { MARGIN + labels + 30.0 };
    let center = (x, y + labels + 12.0);
    let on = |angle: f64, radius: f64| (center.0 + radius * angle.sin(), center.1 - radius * angle.cos());
    let mut places: Vec<Place> = vec![center; data.people.len()];
    let mut angle = 0.0;
    let mut named = Vec::new();
    for team in &teams {
        let first = angle;
        for person in team {
            places[*person] = on(angle, radius);
            if numbered {
                let (x, y) = on(angle, radius + 9.0);
                let text = data.people[*person].number.to_string();
                scene.text(&text, (x, y + size::TICK * 0.36), size::TICK, Anchor::Middle, theme::MUTED);
            }
            angle += step;
        }
        named.push((f64::midpoint(first, angle - step), data.people[team[0]].team));
        angle += BREAK * step;
    }
    // What stands back first, then from little trust to much.
    let rank = |bond: &Bond| match bond {
        Bond::Acquainted => -2.0,
        Bond::Ended => -1.0,
        Bond::Trust(trust) => *trust,
    };
    let mut links: Vec<&Link> = data.links.iter().filter(|link| link.ends.iter().all(|e| *e < places.len())).collect();
    links.sort_by(|a, b| rank(&a.bond).total_cmp(&rank(&b.bond)));
    for link in links {
        draw_bond(&mut scene, &chord(places[link.ends[0]], places[link.ends[1]], (center, radius)), link.bond);
    }
    for (person, place) in data.people.iter().zip(&places) {
        scene.marker(*place, (step * radius * 0.42).clamp(1.6, 3.0), look(person.arm));
    }
    let crowded = teams.len() > 24;
    for (angle, team) in named.iter().filter(|_| !crowded) {
        let (x, y) = on(*angle, labels);
        let anchor = match angle.sin() {
            sine if sine > 0.25 => Anchor::Start,
            sine if sine < -0.25 => Anchor::End,
            _ => Anchor::Middle,
        };
        scene.text(&format!("team {team}"), (x, y + size::TICK * 0.36), size::TICK, anchor, theme::TEXT);
    }
    let ring = center.1 + labels + 8.0;
    // Beside the ring, or on a phone under it.
    let corner = if scene.narrow() { (MARGIN, ring + 8.0) } else { (center.0 + labels + 32.0, y + 12.0) };
    let bottom = key(&mut scene, data, corner);
    if data.people.is_empty() {
        let at = (center.0, center.1);
        scene.text("nobody", at, size::LABEL, Anchor::Middle, theme::MUTED);
    }
    scene.footing(&data.note, ring.max(bottom));
    scene
}

/// A line between two places on the ring, bent toward its middle.
fn chord(a: Place, b: Place, (center, radius): (Place, f64)) -> Vec<Place> {
    const PIECES: u32 = 18;
    // Neighbors are joined near the ring, those across it through its middle.
    let apart = (a.0 - b.0).hypot(a.1 - b.1) / (2.0 * radius);
    let bend = 0.16 + 0.44 * apart;
    let toward = |a: f64, b: f64, c: f64| (1.0 - bend) * f64::midpoint(a, b) + bend * c;
    let control = (toward(a.0, b.0, center.0), toward(a.1, b.1, center.1));
    (0..=PIECES)
        .map(|piece| {
            let t = f64::from(piece) / f64::from(PIECES);
            let at = |a: f64, c: f64, b: f64| (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * c + t * t * b;
            (at(a.0, control.0, b.0), at(a.1, control.1, b.1))
        })
        .collect()
}

fn draw_bond(scene: &mut Scene, line: &[Place], bond: Bond) {
    match bond {
        Bond::Trust(trust) => scene.line(line, width(trust), theme::LEVELS[1], theme::SOLID),
        Bond::Ended => scene.line(line, stroke::AXIS, theme::AXIS, theme::DASHED),
        Bond::Acquainted => scene.line(line, stroke::GRID, theme::BACK, theme::SOLID),
    }
}

/// What the lines and the marks mean, those that occur; answers the place under it.
fn key(scene: &mut Scene, data: &Network, (x, y): Place) -> f64 {
    let room = scene.width - MARGIN - x - 26.0;
    let mut y = y;
    let has = |test: fn(&Bond) -> bool| data.links.iter().any(|link| test(&link.bond));
    let mut lines: Vec<(Bond, String)> = Vec::new();
    if has(|bond| matches!(bond, Bond::Trust(_))) {
        lines.extend([0.2, 0.4, 0.6, 0.8].map(|trust| (Bond::Trust(trust), format!("trust {}", number(trust, 1)))));
    }
    if has(|bond| matches!(bond, Bond::Ended)) {
        lines.push((Bond::Ended, "ended early".to_owned()));
    }
    if has(|bond| matches!(bond, Bond::Acquainted)) {
        lines.push((Bond::Acquainted, "acquainted only".to_owned()));
    }
    for (bond, words) in lines {
        draw_bond(scene, &[(x, y), (x + 20.0, y)], bond);
        scene.text(&words, (x + 26.0, y + size::LABEL * 0.36), size::LABEL, Anchor::Start, theme::TEXT);
        y += size::LABEL * 1.5;
    }
    y += 6.0;
    for (index, arm) in &data.arms {
        let lines = metrics::wrap(arm, size::LABEL, false, room, 4);
        scene.marker((x + 10.0, y), 3.0, look(*index));
        let base = y + size::LABEL * 0.36;
        y = scene.paragraph(&lines, (x + 26.0, base), size::LABEL, false, theme::TEXT) + 2.0;
    }
    y
}

fn describe(data: &Network) -> String {
    let trusts: Vec<f64> =
        data.links.iter().filter_map(|link| if let Bond::Trust(t) = link.bond { Some(t) } else { None }).collect();
    let count = |test: fn(&Bond) -> bool| data.links.iter().filter(|link| test(&link.bond)).count();
    let spread = axis::extent(trusts.iter().copied()).map_or_else(String::new, |(low, high)| {
        let mean = trusts.iter().sum::<f64>() / trusts.len() as f64;
        format!(", with a mean trust of {} ({} to {})", number(mean, 2), number(low, 2), number(high, 2))
    });
    let arms: Vec<String> = data
        .arms
        .iter()
        .map(|(arm, name)| format!("{} in {name}", data.people.iter().filter(|p| p.arm == *arm).count()))
        .collect();
    format!(
        "{}. {} {} persons ({}). {} ties of coaching{spread}; {} ended before their time; {} acquaintances who never coached. {}",
        data.title,
        data.subtitle,
        data.people.len(),
        arms.join(", "),
        trusts.len(),
        count(|bond| matches!(bond, Bond::Ended)),
        count(|bond| matches!(bond, Bond::Acquainted)),
        data.note
    )
}
