//! What breaks a pair or ends it: a broken confidence, an exit, an end, the end of the program.

use super::narrator::Teller;
use super::wording::{a_nth, count, fill, share, times, two};
use crate::model::episode::SEVERE;

impl Teller<'_> {
    pub(super) fn breach(&mut self, week: usize, side: usize, betrayal: bool) {
        let hash = self.hash(week, 3 + side as u8);
        let when = self.when(week);
        let other = 1 - side;
        let (now, was) = (self.life.at(week), self.life.at(week - 1));
        let before =
            (1..week).filter(|week| self.life.at(*week).sides[side].lapse || self.life.at(*week).sides[side].betrayal);
        let number = before.count() + 1;
        let (nth, first) = (a_nth(number), number == 1);
        let (list, ways): (&'static str, &[&'static str]) = match (betrayal, first) {
            (false, true) => (
                "lapse",
                &[
                    "{when} {P} let slip what {V} had confided, without intent; {V}'s trust fell from {x} to {y}",
                    "a confidence of {V}'s got out {when}: a lapse on the part of {P}, and {V}'s trust went from {x} to {y}",
                ],
            ),
            (false, false) => (
                "lapse again",
                &["{when} it happened {a_nth} time that {P} let slip what {V} had confided; trust was down to {y}"],
            ),
            (true, _) if was.sides[other].vengeful => (
                "revenge",
                &[
                    "{when} {P}, betrayed before and turned since, betrayed {V} in turn; {V}'s trust fell from {x} to {y}",
                ],
            ),
            (true, true) if was.sides[other].malice => (
                "exploited",
                &[
                    "{when} {P}, who had come to exploit, betrayed what {V} had confided: {V}'s trust fell from {x} to {y}",
                    "what {V} had confided was used against {V} {when}: {P} had come to exploit, and {V}'s trust collapsed from {x} to {y}",
                ],
            ),
            (true, false) => {
                ("betrayed again", &["{when} {P} betrayed {V} {a_nth} time, and {V}'s trust was down to {y}"])
            }
            (true, true) => (
                "betrayed",
                &[
                    "{when} {P} betrayed what {V} had confided; {V}'s trust fell from {x} to {y}, and could never again exceed {c}",
                    "the confidence between them was broken {when}: {P} betrayed {V}, whose trust fell from {x} to {y}",
                ],
            ),
        };
        let way = self.memory.choose(list, hash, ways);
        let (mine, then) = (&now.sides[side], &was.sides[side]);
        let numbers = [share(then.trust), share(mine.trust), share(mine.ceiling)];
        let words = [("when", when.as_str()), ("P", self.name(other)), ("V", self.name(side)), ("a_nth", &nth)];
        let mut text = fill(
            way,
            &[words.as_slice(), &[("x", numbers[0].as_str()), ("y", &numbers[1]), ("c", &numbers[2])]].concat(),
        );
        if !now.met {
            text.push_str(", in a week in which they did not even meet");
        }
        self.say(week, text, vec![self.life.numbered(week, 3 + side as u8)]);
    }

    pub(super) fn left(&mut self, week: usize, side: usize) {
        let hash = self.hash(week, 7 + side as u8);
        let when = self.when(week);
        let (now, was) = (self.life.at(week), self.life.at(week - 1));
        let mine = &now.sides[side];
        let ended = was.active && !now.active;
        let over = [self.life.numbered(week, 12)];
        let mut ids = vec![self.life.numbered(week, 7 + side as u8)];
        ids.extend(over.into_iter().filter(|_| ended));
        let (list, ways): (&'static str, &[&'static str]) = if mine.betrayal {
            ("left betrayed", &["in the very week of the betrayal {N} left the organization"])
        } else if mine.strain > 0.5 {
            (
                "left strained",
                &[
                    "{when} {N} left the organization, with strain {s} SD beyond {N}'s usual",
                    "{N}, whose strain was {s} SD beyond the usual, left the organization {when}",
                ],
            )
        } else if was.active {
            (
                "left",
                &[
                    "{when} {N} left the organization, for no reason that lay between the two",
                    "{N} left the organization {when}; it had nothing to do with the coaching",
                ],
            )
        } else {
            ("left later", &["{when} {N} left the organization, when the two were no longer a pair"])
        };
        let way = self.memory.choose(list, hash, ways);
        let strain = two(mine.strain);
        let mut text = fill(way, &[("when", &when), ("N", self.name(side)), ("s", &strain)]);
        if ended {
            text.push_str(&format!(
                ", and with that the two were no longer a pair; trust had stood at {} and {}",
                share(now.sides[0].trust),
                share(now.sides[1].trust)
            ));
        }
        self.say(week, text, ids);
    }

    pub(super) fn over(&mut self, week: usize, cause: usize) {
        let hash = self.hash(week, 12);
        let when = self.when(week);
        let now = self.life.at(week);
        let low = usize::from(now.sides[1].trust < now.sides[0].trust);
        let (mine, other) = (now.sides[low].trust, now.sides[1 - low].trust);
        let severe = now.sides.iter().any(|side| side.turn.is_some_and(|turn| turn.felt < SEVERE));
        let (list, ways): (&'static str, &[&'static str]) = match cause {
            1 if severe => (
                "ended severe",
                &["after that severe turn the relationship did not last out the week: it ended {when}"],
            ),
            1 if mine < 0.4 => (
                "ended distrust",
                &[
                    "{when} the relationship ended; {N}'s trust had come down to {x}",
                    "with {N}'s trust at {x}, the relationship came to its end {when}",
                    "that was the end of it: {when} they broke off, {N} at a trust of {x}, {O} at {y}",
                ],
            ),
            1 if now.dependence.abs() > 0.6 => (
                "ended dependence",
                &["{when} the relationship ended; one had come to dominate the other (dependence {d})"],
            ),
            1 => (
                "ended though",
                &[
                    "{when} the relationship ended, though trust was not low: {x} and {y}",
                    "it ended {when} because of the relationship, with trust at {x} and {y}",
                ],
            ),
            2 => (
                "ended logistics",
                &[
                    "{when} they gave up for want of time, not because of each other: trust stood at {x} and {y}",
                    "time and logistics ended it {when}, at a trust of {x} and {y}",
                    "{when} the pair ended for time and logistics, with trust at {x} and {y}",
                ],
            ),
            3 => (
                "ended third",
                &["{when} a third party, finding it beyond repair, ended it without blame; {N}'s trust was {x}"],
            ),
            _ => ("ended exit", &["{when} they were no longer a pair"]),
        };
        let way = self.memory.choose(list, hash, ways);
        let numbers = [share(mine), share(other), two(now.dependence.abs())];
        let words = [
            ("when", when.as_str()),
            ("N", self.name(low)),
            ("O", self.name(1 - low)),
            ("x", &numbers[0]),
            ("y", &numbers[1]),
            ("d", &numbers[2]),
        ];
        let text = fill(way, &words);
        self.say(week, text, vec![self.life.numbered(week, 12)]);
    }

    pub(super) fn program_ends(&mut self, week: usize) {
        let hash = self.hash(week, 19);
        let now = self.life.at(week);
        let met = self.life.meetings().filter(|met| *met <= week).count();
        let ways: &[&'static str] = match (met, now.step) {
            (0, _) => &["the program ended after week {w} without their ever having met"],
            (_, 1) => &[
                "the program ended after week {w}; {met} had not taken them beyond the first step, building the relationship",
                "week {w} was the program's last, and {met} had not brought them past building the relationship",
                "when the program ended after week {w} they had met {times} and were still building the relationship",
            ],
            (_, 2) => &[
                "after week {w} the program ended: they had met {times} and reached the second step, creating success",
                "the program ended after week {w}, {met} and two steps on",
                "week {w} was the program's last; in {met} they had come as far as the second step, creating success",
            ],
            _ => &[
                "the program ended after week {w}, with {met} behind them and coaching on its way to becoming a habit",
                "after week {w} the program was over; they had met {times} and reached the third step, making it a habit",
            ],
        };
        let way = self.memory.choose("program", hash, ways);
        let meetings = if met == 1 { "a single meeting".to_owned() } else { format!("{} meetings", count(met)) };
        let numbers = [week.to_string(), meetings, times(met)];
        let mut text = fill(way, &[("w", &numbers[0]), ("met", &numbers[1]), ("times", &numbers[2])]);
        let mut ids = vec![self.life.numbered(week, 19)];
        // What comes later is told later.
        if week < self.life.last() && self.silent_after && now.active && !self.life.meetings().any(|met| met > week) {
            let rest = self.life.last() - week;
            let ways: &[&str] = match rest {
                1 => &["; in the week that followed they did not meet"],
                _ => &[
                    "; in the {n} weeks that followed they never met again",
                    "; in the {n} weeks after it there was no further meeting",
                    ", and without it they did not meet once in {n} weeks",
                    "; afterwards {n} weeks passed without a meeting",
                    "; of the {n} weeks after it none saw them together",
                ],
            };
            let way = self.memory.choose("never again", self.hash(week, 67), ways);
            text.push_str(&fill(way, &[("n", &count(rest))]));
            ids.push(self.life.numbered(self.life.last(), 0));
        }
        self.say(week, text, ids);
    }
}
