//! Makes test cases from factors. A case has one value of each factor, by its number in the factor's list.

/// All cases.
#[must_use]
pub fn product(sizes: &[usize]) -> Vec<Vec<usize>> {
    sizes.iter().fold(vec![Vec::new()], |cases, size| {
        let longer = |case: &Vec<usize>| -> Vec<Vec<usize>> {
            (0..*size).map(|value| [case.as_slice(), &[value]].concat()).collect()
        };
        cases.iter().flat_map(longer).collect()
    })
}

/// A small set of cases that contains every pair of values of two factors. It is always the same set.
#[must_use]
pub fn pairwise(sizes: &[usize]) -> Vec<Vec<usize>> {
    let all = product(sizes);
    let mut open: std::collections::HashSet<_> = all.iter().flat_map(|case| pairs(case)).collect();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let count = |case: &&Vec<usize>| pairs(case).filter(|pair| open.contains(pair)).count();
        let Some(best) = all.iter().max_by_key(count) else { break };
        for pair in pairs(best) {
            open.remove(&pair);
        }
        chosen.push(best.clone());
    }
    chosen
}

/// The pairs of values in a case, with their factors.
fn pairs(case: &[usize]) -> impl Iterator<Item = [(usize, usize); 2]> {
    let values = case.iter().copied().enumerate();
    values.clone().flat_map(move |one| {
        values.clone().filter(move |other| other.0 > one.0).map(move |other| [one, other])
    })
}

#[cfg(test)]
mod tests {
    use super::{pairs, pairwise, product};

    #[test]
    fn every_two_values_meet_in_a_few_of_all_cases() {
        let sizes = [7, 3, 5, 2];
        let (all, few) = (product(&sizes), pairwise(&sizes));
        assert_eq!(all.len(), 7 * 3 * 5 * 2);
        for pair in all.iter().flat_map(|case| pairs(case)) {
            assert!(few.iter().any(|case| pairs(case).any(|it| it == pair)), "{pair:?}");
        }
        assert!(few.len() < 50, "{}", few.len());
    }
}
