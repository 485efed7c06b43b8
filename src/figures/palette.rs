//! The colors of a figure on a page of its own colors: light and dark.

use super::theme::{INKS, hex};

/// An SVG of [`super::svg`] whose colors a page sets: each as `var(--figure-NAME)`, which [`light_declarations`] and
/// [`dark_declarations`] say.
pub fn adaptive(svg: &str) -> String {
    INKS.iter().fold(svg.to_owned(), |svg, (name, light, _)| {
        let color = hex(*light);
        svg.replace(&format!("=\"{color}\""), &format!("=\"var(--figure-{name})\""))
    })
}

/// The colors on white paper as CSS declarations, for the figures of [`adaptive`].
pub fn light_declarations() -> String {
    INKS.iter().map(|(name, light, _)| format!("--figure-{name}:{};", hex(*light))).collect()
}

/// The colors on dark paper as CSS declarations, for the figures of [`adaptive`].
pub fn dark_declarations() -> String {
    INKS.iter().map(|(name, _, dark)| format!("--figure-{name}:{};", hex(*dark))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::demo_sets::catalogue;
    use super::*;
    use crate::figures::theme::Ink;

    /// How the color-blind see: Machado, Oliveira & Fernandes 2009, severity 1, on linear light; the identity first.
    const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
        ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        ),
        (
            "deuteranopia",
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ),
        (
            "tritanopia",
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
        ),
    ];

    /// What stands in one figure and has to be told apart by its color.
    const TOGETHER: [&[&str]; 5] = [
        &["arm-1", "arm-2", "arm-3", "arm-4", "arm-5"],
        &["person", "dyad", "organization"],
        &["severe", "destructive", "between", "developmental"],
        &["strong", "weak", "highlight"],
        &["below-5", "below-4", "below-3", "below-2", "below-1", "above-1", "above-2", "above-3", "above-4", "above-5"],
    ];

    fn linear(ink: Ink) -> [f64; 3] {
        [ink.rgb.0, ink.rgb.1, ink.rgb.2].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Contrast of two colors by WCAG 2.2: 1 to 21.
    fn contrast(a: Ink, b: Ink) -> f64 {
        let light = |ink| {
            let [r, g, b] = linear(ink);
            0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
        };
        let (a, b) = (light(a), light(b));
        a.max(b) / a.min(b)
    }

    /// CIE 1976 L*a*b* of linear light.
    fn lab(light: [f64; 3], sight: [[f64; 3]; 3]) -> [f64; 3] {
        let [r, g, b] =
            sight.map(|row| row.iter().zip(light).map(|(weight, part)| weight * part).sum::<f64>().clamp(0.0, 1.0));
        let root = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
        let y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
        let z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn on(dark: bool) -> impl Fn(&str) -> Ink {
        move |name| {
            let entry = INKS.iter().find(|ink| ink.0 == name).unwrap();
            if dark { entry.2 } else { entry.1 }
        }
    }

    #[test]
    fn everything_that_carries_data_stands_out_from_paper() {
        for dark in [false, true] {
            let ink = on(dark);
            for (name, ..) in INKS {
                let least = match name {
                    "ink" | "muted" => 7.0,
                    // They are there to stand back: `weak` stands within an outline of `strong`.
                    "grid" | "paper" | "card" | "weak" => continue,
                    // Near zero they are pale on purpose: cells stand within a frame, points within a rim.
                    "below-1" | "below-2" | "above-1" | "above-2" => continue,
                    "back" => 2.0,
                    _ => 3.0,
                };
                let found = contrast(ink(name), ink("paper"));
                assert!(found >= least - 0.005, "{name} on {} paper: {found:.2}", ["white", "dark"][usize::from(dark)]);
            }
        }
    }

    #[test]
    fn the_color_blind_tell_apart_what_stands_together() {
        for (sight, matrix) in SIGHTS {
            for (dark, group) in [false, true].into_iter().flat_map(|dark| TOGETHER.map(|group| (dark, group))) {
                let ink = on(dark);
                for (place, a) in group.iter().enumerate() {
                    for b in &group[place + 1..] {
                        let [p, q] = [*a, *b].map(|name| lab(linear(ink(name)), matrix));
                        let apart = p.iter().zip(q).map(|(p, q)| (p - q).powi(2)).sum::<f64>().sqrt();
                        // 2.3 is a just noticeable difference in L*a*b* (Mahy et al. 1994): six of them.
                        assert!(apart > 14.0, "{a} and {b}, {sight}, dark {dark}: {apart:.1}");
                    }
                }
            }
        }
    }

    #[test]
    fn numbers_can_be_read_on_every_class_of_a_map() {
        for dark in [false, true] {
            let ink = on(dark);
            for (side, class) in ["below", "above"].into_iter().flat_map(|side| (1..=5).map(move |class| (side, class)))
            {
                let text = if class >= 3 { "paper" } else { "ink" };
                let found = contrast(ink(&format!("{side}-{class}")), ink(text));
                // What WCAG 2.2 asks of text.
                assert!(found >= 4.5, "{side}-{class}, dark {dark}: {found:.2}");
            }
        }
    }

    #[test]
    fn no_figure_uses_another_color_and_a_page_can_set_each() {
        for (name, figure) in catalogue() {
            let page = adaptive(&crate::figures::svg(&figure).unwrap());
            assert!(!page.contains("=\"#"), "{name} has a color that is in no table");
        }
        for declared in [light_declarations(), dark_declarations()] {
            assert!(INKS.iter().all(|(name, ..)| declared.contains(&format!("--figure-{name}:#"))));
        }
    }
}
