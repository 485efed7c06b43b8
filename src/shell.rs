//! Words of a command line as a shell reads them, for commands that are kept or shown to be given again.

use std::ffi::OsStr;

/// A word, quoted where it has to be.
pub fn word(word: impl AsRef<OsStr>) -> String {
    let word = word.as_ref().to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "@%+=:,./-_".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {

    #[test]
    fn a_shell_reads_each_word_as_it_was_given() {
        let words = [
            "",
            "a b",
            "it's",
            "$HOME",
            "a;b",
            "x*",
            "über/ö.toml",
            "population.dyads=30",
            "\"",
            "a\\b",
            "~",
            "(x)",
            "!",
        ];
        let line: Vec<String> = words.iter().map(super::word).collect();
        let script = format!("printf '%s\\n' {}", line.join(" "));
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), words.map(|word| format!("{word}\n")).concat());
        assert_eq!(super::word("population.dyads=30"), "population.dyads=30");
    }
}
