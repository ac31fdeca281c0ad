//! Tests several differences together: the steps of a trend, or groups. If each were tested alone, chance
//! would mark one of twenty.

use crate::{Difference, FALSE_ALARMS, Segments, Verdict, count};

/// The difference of each step of a trend from the one before, if it is beyond chance among all steps.
/// `begins_anew` marks steps that cannot be compared with the one before.
pub fn marked_steps(steps: &[Segments], begins_anew: &[bool]) -> Vec<Option<Difference>> {
    let differences = steps.iter().enumerate().map(|(index, step)| {
        let before = steps.get(index.checked_sub(1)?)?;
        let is_new = begins_anew.get(index).copied().unwrap_or_default();
        if is_new { None } else { Difference::between(before, step) }
    });
    marked(differences.collect())
}

/// The difference of each group from all other answers, if it is beyond chance among all groups.
pub fn marked_groups(all: &Segments, groups: &[Segments]) -> Vec<Option<Difference>> {
    marked(groups.iter().map(|group| Difference::between(&all.without(group), group)).collect())
}

fn has_verdict(difference: &Difference) -> bool {
    matches!(difference.verdict, Verdict::Real | Verdict::CouldBeChance)
}

/// The differences that stand out, among those with enough answers for a verdict.
pub fn marked(differences: Vec<Option<Difference>>) -> Vec<Option<Difference>> {
    let differences: Vec<_> = differences.into_iter().map(|it| it.filter(has_verdict)).collect();
    let probabilities: Vec<f64> =
        differences.iter().flatten().map(Difference::probability).collect();
    let mut marks = stand_out(&probabilities).into_iter();
    differences.into_iter().map(|it| it.filter(|_| marks.next().unwrap_or_default())).collect()
}

/// Marks the differences that are beyond chance when all are tested together: by chance alone, fewer than 1 of 20
/// such lists get any mark. This is Holm's method, Scandinavian Journal of Statistics 6 (1979), which is valid for
/// dependent differences, too.
pub(crate) fn stand_out(probabilities: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut marked = vec![false; probabilities.len()];
    for (rank, index) in order.iter().enumerate() {
        let left = count((probabilities.len() - rank) as u64);
        if probabilities[*index] > FALSE_ALARMS / left {
            break;
        }
        marked[*index] = true;
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(promoters: u64, passives: u64, detractors: u64) -> Segments {
        Segments { promoters, passives, detractors }
    }

    #[test]
    fn a_step_that_begins_anew_is_not_compared() {
        let steps = [segments(90, 5, 5), segments(20, 10, 70), segments(20, 10, 70)];
        let marks = |anew: [bool; 3]| -> Vec<bool> {
            marked_steps(&steps, &anew).iter().map(Option::is_some).collect()
        };
        assert_eq!(marks([false; 3]), [false, true, false]);
        assert_eq!(marks([false, true, false]), [false; 3]);
        assert_eq!(marked_steps(&[], &[]), []);
    }

    #[test]
    fn one_worse_group_of_twenty_is_chance() {
        // 19 points less would be more than chance if tested alone. But among 21 groups, the worst is often that low.
        let (usual, worse) = (segments(60, 20, 20), segments(49, 20, 31));
        let groups: Vec<Segments> = std::iter::repeat_n(usual, 20).chain([worse]).collect();
        let mut all = Segments::default();
        groups.iter().for_each(|group| all.add(group));
        let alone = marked_groups(&all, &[worse]);
        assert!(alone[0].is_some_and(|it| it.points < -20.0));
        assert_eq!(marked_groups(&all, &groups), vec![None; 21]);
        // Groups with too few answers are not compared, and do not make the test of the others stricter.
        let few = [worse, segments(9, 0, 20), segments(0, 0, 0)];
        let marks: Vec<bool> = marked_groups(&all, &few).iter().map(Option::is_some).collect();
        assert_eq!(marks, [true, false, false]);
    }

    #[test]
    fn several_comparisons_need_stronger_evidence() {
        assert_eq!(stand_out(&[0.04]), [true]);
        assert_eq!(stand_out(&[0.04, 0.04]), [false, false]);
        assert_eq!(stand_out(&[0.04, 0.5, 0.001]), [false, false, true]);
        assert_eq!(stand_out(&[0.02, 0.04, 0.001]), [true, true, true]);
        assert_eq!(stand_out(&[]), Vec::<bool>::new());
    }
}
