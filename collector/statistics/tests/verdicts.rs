//! Measures how often the verdicts are wrong: summed over all possible outcomes, or, if these are too many,
//! simulated with a fixed seed and with the standard error of the simulation.
//!
//! `cargo xtask verdicts` prints the figures, which docs/internals/STATISTICS.md quotes. If nothing changed,
//! a verdict of "real" is a false alarm, which may happen in at most 1 of 20 cases.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{ops::RangeInclusive, thread};

use afterword_statistics::{
    Difference, Distribution, Mix, Pairs, Power, Segments, Slope, Stratum, Verdict, marked_groups,
    marked_steps,
};
use fastrand::Rng;

/// The rate of false alarms that we promise not to exceed.
const MAX_FALSE_ALARMS: f64 = 0.05;
/// The numbers of answers on each side for which that is proven.
const SIZES: RangeInclusive<u64> = 30..=100;

/// Shares of promoters, passives and detractors.
type Shares = [f64; 3];

/// Scores as shops have them: good, middling, poor.
const REALISTIC: [(&str, Shares); 5] = [
    ("shop as most, NPS 40", [0.60, 0.20, 0.20]),
    ("loved, NPS 75", [0.80, 0.15, 0.05]),
    ("middling, NPS 10", [0.40, 0.30, 0.30]),
    ("poor, NPS −40", [0.20, 0.20, 0.60]),
    ("torn, NPS 0", [0.48, 0.04, 0.48]),
];

fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// The logarithms of the factorials up to `n`.
fn log_factorials(n: u64) -> Vec<f64> {
    let mut sum = 0.0;
    std::iter::once(0.0)
        .chain((1..=n).map(|k| {
            sum += number(k).ln();
            sum
        }))
        .collect()
}

/// The probability of these counts if each kind has its share.
fn chance(counts: &[u64], shares: &[f64], factorials: &[f64]) -> f64 {
    let at = |k: u64| factorials[usize::try_from(k).unwrap()];
    let mut log = at(counts.iter().sum());
    for (count, share) in counts.iter().zip(shares) {
        if *count > 0 {
            log += number(*count) * share.ln() - at(*count);
        }
    }
    log.exp()
}

/// Every distribution of `n` answers over the segments.
fn outcomes(n: u64) -> Vec<Segments> {
    (0..=n)
        .flat_map(|promoters| {
            (0..=n - promoters).map(move |detractors| Segments {
                promoters,
                passives: n - promoters - detractors,
                detractors,
            })
        })
        .collect()
}

fn counts(outcome: &Segments) -> [u64; 3] {
    [outcome.promoters, outcome.passives, outcome.detractors]
}

fn is_real(difference: Option<Difference>) -> bool {
    difference.is_some_and(|it| it.verdict == Verdict::Real)
}

/// The outcomes that are possible if segments with a share of 0 never answer.
fn possible(n: u64, shares: &Shares) -> Vec<(Segments, f64)> {
    let factorials = log_factorials(n);
    outcomes(n)
        .into_iter()
        .filter(|it| {
            counts(it).iter().zip(shares).all(|(count, share)| *count == 0 || *share > 0.0)
        })
        .map(|it| (it, chance(&counts(&it), shares, &factorials)))
        .collect()
}

/// Runs a part of the work on each of two threads.
fn both<T: Send + Clone, R: Send>(work: &[T], run: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    // Alternating, since later items take longer.
    let half = |first: usize| work.iter().skip(first).step_by(2).cloned().collect::<Vec<T>>();
    let (one, other) = (half(0), half(1));
    thread::scope(|scope| {
        let run = &run;
        let other = scope.spawn(move || run(&other));
        let mut results = run(&one);
        results.extend(other.join().unwrap());
        results
    })
}

/// The rate of false alarms of every pair of sizes, if both sides have the same shares.
fn false_alarms_of_change(
    sizes: &[(u64, u64)],
    shares: &[Shares],
) -> Vec<(f64, (u64, u64), Shares)> {
    both(sizes, |sizes| {
        let mut found = Vec::new();
        for (earlier, later) in sizes {
            // All shares with the same zeros have the same possible outcomes.
            let sides = [*earlier, *later].map(|n| possible(n, &shares[0]));
            let factorials = log_factorials((*earlier).max(*later));
            let chances = |outcomes: &[(Segments, f64)], shares: &Shares| -> Vec<f64> {
                outcomes.iter().map(|(it, _)| chance(&counts(it), shares, &factorials)).collect()
            };
            let chances: Vec<[Vec<f64>; 2]> = shares
                .iter()
                .map(|shares| [chances(&sides[0], shares), chances(&sides[1], shares)])
                .collect();
            let mut sums = vec![0.0; shares.len()];
            for (index, (first, _)) in sides[0].iter().enumerate() {
                let real: Vec<usize> = (0..sides[1].len())
                    .filter(|second| is_real(Difference::between(first, &sides[1][*second].0)))
                    .collect();
                for (sum, [first, second]) in sums.iter_mut().zip(&chances) {
                    if first[index] > 1e-12 {
                        *sum += first[index] * real.iter().map(|it| second[*it]).sum::<f64>();
                    }
                }
            }
            found.extend(
                sums.into_iter().zip(shares).map(|(sum, it)| (sum, (*earlier, *later), *it)),
            );
        }
        found
    })
}

