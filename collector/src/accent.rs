//! The shop's colour on the pages that its customers see.
//!
//! The contrasts are WCAG's, with the limits by which the survey chooses its own colours (`script/later/colours.js`): any
//! colour can be the shop's, as letters on it are black or white, and where it is itself a letter or an edge it is mixed with
//! black or white until it is seen.

/// The contrast of text with its ground.
const TEXT: f64 = 4.5;
/// The contrast of the edge of a control with its ground.
const EDGE: f64 = 3.0;
/// Above this luminance black is read better than white; at it both have a contrast of 4.58.
const MIDDLE: f64 = 0.179;
/// The share of black or white that one step adds.
const STEP: f64 = 0.04;
const BLACK: Rgb = [0; 3];
const WHITE: Rgb = [255; 3];
/// The darkest ground of a light page and the lightest one of a dark page, in `base.css`.
const LIGHT_GROUND: Rgb = [0xf6, 0xf6, 0xf3];
const DARK_GROUND: Rgb = [0x1d, 0x20, 0x26];

/// Red, green and blue of sRGB.
type Rgb = [u8; 3];

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accent(Rgb);

impl Accent {
    /// Reads a colour as `#274bb5`, `#27b`, or without the `#`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix('#').unwrap_or(text);
        let value = |digit: char| digit.to_digit(16).and_then(|it| u8::try_from(it).ok());
        let digits: Vec<u8> = digits.chars().map(value).collect::<Option<_>>()?;
        match digits[..] {
            [r, g, b] => Some(Self([r * 17, g * 17, b * 17])),
            [a, b, c, d, e, f] => Some(Self([a * 16 + b, c * 16 + d, e * 16 + f])),
            _ => None,
        }
    }

    /// The colour as `#274bb5`.
    pub(crate) fn hex(self) -> String {
        hex(self.0)
    }

    /// The address of its style sheet.
    pub(crate) fn address(self) -> String {
        format!("/accent/{}.css", self.hex().trim_start_matches('#'))
    }

    /// The accent whose style sheet has that name.
    pub(crate) fn of_file(name: &str) -> Option<Self> {
        name.strip_suffix(".css").and_then(Self::read)
    }

    /// A style sheet that puts the colour in the place of the collector's own. Paper keeps the collector's.
    pub(crate) fn style_sheet(self) -> String {
        let on = |ground: Rgb| {
            let text = hex(shade(self.0, ground, TEXT));
            let edge = hex(shade(self.0, ground, EDGE));
            format!("--accent: {text}; --rim: {edge}; --tick: {edge};")
        };
        format!(
            "@media screen {{\n  :root {{ --fill: {}; --on-fill: {}; {} }}\n}}\n\
             @media screen and (prefers-color-scheme: dark) {{\n  :root {{ {} }}\n}}\n",
            self.hex(),
            hex(ink(self.0)),
            on(LIGHT_GROUND),
            on(DARK_GROUND)
        )
    }
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn luminance([red, green, blue]: Rgb) -> f64 {
    let part = |part: u8| {
        let value = f64::from(part) / 255.0;
        if value > 0.040_45 { ((value + 0.055) / 1.055).powf(2.4) } else { value / 12.92 }
    };
    0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The better of black and white on a colour.
fn ink(ground: Rgb) -> Rgb {
    if luminance(ground) > MIDDLE { BLACK } else { WHITE }
}

/// The first mixture of a colour with black or white that has at least this contrast with its ground.
fn shade(colour: Rgb, ground: Rgb, least: f64) -> Rgb {
    let end = ink(ground);
    let mut share = 0.0;
    loop {
        let mixed = mix(colour, end, share);
        if share >= 1.0 || contrast(mixed, ground) >= least {
            return mixed;
        }
        share = f64::min(share + STEP, 1.0);
    }
}

fn mix(from: Rgb, to: Rgb, share: f64) -> Rgb {
    let part = |from: u8, to: u8| {
        let part = f64::from(from) + (f64::from(to) - f64::from(from)) * share;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between two bytes"
        )]
        let part = part.round() as u8;
        part
    };
    [part(from[0], to[0]), part(from[1], to[1]), part(from[2], to[2])]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_colour_is_read_as_people_write_it_and_nothing_else_is() {
        for text in ["#274bb5", "274BB5", " #274bb5 "] {
            assert_eq!(Accent::read(text).map(Accent::hex).as_deref(), Some("#274bb5"), "{text}");
        }
        assert_eq!(Accent::read("#fd0").map(Accent::hex).as_deref(), Some("#ffdd00"));
        for wrong in ["", "#", "blue", "#12345", "#1234567", "#ggg", "##fff", "#fff;", "rgb(1,2,3)"]
        {
            assert_eq!(Accent::read(wrong), None, "{wrong}");
        }
        let accent = Accent::read("#274bb5").unwrap();
        assert_eq!(
            Accent::of_file(accent.address().strip_prefix("/accent/").unwrap()),
            Some(accent)
        );
        assert_eq!(Accent::of_file("274bb5"), None);
    }

    /// Every colour with parts of 0, 51, … 255.
    #[test]
    fn any_colour_is_read_on_any_ground_and_carries_letters() {
        let parts = || (0..=5_u8).map(|step| step * 51);
        for colour in
            parts().flat_map(|r| parts().flat_map(move |g| parts().map(move |b| [r, g, b])))
        {
            assert!(contrast(ink(colour), colour) >= TEXT, "{colour:?}");
            for ground in [LIGHT_GROUND, DARK_GROUND, WHITE] {
                // White is no darker than the ground that was reckoned with.
                let reckoned = if ground == WHITE { LIGHT_GROUND } else { ground };
                let text = contrast(shade(colour, reckoned, TEXT), ground);
                let edge = contrast(shade(colour, reckoned, EDGE), ground);
                assert!(text >= TEXT && edge >= EDGE, "{colour:?} on {ground:?}: {text} {edge}");
            }
        }
        assert_eq!(shade([0x27, 0x4b, 0xb5], LIGHT_GROUND, TEXT), [0x27, 0x4b, 0xb5], "as it is");
    }

    /// The script chooses a survey's colours in the browser, so both have the limits: here they are compared.
    #[test]
    fn the_limits_are_those_of_the_script() {
        let script = include_str!("../../script/later/colours.js");
        let after = |text: &str| -> f64 {
            assert_eq!(script.matches(text).count(), 1, "{text}");
            let rest = script.split_once(text).unwrap().1;
            let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap();
            rest[..end].parse().unwrap()
        };
        let figures = |values: &[f64]| values.iter().map(f64::to_string).collect::<Vec<_>>();
        let theirs = ["const TEXT = ", "const EDGE = ", "luminance(ground) > ", "share += "];
        assert_eq!(figures(&[TEXT, EDGE, MIDDLE, STEP]), figures(&theirs.map(after)));
        // A full colour has its share as luminance.
        let [red, green, blue] = [[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(luminance);
        assert!(
            script.contains(&format!("[{red}, {green}, {blue}].reduce")),
            "{red} {green} {blue}"
        );
        // The curve, as `luminance` writes it here.
        assert!(
            script.contains("value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92")
        );
    }

    #[test]
    fn customers_see_the_shops_colour_in_the_tick_too() {
        let css = include_str!("site/customer/customer.css");
        let rule = css.split_once(".customer .tick {").unwrap().1.split_once('}').unwrap().0;
        assert!(rule.contains("color: var(--tick, "), "{rule}");
        // As an icon it needs the contrast of an edge, in both schemes.
        let sheet = Accent::read("#ffd400").unwrap().style_sheet();
        let ticks: Vec<&str> = sheet.split("--tick: ").skip(1).map(|it| &it[..7]).collect();
        assert_eq!(ticks.len(), 2, "{sheet}");
        for (tick, ground) in ticks.iter().zip([LIGHT_GROUND, DARK_GROUND]) {
            assert!(contrast(Accent::read(tick).unwrap().0, ground) >= EDGE, "{tick}");
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_pages() {
        let css = include_str!("site/frame/base.css");
        let (light, dark) = css.split_once("@media (prefers-color-scheme: dark)").unwrap();
        assert!(light.contains(&format!("--ground: {};", hex(LIGHT_GROUND))));
        assert!(dark.contains(&format!("--sheet: {};", hex(DARK_GROUND))));
    }
}
