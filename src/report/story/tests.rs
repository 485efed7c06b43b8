//! What a story says has happened, it happened so, and other things make another story.

use std::collections::BTreeMap;

use super::event::{STATES, states};
use super::live::live;
use super::record::Mode;
use super::twin::{Parting, other_arm, twin};
use super::wording::two;
use super::*;
use crate::model::dyad::Quality;
use crate::model::episode::{DESTRUCTIVE, SEVERE};
use crate::scenario::{builtin, read};
use crate::study::plan::Plan;

fn plan(study: &str, sets: &[&str]) -> Plan {
    let text = builtin::find(study).unwrap().text;
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    Plan::new(read(text, study, &sets).unwrap().study).unwrap()
}

/// Ten pairs of ten studies, picked in four ways.
fn ten() -> Vec<Life> {
    const WAYS: [Pick; 4] = [Pick::Typical, Pick::Worst, Pick::TurningPoint, Pick::Best];
    const STUDIES: [&str; 10] = [
        "listening-training",
        "self-awareness",
        "cultures",
        "formal-informal",
        "helping-rewards",
        "high-quality-connections",
        "hybrid-circles",
        "three-steps-length",
        "competitive-collaborative",
        "informal-in-teams",
    ];
    let told = |(number, study): (usize, &&str)| {
        let plan = plan(study, &[]);
        let choice = choice::pick(&plan, number as u64, WAYS[number % 4], None).unwrap();
        live(&plan, number as u64, None, choice.dyad).unwrap()
    };
    STUDIES.iter().enumerate().map(told).collect()
}

/// More lives, of all kinds, for what must hold of every one.
fn many() -> Vec<Life> {
    let mut all = ten();
    for (study, dyads) in [
        ("listening-training", [0, 7, 15, 22, 59]),
        ("competitive-collaborative", [2, 3, 40, 80, 81]),
        ("three-steps", [1, 30, 60, 90, 119]),
    ] {
        let plan = plan(study, &[]);
        all.extend(dyads.map(|dyad| live(&plan, 4, None, dyad).unwrap()));
    }
    let risky = plan("risk-factors", &[]);
    all.extend([3, 77, 150, 401].map(|dyad| live(&risky, 1, None, dyad).unwrap()));
    all
}

fn text(story: &Story) -> String {
    story.sentences.iter().map(|sentence| format!("{}\n", sentence.text)).collect()
}

/// Numbers with two decimals in a text, with their signs.
fn decimals(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '\u{2212}'))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| word.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 2))
        .map(str::to_owned)
        .collect()
}

/// Every number that the cited events and the states around them hold, as it is written.
fn known(life: &Life, sentence: &Sentence) -> Vec<f64> {
    let mut all = Vec::new();
    for id in &sentence.ids {
        for week in [id.week, id.week.saturating_sub(1)] {
            let state = life.at(week);
            all.extend([state.holding, state.dependence.abs(), state.place.climate]);
            all.extend(state.place.levers);
            for (side, member) in state.sides.iter().enumerate() {
                all.extend([member.trust, member.ceiling, member.strain]);
                all.push((member.personal + member.task) / 2_f64.sqrt());
                all.extend(life.turn(week, side).iter().flat_map(|turn| [turn.felt, turn.benefit]));
            }
        }
        for event in life.events().iter().filter(|event| event.id == *id) {
            match event.what {
                What::State(side, state, ..) => all.push(life.course(event.id.week, side, state).by().abs()),
                What::Climate(from, to) => all.extend([from, to]),
                What::Person(_) => {
                    all.push((life.brings[0].dominance - life.brings[1].dominance).abs());
                    let (begin, end) = (life.at(0), life.at(life.last()));
                    for (before, after) in begin.sides.iter().zip(&end.sides) {
                        let moves = states(before).into_iter().zip(states(after)).map(|(from, to)| (to - from).abs());
                        all.extend(moves);
                        all.push((after.skill - before.skill).abs());
                        let wrong = |side: &record::Side| (side.self_view - side.skill).abs();
                        all.push((wrong(after) - wrong(before)).abs());
                    }
                }
                _ => {}
            }
        }
    }
    if sentence.ids.iter().any(|id| id.week > 0 && id.number == 0) {
        // A stretch tells where trust stood before it.
        let from = sentence.ids.iter().map(|id| id.week).min().unwrap_or(0);
        all.extend(life.at(from.saturating_sub(1)).sides.iter().map(|side| side.trust));
    }
    all
}