#[track_caller]
fn report(title: &str, mut found: Vec<(f64, String)>) {
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (least, most) = (&found[0], &found[found.len() - 1]);
    println!(
        "{title}: {} cases, {:.2} % to {:.2} % (at {})",
        found.len(),
        100.0 * least.0,
        100.0 * most.0,
        most.1
    );
    assert!(most.0 <= MAX_FALSE_ALARMS, "{title}: {:.3} % at {}", 100.0 * most.0, most.1);
}

fn named(found: Vec<(f64, (u64, u64), Shares)>) -> Vec<(f64, String)> {
    found
        .into_iter()
        .map(|(rate, (earlier, later), [promoters, passives, detractors])| {
            let shares = format!("{promoters:.2}/{passives:.2}/{detractors:.2}");
            (rate, format!("{earlier} and {later} answers, {shares}"))
        })
        .collect()
}

fn pairs_of_sizes(step: usize) -> Vec<(u64, u64)> {
    let sizes = || SIZES.step_by(step);
    sizes().flat_map(|a| sizes().filter(move |b| *b >= a).map(move |b| (a, b))).collect()
}

#[test]
fn a_change_is_called_real_by_chance_in_at_most_one_of_twenty_cases() {
    let sizes =
        [(30, 30), (30, 31), (30, 60), (30, 100), (45, 60), (60, 60), (60, 100), (100, 100)];
    let realistic = REALISTIC.map(|(_, shares)| shares);
    for (name, shares) in REALISTIC {
        let found = false_alarms_of_change(&sizes[..4], &[shares]);
        report(&format!("change, {name}"), named(found));
    }
    let mut shares = realistic.to_vec();
    for promoters in 1..10 {
        for detractors in 1..=promoters.min(10 - promoters) {
            // At the edge of the triangle nearly nobody is passive. The next test has shares without passives.
            let [p, d] = [promoters, detractors].map(|it| f64::from(it) / 10.0 - 0.005);
            shares.push([p, 1.0 - p - d, d]);
        }
    }
    shares.extend([[0.97, 0.02, 0.01], [0.02, 0.96, 0.02], [0.5, 0.01, 0.49], [0.9, 0.09, 0.01]]);
    report("change, a net over all shares", named(false_alarms_of_change(&sizes, &shares)));
}

#[test]
fn the_worst_shares_for_a_change_are_covered_for_every_pair_of_sizes() {
    // The fewer values there are, the coarser the steps.
    let sizes = pairs_of_sizes(1);
    let two_kinds: Vec<Shares> =
        [0.5, 0.52, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98].map(|it| [it, 0.0, 1.0 - it]).to_vec();
    report("change, nobody passive", named(false_alarms_of_change(&sizes, &two_kinds)));
    let two_kinds: Vec<Shares> =
        [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98].map(|it| [it, 1.0 - it, 0.0]).to_vec();
    report("change, nobody a detractor", named(false_alarms_of_change(&sizes, &two_kinds)));
}

#[test]
fn the_interval_of_a_change_holds_the_real_one_as_often_as_it_says() {
    let mut found = Vec::new();
    for (first, first_shares) in &REALISTIC {
        for (second, second_shares) in &REALISTIC[..3] {
            let truth = |shares: &Shares| 100.0 * (shares[0] - shares[2]);
            let truth = truth(second_shares) - truth(first_shares);
            let (earlier, later) = (possible(30, first_shares), possible(50, second_shares));
            let mut sum = 0.0;
            for (before, chance) in &earlier {
                for (after, other) in &later {
                    if chance * other > 1e-10 {
                        let interval = Difference::between(before, after).unwrap().interval;
                        sum += if interval.contains(truth) { chance * other } else { 0.0 };
                    }
                }
            }
            found.push((1.0 - sum, format!("from {first} to {second}")));
        }
    }
    report("interval of a change of 30 and 50 answers leaves it out", found);
}

