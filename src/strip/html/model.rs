//! The learnt weights: boosted decision trees over the features of a line.
//!
//! `model.tsv` is made by tools/strip-html/learn.py from the development pages.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::features::names;

const TABLE: &str = include_str!("model.tsv");

/// A node of a tree: where to go on, or what the tree says.
#[derive(Clone, Copy, Debug)]
enum Node {
    Split { feature: u16, threshold: f32, low: u32, high: u32 },
    Leaf(f32),
}

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(TABLE));

/// All trees, one after the other.
#[derive(Debug, Default)]
struct Model {
    nodes: Vec<Node>,
    roots: Vec<u32>,
}

impl Model {
    /// Rows that cannot be read are left out; a test says that there are none.
    fn read(table: &str) -> Self {
        let names = names();
        let index: HashMap<&str, u16> = (0..).zip(&names).map(|(i, name)| (name.as_str(), i)).collect();
        let mut model = Self::default();
        let mut tree = None;
        let mut root = 0;
        for row in table.lines().filter(|row| !row.starts_with('#')) {
            let cells: Vec<&str> = row.split('\t').collect();
            let node = match cells[..] {
                [_, "leaf", value] => value.parse().ok().map(Node::Leaf),
                [_, feature, threshold, low, high] => (|| {
                    Some(Node::Split {
                        feature: *index.get(feature)?,
                        threshold: threshold.parse().ok()?,
                        low: low.parse().ok()?,
                        high: high.parse().ok()?,
                    })
                })(),
                _ => None,
            };
            let (Some(node), Some(&number)) = (node, cells.first()) else { continue };
            if tree != Some(number) {
                tree = Some(number);
                root = u32::try_from(model.nodes.len()).unwrap_or_default();
                model.roots.push(root);
            }
            model.nodes.push(match node {
                Node::Split { feature, threshold, low, high } => {
                    Node::Split { feature, threshold, low: low + root, high: high + root }
                }
                leaf @ Node::Leaf(_) => leaf,
            });
        }
        model
    }

    fn score(&self, features: &[f32]) -> f32 {
        self.roots.iter().map(|&root| self.score_of_tree(root, features)).sum()
    }

    fn score_of_tree(&self, root: u32, features: &[f32]) -> f32 {
        let mut at = root;
        loop {
            match self.nodes.get(at as usize) {
                Some(&Node::Split { feature, threshold, low, high }) => {
                    let value = features.get(usize::from(feature)).copied().unwrap_or_default();
                    let next = if value <= threshold { low } else { high };
                    if next <= at {
                        return 0.0;
                    }
                    at = next;
                }
                Some(&Node::Leaf(value)) => return value,
                None => return 0.0,
            }
        }
    }
}

/// Log-odds that a line is article. 0 is as likely as not.
pub(super) fn score(features: &[f32]) -> f32 {
    MODEL.score(features)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        let rows = TABLE.lines().filter(|row| !row.starts_with('#')).count();
        assert_eq!(MODEL.nodes.len(), rows);
        assert!(MODEL.roots.len() > 10);
    }

    #[test]
    fn every_tree_ends_in_a_leaf() {
        for &root in &MODEL.roots {
            assert!(MODEL.score_of_tree(root, &[]).abs() > 0.0);
        }
    }
}
