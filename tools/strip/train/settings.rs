//! What is to be set by hand.

use std::env;

/// What is to be set by hand, and is set by cross-validation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) shared_l2: f64,
    pub(crate) own_l2: f64,
    pub(crate) step_l2: f64,
    pub(crate) loss_cost: f64,
    pub(crate) left_cost: f64,
    pub(crate) mixed_weight: f64,
    pub(crate) clean_weight: f64,
    pub(crate) seed_weight: f64,
    /// A page of more lines weighs as one of so many.
    pub(crate) weight_lines: f64,
    pub(crate) iterations: usize,
    pub(crate) folds: usize,
    /// Mixed pages made of each page.
    pub(crate) mixes: usize,
}

impl Settings {
    pub(crate) fn from_env() -> Self {
        let get =
            |name: &str, default: f64| env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
        Self {
            shared_l2: get("SHARED_L2", 3.0),
            own_l2: get("OWN_L2", 8.0),
            step_l2: get("STEP_L2", 0.05),
            loss_cost: get("LOSS_COST", 1.5),
            left_cost: get("LEFT_COST", 0.6),
            mixed_weight: get("MIXED_WEIGHT", 1.0),
            clean_weight: get("CLEAN_WEIGHT", 0.5),
            seed_weight: get("SEED_WEIGHT", 4.0),
            weight_lines: get("WEIGHT_LINES", 20.0),
            iterations: get("ITERATIONS", 80.0) as usize,
            folds: get("FOLDS", 6.0) as usize,
            mixes: get("MIXES", 4.0) as usize,
        }
    }
}
