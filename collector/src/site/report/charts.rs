//! The report's plots: SVG by `plotters`, coloured by the page's style sheet.
//!
//! `plotters` writes colours as attributes. Each drawn element has an [`Ink`]: an unusual colour, which this module
//! replaces by a class in the SVG (`s-line` for a stroke, `f-band` for a fill). So one drawing has the right colours in
//! light and dark, with forced colours and on paper, and needs no `style`.
//!
//! Every plot has a label that describes it, and its figures are text beside it or in a table.

use maud::{Markup, PreEscaped, html};
use plotters::{
    coord::{
        Shift,
        cartesian::Cartesian2d,
        ranged1d::{BoldPoints, Ranged},
        types::RangedCoordf64,
    },
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::report::statistics::Interval;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plane = Cartesian2d<RangedCoordf64, RangedCoordf64>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// The kind of a drawn element, by which the style sheet colours it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Grid,
    Zero,
    Label,
    Band,
    /// An interval by itself.
    Range,
    Line,
    /// The line of the previous period.
    Before,
    Point,
    /// A point with too few answers for a verdict.
    Few,
    Rise,
    Fall,
    Break,
    Track,
    Detractor,
    Passive,
    Promoter,
    Silent,
}

impl Ink {
    const ALL: [(Self, &'static str); 17] = [
        (Self::Grid, "grid"),
        (Self::Zero, "zero"),
        (Self::Label, "label"),
        (Self::Band, "band"),
        (Self::Range, "range"),
        (Self::Line, "line"),
        (Self::Before, "before"),
        (Self::Point, "point"),
        (Self::Few, "few"),
        (Self::Rise, "rise"),
        (Self::Fall, "fall"),
        (Self::Break, "break"),
        (Self::Track, "track"),
        (Self::Detractor, "detractor"),
        (Self::Passive, "passive"),
        (Self::Promoter, "promoter"),
        (Self::Silent, "silent"),
    ];

    const fn color(self) -> RGBColor {
        RGBColor(0, 1, self as u8)
    }

    fn stroke(self, width: u32) -> ShapeStyle {
        self.color().stroke_width(width)
    }

    fn fill(self) -> ShapeStyle {
        self.color().filled()
    }

    /// The style of a text of this size in pixels.
    fn text(self, size: f64, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
        // `plotters` takes the height of a line for a font's size and divides by 1.24.
        let font = FontDesc::new(FontFamily::SansSerif, size * 1.24, FontStyle::Normal);
        TextStyle {
            font,
            color: self.color().to_backend_color(),
            pos: Pos::new(horizontal, vertical),
        }
    }
}

/// Draws a plot of this size in pixels. Screen readers read `label`; a plot without a label only repeats the text
/// beside it.
fn plot(
    class: &str,
    label: Option<&str>,
    (width, height): (u32, u32),
    draw: impl FnOnce(&Area<'_>) -> Drawn,
) -> Markup {
    let mut svg = String::new();
    let drawn = {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        draw(&area).and_then(|()| area.present())
    };
    if let Err(error) = drawn {
        // Writing to a string cannot fail; otherwise the page would still have the figures beside the plot.
        tracing::error!(%error, "a plot could not be drawn");
        return html! {};
    }
    let inner = svg.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>"));
    let mut inner = inner.map(|(inner, _)| inner.to_owned()).unwrap_or_default();
    for (ink, name) in Ink::ALL {
        let RGBColor(red, green, blue) = ink.color();
        for (attribute, kind) in [("fill", 'f'), ("stroke", 's')] {
            inner = inner.replace(
                &format!("{attribute}=\"#{red:02X}{green:02X}{blue:02X}\""),
                &format!("class=\"{kind}-{name}\""),
            );
        }
    }
    // Removes attributes that are defaults or that the style sheet sets, and line breaks, which a text would show.
    for noise in [
        " opacity=\"1\"",
        " font-family=\"sans-serif\"",
        " stroke=\"none\" stroke-width=\"1\"",
        "\n",
    ] {
        inner = inner.replace(noise, "");
    }
    html! {
        svg class=(class) viewBox={ "0 0 " (width) " " (height) } role=[label.map(|_| "img")]
            aria-label=[label] aria-hidden=[label.is_none().then_some("true")] focusable="false" {
            (PreEscaped(inner))
        }
    }
}

/// An area with its own coordinates inside the given margins: left, top, right, bottom.
fn plane<'a>(
    area: &Area<'a>,
    x: std::ops::Range<f64>,
    y: std::ops::Range<f64>,
    [left, top, right, bottom]: [i32; 4],
) -> DrawingArea<SVGBackend<'a>, Plane> {
    let (width, height) = area.dim_in_pixel();
    #[expect(clippy::cast_possible_wrap, reason = "a few hundred pixels")]
    let (width, height) = (width as i32, height as i32);
    // The vertical axis points upwards, but pixels are counted from the top.
    area.apply_coord_spec(Plane::new(x, y, (left..width - right, height - bottom..top)))
}

