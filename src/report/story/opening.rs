//! Who the two are and what is in store for them: what stands out, and not everything.

use super::event::What;
use super::narrator::Teller;
use super::record::Traits;
use super::wording::{count, fill, share, two};
use crate::study::declaration::{Kind, Matching};

impl Teller<'_> {
    pub(super) fn opening(&mut self) {
        self.together();
        self.treated();
        self.persons();
        self.beginnings();
        self.intents();
    }

    /// What brought them together, and where.
    fn together(&mut self) {
        let life = self.life;
        let hash = self.hash(0, 0);
        let program = life.program;
        let weeks = count(program.weeks);
        let pairs = match program.matching {
            Matching::Random => "by lot",
            Matching::SelfSelected => "by their own choice",
            Matching::Needs => "by what each needs and the other knows",
            Matching::Similarity => "for being alike",
            Matching::MindSetAlike => "for being of one mind-set",
            Matching::MindSetMixed => "for their different mind-sets",
            Matching::SeniorityMixed => "as a senior and a junior",
            Matching::SeniorityAlike => "as equals in seniority",
            Matching::Optimal => "because they fit best by needs",
        };
        let members = count(life.circle.len());
        let (list, ways): (&'static str, &[&'static str]) = match (program.kind, life.circle.len(), life.same_team) {
            (Kind::None, ..) => (
                "alone",
                &[
                    "{A} and {B} work in {place}; nobody asks them to coach each other",
                    "no program brings {A} and {B} together, two people in {place}",
                ],
            ),
            (Kind::Informal, _, Some(true)) => (
                "team",
                &[
                    "{A} and {B} work in the same team of {place} and may seek each other's help",
                    "{A} and {B} are close colleagues, of one team in {place}; whether they coach each other is up to them",
                ],
            ),
            (Kind::Informal, ..) => (
                "across",
                &[
                    "{A} and {B}, of two teams in {place}, know each other and may seek each other's help",
                    "{A} and {B} are colleagues in {place}, though not in the same team; no program brings them together",
                ],
            ),
            (Kind::Formal, 3.., _) => (
                "circle",
                &[
                    "{A} and {B} sit in a circle of {m} in {place}, for {weeks} weeks, and work with each other when their turn comes",
                    "a circle of {m} in {place} holds {A} and {B} for {weeks} weeks; this is what passed between these two",
                ],
            ),
            _ if program.weeks == 1 => ("day", &["{A} and {B} were paired {how} for a single week in {place}"]),
            _ => (
                "pair",
                &[
                    "{A} and {B} were paired {how} in {place}, for a program of {weeks} weeks",
                    "in {place}, a program of {weeks} weeks brings {A} and {B} together, paired {how}",
                    "{A} and {B}, paired {how}, have {weeks} weeks in {place} to learn from each other",
                    "paired {how}, {A} and {B} set out on {weeks} weeks of coaching each other in {place}",
                ],
            ),
        };
        let way = self.memory.choose(list, hash, ways);
        let place = self.place();
        let text = fill(
            way,
            &[
                ("A", self.name(0)),
                ("B", self.name(1)),
                ("place", &place),
                ("weeks", &weeks),
                ("how", pairs),
                ("m", &members),
            ],
        );
        let text = if life.coercion > 0.3 { format!("{text}; taking part was not voluntary") } else { text };
        self.say(0, text, vec![life.numbered(0, 0)]);
    }

    /// The organization in a few words: what stands out of competition, climate and rewards.
    fn place(&self) -> String {
        let place = &self.life.at(0).place;
        let [competition, incentives, ..] = place.levers;
        let mut words: Vec<String> = Vec::new();
        match competition {
            c if c >= 0.75 => words.push(format!("fierce competition ({})", share(c))),
            c if c >= 0.55 => words.push(format!("much competition ({})", share(c))),
            c if c <= 0.25 => words.push(format!("little competition ({})", share(c))),
            _ => {}
        }
        match place.climate {
            c if c <= 0.4 => words.push(format!("a climate of mistrust ({})", share(c))),
            c if c >= 0.6 => words.push(format!("a climate of trust ({})", share(c))),
            _ => {}
        }
        match incentives {
            i if i <= -0.3 => words.push("rewards for individual results".to_owned()),
            i if i >= 0.3 => words.push("rewards for development and helping".to_owned()),
            _ => {}
        }
        let kind = if self.life.setting.is_empty() {
            "an organization".to_owned()
        } else {
            format!("an organization of the setting “{}”", self.life.setting)
        };
        match words.as_slice() {
            [] => kind,
            [one] => format!("{kind} with {one}"),
            [one, two] => format!("{kind} with {one} and {two}"),
            [all @ .., last] => format!("{kind} with {}, and {last}", all.join(", ")),
        }
    }

    /// The arm, and what was done to them.
    fn treated(&mut self) {
        let life = self.life;
        let hash = self.hash(0, 3);
        let ids: Vec<_> =
            (0..2).filter(|side| !life.given[*side].is_empty()).map(|side| life.id(0, &What::Treated(side))).collect();
        let same = life.arms[0] == life.arms[1];
        let what = |side: usize| {
            life.given[side].iter().map(|one| in_words(one.id, one.dose)).collect::<Vec<_>>().join(" and ")
        };
        let [a, b] = [0, 1].map(|side| self.name(side).to_owned());
        let text = match (same, life.given[0].is_empty(), life.given[1].is_empty()) {
            (true, true, _) => {
                let ways: &[&'static str] = &[
                    "they are in the arm “{x}”, in which nothing is done to people beforehand",
                    "their arm is “{x}”: nothing was done to the two before they began",
                    "in their arm, “{x}”, nobody received a treatment of their own",
                ];
                let way = self.memory.choose("arm alone", hash, ways);
                fill(way, &[("x", &life.arm_names[0])])
            }
            (true, false, _) => {
                let ways: &[&'static str] = &[
                    "in the arm “{x}” both first had {d}",
                    "before they began both had {d}, as everyone in the arm “{x}”",
                    "both first went through {d}: their arm is “{x}”",
                ];
                let way = self.memory.choose("arm treated", hash, ways);
                fill(way, &[("x", &life.arm_names[0]), ("d", &what(0))])
            }
            (false, first, second) => {
                let done = |empty: bool, side: usize| if empty { "nothing beforehand".to_owned() } else { what(side) };
                format!(
                    "the two are in different arms: {a}, in “{}”, had {}; {b}, in “{}”, {}",
                    life.arm_names[0],
                    done(first, 0),
                    life.arm_names[1],
                    done(second, 1)
                )
            }
        };
        let ids = if ids.is_empty() { vec![life.numbered(0, 1), life.numbered(0, 2)] } else { ids };
        self.say(0, text, ids);
    }

    /// What stands out of who they are: the two largest differences from what is usual.
    fn persons(&mut self) {
        let life = self.life;
        let hash = self.hash(0, 1);
        let mut all: Vec<(f64, String, Vec<usize>)> = Vec::new();
        let [a, b] = &life.brings;
        let names = [self.name(0).to_owned(), self.name(1).to_owned()];
        let degree = |z: f64| {
            if z > 2.0 {
                "exceptionally"
            } else if z > 1.5 {
                "unusually"
            } else {
                "rather"
            }
        };
        for (side, own) in life.brings.iter().enumerate() {
            let (n, o) = (&names[side], &names[1 - side]);
            // As `degree`, before a comparative.
            let by = |z: f64| match degree(z) {
                "exceptionally" => "far",
                "unusually" => "much",
                _ => "somewhat",
            };
            let mut add = |z: f64, high: &str, low: &str| {
                let word = if z > 0.0 { high } else { low };
                if z.abs() > 0.9 {
                    let words =
                        [("N", n.as_str()), ("O", o), ("d", degree(z.abs())), ("b", by(z.abs())), ("z", &two(z))];
                    all.push((z.abs(), fill(word, &words), vec![side]));
                }
            };
            add(own.listening, "{N} is {d} good at listening", "{N} is {d} poor at listening");
            add(own.disclosure, "{N} opens up {d} easily", "{N} finds it {d} hard to open up");
            add(own.self_awareness, "{N} is {d} self-aware", "{N} has {d} little self-awareness");
            add(
                own.mind_set,
                "{N} has the growth mind-set {d} strongly",
                "{N} has the performance mind-set {d} strongly",
            );
            add(
                own.worldview,
                "{N} sees the world, {b} more than others, as a survival of the fittest",
                "{N} believes {d} firmly in mutuality",
            );
            add(
                (own.self_view - own.skill - 0.3) / 1.1,
                "{N} thinks {b} more of their own coaching than it is worth",
                "{N} thinks {b} less of their own coaching than it is worth",
            );
            add(own.fit, "{O} knows {d} well what {N} needs", "{O} knows {d} little about what {N} needs");
            if a.liking * b.liking <= 0.0 || a.liking.abs().min(b.liking.abs()) < 0.11 {
                add(own.liking / 0.12, "{N} takes to {O} {d} well", "{N} takes to {O} {d} badly");
            }
        }
        if a.liking * b.liking > 0.0 && a.liking.abs().min(b.liking.abs()) >= 0.11 {
            let text = if a.liking > 0.0 { "the two take to each other" } else { "the two do not take to each other" };
            all.push((0.5 * (a.liking + b.liking).abs() / 0.12, text.to_owned(), vec![0, 1]));
        }
        let gap = a.dominance - b.dominance;
        if gap.abs() > 1.2 {
            let side = usize::from(gap < 0.0);
            all.push((
                gap.abs() / 1.3,
                format!("{} is by far the more dominant ({} SD)", names[side], two(gap.abs())),
                vec![0, 1],
            ));
        }
        let gap = a.experience - b.experience;
        if gap.abs() > 1.2 {
            let side = usize::from(gap < 0.0);
            all.push((gap.abs() / 1.4, format!("{} is much the more experienced at work", names[side]), vec![0, 1]));
        }
        if a.minority != b.minority {
            let side = usize::from(b.minority);
            all.push((1.0, format!("{} belongs to a minority, {} does not", names[side], names[1 - side]), vec![0, 1]));
        }
        all.sort_by(|x, y| y.0.total_cmp(&x.0).then_with(|| x.1.cmp(&y.1)));
        let chosen: Vec<_> = all.into_iter().take(3).collect();
        let ids: Vec<_> =
            chosen.iter().flat_map(|(_, _, sides)| sides.clone()).map(|side| life.id(0, &What::Person(side))).collect();
        let facts: Vec<String> = chosen.into_iter().map(|(_, text, _)| text).collect();
        let (list, ways): (&'static str, &[&'static str]) = match facts.len() {
            0 => (
                "ordinary",
                &[
                    "neither of them stands out in skill, self-awareness or mind-set",
                    "two people like many others: nothing about them is far from the average",
                ],
            ),
            1 => ("one fact", &["{x}", "only one thing stands out: {x}"]),
            2 => ("two facts", &["{x}, and {y}", "{x}; {y}", "two things stand out: {x}, and {y}"]),
            _ => ("three facts", &["{x}; {y}, and {z}", "{x}, {y}, and {z}", "what stands out: {x}; {y}; {z}"]),
        };
        // Facts with commas of their own are not set apart by commas.
        let commas = facts.iter().any(|fact| fact.contains(','));
        let fits = |way: &&str| !commas || !way.contains(',');
        let mut ways: Vec<&'static str> = ways.iter().copied().filter(|way| facts.is_empty() || fits(way)).collect();
        if commas && facts.len() > 1 {
            ways.push(if facts.len() == 2 { "{x}; and {y}" } else { "{x}; {y}; and {z}" });
        }
        let way = self.memory.choose(list, hash, &ways);
        let fact = |index: usize| facts.get(index).map_or("", String::as_str);
        let text = fill(way, &[("x", fact(0)), ("y", fact(1)), ("z", fact(2))]);
        let ids = if ids.is_empty() { vec![life.numbered(0, 1), life.numbered(0, 2)] } else { ids };
        self.say(0, text, ids);
    }

    /// Where trust begins.
    fn beginnings(&mut self) {
        let life = self.life;
        if !life.at(0).active {
            return;
        }
        let hash = self.hash(0, 5);
        let [a, b] = life.at(0).sides.map(|side| side.trust);
        let high = usize::from(b > a);
        let (list, ways): (&'static str, &[&'static str]) = if (a - b).abs() > 0.15 {
            (
                "uneven",
                &[
                    "trust begins unevenly: {h} at {x}, {l} at {y}",
                    "{h} trusts {l} more ({x}) than {l} trusts {h} ({y})",
                    "at the outset {l} is the warier of the two, at a trust of {y} against {x}",
                ],
            )
        } else if a.min(b) > 0.55 {
            (
                "warm",
                &[
                    "trust is there from the start, {xa} and {xb}",
                    "they begin with much trust: {A} at {xa}, {B} at {xb}",
                ],
            )
        } else if a.max(b) < 0.4 {
            (
                "wary",
                &[
                    "they begin warily, with trust at {xa} and {xb}",
                    "little trust is there to begin with: {A} at {xa}, {B} at {xb}",
                ],
            )
        } else {
            (
                "middling",
                &[
                    "trust begins at {xa} for {A} and {xb} for {B}",
                    "both begin with trust in the middle of the scale, {xa} and {xb}",
                    "{A} starts from a trust of {xa}, {B} from {xb}",
                    "at first {A} trusts at {xa} and {B} at {xb}",
                ],
            )
        };
        let middle = [a, b].iter().all(|trust| (0.4..=0.6).contains(trust));
        let ways: Vec<&'static str> = ways.iter().copied().filter(|way| middle || !way.contains("middle")).collect();
        let way = self.memory.choose(list, hash, &ways);
        let numbers = [share(a), share(b)];
        let text = fill(
            way,
            &[
                ("h", self.name(high)),
                ("l", self.name(1 - high)),
                ("x", &numbers[high]),
                ("y", &numbers[1 - high]),
                ("A", self.name(0)),
                ("B", self.name(1)),
                ("xa", &numbers[0]),
                ("xb", &numbers[1]),
            ],
        );
        self.say(0, text, vec![life.numbered(0, 0)]);
    }

    /// What nobody can see.
    fn intents(&mut self) {
        let life = self.life;
        let bad = |own: &Traits| own.exploitative;
        let who: Vec<usize> = (0..2).filter(|side| bad(&life.brings[*side])).collect();
        let hash = self.hash(0, 6);
        let text = match who.as_slice() {
            [] => return,
            [side] => {
                let ways: &[&'static str] = &[
                    "what nobody can see: {N} has come to exploit the other",
                    "one thing is hidden from everyone: {N}'s intent is to exploit",
                ];
                let way = self.memory.choose("intent", hash, ways);
                fill(way, &[("N", self.name(*side))])
            }
            _ => "what nobody can see: each has come to exploit the other".to_owned(),
        };
        let ids = who.iter().map(|side| life.id(0, &What::Malice(*side))).collect();
        self.say(0, text, ids);
    }
}

/// A treatment in words.
pub(super) fn in_words(id: &str, dose: f64) -> String {
    let dose = crate::report::text::number(dose);
    match id {
        "assessment.self" => "a look at their own skills and needs".to_owned(),
        "assessment.three_sixty" => "a 360-degree report on how colleagues see them".to_owned(),
        "training.active_listening" => format!("training in active listening (dose {dose})"),
        "training.disclosure" => format!("training in self-disclosure (dose {dose})"),
        "training.feedback" => format!("training in feedback (dose {dose})"),
        "training.mind_set" => format!("training toward a growth mind-set (dose {dose})"),
        "talk.benefits" => format!("a talk on the benefits of peer coaching (dose {dose})"),
        "facilitation.connections" => format!("a facilitator's work with the pair (dose {dose})"),
        other => format!("{other} (dose {dose})"),
    }
}
