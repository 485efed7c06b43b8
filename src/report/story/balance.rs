//! What it came to: learning, harm, what became of the two persons, and how things stand between them at the end.

use super::event::{Event, Id, What};
use super::narrator::Teller;
use super::record::{Mode, learned};
use super::wording::{count, fill, share, two};
use crate::model::episode::DESTRUCTIVE;

impl Teller<'_> {
    pub(super) fn balance(&mut self, events: &[Event]) {
        self.learned();
        self.harmed(events);
        self.changed();
        self.stands();
    }

    /// What each learned over all weeks, of both kinds, with whomever ([`super::record::learned`]).
    fn learned(&mut self) {
        let life = self.life;
        let last = life.last();
        let hash = self.hash(last, 60);
        let now = life.at(last);
        let all = [0, 1].map(|side| learned(now, side));
        let ahead = usize::from(all[1] > all[0]);
        let (list, ways): (&'static str, &[&'static str]) =
            match (all[ahead], all[1 - ahead], all[ahead] - all[1 - ahead]) {
                (high, _, _) if high < 0.0 => (
                    "both worse",
                    &[
                        "after {weeks} weeks both are worse off than when they began: {H} {x} SD of learning, {L} {y}",
                        "neither comes out ahead: {x} SD of learning for {H}, {y} for {L}",
                        "the learning of both is below where it began: {x} SD for {H}, {y} for {L}",
                        "after all of it {H} stands at {x} SD of learning and {L} at {y}, both below zero",
                    ],
                ),
                (_, low, _) if low < -0.05 => (
                    "one worse",
                    &[
                        "{H} comes out ahead, by {x} SD of learning; {L} ends below the start, at {y}",
                        "{L} has lost ground ({y} SD of learning), while {H} has gained {x}",
                    ],
                ),
                (_, low, by) if by > 0.5 && two(low) == "0.00" => (
                    "one only",
                    &["{H} has learned {x} SD, and {L} nothing to speak of", "only {H} has learned something: {x} SD"],
                ),
                (_, _, by) if by > 0.5 => (
                    "unequal",
                    &[
                        "{H} has learned far more than {L}: {x} SD against {y}",
                        "it was {H} who learned, by {x} SD; {L} came to {y}",
                        "the gains are unequal: {x} SD of learning for {H}, {y} for {L}",
                        "{L} has learned {y} SD and {H} {x}: one of them far more than the other",
                    ],
                ),
                (high, low, _) if low > 0.8 && high > 1.0 => (
                    "both much",
                    &[
                        "both have learned a great deal: {H} {x} SD, {L} {y}",
                        "in {weeks} weeks {H} has learned {x} SD and {L} {y}, which is a great deal",
                        "both are far from where they began: {x} SD of learning for {H}, {y} for {L}",
                    ],
                ),
                (high, _, _) if high < 0.35 => (
                    "little",
                    &[
                        "neither has learned much: {x} SD for {H}, {y} for {L}",
                        "at the end there is little to show for it, {x} and {y} SD of learning for {H} and {L}",
                    ],
                ),
                _ => (
                    "both",
                    &[
                        "over {weeks} weeks {H} has learned {x} SD and {L} {y}",
                        "{H} ends {x} SD of learning further on, {L} {y}",
                        "what remains is learning of {x} SD for {H} and {y} SD for {L}",
                        "{H} goes with {x} SD of learning, {L} with {y}",
                        "the two have moved on by {x} SD of learning ({H}) and {y} ({L})",
                        "counted in learning it was worth {x} SD to {H} and {y} to {L}",
                        "{H} takes {x} SD of learning from these {weeks} weeks, {L} {y}",
                        "in learning {H} is {x} SD further than in the beginning, {L} {y}",
                    ],
                ),
            };
        let way = self.memory.choose(list, hash, ways);
        let numbers = [two(all[ahead]), two(all[1 - ahead]), last.to_string()];
        let text = fill(
            way,
            &[
                ("H", self.name(ahead)),
                ("L", self.name(1 - ahead)),
                ("x", &numbers[0]),
                ("y", &numbers[1]),
                ("weeks", &numbers[2]),
            ],
        );
        self.conclude(text, vec![life.numbered(last, 0)]);
    }

    /// What went wrong, counted.
    fn harmed(&mut self, events: &[Event]) {
        let life = self.life;
        let turns: Vec<(Id, usize, super::record::Turn)> = events
            .iter()
            .filter_map(
                |event| if let What::Turn(side, turn) = event.what { Some((event.id, side, turn)) } else { None },
            )
            .collect();
        if turns.is_empty() {
            return;
        }
        let bad: Vec<_> = turns.iter().filter(|(_, _, turn)| turn.felt < DESTRUCTIVE).collect();
        let breaches: Vec<Id> =
            events.iter().filter(|event| matches!(event.what, What::Breach(..))).map(|event| event.id).collect();
        let of = |side: usize| bad.iter().filter(|(_, who, _)| *who == side).count();
        let more = usize::from(of(1) > of(0));
        let advice = turns.iter().filter(|(_, _, turn)| turn.mode == Mode::Advise).count();
        let asked = turns.iter().filter(|(_, _, turn)| turn.mode == Mode::Inquire).count();
        let hash = self.hash(life.last(), 61);
        let (list, ways): (&'static str, &[&'static str]) = match (bad.len(), of(more), of(1 - more)) {
            (0, ..) if advice > asked => (
                "no harm, advice",
                &[
                    "none of their {n} turns was destructive, though {adv} of them were advice",
                    "advice outweighed questions, {adv} turns to {ask}, and yet none of the {n} was destructive",
                ],
            ),
            (0, ..) => (
                "no harm",
                &["not one of their {n} turns was destructive", "in {n} turns there was not one that was destructive"],
            ),
            (1, ..) => {
                ("one harm", &["of their {n} turns one was destructive, {M}'s", "one turn of {n} did harm, to {M}"])
            }
            (all, ..) if all == turns.len() => ("all harm", &["every one of their {n} turns was destructive"]),
            (all, ..) if 2 * all > turns.len() => (
                "most harm",
                &[
                    "{k} of their {n} turns were destructive, more than half",
                    "most of it was harm: {k} destructive turns of {n}, {m} for {M} and {l} for {L}",
                ],
            ),
            (all, most, 0) if all == most => (
                "one-sided",
                &[
                    "{k} of their {n} turns were destructive, all of them for {M}",
                    "the harm was one-sided: {k} destructive turns of {n}, every one of them {M}'s",
                ],
            ),
            (_, most, least) if most >= 2 * least => (
                "uneven harm",
                &[
                    "{k} of {n} turns were destructive, {m} of them for {M}",
                    "{M} bore most of the harm: {m} of {k} destructive turns, among {n} in all",
                ],
            ),
            (all, ..) if 3 * all >= turns.len() => (
                "much harm",
                &[
                    "of {n} turns {k} were destructive, more than a third",
                    "{k} of their {n} turns did harm, {m} to {M} and {l} to {L}",
                ],
            ),
            _ => (
                "some harm",
                &[
                    "{k} of their {n} turns were destructive, {m} for {M} and {l} for {L}",
                    "there were {n} turns, {k} of them destructive",
                ],
            ),
        };
        // `more than a third` has to be true.
        let exact = 3 * bad.len() > turns.len();
        let ways: Vec<&'static str> = ways.iter().copied().filter(|way| exact || !way.contains("third")).collect();
        let way = self.memory.choose(list, hash, &ways);
        let numbers =
            [count(turns.len()), count(bad.len()), count(of(more)), count(of(1 - more)), count(advice), count(asked)];
        let mut text = fill(
            way,
            &[
                ("n", &numbers[0]),
                ("k", &numbers[1]),
                ("m", &numbers[2]),
                ("l", &numbers[3]),
                ("adv", &numbers[4]),
                ("ask", &numbers[5]),
                ("M", self.name(more)),
                ("L", self.name(1 - more)),
            ],
        );
        if bad.len() == 2 {
            text = text.replace("every one of them", "both of them").replace("all of them", "both of them");
        }
        match breaches.len() {
            0 => {}
            1 => text.push_str("; one confidence was broken"),
            many => text.push_str(&format!("; {} confidences were broken", count(many))),
        }
        // What is counted is cited: the destructive turns, or all of them where there was none.
        let cited: Vec<Id> = if bad.is_empty() {
            turns.iter().map(|(id, ..)| *id).collect()
        } else {
            bad.iter().map(|(id, ..)| *id).collect()
        };
        let ids = cited.into_iter().chain(breaches).collect();
        self.conclude(text, ids);
    }

    /// The largest change in either person since week 0.
    fn changed(&mut self) {
        let life = self.life;
        let last = life.last();
        let (was, now) = (life.at(0), life.at(last));
        // By how much, how unusual that is, whose, which of the states that are events (none of what shows at the ends alone).
        type Told = (f64, f64, usize, Option<usize>, &'static str, &'static [&'static str]);
        let mut all: Vec<Told> = Vec::new();
        for side in 0..2 {
            let (before, after) = (&was.sides[side], &now.sides[side]);
            let mut add = |by: f64,
                           usual: f64,
                           state: Option<usize>,
                           list: &'static str,
                           up: &'static [&'static str],
                           down: &'static [&'static str]| {
                if by.abs() > 0.3 {
                    all.push((by, by.abs() / usual, side, state, list, if by > 0.0 { up } else { down }));
                }
            };
            let misjudged = |side: &super::record::Side| (side.self_view - side.skill).abs();
            // How far people usually move in each, so that what is told is what is unusual.
            add(
                after.motivation - before.motivation,
                0.6,
                Some(0),
                "end motivation",
                &["{N} ends more motivated, by {z} SD", "{N}'s motivation is {z} SD above where it began"],
                &["{N} ends with {z} SD less motivation", "these weeks have cost {N} {z} SD of motivation"],
            );
            add(
                after.self_esteem - before.self_esteem,
                0.4,
                Some(1),
                "end esteem",
                &["{N} goes with more self-esteem, by {z} SD", "{N}'s self-esteem has gained {z} SD"],
                &[
                    "{N}'s self-esteem has lost {z} SD",
                    "{N} thinks less of {N}'s own self than at the start, by {z} SD",
                ],
            );
            add(
                after.schema - before.schema,
                0.35,
                Some(3),
                "end schema",
                &[
                    "{N} seeks help more readily than at the start, by {z} SD",
                    "{N} has come to like learning with others, by {z} SD more than at the start",
                ],
                &[
                    "{N} is warier of learning with others than at the start, by {z} SD",
                    "{N} has drawn back from learning with others, by {z} SD",
                ],
            );
            add(
                after.skill - before.skill,
                0.45,
                None,
                "end skill",
                &["{N} has become a better coach, by {z} SD", "{N}'s coaching skill has grown by {z} SD"],
                &["of {N}'s coaching skill {z} SD have faded", "{N} coaches less well than at the start, by {z} SD"],
            );
            add(
                misjudged(after) - misjudged(before),
                1.0,
                None,
                "end self-view",
                &["{N} now misjudges their own coaching by {z} SD more than at the start"],
                &[
                    "{N} sees their own coaching more truly than at the start, by {z} SD",
                    "{N} is {z} SD nearer the truth about their own coaching",
                    "{N}'s picture of their own coaching has come {z} SD closer to what others meet",
                ],
            );
            add(
                after.strain - before.strain,
                0.5,
                Some(2),
                "end strain",
                &["{N} carries {z} SD more strain than at the start"],
                &["{N} is {z} SD less strained than at the start"],
            );
        }
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
        let Some((by, _, side, state, list, ways)) = all.first() else { return };
        let hash = self.hash(last, 62);
        let way = self.memory.choose(list, hash, ways);
        let text = fill(way, &[("N", self.name(*side)), ("z", &two(by.abs()))]);
        let moves =
            |event: &Event| matches!(event.what, What::State(who, which, ..) if who == *side && Some(which) == *state);
        let mut ids: Vec<Id> = life.events().iter().filter(|event| moves(event)).map(|event| event.id).collect();
        ids.push(life.id(0, &What::Person(*side)));
        ids.push(life.numbered(last, 0));
        self.conclude(text, ids);
    }

    /// How things stand between them.
    fn stands(&mut self) {
        let life = self.life;
        let last = life.last();
        let now = life.at(last);
        let hash = self.hash(last, 63);
        if !life.weeks.iter().any(|week| week.active) {
            return;
        }
        let peak = |side: usize| (0..=last).map(|week| life.at(week).sides[side].trust).fold(0.0, f64::max);
        let [a, b] = now.sides.map(|side| side.trust);
        let low = usize::from(b < a);
        let fallen = (0..2).find(|side| peak(*side) - now.sides[*side].trust > 0.15);
        let begun = life.at(0).sides.map(|side| side.trust);
        let grown = (0..2).all(|side| now.sides[side].trust - begun[side] > 0.08);
        let over = life.over().is_some();
        let class = Self::class(now.quality).to_owned();
        let (list, ways): (&'static str, &[&'static str]) = match (over, fallen, grown) {
            (true, Some(_), _) => (
                "ended fallen",
                &[
                    "when it was over {F}'s trust was {f}, after {p} at its height; the connection was {q}",
                    "it left {F} with a trust of {f}, where it had been {p}, and a connection {q}",
                ],
            ),
            (true, None, true) => (
                "ended grown",
                &[
                    "what ended was a connection {q}, with more trust than it began with: {x} and {y}",
                    "they parted with trust at {x} and {y}, higher than at the start, and a connection {q}",
                ],
            ),
            (true, None, false) => (
                "ended as begun",
                &[
                    "when it ended trust stood at {x} and {y}, and the connection was {q}",
                    "what was left behind was a connection {q}, at a trust of {x} and {y}",
                ],
            ),
            (false, Some(_), _) => (
                "fallen",
                &[
                    "{F}'s trust, {p} at its height, is down to {f}; the connection is {q}",
                    "the connection is {q} at the end, and {F}'s trust, once {p}, is {f}",
                    "{F} once trusted at {p} and ends at {f}, in a connection {q}",
                ],
            ),
            (false, None, true) => (
                "grown",
                &[
                    "trust has grown to {x} and {y}, and the connection is {q}",
                    "they end with a connection {q}: trust has come from {ba} and {bb} to {x} and {y}",
                    "at the end they trust each other more than at the start, {x} and {y} after {ba} and {bb}; the connection is {q}",
                ],
            ),
            (false, None, false) => (
                "as begun",
                &[
                    "trust ends not far from where it began, at {x} and {y}, and the connection is {q}",
                    "the connection is {q} at the end, with trust at {x} and {y}",
                    "at the end {W} is the warier ({w}), and the connection is {q}",
                ],
            ),
        };
        let near = (0..2).all(|side| (now.sides[side].trust - begun[side]).abs() < 0.1);
        let ways: Vec<&'static str> = ways.iter().copied().filter(|way| near || !way.contains("not far")).collect();
        let way = self.memory.choose(list, hash, &ways);
        let fell = fallen.unwrap_or(low);
        let numbers = [
            share(a),
            share(b),
            share(begun[0]),
            share(begun[1]),
            share(now.sides[low].trust),
            share(now.sides[fell].trust),
            share(peak(fell)),
        ];
        let text = fill(
            way,
            &[
                ("x", &numbers[0]),
                ("y", &numbers[1]),
                ("ba", &numbers[2]),
                ("bb", &numbers[3]),
                ("w", &numbers[4]),
                ("f", &numbers[5]),
                ("p", &numbers[6]),
                ("W", self.name(low)),
                ("F", self.name(fell)),
                ("q", &class),
            ],
        );
        let text = text.replace("a connection dysfunctional", "a dysfunctional connection");
        let height = (0..=last).find(|week| life.at(*week).sides[fell].trust >= peak(fell)).unwrap_or(last);
        self.conclude(text, vec![life.numbered(0, 0), life.numbered(height, 0), life.numbered(last, 0)]);
    }
}
