//! Descriptors and open file descriptions.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use platform::{Errno, Fd, Result, abi::open};

use crate::disk::Ino;

/// What a description is open on.
#[derive(Clone)]
pub(crate) enum Target {
    Node(Ino),
    /// The console: descriptor 0, 1 or 2 as it was at the start.
    Console(Fd),
    PipeRead(Rc<RefCell<Pipe>>),
    PipeWrite(Rc<RefCell<Pipe>>),
}

/// The bytes between two ends.
#[derive(Default)]
pub(crate) struct Pipe {
    pub bytes: VecDeque<u8>,
    pub readers: usize,
    pub writers: usize,
}

/// Bytes a pipe holds.
pub(crate) const PIPE_BYTES: usize = 65536;

/// An open file description: shared by duplicated descriptors.
pub(crate) struct Description {
    pub target: Target,
    pub offset: u64,
    pub flags: u32,
}

/// A descriptor open for reading, or for writing with `write`.
pub(crate) fn usable(description: &Description, write: bool) -> Result<()> {
    let mode = description.flags & open::ACCESS_MODE;
    let fits = if write { mode != open::READ_ONLY } else { mode != open::WRITE_ONLY };
    if fits { Ok(()) } else { Err(Errno::BADF) }
}

pub(crate) type Shared = Rc<RefCell<Description>>;

/// The descriptor table.
pub(crate) struct Descriptors {
    table: Vec<Option<(Shared, bool)>>,
    pub console_input: VecDeque<u8>,
    pub console_output: Vec<u8>,
    pub console_error: Vec<u8>,
    pub terminal: bool,
}

// SAFETY: the table lives in the mutex of `Sim` and no `Rc` leaves it.
unsafe impl Send for Descriptors {}

/// OPEN_MAX of the simulation.
pub(crate) const OPEN_MAX: usize = 256;

impl Descriptors {
    pub fn with_console() -> Self {
        let console = |fd| {
            let flags = if fd == 0 { open::READ_ONLY } else { open::WRITE_ONLY };
            Some((Rc::new(RefCell::new(Description { target: Target::Console(fd), offset: 0, flags })), false))
        };
        Self {
            table: vec![console(0), console(1), console(2)],
            console_input: VecDeque::new(),
            console_output: Vec::new(),
            console_error: Vec::new(),
            terminal: false,
        }
    }

    pub fn count(&self) -> usize {
        self.table.iter().flatten().count()
    }

    pub fn get(&self, fd: Fd) -> Result<Shared> {
        self.entry(fd).map(|(description, _)| description.clone())
    }

    fn entry(&self, fd: Fd) -> Result<&(Shared, bool)> {
        usize::try_from(fd).ok().and_then(|fd| self.table.get(fd)?.as_ref()).ok_or(Errno::BADF)
    }

    pub fn close_on_exec(&self, fd: Fd) -> Result<bool> {
        self.entry(fd).map(|(_, flag)| *flag)
    }

    pub fn set_close_on_exec(&mut self, fd: Fd, flag: bool) -> Result<()> {
        self.entry(fd)?;
        self.table[fd as usize].as_mut().expect("checked above").1 = flag;
        Ok(())
    }

    /// The lowest free descriptor not below `at_least`.
    pub fn add(&mut self, description: Shared, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        let at_least = usize::try_from(at_least).map_err(|_| Errno::INVAL)?;
        if at_least >= OPEN_MAX {
            return Err(Errno::INVAL);
        }
        let free =
            (at_least..OPEN_MAX).find(|fd| self.table.get(*fd).is_none_or(Option::is_none)).ok_or(Errno::MFILE)?;
        self.put(free, description, close_on_exec);
        Ok(free as Fd)
    }

    pub fn put(&mut self, fd: usize, description: Shared, close_on_exec: bool) {
        if self.table.len() <= fd {
            self.table.resize_with(fd + 1, || None);
        }
        self.table[fd] = Some((description, close_on_exec));
    }

    /// Frees a descriptor; gives the description if it was its last.
    pub fn take(&mut self, fd: Fd) -> Result<Option<Description>> {
        self.entry(fd)?;
        let (description, _) = self.table[fd as usize].take().expect("checked above");
        Ok(Rc::try_unwrap(description).ok().map(RefCell::into_inner))
    }
}
