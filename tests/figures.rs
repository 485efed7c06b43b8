//! The figures of runs: every one of every built-in study is readable, and `peerlab plot` draws them again.
#![cfg(feature = "app")]

mod folder;

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use folder::{Folder, reseal};
use peerlab::figures;
use peerlab::report::gallery::{Choice, FIGURES, Gallery};
use peerlab::run::{Options, run_study};
use peerlab::scenario::{builtin, read};
use peerlab::study::declaration::Study;
use peerlab::study::experiment::Record;

const TWELVE: &str = include_str!("scenarios/twelve_arms.toml");

impl Folder {
    fn peerlab(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_peerlab")).args(arguments).current_dir(&self.0).output().unwrap()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(&self.0).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// A run with everything kept.
fn run(study: &Study, out: &Path) {
    run_study(study, &Options { record: Some(Record::Episodes), ..Options::new(out) }).unwrap();
}

/// A text of an SVG: left, top, right, bottom and what it says. Its length is that of the embedded font.
type Extent = (f64, f64, f64, f64, String);

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let (_, after) = tag.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("{name} in {tag}"));
    after.split_once('"').unwrap().0
}

fn texts(svg: &str) -> Vec<Extent> {
    let number = |tag: &str, name: &str| attribute(tag, name).parse::<f64>().unwrap();
    svg.split("<text")
        .skip(1)
        .filter_map(|rest| {
            let (tag, after) = rest.split_once('>')?;
            if !tag.starts_with(' ') {
                return None;
            }
            let (x, y, width, size) =
                (number(tag, "x"), number(tag, "y"), number(tag, "textLength"), number(tag, "font-size"));
            let left = match attribute(tag, "text-anchor") {
                "start" => x,
                "middle" => x - width / 2.0,
                _ => x - width,
            };
            let words = after.split_once("</text>")?.0.to_owned();
            // From the top of a capital to the foot of a p, a little less so that lines of a paragraph may touch.
            Some((left, y - 0.74 * size, left + width, y + 0.2 * size, words))
        })
        .collect()
}

/// What is wrong with the texts of an SVG.
fn untidy(svg: &str) -> Vec<String> {
    let page: Vec<f64> = attribute(svg, "viewBox").split(' ').map(|part| part.parse().unwrap()).collect();
    let all = texts(svg);
    let slack = 4.0;
    let mut found = Vec::new();
    for (index, a) in all.iter().enumerate() {
        if a.0 < 0.0 || a.1 < 0.0 || a.2 > page[2] || a.3 > page[3] {
            found.push(format!("{:?} leaves the page", a.4));
        }
        for b in &all[index + 1..] {
            if a.0 + slack < b.2 && b.0 + slack < a.2 && a.1 + slack < b.3 && b.1 + slack < a.3 {
                found.push(format!("{:?} and {:?} overlap", a.4, b.4));
            }
        }
    }
    if all.is_empty() {
        found.push("there is no text".to_owned());
    }
    found
}