#[test]
fn every_sentence_cites_events_that_happened_and_says_what_they_were() {
    for life in many() {
        let story = tell(&life);
        let events = life.events();
        for sentence in &story.sentences {
            let said = &sentence.text;
            let place = format!("{} dyad {}: {said} {:?}", life.arm_names[0], life.dyad, sentence.ids);
            assert!(!sentence.ids.is_empty(), "{place}");
            let cited: Vec<&Event> = sentence
                .ids
                .iter()
                .map(|id| events.iter().find(|event| event.id == *id).unwrap_or_else(|| panic!("{id}: {place}")))
                .collect();
            // When.
            let weeks: Vec<usize> = sentence.ids.iter().map(|id| id.week).collect();
            let (first, last) = (weeks.iter().min().unwrap(), weeks.iter().max().unwrap());
            for (at, _) in said.match_indices("week ") {
                let number: String = said[at + 5..].chars().take_while(char::is_ascii_digit).collect();
                if let Ok(week) = number.parse::<usize>() {
                    assert!((*first..=*last).contains(&week), "{place}");
                }
            }
            if let Some(number) = said.strip_prefix("By week ") {
                let number: String = number.chars().take_while(char::is_ascii_digit).collect();
                assert_eq!(number, last.to_string(), "cites what comes later: {place}");
            }
            // Who: what belongs to one member names that member.
            for event in &cited {
                if let Some(side) = event.what.side().filter(|_| cited.len() == 1) {
                    // Of a turn the coach may be named alone.
                    let turn = matches!(event.what, What::Turn(..));
                    let named = said.contains(&life.names[side]) || turn && said.contains(&life.names[1 - side]);
                    assert!(named || said.contains("neither"), "{place}");
                }
            }
            // How much.
            let held: Vec<String> = known(&life, sentence).into_iter().map(two).collect();
            for number in decimals(said) {
                let bare = number.trim_start_matches('\u{2212}').to_owned();
                assert!(
                    held.contains(&number) || held.contains(&bare) || held.contains(&format!("\u{2212}{bare}")),
                    "{number}: {place}"
                );
            }
            // Which way: `from x to y` after a word of direction.
            for (way, sign) in [("rose from ", 1.0), ("fell from ", -1.0), ("collapsed from ", -1.0)] {
                if let Some(at) = said.find(way) {
                    let ends = decimals(&said[at..]);
                    let value = |text: &String| text.replace('\u{2212}', "-").parse::<f64>().unwrap();
                    assert!(sign * (value(&ends[1]) - value(&ends[0])) > 0.0, "{place}");
                }
            }
            // What: classes and response modes.
            let turns: Vec<record::Turn> = cited
                .iter()
                .filter_map(|event| if let What::Turn(_, turn) = event.what { Some(turn) } else { None })
                .collect();
            if turns.is_empty() || sentence.chapter == Chapter::Balance {
                continue;
            }
            let any = |holds: &dyn Fn(&record::Turn) -> bool| turns.iter().any(holds);
            assert!(!said.contains("severe") || any(&|turn| turn.felt < SEVERE), "{place}");
            let harm = said.contains("destructive") && !said.contains("without a destructive");
            assert!(!harm || any(&|turn| turn.felt < DESTRUCTIVE), "{place}");
            assert!(!said.contains("undermin") || any(&|turn| turn.mode == Mode::Undermine), "{place}");
            for words in
                ["slipped into", "doctor", "gave advice", "fell back on advice", "advised once more", "advising every"]
            {
                assert!(!said.contains(words) || any(&|turn| turn.mode == Mode::Advise), "{place}");
            }
            for words in ["superficial", "on the surface", "to the surface"] {
                assert!(!said.contains(words) || any(&|turn| turn.mode == Mode::Superficial), "{place}");
            }
            for words in ["asked", "questions,", "asking every"] {
                assert!(!said.contains(words) || any(&|turn| turn.mode == Mode::Inquire), "{place}");
            }
            // A bad turn is not told as a good one, nor a good one as harm.
            if let [turn] = turns.as_slice() {
                let good = ["it helped", "did {L} good", "worth a great deal", "best turn", "got far with"];
                assert!(turn.felt > 0.0 || good.iter().all(|words| !said.contains(words)), "{place}");
                assert!(
                    turn.felt < DESTRUCTIVE
                        || ["did harm", "destructive", "hit "].iter().all(|words| !said.contains(words)),
                    "{place}"
                );
            }
        }
    }
}

