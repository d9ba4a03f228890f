//! What a seed decides about the threads of a run: whose turn it is, whom a wake reaches, when time passes.

use platform::{Errno, Result};

use crate::slot::is_set;

/// More steps than any scenario needs.
const STEPS_MAX: usize = 100_000;

/// A sleep on a futex word.
pub struct Sleep {
    pub word: usize,
    pub end_ns: Option<u64>,
    /// The host's number of the thread, and the address of its interrupt word, or 0.
    pub thread: i32,
    pub interrupt: usize,
}

/// An exchange of a value that a thread has read before.
#[derive(Clone, Copy)]
pub struct Exchange {
    pub address: usize,
    pub from: u64,
    /// Whether the atomic at an address has a value.
    pub is: fn(usize, u64) -> bool,
}

/// A thread that waits before an exchange until others have changed the word, and changed it back: then the exchange succeeds
/// although what the thread knows is old.
struct Held {
    exchange: Exchange,
    has_changed: bool,
}

enum Status {
    Ready,
    Sleeping(Sleep),
    Ended,
}

/// Who goes on.
pub enum Next {
    Thread(usize),
    /// All have ended.
    Nobody,
    Failure(String),
}

/// The threads of a run, and the random numbers that move them.
pub struct Choices {
    random: u64,
    status: Vec<Status>,
    /// What each thread's last sleep ended with.
    answers: Vec<Result<()>>,
    /// Those that sleep, longest first.
    queue: Vec<usize>,
    current: usize,
    steps: usize,
    pub now_ns: u64,
    /// The step that each thread rests until, while others can go on: as one that has lost its processor.
    rests_until: Vec<usize>,
    held: Vec<Option<Held>>,
    /// A thread goes on for so many steps on average.
    stride: usize,
    /// Loads and stores are steps, too, not only exchanges: other threads may come between them.
    pub has_small_steps: bool,
    /// Wakes reach the one that has slept longest; else any.
    is_fifo: bool,
    /// Wakes without a reason and signals that are still to come.
    disturbances: u32,
}

impl Choices {
    pub fn new(seed: u64, threads: usize) -> Self {
        let mut choices = Self {
            random: seed,
            status: (0..threads).map(|_| Status::Ready).collect(),
            answers: vec![Ok(()); threads],
            queue: Vec::new(),
            current: usize::MAX,
            steps: 0,
            rests_until: vec![0; threads],
            held: (0..threads).map(|_| None).collect(),
            now_ns: 0,
            stride: 1,
            has_small_steps: false,
            is_fifo: false,
            disturbances: 0,
        };
        choices.stride = 1 << choices.below(4);
        choices.has_small_steps = choices.one_in(2);
        choices.is_fifo = choices.one_in(2);
        // They hide lost wakes, so half of the seeds have none.
        choices.disturbances = [0, 4][choices.below(2)];
        choices
    }

