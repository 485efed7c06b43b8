//! Some weeks in a sentence: how often they met, how they coached, what became of trust; or that they did not meet.

use super::event::Id;
use super::narrator::Teller;
use super::record::Mode;
use super::wording::{count, fill, share, times};
use crate::model::episode::DESTRUCTIVE;

impl Teller<'_> {
    /// The weeks from and to in a sentence: how often they met, how they coached, what became of trust.
    pub(super) fn stretch(&mut self, from: usize, to: usize) {
        let life = self.life;
        let met: Vec<usize> = (from..=to).filter(|week| life.at(*week).met).collect();
        let weeks = to + 1 - from;
        let after = life.program_end().is_some_and(|end| from > end);
        let hash = self.hash(to, 51);
        let span = match (from, to) {
            (1, _) => format!("in the first {} weeks", count(weeks)),
            _ if weeks == 2 => format!("in weeks {from} and {to}"),
            _ => format!("from week {from} to week {to}"),
        };
        let ids: Vec<Id> = (from..=to).map(|week| life.numbered(week, 0)).collect();
        let often = self.often(&span, weeks, met.len(), after, hash);
        let manner = self.manner(&met);
        let trust = self.drift(from, to, hash);
        let ways: &[&'static str] = if manner.is_empty() {
            &["{often}, and {T}", "{often}; {T}"]
        } else {
            &["{often}, {Q}; {T}", "{often}, {Q}, and {T}"]
        };
        let way = self.memory.choose("stretch", hash, ways);
        let text = fill(way, &[("often", &often), ("Q", &manner), ("T", &trust)]);
        let turns = met.iter().flat_map(|week| [1, 2].map(|number| life.numbered(*week, number)));
        self.say(to, text, ids.into_iter().chain(turns).collect());
    }

    /// Weeks without a meeting, all there are of them: no other event of these weeks cuts them.
    pub(super) fn silence(&mut self, from: usize, to: usize) {
        let life = self.life;
        let hash = self.hash(to, 51);
        let elsewhere =
            (from..=to).filter(|week| life.at(*week).sides.iter().any(|side| side.elsewhere.is_some())).count();
        let met_before = life.meetings().any(|week| week < from);
        let after = life.program_end().is_some_and(|end| from > end);
        let forever = to == life.last() && !life.meetings().any(|week| week > to);
        let span = match life.program_end() {
            Some(end) if to == end && from > 1 => format!("from week {from} to the end of the program"),
            Some(end) if from == end + 1 && forever => {
                format!("in the {} weeks after the program", count(to + 1 - from))
            }
            _ if from == 1 => format!("in the first {} weeks", count(to)),
            _ if forever => format!("from week {from} on"),
            _ => format!("from week {from} to week {to}"),
        };
        let ways: &[&'static str] = if elsewhere > 0 && !life.circle.is_empty() {
            &[
                "{span} each worked with others of the circle",
                "others of the circle had their turn {span}",
                "{span} it was others of the circle whom they met",
            ]
        } else if elsewhere > 0 {
            &[
                "{span} they did not seek each other; in {k} of these weeks one or the other met someone else",
                "{span} nothing passed between them, while one or the other met someone else in {k} of the weeks",
            ]
        } else if forever && met_before {
            &[
                "{span} they did not meet again",
                "{span} they never met again",
                "{span} there was no further meeting",
                "{span} nothing was left of their meetings",
            ]
        } else if after {
            &["{span} they did not meet", "{span} nothing was left of their meetings"]
        } else {
            &["{span} they did not meet", "there was no meeting {span}", "{span} it did not come to a meeting"]
        };
        let way = self.memory.choose("no meetings", hash, ways);
        let text = fill(way, &[("span", &span), ("k", &count(elsewhere))]);
        self.silent_until = to;
        self.say(to, text, (from..=to).map(|week| life.numbered(week, 0)).collect());
    }

    pub(super) fn often(&mut self, span: &str, weeks: usize, met: usize, after: bool, hash: u64) -> String {
        let (list, ways): (&'static str, &[&'static str]) = match (met, after) {
            (met, false) if met == weeks && weeks == 2 => ("both", &["{span} they met both times", "they met {span}"]),
            (met, false) if met == weeks => {
                ("every", &["{span} they met every week", "they met week after week {span}"])
            }
            (1, _) => ("once", &["{span} they met only once", "there was a single meeting {span}"]),
            (_, true) => (
                "habit",
                &[
                    "{span} they met another {times}, with no program to ask for it",
                    "the habit held for {met} more meetings {span}",
                    "{span} they still met {times}",
                ],
            ),
            (met, _) if 3 * met < weeks => {
                ("rarely", &["{span} they found the time only {times}", "meetings were rare {span}, {met} in all"])
            }
            _ => ("sometimes", &["{span} they met {times}", "{met} meetings followed {span}"]),
        };
        let way = self.memory.choose(list, hash, ways);
        fill(way, &[("span", span), ("times", &times(met)), ("met", &count(met))])
    }

    /// How they coached over some meetings: what stands out, if anything.
    pub(super) fn manner(&self, met: &[usize]) -> String {
        let life = self.life;
        let turns = |side: usize| met.iter().filter_map(move |week| life.turn(*week, side));
        let of = |side: usize, mode: Mode| turns(side).filter(|turn| turn.mode == mode).count();
        let all = 2 * met.len();
        let destructive = (0..2).flat_map(turns).filter(|turn| turn.felt < DESTRUCTIVE).count();
        let undermined = of(0, Mode::Undermine) + of(1, Mode::Undermine);
        let asked = [0, 1].map(|side| of(1 - side, Mode::Inquire));
        let advised = [0, 1].map(|side| of(1 - side, Mode::Advise));
        let surface = of(0, Mode::Superficial) + of(1, Mode::Superficial);
        let n = met.len();
        let name = |side: usize| self.life.names[side].clone();
        if undermined > 0 {
            format!(
                "with {} undermining",
                if undermined == 1 { "one turn of".to_owned() } else { format!("{} turns of", count(undermined)) }
            )
        } else if destructive * 3 >= all && destructive >= 2 {
            format!("{} of {} turns destructive", count(destructive), count(all))
        } else if asked[0] == n && asked[1] == n && n >= 2 {
            "both asking every time".to_owned()
        } else if n >= 3 && advised.contains(&n) {
            format!("{} advising every time", name(usize::from(advised[1] == n)))
        } else if n >= 3 && 3 * asked[0] >= 2 * n && 2 * advised[1] >= n
            || n >= 3 && 3 * asked[1] >= 2 * n && 2 * advised[0] >= n
        {
            let asker = usize::from(3 * asked[1] >= 2 * n && 2 * advised[0] >= n);
            format!("{} mostly asking, {} mostly telling", name(asker), name(1 - asker))
        } else if 2 * (advised[0] + advised[1]) >= all && n >= 2 {
            "with more advice than questions".to_owned()
        } else if 2 * surface >= all && n >= 2 {
            "mostly on the surface".to_owned()
        } else if 4 * (asked[0] + asked[1]) >= 3 * all && n >= 2 {
            "asking more than telling".to_owned()
        } else if destructive == 0 && n >= 3 {
            "without a destructive turn".to_owned()
        } else if destructive == 1 {
            if n == 1 { "one of its turns destructive" } else { "one turn of them destructive" }.to_owned()
        } else {
            String::new()
        }
    }

    /// What became of trust between the beginning of a stretch and its end.
    pub(super) fn drift(&mut self, from: usize, to: usize, hash: u64) -> String {
        let life = self.life;
        let (was, now) = (life.at(from - 1), life.at(to));
        let by = [0, 1].map(|side| now.sides[side].trust - was.sides[side].trust);
        let still = |by: f64| by.abs() < 0.03;
        let (list, ways): (&'static str, &[&'static str]) = if still(by[0]) && still(by[1]) {
            (
                "trust still",
                &[
                    "trust stayed where it was, at {ya} and {yb}",
                    "trust hardly moved ({ya} and {yb})",
                    "it left trust as it had been",
                ],
            )
        } else if by[0] >= 0.03 && by[1] >= 0.03 {
            (
                "trust grew",
                &[
                    "trust grew on both sides, to {ya} and {yb}",
                    "both came to trust more: {A} {xa} to {ya}, {B} {xb} to {yb}",
                    "trust rose to {ya} for {A} and {yb} for {B}",
                ],
            )
        } else if by[0] <= -0.03 && by[1] <= -0.03 {
            (
                "trust fell",
                &[
                    "trust wore away on both sides, to {ya} and {yb}",
                    "both trusted less at the end of it: {A} {xa} to {ya}, {B} {xb} to {yb}",
                    "trust sank to {ya} for {A} and {yb} for {B}",
                ],
            )
        } else if still(by[0]) || still(by[1]) {
            (
                "trust one",
                &[
                    "{M}'s trust went from {xm} to {ym} while {S}'s stayed near {ys}",
                    "only {M}'s trust moved, from {xm} to {ym}",
                ],
            )
        } else {
            (
                "trust apart",
                &[
                    "{U}'s trust rose to {yu} while {D}'s fell to {yd}",
                    "they drew apart: {U} trusted more ({yu}), {D} less ({yd})",
                ],
            )
        };
        let way = self.memory.choose(list, hash, ways);
        let mover = usize::from(still(by[0]));
        let up = usize::from(by[1] > by[0]);
        let before = was.sides.map(|side| share(side.trust));
        let after = now.sides.map(|side| share(side.trust));
        fill(
            way,
            &[
                ("A", self.name(0)),
                ("B", self.name(1)),
                ("xa", &before[0]),
                ("xb", &before[1]),
                ("ya", &after[0]),
                ("yb", &after[1]),
                ("M", self.name(mover)),
                ("S", self.name(1 - mover)),
                ("xm", &before[mover]),
                ("ym", &after[mover]),
                ("ys", &after[1 - mover]),
                ("U", self.name(up)),
                ("D", self.name(1 - up)),
                ("yu", &after[up]),
                ("yd", &after[1 - up]),
            ],
        )
    }
}