/// The two sizes of a plot over the whole width. Both are sent; the style sheet shows one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Wide,
    Narrow,
}

/// A step of the trend.
#[derive(Clone, Debug)]
pub(super) struct TrendPoint {
    /// The middle of the step, in days.
    pub(super) x: f64,
    pub(super) nps: f64,
    pub(super) interval: Interval,
    pub(super) enough: bool,
    /// Whether the line joins it with the previous one.
    pub(super) joined: bool,
    /// Whether the difference to the previous one is more than chance.
    pub(super) change: Option<f64>,
}

/// The labels of the trend's horizontal axis.
#[derive(Clone, Debug, Default)]
pub(super) struct TrendAxis {
    pub(super) first: f64,
    pub(super) last: f64,
    pub(super) ticks: Vec<(f64, String)>,
    /// The days on which the way of asking changed, with the letters of their explanations.
    pub(super) breaks: Vec<(f64, String)>,
}

/// The score over time: a line, its interval as a band, and marks for changes; behind it the line of the period
/// `before`, moved so that both periods begin at the same place.
pub(super) fn trend(
    points: &[TrendPoint],
    before: &[TrendPoint],
    axis: &TrendAxis,
    size: Size,
    label: &str,
    number: impl Fn(f64) -> String,
) -> Markup {
    let (class, dimensions, font) = match size {
        Size::Wide => ("wide", (1040, 320), 13.0),
        Size::Narrow => ("narrow", (340, 250), 12.0),
    };
    let earlier = before.iter().map(|point| Interval { low: point.nps, high: point.nps });
    let (low, high) = scale(points.iter().map(|point| point.interval).chain(earlier));
    plot(class, Some(label), dimensions, |area| {
        let y = RangedCoordf64::from(low..high);
        let marks = y.key_points(BoldPoints(if size == Size::Wide { 6 } else { 5 }));
        let plane = plane(area, axis.first..axis.last, low..high, [34, 22, 6, 26]);
        let pixel = |x: f64, y: f64| plane.map_coordinate(&(x, y));
        let (left, right) = (pixel(axis.first, low).0, pixel(axis.last, low).0);
        for mark in marks {
            let ink = if mark == 0.0 { Ink::Zero } else { Ink::Grid };
            let height = pixel(axis.first, mark).1;
            area.draw(&PathElement::new(vec![(left, height), (right, height)], ink.stroke(1)))?;
            let style = Ink::Label.text(font, HPos::Right, VPos::Center);
            area.draw(&Text::new(number(mark), (left - 8, height), style))?;
        }
        let bottom = pixel(axis.first, low).1;
        for (x, text) in &axis.ticks {
            let x = pixel(*x, low).0;
            let style = Ink::Label.text(font, HPos::Center, VPos::Top);
            area.draw(&PathElement::new(vec![(x, bottom), (x, bottom + 4)], Ink::Zero.stroke(1)))?;
            area.draw(&Text::new(text.as_str(), (x, bottom + 8), style))?;
        }
        for (x, letter) in &axis.breaks {
            let x = pixel(*x, low).0;
            let top = pixel(0.0, high).1;
            for y in (top..bottom).step_by(7) {
                let dash = vec![(x, y), (x, (y + 4).min(bottom))];
                area.draw(&PathElement::new(dash, Ink::Break.stroke(1)))?;
            }
            let style = Ink::Break.text(font, HPos::Center, VPos::Bottom);
            area.draw(&Text::new(letter.as_str(), (x, top - 3), style))?;
        }

        for stretch in stretches(points) {
            if let [alone] = stretch {
                let ends = [alone.interval.low, alone.interval.high].map(|y| pixel(alone.x, y));
                area.draw(&PathElement::new(ends.to_vec(), Ink::Range.stroke(8)))?;
                continue;
            }
            let upper = stretch.iter().map(|point| pixel(point.x, point.interval.high));
            let lower = stretch.iter().rev().map(|point| pixel(point.x, point.interval.low));
            let outline: Vec<_> = upper.chain(lower).collect();
            area.draw(&Polygon::new(outline, Ink::Band.fill()))?;
        }
        for (points, ink) in [(before, Ink::Before), (points, Ink::Line)] {
            for stretch in stretches(points).filter(|stretch| stretch.len() > 1) {
                let line: Vec<_> = stretch.iter().map(|point| pixel(point.x, point.nps)).collect();
                area.draw(&PathElement::new(line, ink.stroke(2)))?;
            }
        }
        let most = if size == Size::Wide { 110 } else { 32 };
        for point in points {
            let (x, y) = pixel(point.x, point.nps);
            match point.change {
                Some(change) => area.draw(&arrow((x, y), change))?,
                None if !point.enough => {
                    area.draw(&Circle::new((x, y), 3, Ink::Few.fill()))?;
                    area.draw(&Circle::new((x, y), 3, Ink::Line.stroke(1)))?;
                }
                // Hundreds of dots would look like a second, thicker line.
                None if points.len() <= most => {
                    area.draw(&Circle::new((x, y), 3, Ink::Point.fill()))?;
                }
                None => {}
            }
        }
        Ok(())
    })
}