    /// A number below `limit` (SplitMix64, G. Steele and others, 2014).
    fn below(&mut self, limit: usize) -> usize {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn is_turn_of(&self, thread: usize) -> bool {
        self.current == thread
    }

    /// What the thread's sleep ended with.
    pub fn answer(&self, thread: usize) -> Result<()> {
        self.answers[thread]
    }

    pub fn sleep(&mut self, thread: usize, sleep: Sleep) {
        self.status[thread] = Status::Sleeping(sleep);
        self.queue.push(thread);
    }

    pub fn end(&mut self, thread: usize) {
        self.status[thread] = Status::Ended;
    }

    /// Wakes as many as `count`, no more; how many those were.
    pub fn wake(&mut self, word: usize, count: u32) -> usize {
        let mut woken = 0;
        while woken < count as usize {
            let sleepers: Vec<_> = self.sleepers().filter(|(_, sleep)| sleep.word == word).map(|(at, _)| at).collect();
            let Some(last) = sleepers.len().checked_sub(1) else { break };
            let chosen = if self.is_fifo { 0 } else { self.below(last + 1) };
            // A host may answer for a wake that comes together with a signal as for the signal.
            let answer = if self.disturbs(4) { Err(Errno::INTR) } else { Ok(()) };
            self.rouse(sleepers[chosen], answer);
            woken += 1;
        }
        woken
    }

    /// A thread looks at its interrupt word again.
    pub fn interrupt(&mut self, thread: i32) {
        let is_meant = |sleep: &Sleep| sleep.thread == thread && is_set(sleep.interrupt);
        let sleeper = self.sleepers().find(|(_, sleep)| is_meant(sleep)).map(|(at, _)| at);
        if let Some(sleeper) = sleeper {
            self.rouse(sleeper, Err(Errno::INTR));
        }
    }

    /// May hold the thread back before its next step.
    pub fn hold_back(&mut self, thread: usize, exchange: Exchange) {
        if self.one_in(2) {
            self.held[thread] = Some(Held { exchange, has_changed: false });
            self.rests_until[thread] = self.steps + 200;
        }
    }

    /// The thread whose time has come.
    fn released(&mut self) -> Option<usize> {
        (0..self.held.len()).find(|thread| {
            let Some(held) = &mut self.held[*thread] else { return false };
            let Exchange { address, from, is } = held.exchange;
            let is_back = is(address, from) && held.has_changed;
            held.has_changed |= !is(address, from);
            is_back
        })
    }

    /// Decides whose turn is next.
    pub fn next(&mut self) -> Next {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return Next::Failure("the threads do not end".into());
        }
        if !self.queue.is_empty() && self.disturbs(16) {
            let sleeper = self.below(self.queue.len());
            let answer = if self.one_in(2) { Err(Errno::INTR) } else { Ok(()) };
            self.rouse(self.queue[sleeper], answer);
        }
        // Time passes while a thread waits for a processor, too.
        if !self.queue.is_empty() && self.one_in(16) {
            self.let_time_pass();
        }
        if let Some(thread) = self.released() {
            self.rests_until[thread] = 0;
            if self.one_in(2) {
                return self.go_on(thread);
            }
        }
        if self.is_ready(self.current) {
            if self.one_in(16) {
                self.rests_until[self.current] = self.steps + self.below(64);
            } else if self.rests_until[self.current] <= self.steps && !self.one_in(self.stride) {
                return self.go_on(self.current);
            }
        }
        loop {
            let mut ready: Vec<_> = (0..self.status.len()).filter(|at| self.is_ready(*at)).collect();
            if ready.iter().any(|at| self.rests_until[*at] <= self.steps) {
                ready.retain(|at| self.rests_until[*at] <= self.steps);
            }
            if !ready.is_empty() {
                let chosen = self.below(ready.len());
                return self.go_on(ready[chosen]);
            }
            self.current = usize::MAX;
            if self.queue.is_empty() {
                return Next::Nobody;
            }
            if !self.let_time_pass() {
                return Next::Failure(format!("threads {:?} sleep for ever", self.queue));
            }
        }
    }

    fn go_on(&mut self, thread: usize) -> Next {
        self.current = thread;
        self.held[thread] = None;
        Next::Thread(thread)
    }

    fn is_ready(&self, thread: usize) -> bool {
        matches!(self.status.get(thread), Some(Status::Ready))
    }

    /// The next deadline passes; false when there is none.
    fn let_time_pass(&mut self) -> bool {
        let next = self.sleepers().filter_map(|(at, sleep)| Some((sleep.end_ns?, at))).min();
        let Some((end_ns, sleeper)) = next else { return false };
        self.now_ns = self.now_ns.max(end_ns);
        self.rouse(sleeper, Err(Errno::TIMEDOUT));
        true
    }

    fn disturbs(&mut self, one_in: usize) -> bool {
        let disturbs = self.disturbances > 0 && self.one_in(one_in);
        self.disturbances -= u32::from(disturbs);
        disturbs
    }

    fn rouse(&mut self, sleeper: usize, answer: Result<()>) {
        self.status[sleeper] = Status::Ready;
        self.answers[sleeper] = answer;
        self.queue.retain(|at| *at != sleeper);
    }

    fn sleepers(&self) -> impl Iterator<Item = (usize, &Sleep)> {
        self.queue.iter().filter_map(|at| match &self.status[*at] {
            Status::Sleeping(sleep) => Some((*at, sleep)),
            _ => None,
        })
    }
}
