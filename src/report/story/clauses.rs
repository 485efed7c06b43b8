//! A turn in clauses: how far the learner opened up, how the coach responded, what it was worth and how it felt.
//!
//! Each clause is chosen by the turn and by the turns before it (for the first time, again, for the third meeting running),
//! and only then, among ways to say the same, by a hash.

use super::narrator::Teller;
use super::record::{Mode, Turn};
use super::scenes::{Before, DEEP, TRUST_MOVES, before, moved, regretted};
use super::wording::{a_nth, count, fill, nth, share, two};
use crate::model::episode::{DESTRUCTIVE, SEVERE};

impl Teller<'_> {
    /// One sentence for the turns of a week that are told; `sides` are the learners'.
    pub(super) fn turns(&mut self, week: usize, sides: &[usize]) {
        let first = self.life.meetings().next() == Some(week);
        let ids = sides.iter().map(|side| self.life.numbered(week, 1 + *side as u8)).collect();
        let text = match sides {
            [side] => self.single(week, *side, first),
            _ => self.both(week, first),
        };
        self.say(week, text, ids);
    }

    fn single(&mut self, week: usize, side: usize, first: bool) -> String {
        let Some(turn) = self.life.turn(week, side) else { return String::new() };
        let hash = self.hash(week, 1 + side as u8);
        let seen = before(self.life, week, side);
        let when = self.when(week);
        let opened = self.opened(week, side, turn, &seen);
        let response = self.response(week, side, turn, &seen);
        let outcome = self.outcome(week, side, turn, &seen);
        let ways: &[&'static str] = match (&opened, first) {
            (Some(_), true) => &[
                "they met for the first time {when}: {O}, {R}, and {E}",
                "the first meeting came {when}; {O}, {R}, and {E}",
            ],
            (None, true) => {
                &["they met for the first time {when}: {R}, and {E}", "the first meeting came {when}; {R}, and {E}"]
            }
            (Some(_), false) => &[
                "{when} {O}, and {R}; {E}",
                "{when}, when {O}, {R}; {E}",
                "{O} {when}; {R}, and {E}",
                "{R} {when} when {O}; {E}",
            ],
            (None, false) => &["{when} {R}; {E}", "{R} {when}, and {E}", "{when} {R}, and {E}"],
        };
        // A clause with commas of its own stands where no other has to follow it.
        let commas = [response.contains(','), opened.as_ref().is_some_and(|clause| clause.contains(','))];
        let fits = |way: &&str| !(commas[0] && way.starts_with("{R}") || commas[1] && way.contains("when {O}"));
        let ways: Vec<&'static str> = ways.iter().copied().filter(fits).collect();
        let way = self.memory.choose(if first { "first" } else { "single" }, hash, &ways);
        let mut text =
            fill(way, &[("when", &when), ("O", opened.as_deref().unwrap_or("")), ("R", &response), ("E", &outcome)]);
        if let Some(tail) = self.trust_tail(week, side, turn) {
            text.push_str(&format!("; {tail}"));
        }
        if regretted(self.life, week, side) {
            text.push_str(&format!(", and {} came to regret having opened up", self.name(side)));
        }
        text
    }

    fn both(&mut self, week: usize, first: bool) -> String {
        let [Some(a), Some(b)] = [self.life.turn(week, 0), self.life.turn(week, 1)] else { return String::new() };
        let hash = self.hash(week, 3);
        let when = self.when(week);
        // The turn that went worse comes first, as what is remembered.
        let order = if b.felt < a.felt { [1, 0] } else { [0, 1] };
        let halves: Vec<String> = order
            .iter()
            .map(|side| {
                let turn = [a, b][*side];
                let seen = before(self.life, week, *side);
                let opened =
                    self.opened(week, *side, turn, &seen).filter(|_| seen.turns == 0 || turn.disclosure >= DEEP);
                let response = self.response(week, *side, turn, &seen);
                let outcome = self.outcome(week, *side, turn, &seen);
                let tail = self.trust_tail(week, *side, turn).map_or_else(String::new, |tail| format!("; {tail}"));
                match opened {
                    Some(opened) => format!("{opened}, {response}, and {outcome}{tail}"),
                    None => format!("{response}, and {outcome}{tail}"),
                }
            })
            .collect();
        let good = |turn: Turn| turn.felt > 0.0;
        let bad = |turn: Turn| turn.felt < DESTRUCTIVE;
        let ways: &[&'static str] = if first {
            &[
                "they met for the first time {when}: {X}; {Y}",
                "{when} they sat down together for the first time: {X}; {Y}",
                "the first meeting came {when}: {X}; {Y}",
            ]
        } else if good(a) && good(b) {
            &["{when} both turns went well: {X}; {Y}", "it was a good meeting for both {when}: {X}; {Y}"]
        } else if bad(a) && bad(b) {
            &["{when} both turns were destructive: {X}; {Y}", "it was a bad meeting for both {when}: {X}; {Y}"]
        } else if bad(a) || bad(b) {
            &[
                "one meeting, two outcomes {when}: {X}; {Y}",
                "{when} {X}; in the other turn {Y}",
                "{when} the two took different things from the same meeting: {X}; {Y}",
                "{when} {X}; when the roles were reversed, {Y}",
            ]
        } else {
            &["{when} {X}; in the other turn {Y}", "a mixed meeting {when}: {X}; {Y}"]
        };
        let way = self.memory.choose("both", hash, ways);
        fill(way, &[("when", &when), ("X", &halves[0]), ("Y", &halves[1])])
    }

    /// How far the learner opened up, where that is worth a word.
    fn opened(&mut self, week: usize, side: usize, turn: Turn, seen: &Before) -> Option<String> {
        let further = turn.disclosure > seen.deepest;
        let (list, ways): (&'static str, &[&'static str]) = if turn.disclosure >= DEEP {
            match (seen.turns, seen.deep, further) {
                (0, _, _) => (
                    "open at once",
                    &["{L} opened up at once", "{L} held little back from the start", "{L} spoke openly straight away"],
                ),
                (_, 0, _) => (
                    "open first",
                    &[
                        "{L} opened up as never before",
                        "{L}, for the first time, held little back",
                        "{L} disclosed more than ever before",
                    ],
                ),
                (_, _, true) => (
                    "open more",
                    &[
                        "{L} opened up further still",
                        "{L} went further than ever before",
                        "{L} told more than at any time before",
                    ],
                ),
                _ => (
                    "open again",
                    &[
                        "{L} opened up again",
                        "{L} again held little back",
                        "{L} was open with {C} once more",
                        "{L} spoke openly",
                    ],
                ),
            }
        } else if turn.disclosure < 0.22 && seen.deepest > turn.disclosure + 0.25 {
            (
                "closed",
                &["{L}, more open once, gave next to nothing away", "{L} had closed up", "{L} now gave little away"],
            )
        } else if turn.disclosure < 0.25 {
            ("guarded", &["{L} gave little away", "{L} stayed guarded", "{L} kept most of it back"])
        } else if seen.turns >= 2 && turn.disclosure > seen.deepest + 0.08 {
            ("a little more", &["{L} opened up a little further than before", "{L} let a little more be seen"])
        } else {
            return None;
        };
        let hash = self.hash(week, 40 + side as u8);
        let way = self.memory.choose(list, hash, ways);
        Some(fill(way, &[("L", self.name(side)), ("C", self.name(1 - side))]))
    }

    /// How the coach responded.
    fn response(&mut self, week: usize, side: usize, turn: Turn, seen: &Before) -> String {
        let (list, ways): (&'static str, &[&'static str]) = match (turn.mode, seen.of_mode, seen.in_a_row, seen.last) {
            (Mode::Inquire, 1, _, None) => {
                ("ask at first", &["{C} asked and listened", "{C} began with questions", "{C} asked rather than told"])
            }
            (Mode::Inquire, 1, _, Some(_)) => {
                ("ask now", &["{C}, for the first time, asked and listened", "{C} asked instead"])
            }
            (Mode::Inquire, _, 0, Some(Mode::Advise)) => (
                "ask after advice",
                &[
                    "{C} asked this time",
                    "{C} went back to asking",
                    "{C} asked, where the last time there had been advice",
                ],
            ),
            (Mode::Inquire, _, 0, _) => {
                ("ask after surface", &["{C} went into it this time and asked", "{C} was back to asking"])
            }
            (Mode::Inquire, _, 3.., _) => (
                "ask in a row",
                &["{C} asked, as in {n} meetings before", "{C} kept asking", "{C} once more asked rather than told"],
            ),
            (Mode::Inquire, ..) => (
                "ask",
                &[
                    "{C} asked and listened",
                    "{C} stayed with questions",
                    "{C} answered with questions",
                    "{C} asked again",
                ],
            ),
            (Mode::Advise, 1, ..) => (
                "advise first",
                &[
                    "{C} slipped into giving advice",
                    "{C} turned doctor and prescribed",
                    "{C} gave advice instead of asking",
                ],
            ),
            (Mode::Advise, _, 2.., _) => (
                "advise in a row",
                &[
                    "{C} gave advice for the {row} meeting running",
                    "{C} was the doctor yet again",
                    "{C} had nothing to give but advice, for the {row} time in a row",
                ],
            ),
            (Mode::Advise, _, 1, _) => (
                "advise again",
                &["{C} gave advice again", "{C} advised once more", "{C} had advice ready a second time running"],
            ),
            (Mode::Advise, ..) => (
                "advise anew",
                &["{C} fell back on advice", "{C} slipped into advice for the {nth} time", "{C} went back to telling"],
            ),
            (Mode::Superficial, 1, ..) => (
                "surface first",
                &["{C} stayed on the surface", "{C} kept it superficial", "{C} went no deeper than the surface"],
            ),
            (Mode::Superficial, _, 1.., _) => (
                "surface in a row",
                &["{C} stayed on the surface for the {row} meeting running", "{C} again kept it superficial"],
            ),
            (Mode::Superficial, ..) => (
                "surface again",
                &["{C} again stayed on the surface", "{C} slid back to the surface", "{C} let it stay superficial"],
            ),
            (Mode::Undermine, 1, ..) => {
                ("undermine first", &["{C} undermined {L}", "{C} undermined {L} where help was wanted"])
            }
            (Mode::Undermine, ..) => {
                ("undermine again", &["{C} undermined {L} {a_nth} time", "{C} undermined {L} once more"])
            }
        };
        let hash = self.hash(week, 42 + side as u8);
        let way = self.memory.choose(list, hash, ways);
        let (coach, learner) = (self.name(1 - side), self.name(side));
        let numbers = [nth(seen.in_a_row + 1), nth(seen.of_mode), count(seen.in_a_row)];
        fill(
            way,
            &[
                ("C", coach),
                ("L", learner),
                ("row", &numbers[0]),
                ("nth", &numbers[1]),
                ("a_nth", &a_nth(seen.of_mode)),
                ("n", &numbers[2]),
            ],
        )
    }

    /// What it was worth and how it felt.
    fn outcome(&mut self, week: usize, side: usize, turn: Turn, seen: &Before) -> String {
        let (b, f) = (turn.benefit, turn.felt);
        let earlier = || (1..week).filter_map(|week| self.life.turn(week, side)).map(|turn| turn.felt);
        let best = seen.turns >= 3 && f > 0.2 && earlier().all(|other| other < f);
        let worst = seen.turns >= 3 && f < DESTRUCTIVE && earlier().all(|other| other > f);
        let missed = turn.expected - b;
        let (list, ways): (&'static str, &[&'static str]) = if f < SEVERE {
            (
                "severe",
                &[
                    "it was a severe turn, of a felt quality of {f}",
                    "{L} felt it as severe ({f})",
                    "it hit {L} hard: {f} is severe",
                ],
            )
        } else if worst {
            ("worst", &["it was {L}'s worst turn so far ({f})", "never had a turn felt worse to {L} ({f})"])
        } else if f < DESTRUCTIVE && b > 0.15 {
            (
                "wasted",
                &[
                    "though it was worth something, to {L} it felt destructive ({f})",
                    "there was something in it, and still it felt destructive to {L} ({f})",
                ],
            )
        } else if f < DESTRUCTIVE && missed > 0.4 {
            (
                "disappointed",
                &[
                    "{L}, who had expected much more, felt it as destructive ({f})",
                    "measured against what {L} expected it was destructive ({f})",
                ],
            )
        } else if f < DESTRUCTIVE && seen.destructive >= 2 {
            (
                "harm again",
                &[
                    "it did {L} harm again ({f})",
                    "that made {n} destructive turns for {L}",
                    "it was another destructive turn for {L} ({f})",
                ],
            )
        } else if f < DESTRUCTIVE {
            (
                "harm first",
                &["it was destructive for {L} ({f})", "it did {L} harm ({f})", "{L} felt it as destructive ({f})"],
            )
        } else if b > 0.2 && f <= 0.0 {
            (
                "stung",
                &[
                    "{L} learned from it without liking it",
                    "it was worth more ({b}) than it felt ({f})",
                    "it was of use to {L}, and stung a little",
                ],
            )
        } else if f <= 0.0 && b > 0.08 && turn.mode == Mode::Advise {
            (
                "grated",
                &["the advice was of some use, and grated on {L}", "{L} could use it, and did not like to be told"],
            )
        } else if f <= 0.0 && missed > 0.3 {
            ("less", &["{L} had expected more", "it fell short of what {L} expected"])
        } else if f <= 0.0 {
            ("flat", &["little came of it for {L}", "it led {L} nowhere", "nothing developed"])
        } else if best {
            ("best", &["it was the best turn {L} had had ({f})", "nothing before had felt as good to {L} ({f})"])
        } else if b < 0.1 && f > 0.05 && turn.mode == Mode::Advise {
            (
                "idle advice",
                &[
                    "the advice felt better ({f}) than it was worth ({b})",
                    "{L} liked the advice, and had no use for it",
                    "it was advice {L} took gladly and could do nothing with",
                ],
            )
        } else if b < 0.1 && f > 0.05 {
            (
                "pleasant",
                &[
                    "it felt better ({f}) than it was worth ({b})",
                    "it was pleasant for {L}, and worth next to nothing",
                    "{L} liked it, and got nothing out of it",
                ],
            )
        } else if f - turn.expected > 0.5 && seen.turns > 0 {
            ("more", &["it was more than {L} had expected ({f})", "it went beyond what {L} expected"])
        } else if b > 0.3 && turn.mode == Mode::Advise {
            (
                "fitting advice",
                &[
                    "the advice fitted",
                    "the advice was of use (a benefit of {b})",
                    "{L} could use what was said",
                    "advice was what {L} needed",
                ],
            )
        } else if b > 0.65 && turn.mode == Mode::Inquire {
            (
                "good questions",
                &[
                    "the questions took {L} a long way",
                    "{L} got far with the questions",
                    "it was worth a great deal to {L} (a benefit of {b})",
                ],
            )
        } else if f > 0.8 {
            (
                "great",
                &[
                    "it was worth a great deal to {L}",
                    "{L} took a great deal from it",
                    "it could hardly have felt better to {L} ({f})",
                ],
            )
        } else if f > 0.3 {
            (
                "good",
                &["it did {L} good", "it helped {L}", "{L} got a good deal out of it", "{L} found it worthwhile ({f})"],
            )
        } else {
            ("mild", &["it helped {L} a little", "something came of it for {L}", "it was a small step for {L}"])
        };
        let hash = self.hash(week, 44 + side as u8);
        let way = self.memory.choose(list, hash, ways);
        fill(way, &[("L", self.name(side)), ("f", &two(f)), ("b", &two(b)), ("n", &count(seen.destructive))])
    }

    /// What it did to the learner's trust, where that is worth a word and no broken confidence explains it.
    fn trust_tail(&mut self, week: usize, side: usize, turn: Turn) -> Option<String> {
        let by = moved(self.life, week, side);
        let member = &self.life.at(week).sides[side];
        if by.abs() < TRUST_MOVES || member.lapse || member.betrayal || self.life.at(week).repaired[side] {
            return None;
        }
        let (list, ways): (&'static str, &[&'static str]) = match (by > 0.0, turn.felt > 0.0) {
            (true, true) => (
                "trust up",
                &[
                    "{L}'s trust rose from {x} to {y}",
                    "that lifted {L}'s trust to {y}",
                    "{L} trusted more for it: {y} after {x}",
                ],
            ),
            (true, false) => ("trust up still", &["{L}'s trust rose all the same, from {x} to {y}"]),
            (false, false) => (
                "trust down",
                &[
                    "{L}'s trust fell from {x} to {y}",
                    "it cost {L} trust: {x} before, {y} after",
                    "{L}'s trust dropped to {y}",
                ],
            ),
            (false, true) => ("trust down still", &["yet {L}'s trust slipped from {x} to {y}"]),
        };
        let hash = self.hash(week, 46 + side as u8);
        let way = self.memory.choose(list, hash, ways);
        let was = self.life.at(week - 1).sides[side].trust;
        Some(fill(way, &[("L", self.name(side)), ("x", &share(was)), ("y", &share(member.trust))]))
    }
}