/// A triangle that points in the direction of the change.
fn arrow((x, y): (i32, i32), change: f64) -> Polygon<(i32, i32)> {
    let (up, ink) = if change > 0.0 { (-1, Ink::Rise) } else { (1, Ink::Fall) };
    Polygon::new(vec![(x, y + 8 * up), (x - 7, y - 5 * up), (x + 7, y - 5 * up)], ink.fill())
}

/// Points that a line may join.
fn stretches(points: &[TrendPoint]) -> impl Iterator<Item = &[TrendPoint]> {
    points.chunk_by(|_, point| point.joined)
}

/// A range of the scale that holds all intervals and shows differences, in steps of ten.
fn scale(intervals: impl Iterator<Item = Interval>) -> (f64, f64) {
    let (low, high) = intervals.fold((f64::MAX, f64::MIN), |(low, high), interval| {
        (low.min(interval.low), high.max(interval.high))
    });
    if low > high {
        return (-100.0, 100.0);
    }
    // At least forty points: on a smaller range chance would look like a change.
    let (low, high) = ((low / 10.0).floor() * 10.0, (high / 10.0).ceil() * 10.0);
    let missing = ((40.0 - (high - low)) / 20.0).max(0.0).ceil() * 10.0;
    ((low - missing).max(-100.0), (high + missing).min(100.0))
}

