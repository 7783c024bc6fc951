//! Longest common subsequence, bit-parallel (Hyyrö 2004): 64 cells a step.

use std::collections::HashMap;
use std::hash::Hash;

/// For each position of `b` one bit, 64 a word.
struct Matches<'a, T> {
    of: HashMap<&'a T, Vec<u64>>,
    words: usize,
}

impl<'a, T: Eq + Hash> Matches<'a, T> {
    fn new(b: &'a [T]) -> Self {
        let words = b.len().div_ceil(64);
        let mut of: HashMap<&T, Vec<u64>> = HashMap::new();
        for (i, item) in b.iter().enumerate() {
            of.entry(item).or_insert_with(|| vec![0; words])[i / 64] |= 1 << (i % 64);
        }
        Self { of, words }
    }

    /// One row of the table: `row` has a zero where the length grows.
    fn step(&self, item: &T, row: &mut [u64]) {
        let Some(matches) = self.of.get(item) else { return };
        let mut carry = false;
        for (v, &m) in row.iter_mut().zip(matches) {
            let u = *v & m;
            let (sum, over) = v.overflowing_add(u);
            let (sum, over_carry) = sum.overflowing_add(u64::from(carry));
            carry = over || over_carry;
            *v = sum | (*v - u);
        }
    }
}

/// Length of the longest common subsequence of `a` and `b`.
pub(crate) fn length<T: Eq + Hash>(a: &[T], b: &[T]) -> usize {
    let matches = Matches::new(b);
    let mut row = vec![u64::MAX; matches.words];
    for item in a {
        matches.step(item, &mut row);
    }
    ones_of_zeros(&row, b.len())
}

/// Which items of `a` are in one longest common subsequence with `b`. Takes `a.len() * b.len() / 8` bytes.
pub(crate) fn matched<T: Eq + Hash>(a: &[T], b: &[T]) -> Vec<bool> {
    let matches = Matches::new(b);
    let mut rows = vec![vec![u64::MAX; matches.words]];
    for item in a {
        let mut row = rows.last().unwrap().clone();
        matches.step(item, &mut row);
        rows.push(row);
    }
    let mut is_matched = vec![false; a.len()];
    let mut j = b.len();
    for i in (1..rows.len()).rev() {
        while j > 0 && rows[i][(j - 1) / 64] >> ((j - 1) % 64) & 1 == 1 {
            j -= 1;
        }
        if j == 0 {
            break;
        }
        // Column j ends a match of rows 1..=i. If it did not before, item i makes it.
        if rows[i - 1][(j - 1) / 64] >> ((j - 1) % 64) & 1 == 1 {
            is_matched[i - 1] = true;
            j -= 1;
        }
    }
    is_matched
}

fn ones_of_zeros(row: &[u64], len: usize) -> usize {
    (0..len).filter(|i| row[i / 64] >> (i % 64) & 1 == 0).count()
}

#[test]
fn lengths_of_small_cases() {
    let of = |a: &str, b: &str| length(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
    assert_eq!(of("", "abc"), 0);
    assert_eq!(of("abcbdab", "bdcaba"), 4);
    let long = "甲乙丙丁".repeat(100);
    assert_eq!(of(&long, &long), 400);
    assert_eq!(of(&long, &long.replace('乙', "")), 300);
}

#[test]
fn matched_items_make_a_common_subsequence() {
    for (a, b) in [("abcbdab", "bdcaba"), ("xaxbxc", "abc"), ("", "a"), ("甲乙", "丙")] {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let is_matched = matched(&a, &b);
        let common: Vec<char> = a.iter().zip(&is_matched).filter(|(_, m)| **m).map(|(c, _)| *c).collect();
        assert_eq!(common.len(), length(&a, &b));
        assert_eq!(length(&common, &b), common.len());
    }
}
