//! Answers in the kernel's place: what other versions, file systems and filter drivers of Windows say, for tests.
//!
//! Only with the feature `injection`, which the test program `host_contract_windows` turns on; without it each request goes
//! straight to the kernel.

/// A request that a test can answer. Numbers are those of the information class or the control code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// `NtCreateFile`.
    Open,
    /// `NtQueryFullAttributesFile`.
    Attributes,
    /// `NtQueryObject` for the rights of a handle.
    Access,
    /// `NtQueryInformationFile`.
    Query(i32),
    /// `NtQueryObject`, of a name.
    ObjectName,
    /// `NtQueryVolumeInformationFile`.
    QueryVolume(i32),
    /// `NtSetInformationFile`.
    Set(i32),
    /// `NtQueryDirectoryFile`.
    List(i32),
    /// `NtReadFile`.
    Read,
    /// `NtWriteFile`.
    Write,
    /// `NtFsControlFile`.
    Control(u32),
    /// `GetFinalPathNameByHandleW` with these flags.
    FinalPath(u32),
    /// `VirtualAlloc` with `MEM_COMMIT` for pages that are reserved.
    Commit,
}

/// What a request gets.
#[cfg(feature = "injection")]
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// This status; the kernel is not asked.
    Status(i32),
    /// The kernel's answer, changed.
    Edit(fn(&mut [u8])),
    /// Success with an answer made here; the kernel is not asked.
    Made(fn(&mut [u8])),
    /// The kernel's answer: to count requests.
    Kernel,
}

/// Makes a request, whose answer the kernel writes to these bytes.
#[cfg(not(feature = "injection"))]
#[inline(always)]
pub fn ask(_request: Request, answer: &mut [u8], kernel: impl FnOnce(&mut [u8]) -> i32) -> i32 {
    kernel(answer)
}

#[cfg(feature = "injection")]
pub use on::{ask, clear, inject, left};

#[cfg(feature = "injection")]
mod on {
    use alloc::vec::Vec;

    use super::{Answer, Request};
    use crate::sys::native::sync::Mutex;

    struct Rule {
        request: Request,
        answer: Answer,
        left: u32,
    }

    static RULES: Mutex<Vec<Rule>> = Mutex::new(Vec::new());

    /// The next `times` such requests of the process get this answer, after those that were injected before.
    pub fn inject(request: Request, answer: Answer, times: u32) {
        RULES.lock().push(Rule { request, answer, left: times });
    }

    /// How many answers are left for such requests.
    pub fn left(request: Request) -> u32 {
        RULES.lock().iter().filter(|rule| rule.request == request).map(|rule| rule.left).sum()
    }

    /// From now on the kernel answers.
    pub fn clear() {
        RULES.lock().clear();
    }

    /// Makes a request, whose answer the kernel writes to these bytes.
    pub fn ask(request: Request, answer: &mut [u8], kernel: impl FnOnce(&mut [u8]) -> i32) -> i32 {
        let injected = {
            let mut rules = RULES.lock();
            let rule = rules.iter_mut().find(|rule| rule.request == request && rule.left > 0);
            rule.map_or(Answer::Kernel, |rule| {
                rule.left -= 1;
                rule.answer
            })
        };
        match injected {
            Answer::Status(status) => status,
            Answer::Made(make) => {
                make(answer);
                0
            }
            Answer::Edit(edit) => {
                let status = kernel(answer);
                edit(answer);
                status
            }
            Answer::Kernel => kernel(answer),
        }
    }
}