/// The head's scale from −100 to 100 with the interval on it.
pub(super) fn gauge(nps: f64, interval: Interval, number: impl Fn(f64) -> String) -> Markup {
    plot("gauge", None, (340, 48), |area| {
        let plane = plane(area, -100.0..100.0, 0.0..1.0, [14, 8, 14, 28]);
        let pixel = |x: f64| plane.map_coordinate(&(x, 0.5));
        let line = |from, to| vec![pixel(from), pixel(to)];
        area.draw(&PathElement::new(line(-100.0, 100.0), Ink::Track.stroke(4)))?;
        for mark in [-100.0, -50.0, 0.0, 50.0, 100.0] {
            let (x, y) = pixel(mark);
            area.draw(&PathElement::new(vec![(x, y + 5), (x, y + 10)], Ink::Zero.stroke(1)))?;
            let style = Ink::Label.text(13.0, HPos::Center, VPos::Top);
            area.draw(&Text::new(number(mark), (x, y + 13), style))?;
        }
        area.draw(&PathElement::new(line(interval.low, interval.high), Ink::Line.stroke(8)))?;
        area.draw(&Circle::new(pixel(nps), 7, Ink::Few.fill()))?;
        area.draw(&Circle::new(pixel(nps), 5, Ink::Point.fill()))
    })
}

/// The answers by score, each bar in its segment's colour, with its share and score as text.
pub(super) fn distribution(
    counts: &[u64; 11],
    size: Size,
    label: &str,
    share: impl Fn(u64) -> String,
) -> Markup {
    let most = counts.iter().max().copied().unwrap_or(0).max(1);
    let (class, dimensions, gap) = match size {
        Size::Wide => ("bars wide", (656, 260), 5),
        Size::Narrow => ("bars narrow", (300, 190), 2),
    };
    plot(class, Some(label), dimensions, |area| {
        #[expect(clippy::cast_precision_loss, reason = "a height in pixels")]
        let plane = plane(area, 0.0..11.0, 0.0..most as f64, [0, 22, 0, 28]);
        for (score, count) in (0_u32..).zip(counts) {
            #[expect(clippy::cast_precision_loss, reason = "a height in pixels")]
            let top = plane.map_coordinate(&(f64::from(score), *count as f64));
            let (right, bottom) = plane.map_coordinate(&(f64::from(score) + 1.0, 0.0));
            let ink = match score {
                0..=6 => Ink::Detractor,
                7 | 8 => Ink::Passive,
                _ => Ink::Promoter,
            };
            // A score without answers has a bar of minimal height.
            let height = if *count > 0 { top.1.min(bottom - 2) } else { bottom - 1 };
            let corners = [(top.0 + gap, height), (right - gap, bottom)];
            area.draw(&Rectangle::new(corners, ink.fill()))?;
            let middle = i32::midpoint(top.0, right);
            let style = Ink::Label.text(12.5, HPos::Center, VPos::Bottom);
            area.draw(&Text::new(share(*count), (middle, height - 5), style))?;
            let style = Ink::Label.text(14.0, HPos::Center, VPos::Top);
            area.draw(&Text::new(score.to_string(), (middle, bottom + 9), style))?;
        }
        Ok(())
    })
}

/// The meaning of the parts of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    /// Detractors, passives, promoters.
    Segments,
    /// Answered, closed, ignored.
    Displays,
}

/// A bar divided into the parts of a whole.
pub(super) fn shares(parts: [u64; 3], of: Parts) -> Markup {
    let inks = match of {
        Parts::Segments => [Ink::Detractor, Ink::Passive, Ink::Promoter],
        Parts::Displays => [Ink::Line, Ink::Passive, Ink::Silent],
    };
    let whole = parts.iter().sum::<u64>().max(1);
    plot("shares", None, (480, 14), |area| {
        #[expect(clippy::cast_precision_loss, reason = "a width in pixels")]
        let plane = plane(area, 0.0..whole as f64, 0.0..1.0, [0, 0, 0, 0]);
        let mut sum = 0;
        for (part, ink) in parts.into_iter().zip(inks) {
            #[expect(clippy::cast_precision_loss, reason = "a width in pixels")]
            let [left, right] = [sum, sum + part].map(|x| plane.map_coordinate(&(x as f64, 0.0)).0);
            sum += part;
            // A gap separates neighbouring parts, even without colours.
            let right = if sum < whole { (right - 2).max(left) } else { right };
            if part > 0 {
                area.draw(&Rectangle::new([(left, 0), (right.max(left + 1), 14)], ink.fill()))?;
            }
        }
        Ok(())
    })
}

