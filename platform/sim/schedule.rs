//! Schedules that a seed decides. The threads of a run go one at a time; before each step - an access to one of
//! [`crate::atomic`], a request for a futex - the seed says which of them goes on. So a seed is one interleaving, the same each
//! time, and threads that all sleep are a wake-up that was lost. Memory is sequentially consistent in it: what a weaker order
//! of a CPU allows is not explored.

use std::any::Any;
use std::cell::RefCell;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use platform::{Errno, Result};

use crate::choices::{Choices, Exchange, Next, Sleep};
use crate::slot::is_set;

/// Threads under the schedule of a seed.
pub(crate) struct Run {
    state: Mutex<State>,
    /// One for each thread: its turn has come.
    turns: Vec<Condvar>,
}

struct State {
    choices: Choices,
    /// Memory that must not be used any more.
    gone: Vec<Range<usize>>,
    /// Why the run has failed.
    failure: Option<String>,
}

impl State {
    fn stop_after_failure(&self) {
        if self.failure.is_some() {
            // Without a message of its own.
            resume_unwind(Box::new(()));
        }
    }
}

thread_local! {
    /// The run that the calling thread belongs to, and its number there.
    static SEAT: RefCell<Option<(Arc<Run>, usize)>> = const { RefCell::new(None) };
}

/// The object's memory is given back: an access of the run's threads fails it from now on.
pub fn give_back<T>(object: &T) {
    let address = std::ptr::from_ref(object).addr();
    seated(|run, _| run.lock().gone.push(address..address + size_of::<T>()));
}

/// How much of a step it is to use an atomic.
#[derive(PartialEq, Eq)]
pub(crate) enum Access {
    /// A load or store: no step in half of the schedules, which then have fewer and come further.
    Plain,
    Exchange,
}

/// The calling thread is going to use the atomic at this address. Ends the thread once the run has failed: the other steps are
/// requests through the host table, which no unwinding passes.
pub(crate) fn step_at(address: usize, access: Access) {
    seated(|run, me| {
        let mut state = run.lock();
        if access == Access::Exchange || state.choices.has_small_steps {
            drop(state);
            state = run.step(me);
        }
        state.stop_after_failure();
        assert!(!state.gone.iter().any(|gone| gone.contains(&address)), "memory is used that was given back");
    });
}

/// The calling thread's next step is this exchange.
pub(crate) fn hold_back(exchange: Exchange) {
    seated(|run, me| run.lock().choices.hold_back(me, exchange));
}

/// A step that touches no memory.
pub(crate) fn step() -> bool {
    seated(|run, me| drop(run.step(me))).is_some()
}

/// Whether an exchange that may fail without a reason does.
pub(crate) fn fails_for_no_reason() -> bool {
    seated(|run, _| run.lock().choices.one_in(8)).unwrap_or(false)
}

/// The time of the calling thread's run.
pub(crate) fn now_ns() -> Option<u64> {
    seated(|run, _| run.lock().choices.now_ns)
}

/// `futex_wait` of a thread in a run.
pub(crate) fn wait(word: &AtomicU32, expected: u32, sleep: Sleep) -> Option<Result<()>> {
    seated(|run, me| {
        let mut state = run.step(me);
        if state.failure.is_some() || word.load(Ordering::SeqCst) != expected {
            return Err(Errno::AGAIN);
        }
        if is_set(sleep.interrupt) {
            return Err(Errno::INTR);
        }
        if sleep.end_ns.is_some_and(|end| end <= state.choices.now_ns) {
            return Err(Errno::TIMEDOUT);
        }
        state.choices.sleep(me, sleep);
        run.pass_on(state);
        run.await_turn(run.lock(), me).choices.answer(me)
    })
}

/// `thread_interrupt` of a thread in a run.
pub(crate) fn interrupt(thread: i32) -> Option<()> {
    seated(|run, me| run.step(me).choices.interrupt(thread))
}

/// `futex_wake` of a thread in a run.
pub(crate) fn wake(word: usize, count: u32) -> Option<usize> {
    seated(|run, me| run.step(me).choices.wake(word, count))
}

fn seated<R>(work: impl FnOnce(&Run, usize) -> R) -> Option<R> {
    SEAT.with_borrow(|seat| seat.as_ref().filter(|_| !std::thread::panicking()).map(|(run, me)| work(run, *me)))
}

impl Run {
    /// A run of so many threads, none of which goes before `start`.
    pub fn new(seed: u64, threads: usize) -> Arc<Self> {
        let state = State { choices: Choices::new(seed, threads), gone: Vec::new(), failure: None };
        Arc::new(Self { state: Mutex::new(state), turns: (0..threads).map(|_| Condvar::new()).collect() })
    }

    /// Lets the first thread go.
    pub fn start(&self) {
        self.pass_on(self.lock());
    }

    /// Runs the body as the calling thread's part, in its turns.
    pub fn take_part(self: Arc<Self>, me: usize, body: &dyn Fn()) {
        SEAT.set(Some((self.clone(), me)));
        let result = catch_unwind(AssertUnwindSafe(|| {
            self.await_turn(self.lock(), me).stop_after_failure();
            body();
        }));
        SEAT.set(None);
        self.end(me, result.err());
    }

    /// Why the run has failed, if it has.
    pub fn failure(&self) -> Option<String> {
        self.lock().failure.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Others may go first.
    fn step(&self, me: usize) -> MutexGuard<'_, State> {
        self.pass_on(self.lock());
        self.await_turn(self.lock(), me)
    }

    /// Chooses who goes on.
    fn pass_on(&self, mut state: MutexGuard<'_, State>) {
        match state.choices.next() {
            Next::Thread(next) => self.turns[next].notify_one(),
            Next::Nobody => {}
            Next::Failure(failure) => self.fail(&mut state, failure),
        }
    }

    fn fail(&self, state: &mut State, failure: String) {
        state.failure.get_or_insert(failure);
        self.turns.iter().for_each(Condvar::notify_one);
    }

    fn await_turn<'a>(&'a self, mut state: MutexGuard<'a, State>, me: usize) -> MutexGuard<'a, State> {
        while state.failure.is_none() && !state.choices.is_turn_of(me) {
            state = self.turns[me].wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state
    }

    /// The end of a body.
    fn end(&self, me: usize, panic: Option<Box<dyn Any + Send>>) {
        let mut state = self.lock();
        state.choices.end(me);
        match panic {
            Some(_) => self.fail(&mut state, format!("thread {me} panicked")),
            None => self.pass_on(state),
        }
    }
}
