//! The model: its weights, the sum over all sequences, the objective, and how it is made small.

use std::thread;

use crate::pages::Doc;
use crate::settings::Settings;

pub(crate) const PARTS: usize = 4;
pub(crate) const BODY: usize = 1;
pub(crate) const ALLOWED: [(usize, usize); 8] =
    [(0, 0), (0, 1), (1, 1), (1, 2), (1, 3), (2, 2), (2, 1), (3, 3)];
/// Parameters of start and end: start header, start body; end header, end body, end footer.
pub(crate) const ENDS: usize = 5;

/// The weights of a model, taken out of the vector of its parameters.
pub(crate) struct Model {
    pub(crate) of: Vec<[f64; PARTS]>,
    pub(crate) steps: [[f64; PARTS]; PARTS],
    pub(crate) start: [f64; PARTS],
    pub(crate) end: [f64; PARTS],
}

pub(crate) const NEVER: f64 = -1e9;

impl Model {
    pub(crate) fn unpack(x: &[f64], n: usize) -> Self {
        let of = (0..n)
            .map(|f| {
                let own = &x[n + 3 * f..n + 3 * f + 3];
                [x[f] + own[0], 0.0, x[f] + own[1], x[f] + own[2]]
            })
            .collect();
        let rest = &x[4 * n..];
        let mut steps = [[NEVER; PARTS]; PARTS];
        for ((a, b), value) in ALLOWED.iter().zip(rest) {
            steps[*a][*b] = *value;
        }
        let s = &rest[ALLOWED.len()..];
        Self { of, steps, start: [s[0], s[1], NEVER, NEVER], end: [s[2], s[3], NEVER, s[4]] }
    }

    pub(crate) fn emissions(&self, doc: &Doc) -> Vec<[f64; PARTS]> {
        doc.rows
            .iter()
            .map(|(_, features)| {
                let mut sum = [0.0; PARTS];
                for f in features {
                    let of = &self.of[*f as usize];
                    for part in 0..PARTS {
                        sum[part] += of[part];
                    }
                }
                sum
            })
            .collect()
    }
}

/// What the sum over all sequences says: its log, and how often each part and step is expected.
pub(crate) struct Chain {
    pub(crate) log: f64,
    pub(crate) node: Vec<[f64; PARTS]>,
    pub(crate) pair: [[f64; PARTS]; PARTS],
}

/// Log of the sum of `e^v`.
pub(crate) fn log_sum(values: &[f64]) -> f64 {
    let top = values.iter().copied().fold(f64::MIN, f64::max);
    top + values.iter().map(|v| (v - top).exp()).sum::<f64>().ln()
}

pub(crate) fn chain(model: &Model, scores: &[[f64; PARTS]]) -> Chain {
    let n = scores.len();
    let mut alpha: Vec<[f64; PARTS]> = Vec::with_capacity(n);
    let mut sum = [0.0; PARTS];
    for part in 0..PARTS {
        sum[part] = model.start[part] + scores[0][part];
    }
    alpha.push(sum);
    for score in &scores[1..] {
        let from = &sum;
        let steps = &model.steps;
        sum = [
            from[0] + steps[0][0],
            log_sum(&[from[0] + steps[0][1], from[1] + steps[1][1], from[2] + steps[2][1]]),
            log_sum(&[from[1] + steps[1][2], from[2] + steps[2][2]]),
            log_sum(&[from[1] + steps[1][3], from[3] + steps[3][3]]),
        ];
        for part in 0..PARTS {
            sum[part] += score[part];
        }
        alpha.push(sum);
    }
    for part in 0..PARTS {
        sum[part] += model.end[part];
    }
    let log = log_sum(&sum);
    let mut node = vec![[0.0; PARTS]; n];
    let mut pair = [[0.0; PARTS]; PARTS];
    let mut beta = model.end;
    for t in (0..n).rev() {
        for b in 0..PARTS {
            node[t][b] = (alpha[t][b] + beta[b] - log).exp();
        }
        if t > 0 {
            let mut value = [[f64::MIN; PARTS]; PARTS];
            for (a, b) in ALLOWED {
                value[a][b] = model.steps[a][b] + scores[t][b] + beta[b];
                pair[a][b] += (alpha[t - 1][a] + value[a][b] - log).exp();
            }
            beta = [
                log_sum(&[value[0][0], value[0][1]]),
                log_sum(&value[1][1..]),
                log_sum(&value[2][1..3]),
                value[3][3],
            ];
        }
    }
    Chain { log, node, pair }
}

