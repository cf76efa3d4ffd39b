//! Where a cluster comes apart most easily.

/// The part of a graph, and the weight of the links that part it from the rest, such that no other parting weighs less.
/// Negative links hold nothing together and count as none. Stoer and Wagner's algorithm, cubic in the number of rows.
pub(super) fn least_cut(rows: &[u32], links: &[(u32, u32, f64)]) -> (Vec<u32>, f64) {
    let n = rows.len();
    let place = |row: u32| rows.binary_search(&row).unwrap_or(0);
    let mut weights = vec![vec![0.0f64; n]; n];
    for (a, b, weight) in links {
        let (a, b) = (place(*a), place(*b));
        weights[a][b] += weight.max(0.0);
        weights[b][a] += weight.max(0.0);
    }
    let mut merged: Vec<Vec<usize>> = (0..n).map(|at| vec![at]).collect();
    let mut left: Vec<usize> = (0..n).collect();
    let mut best = (Vec::new(), f64::INFINITY);
    while left.len() > 1 {
        let mut pull: Vec<f64> = vec![0.0; n];
        let mut waiting = left.clone();
        let (mut before, mut last) = (waiting[0], waiting[0]);
        while !waiting.is_empty() {
            let most = (0..waiting.len()).max_by(|x, y| pull[waiting[*x]].total_cmp(&pull[waiting[*y]]).then(y.cmp(x)));
            let next = waiting.swap_remove(most.unwrap_or(0));
            (before, last) = (last, next);
            for other in &waiting {
                pull[*other] += weights[next][*other];
            }
        }
        if pull[last] < best.1 {
            best = (merged[last].clone(), pull[last]);
        }
        let moved = std::mem::take(&mut merged[last]);
        merged[before].extend(moved);
        for other in &left {
            let more = weights[last][*other];
            weights[before][*other] += more;
            weights[*other][before] += more;
        }
        weights[before][before] = 0.0;
        left.retain(|held| *held != last);
    }
    let mut part: Vec<u32> = best.0.into_iter().map(|at| rows[at]).collect();
    part.sort_unstable();
    (part, best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_is_the_cut() {
        let links = [(0, 1, 9.0), (1, 2, 9.0), (0, 2, 9.0), (2, 3, 2.0), (3, 4, 8.0), (0, 4, -5.0)];
        let (mut part, weight) = least_cut(&[0, 1, 2, 3, 4], &links);
        part.sort_unstable();
        assert_eq!(weight, 2.0);
        assert!(part == [0, 1, 2] || part == [3, 4], "{part:?}");
    }

    #[test]
    fn two_rows_are_parted() {
        assert_eq!(least_cut(&[3, 7], &[(3, 7, 4.5)]).1, 4.5);
    }
}