/// The probability with which a difference between two groups of so many answers is recognised.
fn seen(n: u64, earlier: &Shares, later: &Shares) -> f64 {
    let (earlier, later) = (possible(n, earlier), possible(n, later));
    let mut sum = 0.0;
    for (before, chance) in &earlier {
        for (after, other) in &later {
            if chance * other > 1e-9 && is_real(Difference::between(before, after)) {
                sum += chance * other;
            }
        }
    }
    sum
}

#[test]
fn a_detectable_difference_is_recognised_in_four_of_five_cases() {
    // Answers in these shares; and shares of which so many points are lost by promoters who turn away.
    let hundreds =
        |[promoters, passives, detractors]: [u64; 3]| Segments { promoters, passives, detractors };
    let shares = |it: &Segments| counts(it).map(|count| number(count) / number(it.answers()));
    let without = |[promoters, passives, detractors]: Shares, points: f64| -> Shares {
        [promoters - points / 200.0, passives, detractors + points / 200.0]
    };
    for (name, earlier, later) in [
        ("from NPS 40 to 10", [120, 40, 40], [90, 40, 70]),
        ("from NPS 75 to 35", [160, 30, 10], [120, 30, 50]),
        ("from NPS 10 to 40", [80, 60, 60], [110, 60, 30]),
    ] {
        let (earlier, later) = (hundreds(earlier), hundreds(later));
        let power = Power::between(&earlier, &later).unwrap();
        let rate = seen(power.answers, &shares(&earlier), &shares(&later));
        println!(
            "power, {name}: {} answers a side tell it in {:.1} %",
            power.answers,
            100.0 * rate
        );
        assert!((0.78..0.84).contains(&rate), "{name}: {rate}");
    }
    for (n, before) in [(40, [24, 8, 8]), (60, [24, 18, 18]), (100, [80, 15, 5])] {
        let before = hundreds(before);
        let power = Power::between(&before, &before).unwrap();
        let after = without(shares(&before), power.detectable);
        let rate = seen(n, &shares(&before), &after);
        println!(
            "power, {n} answers a side: {:.1} points are told in {:.1} %",
            power.detectable,
            100.0 * rate
        );
        assert!((0.78..0.85).contains(&rate), "{n}: {rate}");
    }
}

/// The numbers of orders by their difference, −2 to 2.
fn orders(differences: [u64; 5]) -> Pairs {
    let [fell_two, fell, stayed, rose, rose_two] = differences;
    Pairs([[stayed, rose, rose_two], [fell, 0, 0], [fell_two, 0, 0]])
}

/// Every way in which `n` orders can fall on those of the five differences that happen.
fn order_outcomes(n: u64, shares: &[f64; 5]) -> Vec<[u64; 5]> {
    let mut found = vec![([0; 5], n)];
    let happening: Vec<usize> = (0..5).filter(|it| shares[*it] > 0.0).collect();
    for (place, index) in happening.iter().enumerate() {
        let is_last = place + 1 == happening.len();
        found = found
            .into_iter()
            .flat_map(|(counts, left)| {
                (if is_last { left } else { 0 }..=left).map(move |count| {
                    let mut counts = counts;
                    counts[*index] = count;
                    (counts, left - count)
                })
            })
            .collect();
    }
    found.into_iter().map(|(counts, _)| counts).collect()
}

fn false_alarms_of_pairs(sizes: &[u64], all: &[[f64; 5]]) -> Vec<(f64, String)> {
    both(sizes, |sizes| {
        let mut found = Vec::new();
        for n in sizes {
            let factorials = log_factorials(*n);
            for shares in all {
                let mut sum = 0.0;
                for outcome in order_outcomes(*n, shares) {
                    let chance = chance(&outcome, shares, &factorials);
                    if chance > 1e-13 && is_real(orders(outcome).difference()) {
                        sum += chance;
                    }
                }
                found.push((sum, format!("{n} orders, differences {shares:.2?}")));
            }
        }
        found
    })
}