/// Weeks without a meeting are all there are between two meetings, the program's end and the pair's, whatever else is told.
#[test]
fn a_silence_is_told_whole_and_once() {
    let more = ["listening-training", "three-steps-length", "hybrid-circles"].into_iter().flat_map(|study| {
        let plan = plan(study, &[]);
        (0..60).filter_map(move |dyad| live(&plan, 1, None, dyad).ok())
    });
    let (mut told, mut cut, mut never) = (0, 0, 0);
    for life in many().into_iter().chain(more) {
        let events = life.events();
        let pieces = scenes::pieces(&life, &events);
        let silences: Vec<(usize, usize)> = pieces
            .iter()
            .filter_map(|piece| if let scenes::Piece::Silence(from, to) = piece { Some((*from, *to)) } else { None })
            .collect();
        let (end, over) = (life.program_end(), life.over().unwrap_or(life.last()));
        for (from, to) in &silences {
            let place = format!("{} dyad {}: {from} to {to}", life.arm_names[0], life.dyad);
            assert!((*from..=*to).all(|week| !life.at(week).met), "{place}");
            assert!(*from == 1 || life.at(from - 1).met || end == Some(from - 1), "{place}");
            assert!(*to == over || life.at(to + 1).met || end == Some(*to), "{place}");
            assert_eq!(silences.iter().filter(|other| *other == &(*from, *to)).count(), 1, "{place}");
            let beside = pieces
                .iter()
                .any(|piece| matches!(piece, scenes::Piece::Stretch(first, last) if *first <= *to && from <= last));
            assert!(!beside, "{place}: told twice");
            told += 1;
            let scene =
                |piece: &scenes::Piece| matches!(piece, scenes::Piece::Scene(week, _) if (from..to).contains(&week));
            cut += usize::from(pieces.iter().any(scene));
        }
        // That they never met again is the last that is told of the weeks.
        let story = tell(&life);
        let weeks: Vec<&Sentence> = story.sentences.iter().filter(|one| one.chapter != Chapter::Balance).collect();
        let of_end = |one: &Sentence| one.ids.iter().any(|id| id.number == What::ProgramEnd.number());
        for (at, one) in weeks.iter().enumerate().filter(|(_, one)| of_end(one)) {
            if one.ids.iter().any(|id| id.week > one.week) {
                assert_eq!(at + 1, weeks.len(), "{}", text(&story));
                never += 1;
            }
        }
    }
    assert!(told > 20 && cut > 3 && never > 5, "{told} {cut} {never}");
}

