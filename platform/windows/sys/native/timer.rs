//! Waiting for a time. Windows ends its waits at a tick of its clock, 15.6 ms apart as a rule: since Windows 10 1803 there are
//! timers that do not, and a process may ask for shorter ticks.

use core::ptr::null;

use windows_sys::Win32::Foundation::{HANDLE, NTSTATUS, WAIT_FAILED};
use windows_sys::Win32::System::Threading::{
    CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, CreateWaitableTimerExW, INFINITE, SetWaitableTimer, SleepEx,
    TIMER_ALL_ACCESS, WaitForMultipleObjectsEx,
};

use super::nt::Handle;
use super::sync::Mutex;
use crate::pure::wait_step::step;

#[link(name = "ntdll", kind = "raw-dylib")]
unsafe extern "system" {
    /// What `timeBeginPeriod` calls, whose library brings a dozen others into the process. Units of 100 ns.
    fn NtSetTimerResolution(wanted: u32, set: u8, current: *mut u32) -> NTSTATUS;
}

/// A timer.
pub struct Timer {
    handle: Handle,
    is_fine: bool,
}

impl Timer {
    /// As fine as this Windows has them; `None` without memory.
    pub fn new() -> Option<Self> {
        let make = |flags| {
            // SAFETY: no pointers but null ones.
            Handle::own(unsafe { CreateWaitableTimerExW(null(), null(), flags, TIMER_ALL_ACCESS) })
        };
        let fine = make(CREATE_WAITABLE_TIMER_HIGH_RESOLUTION).map(|handle| Self { handle, is_fine: true });
        fine.or_else(|| make(0).map(|handle| Self { handle, is_fine: false }))
    }

    /// Waits for a time, or a part of it; a signal for the thread ends the wait too. False: Windows refuses.
    pub fn wait(&self, ns: u64) -> bool {
        self.wait_among(ns, &[])
    }

    /// As [`Timer::wait`], and one of up to [`MOST`] handles that is signalled ends the wait too.
    pub fn wait_among(&self, ns: u64, handles: &[HANDLE]) -> bool {
        let mut all = [self.handle.raw(); MOST + 1];
        let Some(others) = all.get_mut(1..handles.len() + 1) else { return false };
        others.copy_from_slice(handles);
        let (ns, _ticks) = if self.is_fine { (ns, None) } else { part(ns) };
        // Relative, rounded up; a day at most, as the time of day may be set meanwhile.
        let due = -(ns.div_ceil(100).min(864_000_000_000) as i64);
        // SAFETY: one word is read.
        unsafe {
            if SetWaitableTimer(self.handle.raw(), &due, 0, None, null(), 0) == 0 {
                return false;
            }
        }
        wait_for_one_of(all.get(..handles.len() + 1).unwrap_or_default(), INFINITE)
    }
}

/// Most handles that [`Timer::wait_among`] takes.
pub const MOST: usize = 63;

/// Waits alertably for one of up to 64 handles. False: Windows refuses.
pub fn wait_for_one_of(handles: &[HANDLE], milliseconds: u32) -> bool {
    // SAFETY: the handles are readable for the count given.
    unsafe {
        if handles.is_empty() {
            SleepEx(milliseconds, 1);
            return true;
        }
        WaitForMultipleObjectsEx(handles.len() as u32, handles.as_ptr(), 0, milliseconds, 1) != WAIT_FAILED
    }
}

/// Pauses, or less where there is a signal for the thread.
pub fn pause(milliseconds: u32) {
    if let Some(timer) = Timer::new() {
        timer.wait(u64::from(milliseconds) * 1_000_000);
    }
}

/// The first part of a wait that ends at a tick, and what makes ticks short enough meanwhile.
pub fn part(ns: u64) -> (u64, Option<ShortTicks>) {
    let step = step(ns);
    (step.ns, step.fine.then(ShortTicks::ask))
}

/// Short ticks for as long as this lives. They cost power, and before Windows 10 2004 every process gets them.
pub struct ShortTicks(());

/// How many ask for them.
static ASKED: Mutex<usize> = Mutex::new(0);

impl ShortTicks {
    fn ask() -> Self {
        let mut asked = ASKED.lock();
        *asked += 1;
        if *asked == 1 {
            set(true);
        }
        Self(())
    }
}

impl Drop for ShortTicks {
    fn drop(&mut self) {
        let mut asked = ASKED.lock();
        *asked -= 1;
        if *asked == 0 {
            set(false);
        }
    }
}

fn set(short: bool) {
    /// A millisecond: what every system can and most programs that ask want.
    const TICK: u32 = 10_000;
    let mut current = 0;
    // SAFETY: one word is written. Where it is refused ticks stay as they are, and waits are late by one.
    unsafe { NtSetTimerResolution(TICK, u8::from(short), &mut current) };
}
