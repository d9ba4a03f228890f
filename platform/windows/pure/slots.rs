//! The descriptor table: POSIX hands out the lowest free number (POSIX.1-2024 XSH 2.6).

use alloc::vec::Vec;

use platform::{Errno, Fd, Result};

/// As Linux by default.
pub const LIMIT: usize = 65_536;

/// Values under small numbers.
#[derive(Debug, Default)]
pub struct Slots<T> {
    slots: Vec<Option<T>>,
}

impl<T> Slots<T> {
    /// A table without values.
    #[must_use]
    pub const fn new() -> Self {
        Self { slots: Vec::new() }
    }

    /// The value under a number; `EBADF` where there is none.
    pub fn get(&self, fd: Fd) -> Result<&T> {
        usize::try_from(fd).ok().and_then(|at| self.slots.get(at)).and_then(Option::as_ref).ok_or(Errno::BADF)
    }

    /// As [`Self::get`], to change it.
    pub fn get_mut(&mut self, fd: Fd) -> Result<&mut T> {
        usize::try_from(fd).ok().and_then(|at| self.slots.get_mut(at)).and_then(Option::as_mut).ok_or(Errno::BADF)
    }

    /// Puts a value under the lowest free number from `at_least` on: `EINVAL` for a number outside the table,
    /// `EMFILE` when it is full.
    pub fn insert(&mut self, at_least: Fd, value: T) -> Result<Fd> {
        let first = usize::try_from(at_least).ok().filter(|at| *at < LIMIT).ok_or(Errno::INVAL)?;
        let at = (first..LIMIT).find(|at| !matches!(self.slots.get(*at), Some(Some(_)))).ok_or(Errno::MFILE)?;
        self.put(at, value)?;
        Ok(at as Fd)
    }

    /// Puts a value under this number; the one that was there. `EBADF` for a number outside the table.
    pub fn replace(&mut self, fd: Fd, value: T) -> Result<Option<T>> {
        let at = usize::try_from(fd).ok().filter(|at| *at < LIMIT).ok_or(Errno::BADF)?;
        self.put(at, value)
    }

    /// Takes a value out.
    pub fn remove(&mut self, fd: Fd) -> Result<T> {
        usize::try_from(fd).ok().and_then(|at| self.slots.get_mut(at)).and_then(Option::take).ok_or(Errno::BADF)
    }

    /// All values with their numbers, lowest first.
    pub fn iter(&self) -> impl Iterator<Item = (Fd, &T)> {
        self.slots.iter().enumerate().filter_map(|(at, slot)| Some((at as Fd, slot.as_ref()?)))
    }

    fn put(&mut self, at: usize, value: T) -> Result<Option<T>> {
        if at >= self.slots.len() {
            self.slots.try_reserve(at + 1 - self.slots.len()).map_err(|_| Errno::NOMEM)?;
            self.slots.resize_with(at + 1, || None);
        }
        Ok(self.slots.get_mut(at).and_then(|slot| slot.replace(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_number_is_taken() {
        let mut slots = Slots::new();
        for expected in 0..5 {
            assert_eq!(slots.insert(0, 'a'), Ok(expected));
        }
        assert_eq!(slots.remove(1), Ok('a'));
        assert_eq!(slots.remove(3), Ok('a'));
        assert_eq!(slots.insert(2, 'b'), Ok(3));
        assert_eq!(slots.insert(0, 'c'), Ok(1));
        assert_eq!(slots.insert(100, 'd'), Ok(100));
        assert_eq!(slots.replace(4, 'e'), Ok(Some('a')));
        assert_eq!(slots.replace(50, 'f'), Ok(None));
        assert_eq!(slots.iter().map(|(fd, _)| fd).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 50, 100]);
    }

    #[test]
    fn numbers_outside_are_errors() {
        let mut slots = Slots::new();
        assert_eq!(slots.get(0).err(), Some(Errno::BADF));
        assert_eq!(slots.remove(-1), Err(Errno::BADF));
        assert_eq!(slots.insert(-1, 0), Err(Errno::INVAL));
        assert_eq!(slots.insert(LIMIT as Fd, 0), Err(Errno::INVAL));
        assert_eq!(slots.replace(LIMIT as Fd, 0), Err(Errno::BADF));
        assert_eq!(slots.insert(LIMIT as Fd - 1, 0), Ok(LIMIT as Fd - 1));
        assert_eq!(slots.insert(LIMIT as Fd - 1, 0), Err(Errno::MFILE));
    }
}