/// Nothing becomes dysfunctional twice without having been better between: the second time it is dysfunctional again.
#[test]
fn what_is_dysfunctional_again_was_better_between() {
    let mut again = 0;
    for study in ["risk-factors", "competitive-collaborative", "listening-training"] {
        let plan = plan(study, &[]);
        for life in (0..60).filter_map(|dyad| live(&plan, 1, None, dyad).ok()) {
            let story = tell(&life);
            let became = |one: &&Sentence| {
                let words = ["dysfunctional", "fell back"];
                one.ids.iter().any(|id| id.number == What::Quality.number())
                    && words.iter().any(|word| one.text.contains(word))
            };
            for (number, one) in story.sentences.iter().filter(became).enumerate() {
                let earlier =
                    (1..one.week).rev().skip_while(|week| life.at(*week).quality != Quality::Dysfunctional).count();
                let said = one.text.contains("again") || one.text.contains("fell back");
                assert_eq!(said, earlier > 0, "{}", one.text);
                assert!(number == 0 || said, "{}", text(&story));
                if said {
                    let since = one.ids.iter().find(|id| id.number == 0).unwrap().week;
                    assert!(life.at(since).quality != Quality::Dysfunctional && since < one.week, "{}", one.text);
                    again += 1;
                }
            }
        }
    }
    assert!(again > 0);
}

/// What the list of events says of a person or a change can be checked against what the story says.
#[test]
fn events_show_what_changed_from_which_value_to_which() {
    let number = |value: f64| format!("{value:.2}");
    let mut kinds = std::collections::BTreeSet::new();
    for life in many() {
        for event in life.events() {
            let (facts, week) = (event.facts(&life), life.at(event.id.week));
            let was = life.at(event.id.week.saturating_sub(1));
            let expected = match event.what {
                What::Person(side) => vec![
                    format!("listening {:+.2}", life.brings[side].listening),
                    format!("liking of the other {:+.2}", life.brings[side].liking),
                ],
                What::Turn(side, _) | What::Breach(side, _) => {
                    vec![number(was.sides[side].trust), number(week.sides[side].trust)]
                }
                What::State(_, _, from, to) | What::Climate(from, to) => vec![format!("{from:.2} to {to:.2}")],
                What::Change(lever, _) | What::Review(lever, _) => {
                    vec![format!("{:.2} to {:.2}", was.place.levers[lever], week.place.levers[lever])]
                }
                What::Remedy(side, factor, _) => {
                    vec![format!("{:.2} to {:.2}", was.sides[side].burden[factor], week.sides[side].burden[factor])]
                }
                What::Agreement => vec![format!("{:.2} to {:.2}", was.dependence, week.dependence)],
                What::Quality => vec![format!("{:?} to {:?}", was.quality, week.quality).to_lowercase()],
                _ => continue,
            };
            kinds.insert(event.what.kind());
            assert!(expected.iter().all(|words| facts.contains(words)), "{facts}: {expected:?}");
        }
    }
    assert!(kinds.len() >= 8, "{kinds:?}");
}

/// The last week of a program has its meeting in the curve, and its end below.
#[test]
fn the_curve_hides_no_meeting_behind_an_end() {
    let plan = plan("listening-training", &[]);
    let mut both = 0;
    for life in (0..30).map(|dyad| live(&plan, 1, None, dyad).unwrap()) {
        let Some(end) = life.program_end().filter(|end| life.at(*end).active) else { continue };
        let lines = screen::curves(&life, 100);
        let at = lines[0].find('0').unwrap() + end;
        let sign = |line: &String| line.chars().nth(at).unwrap_or(' ');
        let rows: Vec<char> = lines[5..].iter().map(sign).collect();
        assert!(rows.contains(&'|'), "{lines:#?}");
        if life.at(end).met {
            assert!(rows.iter().any(|sign| "·!x".contains(*sign)), "{lines:#?}");
            both += 1;
        }
    }
    assert!(both > 0);
}

/// The state that a sentence names, as an index of [`STATES`].
fn named(said: &str) -> Option<usize> {
    const WORDS: [&[&str]; 4] = [
        &["motivation", "more motivated"],
        &["self-esteem", "own self"],
        &["strain"],
        &["desire for connection", "seek help", "learning with others"],
    ];
    let mut found = (0..WORDS.len()).filter(|state| WORDS[*state].iter().any(|words| said.contains(words)));
    let first = found.next();
    assert!(found.next().is_none(), "two states: {said}");
    first
}

