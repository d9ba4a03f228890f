//! A port may begin with one thread.

/// Implements `Facts`, `Threads` and `Futex` for a host that has one thread, and the other topics:
/// `one_thread!(Host, page_bytes: 4096)`.
#[macro_export]
macro_rules! one_thread {
    ($host:ty, page_bytes: $page_bytes:expr) => {
        const _: () = {
            use ::core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
            use $crate::{Deadline, Errno, Result, Slot, SlotBase};

            /// The slot: at a constant distance from the one thread's register, as every word is.
            static SLOT: AtomicUsize = AtomicUsize::new(0);

            impl $crate::Facts for $host {
                fn page_bytes(&self) -> usize {
                    $page_bytes
                }
                fn thread_slot(&self) -> Slot {
                    let on_windows = cfg!(all(windows, target_arch = "x86_64"));
                    let base = if on_windows { SlotBase::Gs } else { SlotBase::ThreadPointer };
                    let register: usize;
                    // SAFETY: reads the register, or the word that it points to, which holds its value.
                    unsafe {
                        #[cfg(all(target_arch = "x86_64", not(windows)))]
                        ::core::arch::asm!("mov {}, fs:[0]", out(reg) register);
                        #[cfg(all(target_arch = "x86_64", windows))]
                        ::core::arch::asm!("mov {}, gs:[0x30]", out(reg) register);
                        #[cfg(target_arch = "aarch64")]
                        ::core::arch::asm!("mrs {}, tpidr_el0", out(reg) register);
                    }
                    Slot { base, offset: SLOT.as_ptr().addr().wrapping_sub(register) as isize }
                }
            }

            impl $crate::Threads for $host {
                fn thread_exit(&self) -> ! {
                    $crate::Process::exit(self, 0)
                }
                fn thread_id(&self) -> i32 {
                    1
                }
                fn set_thread_slot(&self, value: usize) {
                    SLOT.store(value, Ordering::Relaxed);
                }
                fn yield_now(&self) {}
                fn processor_count(&self) -> usize {
                    1
                }
            }

            /// No other thread can wake this one, or change the word.
            impl $crate::Futex for $host {
                fn futex_wait(&self, word: &AtomicU32, expected: u32, end: Option<Deadline>, _: u32) -> Result<()> {
                    if word.load(Ordering::Relaxed) != expected {
                        return Err(Errno::AGAIN);
                    }
                    $crate::Time::sleep(self, end.ok_or(Errno::DEADLK)?)?;
                    Err(Errno::TIMEDOUT)
                }
                fn futex_wake(&self, _: &AtomicU32, _: u32, _: bool) -> Result<usize> {
                    Ok(0)
                }
            }
        };
    };
}
