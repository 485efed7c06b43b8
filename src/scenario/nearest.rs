//! The known name that is nearest to what someone wrote.

/// The nearest of the known names, if one alone is near enough to be meant.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = normal(written);
    let mut best: Option<(usize, &str)> = None;
    let mut tie = false;
    for name in known {
        let distance = distance(&plain, &normal(name));
        if distance > allowance(&plain, name) || best.is_some_and(|(least, _)| distance > least) {
            continue;
        }
        tie = best.is_some_and(|(least, known)| least == distance && known != name);
        best = Some((distance, name));
    }
    best.filter(|_| !tie).map(|(_, name)| name)
}

/// Case, hyphens, underscores and spaces are what people get wrong first: they do not count. Nor does British spelling.
fn normal(name: &str) -> String {
    let name: String =
        name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).take(200).collect();
    name.replace("organis", "organiz").replace("programme", "program").replace("behaviour", "behavior")
}

fn distance(a: &str, b: &str) -> usize {
    strsim::damerau_levenshtein(a, b)
}

/// One slip for every three characters.
fn allowance(written: &str, name: &str) -> usize {
    written.chars().count().min(name.chars().count()).max(3) / 3
}

/// `a, b or c`, each between backticks; long lists are cut.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    const SHOWN: usize = 24;
    let all: Vec<&str> = names.into_iter().collect();
    let mut shown: Vec<String> = all.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
    if all.len() > SHOWN {
        return format!("{} and {} more", shown.join(", "), all.len() - SHOWN);
    }
    match shown.pop() {
        None => "nothing".into(),
        Some(only) if shown.is_empty() => only,
        Some(end) => format!("{} {last} {end}", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_forgiven_and_strangers_are_not() {
        let known = ["competition", "incentives", "climate", "climate_sd"];
        assert_eq!(nearest("competiton", known), Some("competition"));
        assert_eq!(nearest("Climate-SD", known), Some("climate_sd"));
        assert_eq!(nearest("weather", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("cr3", ["cr0", "cr1", "cr2"]), None, "a tie says nothing");
        assert_eq!(nearest("organisation", ["organization"]), Some("organization"));
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(listed(["a"], "or"), "`a`");
        assert_eq!(listed(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