/// A state that moved before is told by how far it has come, which its cited events show.
#[test]
fn what_moved_again_is_told_by_how_far_it_has_come() {
    let (mut in_all, mut turned) = (0, 0);
    let more = ["listening-training", "risk-factors", "self-awareness"].into_iter().flat_map(|study| {
        let plan = plan(study, &[]);
        (0..40).filter_map(move |dyad| live(&plan, 0, None, dyad).ok())
    });
    let best = plan("listening-training", &[]);
    let best = live(&best, 0, None, choice::pick(&best, 0, Pick::Best, None).unwrap().dyad).unwrap();
    for life in many().into_iter().chain(more).chain([best]) {
        let events = life.events();
        for sentence in &tell(&life).sentences {
            let said = &sentence.text;
            let moves: Vec<(usize, usize, f64, f64)> = events
                .iter()
                .filter(|event| sentence.ids.contains(&event.id))
                .filter_map(|event| match event.what {
                    What::State(side, state, from, to) => Some((side, state, from, to)),
                    _ => None,
                })
                .collect();
            let Some(&(side, state, from, to)) = moves.last().filter(|_| sentence.chapter != Chapter::Balance) else {
                continue;
            };
            assert!(moves.iter().all(|(who, which, ..)| (*who, *which) == (side, state)), "{said}");
            let before = states(&life.at(0).sides[side])[state];
            let own = |event: &&Event| matches!(event.what, What::State(a, b, ..) if (a, b) == (side, state));
            let so_far: Vec<Id> = events.iter().filter(own).map(|event| event.id).collect();
            let at = so_far.iter().position(|id| sentence.ids.last() == Some(id)).unwrap();
            let told = decimals(said).pop().unwrap();
            let back = moves.iter().any(|(.., a, b)| (b > a) != (to > from));
            if back {
                // From where it turned.
                assert_eq!(told, two((to - moves[1].2).abs()), "{said} {moves:?}");
                assert!(
                    said.contains("before") || said.contains("after its fall") || said.contains("which had"),
                    "{said}"
                );
                turned += 1;
            } else {
                // From the beginning, with every move since.
                assert_eq!(told, two((to - before).abs()), "{said} {moves:?}");
                assert_eq!(moves.len(), at + 1, "{said}");
                assert_eq!(said.contains(" in all"), at > 0, "{said}");
                in_all += usize::from(at > 0);
            }
        }
    }
    assert!(in_all > 0 && turned > 0, "{in_all} {turned}");
}

/// A move of a recorded life that the story need not tell: there and back, and there again.
#[test]
fn a_course_is_counted_from_where_it_turned() {
    let mut life = live(&plan("listening-training", &[]), 0, None, 0).unwrap();
    let levels = [0.0, 0.8, 1.6, 0.7, 1.5, 2.4];
    life.weeks.truncate(levels.len());
    for (week, level) in life.weeks.iter_mut().zip(levels) {
        week.sides[1].motivation = level;
    }
    let course = |week: usize| {
        let course = life.course(week, 1, 0);
        let weeks: Vec<usize> = course.cited().iter().map(|id| id.week).collect();
        assert!(course.cited().iter().all(|id| *id == life.id(id.week, &What::State(1, 0, 0.0, 0.0))));
        (two(course.by()), weeks)
    };
    assert_eq!(course(1), (two(0.8), vec![1]));
    assert_eq!(course(2), (two(1.6), vec![1, 2]), "both steps");
    assert_eq!(course(3), (two(-0.9), vec![2, 3]), "from its height, which is cited");
    assert_eq!(course(5), (two(1.7), vec![3, 4, 5]), "from its depth");
}

/// What a balance says of a state rests on events of that state and that person.
#[test]
fn the_balance_cites_only_the_state_it_names() {
    let mut checked = 0;
    for life in many() {
        let events = life.events();
        for sentence in tell(&life).sentences.iter().filter(|sentence| sentence.chapter == Chapter::Balance) {
            let state = named(&sentence.text);
            for event in events.iter().filter(|event| sentence.ids.contains(&event.id)) {
                let What::State(who, which, ..) = event.what else { continue };
                assert_eq!(Some(which), state, "{} {}", sentence.text, event.id);
                assert!(sentence.text.contains(&life.names[who]), "{} {}", sentence.text, event.id);
                checked += 1;
            }
        }
    }
    assert!(checked > 5, "{checked}");
}