/// The range that rows of intervals share, so that they can be compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    low: f64,
    high: f64,
    /// The score of all answers, for comparison.
    all: Option<f64>,
}

impl Rows {
    const WIDTH: u32 = 320;

    pub(super) fn new(intervals: impl Iterator<Item = Interval>, all: Option<f64>) -> Self {
        let (low, high) = scale(intervals);
        Self { low, high, all }
    }

    /// The axis above the rows.
    pub(super) fn axis(self, number: impl Fn(f64) -> String) -> Markup {
        plot("row", None, (Self::WIDTH, 18), |area| {
            let plane = plane(area, self.low..self.high, 0.0..1.0, [16, 0, 16, 0]);
            for mark in RangedCoordf64::from(self.low..self.high).key_points(BoldPoints(5)) {
                let (x, _) = plane.map_coordinate(&(mark, 0.0));
                let style = Ink::Label.text(12.0, HPos::Center, VPos::Bottom);
                area.draw(&Text::new(number(mark), (x, 17), style))?;
            }
            Ok(())
        })
    }

    /// One row: a score with its interval, and the score of all answers.
    pub(super) fn row(self, nps: f64, interval: Interval, enough: bool) -> Markup {
        plot("row", None, (Self::WIDTH, 22), |area| {
            let plane = plane(area, self.low..self.high, 0.0..1.0, [16, 0, 16, 0]);
            let pixel = |x: f64| (plane.map_coordinate(&(x, 0.0)).0, 11);
            let track = vec![pixel(self.low), pixel(self.high)];
            area.draw(&PathElement::new(track, Ink::Grid.stroke(1)))?;
            if let Some(all) = self.all {
                let x = pixel(all).0;
                area.draw(&PathElement::new(vec![(x, 0), (x, 22)], Ink::Break.stroke(1)))?;
            }
            let range = vec![pixel(interval.low), pixel(interval.high)];
            area.draw(&PathElement::new(range, Ink::Range.stroke(8)))?;
            if enough {
                area.draw(&Circle::new(pixel(nps), 4, Ink::Point.fill()))
            } else {
                area.draw(&Circle::new(pixel(nps), 4, Ink::Few.fill()))?;
                area.draw(&Circle::new(pixel(nps), 4, Ink::Line.stroke(1)))
            }
        })
    }
}