#[test]
fn the_test_itself_sees_what_leaves_the_page_and_what_overlaps() {
    let text = |x: i32, anchor: &str, words: &str| {
        format!(r#"<text x="{x}" y="50" textLength="60" text-anchor="{anchor}" font-size="20">{words}</text>"#)
    };
    let page = |texts: &str| format!(r#"<svg viewBox="0 0 200 100"> {texts}</svg>"#);
    assert_eq!(untidy(&page(&(text(10, "start", "a") + &text(150, "end", "b")))), [""; 0]);
    assert_eq!(untidy(&page(&(text(10, "start", "a") + &text(80, "middle", "b")))), ["\"a\" and \"b\" overlap"]);
    assert_eq!(untidy(&page(&text(190, "middle", "a"))), ["\"a\" leaves the page"]);
    assert_eq!(untidy(&page("")), ["there is no text"]);
}

/// Every figure that a run gives, with its name.
fn every_figure(out: &Path) -> Vec<(&'static str, String)> {
    let gallery = Gallery::open(out).unwrap().unwrap();
    let names = FIGURES.iter().map(|(name, _)| *name).filter(|name| gallery.missing(name).is_none());
    names.map(|name| (name, figures::svg(&gallery.figure(name, &Choice::default()).unwrap()).unwrap())).collect()
}

#[test]
fn every_figure_of_every_built_in_study_is_readable_and_drawn_again_to_the_byte() {
    let folder = Folder::new("builtin");
    let mut wrong = Vec::new();
    for builtin in builtin::list() {
        let study = builtin.read(&["monte_carlo.replications=3".to_owned()]).unwrap().study;
        let out = folder.0.join(builtin.id);
        run(&study, &out);
        let figures = every_figure(&out);
        let names: Vec<&str> = figures.iter().map(|(name, _)| *name).collect();
        for name in ["trajectory", "instruments", "levels", "episodes", "quality", "network", "design"] {
            assert!(names.contains(&name), "{}: no {name}", builtin.id);
        }
        for (name, svg) in &figures {
            wrong.extend(untidy(svg).into_iter().map(|what| format!("{}, {name}: {what}", builtin.id)));
            let title = svg.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
            assert!(title.is_some_and(|(title, _)| !title.is_empty()), "{}, {name}: no title", builtin.id);
            let described = svg.split_once("<desc>").and_then(|(_, rest)| rest.split_once("</desc>")).unwrap().0;
            assert!(described.contains(|c: char| c.is_ascii_digit()), "{}, {name}: {described}", builtin.id);
            // What the run drew itself.
            if let Ok(drawn) = fs::read_to_string(out.join(format!("figures/{name}.svg"))) {
                assert!(drawn == *svg, "{}, {name}: drawn again, it is another", builtin.id);
            } else {
                assert!(["network", "design"].contains(name), "{}: the run did not draw {name}", builtin.id);
            }
        }
        fs::remove_dir_all(&out).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn twelve_arms_with_names_of_forty_letters_stay_readable() {
    let folder = Folder::new("twelve");
    let study = read(TWELVE, "twelve_arms.toml", &["monte_carlo.replications=6".to_owned()]).unwrap().study;
    assert!(study.arms.len() == 12 && study.arms.iter().all(|arm| arm.name.chars().count() == 40));
    let out = folder.0.join("run");
    run(&study, &out);
    for (name, svg) in every_figure(&out) {
        assert_eq!(untidy(&svg), [""; 0], "{name}");
        let (whole, drawn) = svg.split_once("</desc>").unwrap();
        // The words as they are drawn: a name may be broken into lines, not cut.
        let words: String = texts(drawn).into_iter().map(|text| text.4 + " ").collect();
        if ["trajectory", "instruments", "episodes", "quality", "design"].contains(&name) {
            for arm in &study.arms {
                assert!(whole.contains(&arm.name), "{name} does not describe {}", arm.name);
                assert!(words.contains(&arm.name), "{name} cuts {}: {words}", arm.name);
            }
        }
    }
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn plot_lists_draws_and_refuses() {
    let folder = Folder::new("plot");
    let made = folder.peerlab(&[
        "run",
        "listening-training",
        "--replications",
        "3",
        "--record",
        "summary",
        "--out",
        "a run",
        "--quiet",
    ]);
    assert!(made.status.success(), "{}", said(&made.stderr));

    // The list says what there is, and how to get the rest.
    let listed = folder.peerlab(&["plot", "a run"]);
    assert_eq!(listed.status.code(), Some(0));
    let text = said(&listed.stdout);
    let (own, others) = text.split_once("Not of this run").unwrap();
    for name in ["estimates", "forest", "trajectory", "levels", "episodes", "network", "design"] {
        assert!(own.contains(&format!("\n  {name} ")), "{text}");
    }
    for (name, way) in [
        ("instruments", "--record waves"),
        ("quality", "--record episodes"),
        ("pareto", "peerlab run risk-factors"),
        ("power", "peerlab power listening-training --hypothesis H1"),
    ] {
        let entry = others.split_once(&format!("\n  {name} ")).unwrap().1;
        let words = entry.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(way), "{name}: {text}");
    }

    // Drawn again it is the run's own.
    let drawn = folder.peerlab(&["plot", "a run", "--figure", "forest"]);
    assert_eq!((drawn.status.code(), said(&drawn.stdout)), (Some(0), "listening-training-forest.svg\n".to_owned()));
    let svg = fs::read(folder.0.join("listening-training-forest.svg")).unwrap();
    assert!(svg == fs::read(folder.0.join("a run/figures/forest.svg")).unwrap());

    // Width and format.
    let narrow = folder.peerlab(&["plot", "a run", "--figure", "levels", "--width", "84", "--out", "narrow.svg"]);
    assert_eq!(narrow.status.code(), Some(0));
    let text = fs::read_to_string(folder.0.join("narrow.svg")).unwrap();
    assert!(text.contains("width=\"84mm\""), "{}", &text[..200]);
    let small = folder.peerlab(&[
        "plot",
        "a run",
        "--figure",
        "network",
        "--out",
        "small.png",
        "--width",
        "640",
        "--replication",
        "2",
    ]);
    assert_eq!(small.status.code(), Some(0), "{}", said(&small.stderr));
    let png = fs::read(folder.0.join("small.png")).unwrap();
    assert_eq!(&png[1..4], b"PNG");
    assert_eq!(u32::from_be_bytes(png[16..20].try_into().unwrap()), 640);
    let one = folder.peerlab(&["plot", "a run", "--figure", "estimates", "--hypothesis", "h3", "--out", "one.svg"]);
    assert_eq!(one.status.code(), Some(0));
    let text = fs::read_to_string(folder.0.join("one.svg")).unwrap();
    assert!(text.contains(">H3: ") && !text.contains(">H1: "));

    // What cannot be drawn leaves nothing behind, and says what to do.
    fs::create_dir_all(folder.0.join("cut off/.partial")).unwrap();
    let before = folder.names();
    for (arguments, code, says) in [
        (&["plot", "a run", "--figure", "forrest"][..], 2, "Did you mean `forest`?"),
        (&["plot", "a run", "--figure", "quality"], 2, "--record episodes"),
        (&["plot", "a run", "--figure", "network", "--replication", "3"], 2, "they are 0 to 2"),
        (&["plot", "a run", "--figure", "network", "--organization", "1"], 2, "the only one is 0"),
        (&["plot", "a run", "--figure", "estimates", "--hypothesis", "H99"], 2, "it has H1, H2"),
        (&["plot", "a run", "--figure", "forest"], 2, "add --force"),
        (&["plot", "a run", "--figure", "forest", "--out", "a run"], 2, "is a folder"),
        (&["plot", "a run", "--figure", "forest", "--width", "1"], 2, "from 40 to 1000"),
        (&["plot", "nowhere"], 2, "there is no folder nowhere"),
        (&["plot", "cut off"], 2, "Give its own command again"),
        (&["plot", "a run", "--figure", "forest", "--out", "no such folder/a.svg"], 1, "cannot write"),
        (&["plot", "a run", "--figure", "forest", "--out", "no such folder/a.png"], 1, "no such folder/a.png"),
    ] {
        let refused = folder.peerlab(arguments);
        let message = said(&refused.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(refused.status.code(), Some(code), "{arguments:?}: {message}");
        assert!(message.contains(says), "{arguments:?}: {message}");
        assert_eq!(folder.names(), before, "{arguments:?}");
    }
    let again = folder.peerlab(&["plot", "a run", "--figure", "forest", "--force"]);
    assert_eq!(again.status.code(), Some(0));

    // What another build made is drawn, and that is said.
    let path = folder.0.join("a run/run.json");
    let content = fs::read_to_string(&path).unwrap();
    let own = [
        format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")),
        format!("\"model\": \"{}\"", peerlab::results::MODEL),
    ];
    for (old, new, says) in [
        (&own[0], "\"version\": \"0.0.9\"", "made by version 0.0.9; this is"),
        (&own[1], "\"model\": \"0123456789abcdef\"", "made by another build of peerlab"),
    ] {
        assert!(content.contains(old.as_str()));
        reseal(&path, |_| content.replacen(old.as_str(), new, 1));
        let drawn = folder.peerlab(&["plot", "a run", "--figure", "forest", "--force"]);
        assert!(drawn.status.success() && said(&drawn.stderr).contains(says), "{}", said(&drawn.stderr));
    }
    fs::write(&path, content).unwrap();
    assert_eq!(said(&folder.peerlab(&["plot", "a run"]).stderr), "");

    // A table that is gone or cut off is an error, not half a figure.
    let table = folder.0.join("a run/tables/trajectories.parquet");
    let bytes = fs::read(&table).unwrap();
    fs::write(&table, &bytes[..bytes.len() / 2]).unwrap();
    let refused = folder.peerlab(&["plot", "a run", "--figure", "trajectory"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused.stderr).contains("trajectories.parquet"), "{}", said(&refused.stderr));
    assert_eq!(folder.names(), before);
}
