//! Signals: a handler runs on the thread that sends.

use platform::abi::signal;
use platform::{Errno, Process, Result, SignalAction, Signals};

use crate::system::{HANDLED, SIGNAL_MASK, System};

impl Signals for System {
    fn signal_action(&self, number: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        let mut state = self.enter();
        if !(1..=signal::LAST).contains(&number) {
            return Err(Errno::INVAL);
        }
        let old = state.signals.get(&number).copied().unwrap_or_default();
        if let Some(action) = action {
            if number == signal::KILL || number == signal::STOP {
                return Err(Errno::INVAL);
            }
            state.signals.insert(number, action);
        }
        Ok(old)
    }
    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        let old = SIGNAL_MASK.get();
        if let Some(mask) = mask {
            SIGNAL_MASK.set(match how {
                signal::BLOCK => old | mask,
                signal::UNBLOCK => old & !mask,
                signal::SET_MASK => mask,
                _ => return Err(Errno::INVAL),
            });
        }
        let mut state = self.enter();
        let due = state.pending & !SIGNAL_MASK.get();
        state.pending &= !due;
        drop(state);
        for number in (1..=signal::LAST).filter(|number| due & (1 << (number - 1)) != 0) {
            self.signal_send(self.process_id(), 0, number)?;
        }
        Ok(old)
    }
    fn signal_send(&self, process: i32, thread: i32, number: i32) -> Result<()> {
        let mut state = self.enter();
        if !(0..=signal::LAST).contains(&number) {
            return Err(Errno::INVAL);
        }
        if thread == 0 && process != self.process_id() {
            return Err(Errno::SRCH);
        }
        if number == 0 {
            return Ok(());
        }
        if SIGNAL_MASK.get() & (1 << (number - 1)) != 0 {
            state.pending |= 1 << (number - 1);
            return Ok(());
        }
        let action = state.signals.get(&number).copied().unwrap_or_default();
        if action.flags & signal::SA_RESETHAND != 0 {
            state.signals.remove(&number);
        }
        drop(state);
        match action.handler {
            signal::HANDLER_IGNORE => Ok(()),
            signal::HANDLER_DEFAULT => self.terminate(number),
            handler => {
                // SAFETY: the contract of `SignalAction::handler`; the type is that of the guest.
                let handler: loader_abi::guest_fn!(fn(i32, *const i32, *const u64)) =
                    unsafe { std::mem::transmute(handler) };
                // Of siginfo_t and ucontext_t only the signal's number is told.
                let (mut information, context) = ([0; 32], [0; 128]);
                information[0] = number;
                HANDLED.set(HANDLED.get() + 1);
                // SAFETY: as above; both live while the handler runs.
                unsafe { handler(number, information.as_ptr(), context.as_ptr()) };
                Ok(())
            }
        }
    }
}