#[test]
fn a_gap_of_pairs_is_called_real_by_chance_in_at_most_one_of_twenty_cases() {
    // Most orders stay in their segment, some move, as many points up as down.
    let realistic = [
        [0.02, 0.10, 0.76, 0.10, 0.02],
        [0.06, 0.09, 0.68, 0.13, 0.04],
        [0.01, 0.05, 0.88, 0.05, 0.01],
    ];
    report("pairs, most stay", false_alarms_of_pairs(&[30, 45], &realistic));
    // At most three kinds of differences, whose points cancel: no order stays, most rise, few fall far.
    let mut worst = Vec::new();
    let shares = [0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];
    for fell_two in shares {
        for fell in shares {
            for rose_two in shares {
                let rose = 2.0 * fell_two + fell - 2.0 * rose_two;
                let stayed = 1.0 - fell_two - fell - rose - rose_two;
                let all = [fell_two, fell, stayed, rose, rose_two]
                    .map(|it: f64| if it.abs() < 1e-9 { 0.0 } else { it });
                let kinds = all.iter().filter(|it| **it > 0.0).count();
                if all.iter().all(|it| *it >= 0.0)
                    && (2..=3).contains(&kinds)
                    && fell_two >= rose_two
                {
                    worst.push(all);
                }
            }
        }
    }
    let sizes: Vec<u64> = SIZES.collect();
    report("pairs, a net over all that cancels", false_alarms_of_pairs(&sizes, &worst));
}

/// A number of draws, and how often the event happened.
struct Draws {
    times: u32,
    happened: u32,
}

impl Draws {
    fn rate(&self) -> f64 {
        f64::from(self.happened) / f64::from(self.times)
    }

    /// The standard error of the rate, by chance of the draws themselves.
    fn error(&self) -> f64 {
        (self.rate() * (1.0 - self.rate()) / f64::from(self.times)).sqrt()
    }
}

/// Draws with a fixed seed.
fn draws(times: u32, seed: u64, happens: impl Fn(&mut Rng) -> bool + Sync) -> Draws {
    let halves = both(&[seed, seed + 1], |seeds| {
        seeds
            .iter()
            .map(|seed| {
                let mut rng = Rng::with_seed(*seed);
                u32::try_from((0..times / 2).filter(|_| happens(&mut rng)).count()).unwrap()
            })
            .collect()
    });
    Draws { times, happened: halves.iter().sum() }
}

#[track_caller]
fn report_draws(title: &str, draws: &Draws) {
    let (rate, error) = (100.0 * draws.rate(), 100.0 * draws.error());
    println!("{title}: {rate:.2} % ± {error:.2} % of {} draws", draws.times);
    assert!(
        draws.rate() <= MAX_FALSE_ALARMS + 2.0 * draws.error(),
        "{title}: {rate:.2} % ± {error:.2} %"
    );
}

fn drawn(rng: &mut Rng, shares: &Shares, answers: u64) -> Segments {
    let mut segments = Segments::default();
    for _ in 0..answers {
        match rng.f64() {
            it if it < shares[0] => segments.promoters += 1,
            it if it < shares[0] + shares[1] => segments.passives += 1,
            _ => segments.detractors += 1,
        }
    }
    segments
}

const TIMES: u32 = 20_000;

#[test]
fn a_trend_without_change_has_a_mark_in_at_most_one_of_twenty_pictures() {
    for (name, shares) in REALISTIC {
        let marks = draws(TIMES, 1, |rng| {
            let weeks: Vec<Segments> = (0..13)
                .map(|_| {
                    let answers = rng.u64(30..=80);
                    drawn(rng, &shares, answers)
                })
                .collect();
            marked_steps(&weeks, &[]).iter().any(Option::is_some)
        });
        report_draws(&format!("trend of 13 weeks, marks, {name}"), &marks);
    }
}

/// Answers of days, the number of each drawn between these.
fn days(
    rng: &mut Rng,
    shares: &Shares,
    days: std::ops::Range<i32>,
    most: impl Fn(i32) -> u64,
) -> Stratum {
    days.map(|day| {
        let answers = rng.u64(0..=most(day));
        (20_000 + day, drawn(rng, shares, answers))
    })
    .collect()
}

fn slides(days: i32, strata: &[Stratum]) -> bool {
    Slope::over(days, strata).is_some_and(|it| it.verdict == Verdict::Real)
}

#[test]
fn a_steady_score_is_called_a_slide_in_at_most_one_of_twenty_cases() {
    for (name, shares) in REALISTIC {
        let small = draws(5 * TIMES, 3, |rng| slides(28, &[days(rng, &shares, 0..28, |_| 4)]));
        report_draws(&format!("slide in 28 days of 0 to 4 answers, {name}"), &small);
        // A shop that grows has most of its answers at the end.
        let growing = draws(5 * TIMES, 5, |rng| {
            slides(90, &[days(rng, &shares, 0..90, |day| 1 + day as u64 / 10)])
        });
        report_draws(&format!("slide in 90 days of a growing shop, {name}"), &growing);
    }
    // Asked in another way from day 45 on, it scores otherwise; that is no slide.
    let broken = draws(TIMES, 7, |rng| {
        let strata =
            [days(rng, &REALISTIC[0].1, 0..45, |_| 4), days(rng, &REALISTIC[2].1, 45..90, |_| 4)];
        slides(90, &strata)
    });
    report_draws("slide across a break of 30 points", &broken);
}

