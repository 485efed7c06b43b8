//! Every figure with demonstration data and with hostile data. Set `PEERLAB_FIGURES` to a folder to keep the pictures.

use super::demo::*;
use super::demo_sets::{catalogue, hostile};
use super::scene::{Anchor, Mark, Scene, Text};
use super::theme::{PAGE_WIDTH, PHONE_WIDTH, stroke};
use super::*;

fn folder(name: &str) -> PathBuf {
    let base = std::env::var_os("PEERLAB_FIGURES").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = base.join(format!("peerlab-figures-{name}"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Left, top, right, bottom by the font's own metrics.
fn bounds(text: &Text) -> (f64, f64, f64, f64) {
    let width = text.width();
    let start = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -width / 2.0,
        Anchor::End => -width,
    };
    let (x, y) = text.at;
    (x + start, y - 0.76 * text.size, x + start + width, y + 0.22 * text.size)
}

fn overlap(a: &Text, b: &Text) -> bool {
    let ((l, t, r, d), (l2, t2, r2, d2)) = (bounds(a), bounds(b));
    l < r2 - 0.2 && l2 < r - 0.2 && t < d2 - 0.2 && t2 < d - 0.2
}

fn assert_tidy(name: &str, scene: &Scene) {
    let texts: Vec<&Text> = scene.texts().collect();
    for text in &texts {
        let (left, top, right, bottom) = bounds(text);
        assert!(
            left >= 0.0 && top >= 0.0 && right <= scene.width && bottom <= scene.height,
            "{name}: {:?} leaves the page: {:?} of {} by {}",
            text.text,
            bounds(text),
            scene.width,
            scene.height
        );
    }
    for (index, a) in texts.iter().enumerate() {
        for b in &texts[index + 1..] {
            assert!(!overlap(a, b), "{name}: {:?} and {:?} overlap", a.text, b.text);
        }
    }
}

#[test]
fn no_text_leaves_the_page_or_touches_another() {
    for (name, figure) in catalogue().into_iter().chain(hostile()) {
        for width in [PAGE_WIDTH, PHONE_WIDTH] {
            assert_tidy(&format!("{name}, {width} wide"), &compose(&figure, width));
        }
    }
}

#[test]
fn the_smallest_print_can_be_read_on_a_phone() {
    // A screen of 390 px leaves 350 between the margins of a page.
    for (name, figure) in catalogue().into_iter().chain(hostile()) {
        let scene = compose(&figure, PHONE_WIDTH);
        for text in scene.texts() {
            let pixels = text.size * 350.0 / scene.width;
            assert!(pixels >= 9.0, "{name}: {:?} has {pixels:.1} px", text.text);
        }
    }
}

#[test]
fn every_figure_is_drawn_in_both_formats() {
    for (set, figures) in [("good", catalogue()), ("hostile", hostile())] {
        let folder = folder(set);
        for (name, figure) in figures {
            std::fs::write(folder.join(format!("{name}-phone.svg")), phone_svg(&figure).unwrap()).unwrap();
            let drawn = draw(&figure, &folder.join(name)).unwrap();
            assert!(std::fs::metadata(&drawn.png).unwrap().len() > 2_000, "{name}");
            let text = std::fs::read_to_string(&drawn.svg).unwrap();
            assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"), "{name}");
            assert!(text.contains("<title>") && text.contains("<desc>"), "{name}");
            // A number that is none, and not the beginning of a word.
            let none = ["NaN", "=\"inf", ",inf", " inf,", "-inf"].iter().any(|it| text.contains(it));
            assert!(!none, "{name}");
        }
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    for (name, figure) in catalogue() {
        assert_eq!(svg(&figure).unwrap(), svg(&figure).unwrap(), "{name}");
    }
    let folder = folder("twice");
    let figure = Figure::Episodes(episodes(2));
    let [a, b] = ["a", "b"].map(|name| std::fs::read(draw(&figure, &folder.join(name)).unwrap().png).unwrap());
    assert_eq!(a, b);
}

#[test]
fn labels_units_and_notes_are_there() {
    let text = svg(&Figure::Trajectory(trajectory())).unwrap();
    for label in ["listening", "training", "benefits talk", "Trust", "latent state (0–1)", "week", "program ends", NOTE]
    {
        assert!(text.contains(&format!(">{label}</text>")) || text.contains(label), "{label}");
    }
    let text = svg(&Figure::Distribution(distribution(1))).unwrap();
    for label in ["truth 0.209", "no effect", "smallest effect of interest 0.1", "significant (p &lt; 0.05, two-sided)"]
    {
        assert!(text.contains(&format!(">{label}</text>")), "{label}");
    }
    let scene = compose(&Figure::Distribution(distribution(1)), PAGE_WIDTH);
    let bold =
        |mark: &&Mark| matches!(mark, Mark::Line(_, width, ink) if *width == stroke::LINE && *ink == theme::TEXT);
    assert_eq!(scene.marks.iter().filter(bold).count(), 1, "the line of the truth");
    let text = svg(&Figure::Episodes(episodes(12))).unwrap();
    assert_eq!(text.matches(">per 100 turns</text>").count(), 1);
    // A unit that has no room under a column takes no numbers with it.
    let mut narrow = episodes(12);
    narrow.unit = "destructive episodes per 100 turns of coaching".into();
    assert_eq!(svg(&Figure::Episodes(narrow)).unwrap().matches(">0</text>").count(), 4);
}

#[test]
fn marks_of_markup_are_escaped() {
    let mut figure = trajectory();
    figure.title = "a <b> & \"c\" \u{0} ]]>".into();
    let text = svg(&Figure::Trajectory(figure)).unwrap();
    assert!(!text.contains("<b>") && !text.contains('\0') && text.contains("a &lt;b&gt; &amp;"));
}

#[test]
fn a_path_that_cannot_be_written_is_named() {
    let error = draw(&Figure::Levels(Box::new(levels())), Path::new("/nonexistent/folder/figure")).unwrap_err();
    assert!(error.to_string().contains("/nonexistent/folder/figure.svg"), "{error}");
}

fn words(figure: &Figure, width: f64) -> Vec<String> {
    compose(figure, width).texts().map(|text| text.text.clone()).collect()
}

#[test]
fn a_key_names_what_is_drawn_and_nothing_else() {
    let names = ["a first arm with a long name", "a second arm with a long name", "a third arm with a long name"];
    let with = |drawn: &[usize]| {
        let mut figure = trajectory();
        let line = |at: usize, end: f64| match drawn.contains(&at) {
            true => course(names[at], 0.4, end, 9.0, 52, 0.03),
            false => Series { label: names[at].into(), points: Vec::new() },
        };
        figure.panels = vec![panel("Trust", "0 to 1", vec![line(0, 0.5), line(1, 0.7), line(2, 0.9)])];
        figure.title = "Trust".into();
        Figure::Trajectory(figure)
    };
    let keyed = |drawn: &[usize]| -> Vec<usize> {
        let words = words(&with(drawn), PHONE_WIDTH);
        (0..3).filter(|at| words.iter().any(|word| word == names[*at])).collect()
    };
    assert_eq!(keyed(&[0, 1, 2]), [0, 1, 2]);
    assert_eq!(keyed(&[0, 2]), [0, 2]);
    assert_eq!(keyed(&[1]), [0; 0], "one line needs no key");
    // It keeps its look, whichever others there are.
    let scene = compose(&with(&[0, 2]), PHONE_WIDTH);
    let line = |ink: theme::Ink| {
        scene
            .marks
            .iter()
            .any(|mark| matches!(mark, Mark::Line(_, width, found) if *width == stroke::LINE && *found == ink))
    };
    assert!(line(theme::look(2).ink) && !line(theme::look(1).ink));
}

#[test]
fn a_note_says_which_lines_lie_on_one_another() {
    let named = |label: &str, end: f64| Series { label: label.into(), ..course("the same", 0.4, end, 9.0, 52, 0.03) };
    let trust =
        |ends: [f64; 3]| panel("Trust", "0 to 1", vec![named("x", ends[0]), named("y", ends[1]), named("z", ends[2])]);
    let noted =
        |panels: Vec<Panel>| words(&Figure::Trajectory(Trajectory { panels, ..trajectory() }), PAGE_WIDTH).join(" ");
    let said = "Lines that lie on one another:";
    assert!(noted(vec![trust([0.6, 0.6, 0.6])]).contains("Identical numbers: x, y and z."));
    assert!(noted(vec![trust([0.6, 0.6002, 0.6004])]).contains(&format!("{said} all.")));
    // Nearer than a line is wide, over the whole course.
    assert!(noted(vec![trust([0.6, 0.9, 0.6005])]).contains(&format!("{said} x and z.")));
    assert!(!noted(vec![trust([0.6, 0.9, 0.63])]).contains(said));
    let other = Panel { title: "Learning".into(), ..trust([0.5, 0.9, 0.7]) };
    let two = noted(vec![trust([0.6, 0.6, 0.9]), other]);
    assert!(two.contains(&format!("{said} x and y in “Trust”.")) && !two.contains("Identical"));
    // With a frame for each none is hidden.
    let five = ["a", "b", "c", "d", "e"].map(|label| named(label, 0.6)).to_vec();
    assert!(!noted(vec![panel("Trust", "0 to 1", five)]).contains(said));
}

#[test]
fn numbers_of_a_figure_have_the_places_that_its_axis_deserves() {
    let mut effects = pareto(4);
    effects.panels[0].bars[0].estimate = -2.3e-6;
    effects.panels[0].bars[1].estimate = -0.0003;
    let said = words(&Figure::Pareto(effects), PAGE_WIDTH);
    assert_eq!(said.iter().filter(|word| *word == "0.00").count(), 2, "{said:?}");
    assert!(!said.iter().any(|word| word.starts_with(['−', '+']) && word.contains('e')), "{said:?}");

    // One axis is wider than the other, of two that count in one unit.
    let mut two = distribution(2);
    two.panels[0].truth = Some(-0.00004);
    two.panels[1].truth = Some(0.1);
    two.panels[1].estimates.iter_mut().for_each(|one| one.value *= 4.0);
    for width in [PAGE_WIDTH, PHONE_WIDTH] {
        let said = words(&Figure::Distribution(two.clone()), width);
        let truths: Vec<&String> = said.iter().filter(|word| word.starts_with("truth ")).collect();
        assert_eq!(truths, ["truth 0.000", "truth 0.100"]);
    }
}

#[test]
fn a_short_name_of_the_smallest_effect_makes_sense_alone() {
    for panels in 1..=6 {
        for width in [PAGE_WIDTH, PHONE_WIDTH] {
            let said = words(&Figure::Distribution(distribution(panels)), width);
            let of = said.iter().filter(|word| word.contains("smallest") && word.ends_with(" 0.1")).count();
            assert_eq!(of, panels, "{said:?}");
        }
    }
}

#[test]
fn the_name_of_an_axis_and_the_note_stand_apart_on_a_phone() {
    let mut figure = pareto(4);
    let long = "size of the effect (SD of the scale in the neutral population)";
    figure.panels.iter_mut().for_each(|panel| panel.x_label = long.into());
    let scene = compose(&Figure::Pareto(figure), PHONE_WIDTH);
    let base = |part: &str| scene.texts().filter(|text| text.text.contains(part)).map(|text| text.at.1).last().unwrap();
    let (start, end, note) = (base("size of the"), base("population)"), base("Lines: mean"));
    assert!(end > start && note - end > 1.5 * theme::size::LABEL, "{start} {end} {note}");
}

#[test]
fn a_design_names_all_its_factors_and_shows_the_shortest_program() {
    let mut figure = design(2, false);
    let factors: Vec<String> = (0..16).map(|at| format!("a factor of some length ({})", Design::letter(at))).collect();
    figure
        .stages
        .push(Stage { title: "Factors".into(), boxes: vec![format!("Each low or high: {}", factors.join(", "))] });
    for width in [PAGE_WIDTH, PHONE_WIDTH] {
        let said = words(&Figure::Design(Box::new(figure.clone())), width).join(" ");
        assert!(said.contains("(P)") && !said.contains('…'), "{said}");
    }
    figure.last = 130.0;
    figure.arms.iter_mut().for_each(|arm| arm.program = Some(1.0));
    let scene = compose(&Figure::Design(Box::new(figure)), PAGE_WIDTH);
    let bars: Vec<f64> = scene
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Shape(points, ink) if *ink == theme::STRONG => Some(points[1].0 - points[0].0),
            _ => None,
        })
        .collect();
    assert!(bars.len() >= 2 && bars.iter().all(|bar| *bar > 6.0), "{bars:?}");
}

/// Small figures of every kind, for files that a person can read.
fn small() -> Vec<(&'static str, Figure)> {
    let mut over_time = trajectory();
    for series in over_time.panels.iter_mut().flat_map(|panel| &mut panel.series) {
        series.points.retain(|point| point.x % 12.0 == 0.0);
    }
    let mut three_levels = levels();
    // The trajectory has them.
    three_levels.marks.clear();
    for panel in [&mut three_levels.person, &mut three_levels.dyad, &mut three_levels.organization] {
        panel.series.iter_mut().for_each(|series| series.points.retain(|point| point.x % 26.0 == 0.0));
    }
    let mut estimates = distribution(1);
    estimates.panels[0].estimates.truncate(60);
    let mut size = power();
    size.curve.retain(|point| point.x % 80.0 == 20.0);
    let mut quality = shares(2);
    quality.panels.iter_mut().for_each(|panel| panel.weeks.retain(|week| week.week % 17.0 == 1.0));
    vec![
        ("trajectory", Figure::Trajectory(over_time)),
        ("levels", Figure::Levels(Box::new(three_levels))),
        ("distribution", Figure::Distribution(estimates)),
        ("episodes", Figure::Episodes(episodes(2))),
        ("forest", Figure::Forest(forest(3))),
        ("pareto", Figure::Pareto(pareto(4))),
        ("power", Figure::Power(size)),
        ("quality", Figure::Shares(quality)),
        ("heat-map", Figure::HeatMap(heat(5, 3))),
        ("heat-map-points", Figure::HeatMap(heat_points(16))),
        ("network", Figure::Network(network(9))),
        ("design", Figure::Design(Box::new(design(2, false)))),
    ]
}

/// The SVGs in `expected/`, without their font; `UPDATE_EXPECTED=1 cargo test` (`make baselines`) writes them anew. Look at
/// each that changed before it is committed.
#[test]
fn figures_look_as_they_did_when_somebody_looked_at_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/figures/expected");
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut changed = Vec::new();
    for (name, figure) in small() {
        let found = without_font(&svg(&figure).unwrap());
        assert!(found.len() < 40_000, "{name} is too large to be kept: {} bytes", found.len());
        let path = folder.join(format!("{name}.svg"));
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &found).unwrap();
        } else if std::fs::read_to_string(&path).unwrap_or_default() != found {
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "{changed:?} look different: see CONTRIBUTING.md, Expected files");
}