/// The share of something over time, 0 to 1, as a small line: for each step its middle, its share, and whether the line
/// joins it with the one before. `most` is the upper end of the scale, alike for all lines that stand together.
pub(super) fn shares_over_time(
    points: &[(f64, f64, bool)],
    (first, last): (f64, f64),
    most: f64,
    label: &str,
) -> Markup {
    plot("spark", Some(label), (160, 32), |area| {
        let plane = plane(area, first..last, 0.0..most, [3, 4, 3, 3]);
        let pixel = |x: f64, y: f64| plane.map_coordinate(&(x, y));
        let ground = vec![pixel(first, 0.0), pixel(last, 0.0)];
        area.draw(&PathElement::new(ground, Ink::Grid.stroke(1)))?;
        for stretch in points.chunk_by(|_, (_, _, is_joined)| *is_joined) {
            let line: Vec<_> = stretch.iter().map(|(x, y, _)| pixel(*x, *y)).collect();
            match line.as_slice() {
                [alone] => area.draw(&Circle::new(*alone, 2, Ink::Point.fill()))?,
                _ => area.draw(&PathElement::new(line, Ink::Line.stroke(2)))?,
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: f64, nps: f64) -> TrendPoint {
        TrendPoint {
            x,
            nps,
            interval: Interval { low: nps - 5.0, high: nps + 5.0 },
            enough: true,
            joined: x > 0.0,
            change: None,
        }
    }

    fn drawn(points: &[TrendPoint]) -> String {
        let axis = TrendAxis {
            first: 0.0,
            last: 10.0,
            ticks: vec![(0.0, "1 Sep".into())],
            breaks: vec![(5.0, "A".into())],
        };
        trend(points, &[], &axis, Size::Wide, "Score over time", |y| y.to_string()).into_string()
    }

    #[test]
    fn colours_are_the_style_sheets_and_nothing_is_inline() {
        let mut points = vec![point(0.0, 40.0), point(1.0, 42.0), point(2.0, 20.0)];
        points[1].enough = false;
        points[2].change = Some(-22.0);
        let plots = [
            drawn(&points),
            gauge(40.0, Interval { low: 30.0, high: 50.0 }, |y| y.to_string()).into_string(),
            distribution(&[1, 0, 0, 2, 0, 0, 3, 4, 5, 6, 7], Size::Narrow, "x", |n| n.to_string())
                .into_string(),
            shares([1, 2, 3], Parts::Segments).into_string(),
            Rows::new([points[0].interval].into_iter(), Some(40.0))
                .row(40.0, points[0].interval, false)
                .into_string(),
        ];
        for plot in plots {
            assert!(!plot.contains('#') && !plot.contains("style="), "{plot}");
            assert!(!plot.contains("font-family") && plot.contains("class=\"f-"), "{plot}");
        }
    }

    #[test]
    fn a_line_is_broken_where_points_are_not_joined() {
        let mut points =
            vec![point(0.0, 40.0), point(1.0, 42.0), point(2.0, 41.0), point(3.0, 44.0)];
        assert_eq!(drawn(&points).matches("s-line").count(), 1);
        points[2].joined = false;
        assert_eq!(drawn(&points).matches("s-line").count(), 2);
        assert_eq!(drawn(&points).matches("<polygon").count(), 2);
    }

    #[test]
    fn a_small_line_is_broken_like_a_large_one() {
        let drawn = |joined| {
            let points =
                [(0.0, 0.1, false), (1.0, 0.2, true), (2.0, 0.4, joined), (3.0, 0.3, true)];
            shares_over_time(&points, (0.0, 3.0), 0.4, "x").into_string()
        };
        assert_eq!(drawn(true).matches("s-line").count(), 1);
        assert_eq!(drawn(false).matches("s-line").count(), 2);
    }

    #[test]
    fn the_period_before_is_a_line_behind_that_the_scale_holds() {
        let before = [point(0.0, -60.0), point(1.0, -62.0)];
        let axis = TrendAxis { first: 0.0, last: 10.0, ..TrendAxis::default() };
        let points = [point(0.0, 40.0), point(1.0, 42.0)];
        let drawn =
            trend(&points, &before, &axis, Size::Wide, "x", |y| y.to_string()).into_string();
        let (behind, front) = (drawn.find("s-before"), drawn.find("s-line"));
        assert!(behind.is_some() && behind < front, "{drawn}");
        assert!(drawn.contains(">-60<"), "{drawn}");
    }

    #[test]
    fn the_scale_shows_differences_and_does_not_magnify_noise() {
        let of = |low, high| scale([Interval { low, high }].into_iter());
        assert_eq!(of(38.0, 41.0), (20.0, 60.0));
        assert_eq!(of(-12.0, 74.1), (-20.0, 80.0));
        assert_eq!(of(97.0, 100.0), (70.0, 100.0));
        assert_eq!(scale(std::iter::empty()), (-100.0, 100.0));
    }
}
