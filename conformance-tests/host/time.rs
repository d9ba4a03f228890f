//! Clocks and sleeping.

use crate::report::Test;
use platform::abi::clock;
use platform::{Deadline, Errno, Platform, Timespec};

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    t.case("time", "clocks", |t| {
        for id in [
            clock::REALTIME,
            clock::MONOTONIC,
            clock::PROCESS_CPU,
            clock::THREAD_CPU,
            clock::MONOTONIC_RAW,
            clock::REALTIME_COARSE,
            clock::MONOTONIC_COARSE,
            clock::BOOT_TIME,
        ] {
            let Ok(mut last) = t.need("clock", "of the C ABI", host.clock(id)) else { continue };
            let mut forward = true;
            for _ in 0..100 {
                let now = host.clock(id).unwrap_or(last);
                // REALTIME may be set back by someone else; not in these microseconds.
                forward &= now >= last && (0..1_000_000_000).contains(&now.nanoseconds);
                last = now;
            }
            t.fact("it does not run backwards", forward);
            let resolution = host.clock_resolution(id);
            if t.have("clock_resolution", &resolution) {
                let fine = resolution.map(|step| step.seconds == 0 && step.nanoseconds > 0);
                t.same("clock_resolution", "more than nothing, below a second", fine, Ok(true));
            }
        }
        t.error("clock", "no such clock", host.clock(99), Errno::INVAL);
        t.error("clock_resolution", "no such clock", host.clock_resolution(99), Errno::INVAL);
        Ok(())
    });
    t.case("time", "the calendar", |t| {
        let now = t.need("clock", "realtime", host.clock(clock::REALTIME))?;
        // 2024-01-01 to 2100: seconds since 1970, not another epoch or unit.
        t.fact("seconds since 1970", (1_704_067_200..4_102_444_800).contains(&now.seconds));
        let wrong = host.set_clock(clock::MONOTONIC, now);
        t.errors("set_clock", "a clock that nobody sets", wrong, &[Errno::INVAL, Errno::PERM]);
        Ok(())
    });
    t.case("time", "sleeping", |t| {
        const LONG_NS: u64 = 20_000_000;
        for id in [clock::MONOTONIC, clock::REALTIME] {
            let start = t.need("clock", "before", host.clock(id))?;
            let until = Deadline { clock: id, time: start.saturating_add_ns(LONG_NS) };
            t.need("sleep", "until a deadline", host.sleep(until))?;
            let end = t.need("clock", "after", host.clock(id))?;
            t.fact("not shorter", end >= until.time);
            t.fact("not ten seconds longer", end.saturating_ns_since(until.time) < 10_000_000_000);
            t.same("sleep", "a deadline that has passed", host.sleep(Deadline { clock: id, time: start }), Ok(()));
            let ancient = Timespec { seconds: -5, nanoseconds: 0 };
            t.same("sleep", "a deadline before the epoch", host.sleep(Deadline { clock: id, time: ancient }), Ok(()));
        }
        let wrong = Deadline { clock: clock::THREAD_CPU, time: Timespec::default() };
        t.error("sleep", "a clock that cannot wait", host.sleep(wrong), Errno::INVAL);
        Ok(())
    });
    t.case("time", "processor time", |t| {
        let before = t.need("clock", "this thread's", host.clock(clock::THREAD_CPU))?;
        let started = t.need("clock", "monotonic", host.clock(clock::MONOTONIC))?;
        let mut after = before;
        // Windows counts processor time in steps of 15.6 ms, and a busy machine gives little of it.
        let mut waited_ns = 0;
        while t.context.native && after == before && waited_ns < 10_000_000_000 {
            waited_ns = host.clock(clock::MONOTONIC).unwrap_or(started).saturating_ns_since(started);
            after = host.clock(clock::THREAD_CPU).unwrap_or(before);
        }
        t.fact("working uses it", after > before || !t.context.native);
        Ok(())
    });
}