#[test]
fn a_story_has_the_length_of_a_story_and_leaves_nothing_grave_out() {
    for life in many() {
        let story = tell(&life);
        let length = story.sentences.len();
        let place = format!("{} {} dyad {}", life.arm_names[0], life.replication, life.dyad);
        let most = if life.meetings().count() > 1 { 8..=26 } else { 5..=26 };
        assert!(most.contains(&length), "{place}: {length}\n{}", text(&story));
        let cited = screen::cited(&story);
        for event in life.events() {
            let grave = matches!(event.what, What::Breach(..) | What::Left(_) | What::Over(_) | What::Malice(_));
            assert!(!grave || cited.contains(&event.id), "{place}: {:?}", event.what);
        }
    }
}

/// A story follows from what happened, not from who it happened to or from the number under which it is kept.
#[test]
fn swapping_two_pairs_events_swaps_their_stories() {
    let plan = plan("listening-training", &[]);
    let [a, b] = [1, 30].map(|dyad| live(&plan, 0, None, dyad).unwrap());
    let with_events_of = |kept: &Life, other: &Life| Life {
        dyad: kept.dyad,
        members: kept.members,
        names: kept.names.clone(),
        ..other.clone()
    };
    let renamed = |story: &Story, from: &Life, to: &Life| {
        let marked = text(story).replace(&from.names[0], "\u{1}").replace(&from.names[1], "\u{2}");
        marked.replace('\u{1}', &to.names[0]).replace('\u{2}', &to.names[1])
    };
    let (told_a, told_b) = (tell(&a), tell(&b));
    assert_ne!(text(&told_a), renamed(&told_b, &b, &a), "two pairs, two stories");
    assert_eq!(text(&tell(&with_events_of(&a, &b))), renamed(&told_b, &b, &a));
    assert_eq!(text(&tell(&with_events_of(&b, &a))), renamed(&told_a, &a, &b));
    let swapped = tell(&with_events_of(&a, &b));
    assert!(swapped.sentences.iter().flat_map(|sentence| &sentence.ids).all(|id| id.dyad == a.dyad));
}

/// Of ten stories read one after the other, at most one sentence in twelve comes again in another story when names and
/// numbers are taken out.
#[test]
fn ten_stories_do_not_sound_like_one() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = 0;
    for life in ten() {
        let mut own: Vec<String> = tell(&life)
            .sentences
            .iter()
            .map(|sentence| {
                let bare = sentence.text.replace(&life.names[0], "N").replace(&life.names[1], "N");
                bare.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
            })
            .collect();
        all += own.len();
        own.sort_unstable();
        own.dedup();
        own.into_iter().for_each(|sentence| *seen.entry(sentence).or_default() += 1);
    }
    let again: usize = seen.values().filter(|count| **count > 1).map(|count| count - 1).sum();
    let most: Vec<_> = seen.iter().filter(|(_, count)| **count > 1).collect();
    eprintln!("{again} of {all} sentences come again");
    assert!(12 * again <= all, "{again} of {all}: {most:#?}");
}

#[test]
fn lives_part_by_the_treatment_and_never_at_dose_zero() {
    let dose = |dose: &str| format!("arm.\"listening training\".training.active_listening.dose={dose}");
    for (size, never) in [("0", true), ("0.8", false)] {
        let plan = plan("listening-training", &[&dose(size)]);
        for dyad in [0, 1, 30] {
            let life = live(&plan, 2, None, dyad).unwrap();
            let other = other_arm(&plan, life.arms[0]).unwrap();
            assert_ne!(other, life.arms[0]);
            let twin = twin(&plan, &life, other);
            assert_eq!(twin.parting == Parting::Never, never, "dose {size}, dyad {dyad}: {:?}", twin.parting);
            let said = twin.in_words(&life).join(" ");
            assert_eq!(said.contains("never part"), never, "{said}");
            // What happens in one life alone is told as a sentence with a subject and a verb.
            assert!(!said.contains("and not there:") && !said.contains("and not here:"), "{said}");
            if let (Parting::Parts { event: Some((week, _, ids)), .. }, Some(there)) = (&twin.parting, &twin.life) {
                assert!(ids.iter().all(|id| id.week == *week));
                let found = |id: &Id| {
                    if id.everyone.is_some() { there.events() } else { life.events() }
                        .iter()
                        .any(|event| event.id == *id)
                };
                assert!(ids.iter().all(found), "{ids:?}");
            }
        }
    }
}

