//! Checks which hypothesis is said to answer the study's question.

use super::draft::Draft;
use super::nearest::{listed, nearest};
use super::problem::{Collector, Say};

/// Adds a problem where no hypothesis has the id that `answer` names.
pub(crate) fn check(draft: &Draft, problems: &mut Collector) {
    let (Some(id), Some(at)) = (&draft.answer.value, &draft.answer.at) else { return };
    let known: Vec<&str> = draft.hypotheses.iter().filter_map(|hypothesis| hypothesis.id.value.as_deref()).collect();
    // A hypothesis whose id could not be read may be the one that is meant.
    if known.contains(&id.as_str()) || known.len() < draft.hypotheses.len() {
        return;
    }
    let say = Say::new(format!("there is no hypothesis `{id}`"), "no [[hypothesis]] has this id");
    let near = nearest(id, known.iter().copied());
    problems.add(
        at,
        match (near, known.is_empty()) {
            (Some(near), _) => say
                .expected(listed(known.iter().copied(), "or"))
                .nearest(Some(near))
                .help(format!("did you mean \"{near}\"?")),
            (None, false) => say
                .expected(listed(known.iter().copied(), "or"))
                .help("write the `id` of the hypothesis that answers the question; leave `answer` out if it takes more than one"),
            (None, true) => say
                .expected("a study with hypotheses")
                .help("leave `answer` out, or add a [[hypothesis]] of this id"),
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::scenario::{builtin, read, resolved};

    const STUDY: &str = "competitive-collaborative";

    fn with(line: &str) -> String {
        let text = builtin::find(STUDY).map_or("", |builtin| builtin.text);
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("answer = ")).collect();
        lines.join("\n").replacen("discussion = [", &format!("{line}\ndiscussion = ["), 1)
    }

    #[test]
    fn the_hypothesis_that_answers_is_found_and_kept() {
        let study = read(&with("answer = \"H3\""), "a.toml", &[]).unwrap().study;
        assert_eq!(study.answer.map(|at| study.hypotheses[at].id.as_str()), Some("H3"));
        let again = read(&resolved::to_toml(&study), "b.toml", &[]).unwrap().study;
        assert_eq!(again, study);
        assert_eq!(read(&with(""), "a.toml", &[]).unwrap().study.answer, None);
    }

    #[test]
    fn an_answer_that_is_no_hypothesis_is_refused_with_the_way_out() {
        let problem = |text: &str| read(text, "a.toml", &[]).unwrap_err().0.remove(0);
        let typo = problem(&with("answer = \"H33\""));
        assert_eq!(typo.message, "there is no hypothesis `H33`");
        let far = problem(&with("answer = \"none of them\""));
        assert!(far.help.is_some_and(|help| help.contains("leave `answer` out")), "{:?}", far.expected);
    }
}
