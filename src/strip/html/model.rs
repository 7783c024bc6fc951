//! The learnt weights: boosted decision trees over the features of a line.
//!
//! `model.tsv` is made by tools/strip-html/learn.py from the development pages.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::features::names;

const TABLE: &str = include_str!("model.tsv");

/// Questions from the root of a tree to a leaf.
const DEPTH: usize = 4;
const LEAVES: usize = 1 << DEPTH;

/// Most features that a model can ask for.
pub(super) const MAX_FEATURES: usize = 256;

/// A complete binary tree. The children of question `i` are `2 i + 1`, if the feature is at most the threshold, and
/// `2 i + 2`; behind the questions come the leaves.
#[derive(Clone, Copy, Debug, Default)]
struct Tree {
    features: [u8; LEAVES],
    thresholds: [f32; LEAVES],
    leaves: [f32; LEAVES],
}

static MODEL: LazyLock<Vec<Tree>> = LazyLock::new(|| read(TABLE));

/// The trees of a table. One that cannot be read is left out; a test says that there is none.
fn read(table: &str) -> Vec<Tree> {
    let names = names();
    let index: HashMap<&str, u8> = (0..=u8::MAX).zip(&names).map(|(i, name)| (name.as_str(), i)).collect();
    let rows: Vec<(&str, &str)> =
        table.lines().filter(|row| !row.starts_with('#')).filter_map(|row| row.split_once('\t')).collect();
    rows.chunk_by(|(a, _), (b, _)| a == b).filter_map(|rows| read_tree(rows, &index)).collect()
}

fn read_tree(rows: &[(&str, &str)], index: &HashMap<&str, u8>) -> Option<Tree> {
    let mut tree = Tree::default();
    // Row of the table, place in the tree. A leaf above the last level stands below questions of one answer.
    let mut open = vec![(0, 0)];
    while let Some((row, at)) = open.pop() {
        let (_, row_text) = rows.get(row)?;
        let cells: Vec<&str> = row_text.split('\t').collect();
        let (low, high) = match cells[..] {
            ["leaf", value] if at >= LEAVES - 1 => {
                *tree.leaves.get_mut(at + 1 - LEAVES)? = value.parse().ok()?;
                continue;
            }
            ["leaf", _] => {
                *tree.thresholds.get_mut(at)? = f32::INFINITY;
                (row, row)
            }
            [feature, threshold, low, high] => {
                *tree.features.get_mut(at)? = *index.get(feature)?;
                *tree.thresholds.get_mut(at)? = threshold.parse().ok()?;
                (low.parse().ok()?, high.parse().ok()?)
            }
            _ => return None,
        };
        open.extend([(low, 2 * at + 1), (high, 2 * at + 2)]);
    }
    Some(tree)
}

impl Tree {
    fn score(&self, features: &[f32; MAX_FEATURES]) -> f32 {
        let mut at = 0;
        for _ in 0..DEPTH {
            // The masks are for the compiler, which then checks no bounds.
            let feature = self.features.get(at % LEAVES).copied().unwrap_or_default();
            let threshold = self.thresholds.get(at % LEAVES).copied().unwrap_or_default();
            let value = features.get(usize::from(feature)).copied().unwrap_or_default();
            at = 2 * at + 1 + usize::from(value > threshold);
        }
        self.leaves.get((at + 1) % LEAVES).copied().unwrap_or_default()
    }
}

/// Log-odds that a line is article. 0 is as likely as not.
pub(super) fn score(features: &[f32; MAX_FEATURES]) -> f32 {
    MODEL.iter().map(|tree| tree.score(features)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tree_of_the_table_is_read() {
        let rows = TABLE.lines().filter(|row| !row.starts_with('#'));
        let last = rows.filter_map(|row| row.split('\t').next()).next_back();
        assert_eq!(last, Some((MODEL.len() - 1).to_string().as_str()));
        assert!(MODEL.len() > 10);
        assert!(names().len() <= MAX_FEATURES);
    }

    #[test]
    fn a_tree_of_two_levels() {
        let table = "0\tmass\t5\t1\t2\n0\tleaf\t-1\n0\than\t0.5\t3\t4\n0\tleaf\t2\n0\tleaf\t3\n";
        let trees = read(table);
        let score = |mass: f32, han: f32| {
            let mut features = [0.0; MAX_FEATURES];
            features[0] = mass;
            features[1] = han;
            trees[0].score(&features)
        };
        assert_eq!((score(5.0, 1.0), score(6.0, 0.5), score(6.0, 0.6)), (-1.0, 2.0, 3.0));
    }
}
