//! What the pages say can be done can be done: their commands exist, their links lead somewhere, no page is lost, and
//! nothing that is committed knows the machine it was written on.
#![cfg(feature = "app")]

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(page: &Path) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{}: {error}", page.display()))
}

/// Every file below a folder, as paths from the root.
fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("a readable folder") {
            let path = folder.join(entry.expect("an entry").file_name());
            if root().join(&path).is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// The pages a reader is shown.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "output/README.md", "tests/data/README.md"]
            .map(PathBuf::from)
            .to_vec();
    pages.extend(files_below("docs").into_iter().filter(|path| path.extension().is_some_and(|it| it == "md")));
    pages
}

/// A page without its code blocks, and the lines of its shell blocks with continued lines joined.
fn prose_and_shell(page: &str) -> (String, Vec<String>) {
    let (mut prose, mut shell) = (String::new(), Vec::new());
    let (mut block, mut continued) = (None, String::new());
    for line in page.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            block = if block.is_some() { None } else { Some(language.trim().to_owned()) };
        } else if let Some(language) = &block {
            if matches!(language.as_str(), "" | "sh" | "bash" | "console") {
                let line = line.trim();
                continued.push_str(line.strip_prefix("$ ").unwrap_or(line));
                if continued.ends_with('\\') {
                    continued.pop();
                } else {
                    shell.push(std::mem::take(&mut continued));
                }
            }
        } else {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    assert!(block.is_none(), "a code block is not closed");
    (prose, shell)
}

/// Splits a command as a shell does, up to a pipe, a redirection or a comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut open, mut quote) = (Vec::new(), String::new(), false, None);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            (c, Some(_)) => word.push(c),
            ('\'' | '"', None) => (quote, open) = (Some(c), true),
            (' ', None) => {
                if open {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            ('|' | '>' | ';', None) => break,
            ('#', None) if !open => break,
            (c, None) => {
                word.push(c);
                open = true;
            }
        }
    }
    assert!(quote.is_none(), "a quote is not closed: {line}");
    if open {
        words.push(word);
    }
    words
}

/// What follows the program's name, if this line calls it.
fn call(line: &str) -> Option<Vec<String>> {
    ["peerlab ", "cargo run --release -- "].iter().find_map(|name| line.strip_prefix(name)).map(words)
}

fn peerlab(folder: &Path, arguments: &[String]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_peerlab"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

/// The subcommand exists, and so do its options: answers what is wrong.
fn unknown(arguments: &[String]) -> Option<String> {
    let subcommand = arguments.first()?;
    if subcommand.starts_with('-') {
        return None;
    }
    let (known, help) = peerlab(root(), &[subcommand.clone(), "--help".to_owned()]);
    if !known || !help.contains(&format!("Usage: peerlab {subcommand}")) {
        return Some(format!("there is no command `{subcommand}`"));
    }
    let offered: BTreeSet<&str> =
        help.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| word.starts_with("--")).collect();
    arguments
        .iter()
        .filter(|word| word.starts_with("--"))
        .map(|word| word.split('=').next().unwrap_or(word))
        .find(|option| !offered.contains(option))
        .map(|option| format!("`{subcommand}` has no option {option}"))
}

/// `run` takes time; `check` with the same studies and `--set` finds the same mistakes. `analyze` is shown with data that only
/// a reader has, `plot`, `resume`, `expand` and `merge` with a run that is there: that their options exist is checked before,
/// and `tests/analyze.rs`, `tests/figures.rs`, `tests/survival.rs`, `tests/expand.rs` and `tests/shards.rs` have data and runs.
fn cheap(arguments: &[String]) -> Vec<String> {
    const NEED_A_RUN: [&str; 5] = ["analyze", "plot", "resume", "expand", "merge"];
    if let Some(command) = arguments.first().filter(|command| NEED_A_RUN.contains(&command.as_str())) {
        return vec![command.clone(), "--help".to_owned()];
    }
    if arguments.first().is_none_or(|command| command != "run") {
        return arguments.to_vec();
    }
    // What `run --all` runs is what `list` names; `every_study` runs them.
    if arguments.iter().any(|word| word == "--all") {
        return vec!["list".to_owned()];
    }
    let mut kept = vec!["check".to_owned()];
    let mut rest = arguments[1..].iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "--set" => kept.extend([word.clone(), rest.next().expect("KEY=VALUE").clone()]),
            "--seed" | "--replications" | "--threads" | "--out" | "--record" | "--shard" | "--only-replication" => {
                _ = rest.next()
            }
            option if option.starts_with('-') => {}
            study => kept.push(study.to_owned()),
        }
    }
    kept
}

