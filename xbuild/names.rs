//! The names of targets, and their numbers by name.

use alloc::vec::Vec;

use hashbrown::HashTable;

use crate::files::hash;

/// Names by number and numbers by name.
#[derive(Default)]
pub struct Names<'a> {
    names: Vec<&'a str>,
    numbers: HashTable<usize>,
}

impl<'a> Names<'a> {
    /// Of these names, the first of which is 0. One that is there twice has its first number.
    pub fn new(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.collect();
        let mut numbers = HashTable::with_capacity(names.len());
        for (number, name) in names.iter().enumerate() {
            let key = hash(name.as_bytes());
            if numbers.find(key, |other: &usize| names[*other] == *name).is_none() {
                numbers.insert_unique(key, number, |number| hash(names[*number].as_bytes()));
            }
        }
        Names { names, numbers }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().copied()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// The name of a number.
    pub fn name(&self, number: usize) -> &'a str {
        self.names[number]
    }

    /// The number of a name.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.numbers.find(hash(name.as_bytes()), |number| self.names[*number] == name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_number_and_back() {
        let names = Names::new(["a", "", "b", "a"].into_iter());
        assert_eq!(names.count(), 4);
        assert_eq!(["a", "", "b", "c"].map(|name| names.number(name)), [Some(0), Some(1), Some(2), None]);
        assert_eq!((names.name(2), names.iter().collect::<Vec<_>>().join(",")), ("b", "a,,b,a".into()));
        assert_eq!(Names::default().number(""), None);
    }
}