/// Where pairs are made anew in each arm, two partners of one need not be partners in the other, and nothing is made up.
#[test]
fn who_is_no_pair_in_the_other_arm_has_no_twin() {
    let plan = plan("cultures", &[]);
    let life = live(&plan, 0, None, choice::pick(&plan, 0, Pick::Typical, Some(0)).unwrap().dyad).unwrap();
    let twins: Vec<_> = (0..plan.study.arms.len()).map(|arm| twin(&plan, &life, arm)).collect();
    assert!(twins.iter().any(|twin| twin.parting == Parting::NoPair));
    assert!(twins.iter().all(|twin| twin.life.is_some() == (twin.parting != Parting::NoPair)));
}

/// What is told of third parties and agreements is read off the model's equations: where the mechanism is off, there is
/// nothing to be read.
#[test]
fn nobody_repairs_or_agrees_where_nobody_can() {
    let count = |sets: &[&str]| {
        let plan = plan("competitive-collaborative", sets);
        let mut found = (0, 0);
        for dyad in (0..160).step_by(4) {
            for event in live(&plan, 0, None, dyad).unwrap().events() {
                found.0 += usize::from(event.what == What::Repair);
                found.1 += usize::from(event.what == What::Agreement);
            }
        }
        found
    };
    let (repairs, agreements) = count(&["program.facilitation=1"]);
    assert!(repairs > 0 && agreements > 0, "{repairs} {agreements}");
    assert_eq!(count(&["program.facilitation=1", "mechanism.repair=0", "mechanism.remedy=0"]), (0, 0));
}

#[test]
fn picks_are_the_extremes_they_say() {
    let plan = plan("listening-training", &[]);
    let mut learned: Vec<(f64, usize)> = (0..60)
        .map(|dyad| live(&plan, 1, None, dyad).unwrap())
        .filter(|life| life.meetings().count() > 1)
        .map(|life| {
            let [a, b] = life.at(life.last()).sides;
            (0.5 * (a.personal + b.personal), life.dyad)
        })
        .collect();
    learned.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let picked = |pick| choice::pick(&plan, 1, pick, None).unwrap();
    assert_eq!(picked(Pick::Worst).dyad, learned[0].1);
    assert_eq!(picked(Pick::Best).dyad, learned[learned.len() - 1].1);
    assert!(picked(Pick::Typical).reason.contains(&format!("{}", learned.len())), "{}", picked(Pick::Typical).reason);
    let trained = choice::pick(&plan, 1, Pick::Best, Some(1)).unwrap();
    assert!(live(&plan, 1, None, trained.dyad).unwrap().arms.contains(&1));
}

#[test]
fn unknown_pairs_are_refused_with_the_numbers_there_are() {
    let unknown = live(&plan("listening-training", &[]), 0, None, 60).unwrap_err();
    assert_eq!((unknown.pairs, unknown.ties), (Some((0, 59)), None));
    let circles = plan("hybrid-circles", &[]);
    let low = live(&circles, 0, None, 0);
    let home = live(&circles, 0, None, 95);
    let refused = [low, home].into_iter().filter_map(Result::err).next().unwrap();
    assert!(refused.ties.is_some_and(|(from, _)| from >= 96) && refused.meant.is_some(), "{refused:?}");
}

#[test]
fn states_that_are_told_are_those_that_are_named() {
    assert_eq!(STATES.len(), states(&many()[0].at(0).sides[0]).len());
}
