//! Work in parallel, results in order, memory bounded.
//!
//! Workers take items from one source under a lock, so items are numbered in the order of the source. Results
//! are handed on in that order by whichever worker completes the next one; none waits for another unless it is
//! a whole window ahead. What goes out does not depend on the number of workers.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Items that may be ahead of the first unfinished one, for each worker.
const WINDOW_PER_WORKER: usize = 64;

/// Runs `work` over the items of `source` with `workers` threads, and `emit` over the results in order.
///
/// `emit` may end the run: nothing is emitted after that, and work not yet begun is not done.
pub(crate) fn run<T: Send, R: Send>(
    workers: NonZeroUsize,
    source: impl Iterator<Item = T> + Send,
    work: impl Fn(T, &mut (dyn FnMut(R) -> ControlFlow<()> + Send)) -> R + Sync,
    emit: impl FnMut(R) -> ControlFlow<()> + Send,
) {
    let source = Mutex::new((source, 0));
    let order = Order {
        state: Mutex::new(State { next: 0, waiting: BTreeMap::new(), ended: false, emit }),
        moved: Condvar::new(),
        window: WINDOW_PER_WORKER.saturating_mul(workers.get()),
    };
    let worker = || {
        loop {
            let (item, number) = {
                let mut source = lock(&source);
                if order.is_ended() {
                    return;
                }
                let Some(item) = source.0.next() else { return };
                source.1 += 1;
                (item, source.1 - 1)
            };
            if order.wait_for_window(number).is_break() {
                return;
            }
            let result = work(item, &mut |part| order.emit_in_turn(number, part));
            order.finish(number, result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers.get() {
            scope.spawn(worker);
        }
        worker();
    });
}

struct Order<R, E> {
    state: Mutex<State<R, E>>,
    moved: Condvar,
    window: usize,
}

struct State<R, E> {
    /// The number of the item whose result is to be emitted next.
    next: usize,
    waiting: BTreeMap<usize, R>,
    ended: bool,
    emit: E,
}

impl<R, E: FnMut(R) -> ControlFlow<()>> Order<R, E> {
    fn is_ended(&self) -> bool {
        lock(&self.state).ended
    }

    fn wait_for_window(&self, number: usize) -> ControlFlow<()> {
        self.wait_until(|next| number < next.saturating_add(self.window)).1
    }

    /// Emits a part of the result of item `number` before it is complete, as soon as it is that item's turn.
    fn emit_in_turn(&self, number: usize, part: R) -> ControlFlow<()> {
        let (mut state, ended) = self.wait_until(|next| next == number);
        ended?;
        let flow = (state.emit)(part);
        state.ended |= flow.is_break();
        flow
    }

    fn finish(&self, number: usize, result: R) {
        let mut state = lock(&self.state);
        state.waiting.insert(number, result);
        let next = &mut *state;
        while !next.ended
            && let Some(result) = next.waiting.remove(&next.next)
        {
            next.next += 1;
            next.ended |= (next.emit)(result).is_break();
        }
        drop(state);
        self.moved.notify_all();
    }

    fn wait_until(&self, is_time: impl Fn(usize) -> bool) -> (MutexGuard<'_, State<R, E>>, ControlFlow<()>) {
        let mut state = lock(&self.state);
        while !state.ended && !is_time(state.next) {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let flow = if state.ended { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        (state, flow)
    }
}

/// A panic of one worker is said where it happened; the others go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn squares(workers: usize, stop_at: Option<usize>) -> Vec<usize> {
        let mut out = Vec::new();
        run(
            NonZeroUsize::new(workers).unwrap(),
            0..1000_usize,
            |n, _| {
                std::thread::sleep(Duration::from_micros(((n * 7919) % 13) as u64));
                n * n
            },
            |square| {
                out.push(square);
                if Some(out.len()) == stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        out
    }

    #[test]
    fn results_come_in_order_whatever_the_number_of_workers() {
        let expected: Vec<usize> = (0..1000).map(|n| n * n).collect();
        for workers in [1, 2, 3, 16] {
            assert_eq!(squares(workers, None), expected, "{workers} workers");
        }
    }

    #[test]
    fn the_one_who_takes_the_results_can_end_the_run() {
        for workers in [1, 4] {
            assert_eq!(squares(workers, Some(10)).len(), 10, "{workers} workers");
        }
    }

    #[test]
    fn parts_of_a_result_come_in_its_turn() {
        let mut out = Vec::new();
        run(
            NonZeroUsize::new(4).unwrap(),
            0..50,
            |n, emit| {
                let _ = emit((n, 0));
                let _ = emit((n, 1));
                (n, 2)
            },
            |part| {
                out.push(part);
                ControlFlow::Continue(())
            },
        );
        let expected: Vec<(i32, i32)> = (0..50).flat_map(|n| (0..3).map(move |part| (n, part))).collect();
        assert_eq!(out, expected);
    }

    #[test]
    fn an_ended_run_does_not_leave_a_worker_waiting() {
        run(
            NonZeroUsize::new(3).unwrap(),
            0..10_000,
            |n, emit| {
                if n % 3 == 0 {
                    let _ = emit(n);
                }
                n
            },
            |n| if n == 50 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) },
        );
    }
}