#[test]
fn a_slow_slide_is_recognised_although_no_step_is_marked() {
    // 54 points in ten weeks, 25 answers a week.
    let at = |week: i32| -> Shares {
        let lost = 0.27 * f64::from(week) / 9.0;
        [0.6 - lost, 0.2, 0.2 + lost]
    };
    let weeks = |rng: &mut Rng| -> Vec<Segments> {
        (0..10).map(|week| drawn(rng, &at(week), 25)).collect()
    };
    let of_days = |weeks: &[Segments]| -> Stratum {
        (0..).zip(weeks).map(|(week, segments)| (20_000 + 7 * week, *segments)).collect()
    };
    let seen = draws(2_000, 9, |rng| slides(70, &[of_days(&weeks(rng))]));
    let marked = draws(2_000, 9, |rng| marked_steps(&weeks(rng), &[]).iter().any(Option::is_some));
    println!(
        "slide of 54 points in ten weeks of 25 answers: seen in {:.1} %, marked in {:.1} %",
        100.0 * seen.rate(),
        100.0 * marked.rate()
    );
    assert!(seen.rate() > 0.85 && marked.rate() < 0.05);
}

#[test]
fn of_equal_groups_one_stands_out_in_at_most_one_of_twenty_tables() {
    let sizes = [300, 160, 120, 90, 60, 45, 31, 30, 20, 8];
    for (name, shares) in REALISTIC {
        let marks = draws(TIMES, 11, |rng| {
            let groups = sizes.map(|answers| drawn(rng, &shares, answers));
            let mut all = Segments::default();
            groups.iter().for_each(|group| all.add(group));
            marked_groups(&all, &groups).iter().any(Option::is_some)
        });
        report_draws(&format!("ten groups, {name}"), &marks);
    }
}

#[test]
fn a_change_of_mix_alone_is_called_real_in_at_most_one_of_twenty_cases() {
    let (orders, support, returns) = (REALISTIC[0].1, REALISTIC[3].1, REALISTIC[1].1);
    for (name, earlier, later) in [
        ("support from a tenth to two thirds", [180, 20, 0], [60, 120, 0]),
        ("few answers", [30, 12, 0], [12, 30, 0]),
        ("hardly any support before", [95, 2, 3], [60, 40, 9]),
        ("hardly any orders after", [60, 30, 1], [3, 60, 1]),
        ("returns are new", [60, 40, 0], [60, 40, 80]),
        ("as before", [60, 40, 20], [60, 40, 20]),
    ] {
        let kinds = [&orders, &support, &returns];
        let sides = |rng: &mut Rng| -> Vec<(Segments, Segments)> {
            (0..3)
                .map(|it| (drawn(rng, kinds[it], earlier[it]), drawn(rng, kinds[it], later[it])))
                .collect()
        };
        let standardised = draws(TIMES, 13, |rng| {
            let mix = Mix::of(&sides(rng));
            mix.is_some_and(|it| it.standardised.verdict == Verdict::Real)
        });
        let plain = draws(2_000, 13, |rng| {
            let (mut before, mut after) = (Segments::default(), Segments::default());
            for (first, second) in sides(rng) {
                before.add(&first);
                after.add(&second);
            }
            is_real(Difference::between(&before, &after))
        });
        let plain = format!("the plain change: {:.0} %", 100.0 * plain.rate());
        report_draws(&format!("change at the earlier mix, {name} ({plain})"), &standardised);
    }
}

#[test]
fn the_interval_of_a_score_holds_it_as_often_as_it_says() {
    // 95 % on the average of many shares; at single ones less or more, of few answers most of all.
    for n in [10, 30, 100] {
        let mut sum = 0.0;
        let mut least: f64 = 1.0;
        for (_, shares) in REALISTIC {
            let truth = 100.0 * (shares[0] - shares[2]);
            let held: f64 = possible(n, &shares)
                .iter()
                .filter(|(outcome, _)| outcome.interval().unwrap().contains(truth))
                .map(|(_, chance)| chance)
                .sum();
            sum += held / number(REALISTIC.len() as u64);
            least = least.min(held);
        }
        println!(
            "interval of a score of {n} answers: holds it in {:.1} %, at least {:.1} %",
            100.0 * sum,
            100.0 * least
        );
        assert!(sum > 0.94 && least > 0.91, "{n}: {sum} {least}");
    }
    // A distribution has as many answers as all its scores together.
    assert_eq!(Distribution([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]).segments().answers(), 15);
}