/// The value of the objective and its gradient, of some pages.
pub(crate) fn objective(docs: &[&Doc], x: &[f64], n: usize, settings: &Settings) -> (f64, Vec<f64>) {
    let model = Model::unpack(x, n);
    let mut value = 0.0;
    let mut gradient = vec![0.0; x.len()];
    for doc in docs {
        let weight = doc.weight * (settings.weight_lines / doc.rows.len() as f64).min(1.0);
        let plain = model.emissions(doc);
        let mut free = plain.clone();
        let mut held = plain;
        for (t, (i, _)) in doc.rows.iter().enumerate() {
            for part in 0..PARTS {
                match (doc.labels[*i], part == BODY) {
                    (b'K', false) => {
                        free[t][part] += settings.loss_cost;
                        held[t][part] = NEVER;
                    }
                    (b'D', true) => {
                        free[t][part] += settings.left_cost;
                        held[t][part] = NEVER;
                    }
                    _ => {}
                }
            }
        }
        let free = chain(&model, &free);
        let held = chain(&model, &held);
        value += weight * (free.log - held.log);
        for (t, (_, features)) in doc.rows.iter().enumerate() {
            let mut own = [0.0; 3];
            for (k, part) in [0, 2, 3].into_iter().enumerate() {
                own[k] = weight * (free.node[t][part] - held.node[t][part]);
            }
            let sum: f64 = own.iter().sum();
            for f in features {
                let f = *f as usize;
                gradient[f] += sum;
                for k in 0..3 {
                    gradient[n + 3 * f + k] += own[k];
                }
            }
        }
        for (k, (a, b)) in ALLOWED.iter().enumerate() {
            gradient[4 * n + k] += weight * (free.pair[*a][*b] - held.pair[*a][*b]);
        }
        let last = doc.rows.len() - 1;
        for (k, (t, part)) in [(0, 0), (0, 1), (last, 0), (last, 1), (last, 3)].into_iter().enumerate() {
            gradient[4 * n + ALLOWED.len() + k] += weight * (free.node[t][part] - held.node[t][part]);
        }
    }
    (value, gradient)
}

/// L-BFGS with ten pairs and a line search that halves the step.
pub(crate) fn train(docs: &[&Doc], n: usize, settings: &Settings, threads: usize) -> Vec<f64> {
    let docs: Vec<&Doc> = docs.iter().copied().filter(|d| !d.rows.is_empty()).collect();
    let size = 4 * n + ALLOWED.len() + ENDS;
    let l2: Vec<f64> = (0..size)
        .map(|i| match i {
            _ if i < n => settings.shared_l2,
            _ if i < 4 * n => settings.own_l2,
            _ => settings.step_l2,
        })
        .collect();
    let evaluate = |x: &[f64]| -> (f64, Vec<f64>) {
        let (mut value, mut gradient) = (0.0, vec![0.0; size]);
        thread::scope(|scope| {
            let handles: Vec<_> = docs
                .chunks(docs.len().div_ceil(threads))
                .map(|part| scope.spawn(move || objective(part, x, n, settings)))
                .collect();
            for handle in handles {
                let (v, g) = handle.join().expect("thread");
                value += v;
                gradient.iter_mut().zip(g).for_each(|(sum, g)| *sum += g);
            }
        });
        for i in 0..size {
            value += 0.5 * l2[i] * x[i] * x[i];
            gradient[i] += l2[i] * x[i];
        }
        (value, gradient)
    };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut x = vec![0.0; size];
    let (mut value, mut gradient) = evaluate(&x);
    let mut pairs: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    let mut still = 0;
    for _ in 0..settings.iterations {
        let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut alphas = Vec::new();
        for (s, y, rho) in pairs.iter().rev() {
            let alpha = rho * dot(s, &direction);
            direction.iter_mut().zip(y).for_each(|(d, y)| *d -= alpha * y);
            alphas.push(alpha);
        }
        let gamma = pairs
            .last()
            .map_or(1.0 / dot(&gradient, &gradient).sqrt().max(1.0), |(_, y, rho)| 1.0 / (rho * dot(y, y)));
        for d in &mut direction {
            *d *= gamma;
        }
        for ((s, y, rho), alpha) in pairs.iter().zip(alphas.iter().rev()) {
            let beta = rho * dot(y, &direction);
            direction.iter_mut().zip(s).for_each(|(d, s)| *d += (alpha - beta) * s);
        }
        let slope = dot(&gradient, &direction);
        let mut step = 1.0;
        let mut moved = None;
        for _ in 0..12 {
            let next: Vec<f64> = x.iter().zip(&direction).map(|(x, d)| x + step * d).collect();
            let (v, g) = evaluate(&next);
            if v <= value + 1e-4 * step * slope {
                moved = Some((next, v, g));
                break;
            }
            step *= 0.5;
        }
        let Some((next, v, g)) = moved else { break };
        let s: Vec<f64> = next.iter().zip(&x).map(|(a, b)| a - b).collect();
        let y: Vec<f64> = g.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let sy = dot(&s, &y);
        if sy > 1e-10 {
            pairs.push((s, y, 1.0 / sy));
            if pairs.len() > 10 {
                pairs.remove(0);
            }
        }
        still = if (value - v).abs() < 1e-5 * value.abs() { still + 1 } else { 0 };
        (x, value, gradient) = (next, v, g);
        if still == 3 {
            break;
        }
    }
    x
}