#[test]
fn the_commands_in_the_pages_work() {
    let mut count = 0;
    for page in pages() {
        // The commands of a page may build on each other: one makes the file that the next one checks.
        let folder = env::temp_dir().join(format!("peerlab-readme-{}-{count}", std::process::id()));
        fs::create_dir_all(folder.join("scenarios")).expect("a temporary folder");
        let (_, shell) = prose_and_shell(&read(&page));
        for line in &shell {
            let Some(arguments) = call(line) else { continue };
            count += 1;
            if let Some(problem) = unknown(&arguments) {
                panic!("{}: {line}\n{problem}", page.display());
            }
            let (worked, said) = peerlab(&folder, &cheap(&arguments));
            assert!(worked, "{}: {line}\n{said}", page.display());
        }
        fs::remove_dir_all(&folder).expect("the temporary folder");
    }
    assert!(count >= 10, "only {count} commands were found in the pages");
}

#[test]
fn the_commands_named_in_passing_exist() {
    for page in pages() {
        let (prose, _) = prose_and_shell(&read(&page));
        for code in prose.split('`').skip(1).step_by(2) {
            if let Some(problem) = call(code).and_then(|arguments| unknown(&arguments)) {
                panic!("{}: `{code}`\n{problem}", page.display());
            }
        }
    }
}

/// The targets of a page's links: after `](` up to the bracket that closes it.
fn links(page: &str) -> Vec<String> {
    let (prose, _) = prose_and_shell(page);
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

fn elsewhere(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("http://") || target.starts_with("mailto:")
}

/// The file a link leads to, as a path from the root.
fn destination(page: &Path, target: &str) -> PathBuf {
    let file = target.split('#').next().unwrap_or_default();
    if file.is_empty() {
        return page.to_path_buf();
    }
    let mut path = page.parent().unwrap_or(Path::new("")).to_path_buf();
    for part in Path::new(file).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{}: {target} leaves the repository", page.display()),
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

/// The anchors that a page's headings make.
fn anchors(page: &str) -> BTreeSet<String> {
    let (prose, _) = prose_and_shell(page);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|heading| {
            let words = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        for target in links(&read(&page)).into_iter().filter(|target| !elsewhere(target)) {
            let path = destination(&page, &target);
            let there = root().join(&path).exists()
                && target.split_once('#').is_none_or(|(_, anchor)| anchors(&read(&path)).contains(anchor));
            if !there {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn no_page_is_lost() {
    let mut linked = BTreeSet::new();
    for page in pages() {
        let targets = links(&read(&page)).into_iter().filter(|target| !elsewhere(target));
        linked.extend(targets.map(|target| destination(&page, &target)).filter(|path| *path != page));
    }
    let lost: Vec<PathBuf> = files_below("docs").into_iter().filter(|file| !linked.contains(file)).collect();
    assert!(lost.is_empty(), "no page links to {lost:?}: add a line to the README's 'Where things are'");
}

#[test]
fn nothing_committed_knows_the_machine_it_was_written_on() {
    // Not a checkout, but an unpacked archive: there is no list of what is committed.
    if !root().join(".git").exists() {
        return;
    }
    let list = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().expect("git");
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    let list = String::from_utf8(list.stdout).expect("names in UTF-8");
    // In two halves, so that this file does not hold what it looks for.
    let machine = [("/tm", "p/"), ("/wo", "rk/"), ("/ho", "me/"), ("/ro", "ot/"), ("C:", "\\Users"), ("../sha", "red")]
        .map(|(start, end)| format!("{start}{end}"));
    let mut found = Vec::new();
    for file in list.split('\0').filter(|file| !file.is_empty()) {
        // A file that is binary, or deleted but not yet committed so, has no lines to look at.
        let Ok(text) = fs::read_to_string(root().join(file)) else { continue };
        for (number, line) in text.lines().enumerate() {
            if machine.iter().any(|path| line.contains(path.as_str())) {
                found.push(format!("{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "places on one machine:\n{}", found.join("\n"));
}

/// What the README says that the first command prints is what it prints.
#[test]
fn the_output_shown_is_the_output() {
    let readme = read(Path::new("README.md"));
    let shown =
        readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an output in the README");
    let folder = env::temp_dir().join(format!("peerlab readme {}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_peerlab"))
        .args(["run", "listening-training"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let _ = fs::remove_dir_all(&folder);
    let printed = String::from_utf8_lossy(&output.stdout);
    let printed: BTreeSet<&str> = printed.lines().collect();
    let stale: Vec<&str> =
        shown.lines().filter(|line| !line.is_empty() && *line != "..." && !printed.contains(line)).collect();
    assert!(stale.is_empty(), "README shows lines that are not printed: {stale:#?}");
}
