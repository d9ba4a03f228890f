//! Targets in the order in which they can begin.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use crate::graph::Graph;

/// Targets whose turn it is.
pub struct Queue<'a> {
    graph: &'a Graph,
    /// By place in the order, so that equal builds run equally.
    ready: BTreeSet<usize>,
    /// For each target: its place.
    places: Vec<usize>,
    /// For each target: how many that it needs are not done, and which need it.
    waits: Vec<usize>,
    users: Vec<Vec<usize>>,
}

impl<'a> Queue<'a> {
    /// With what needs nothing else.
    pub fn new(graph: &'a Graph) -> Self {
        let mut places = vec![0; graph.needs.len()];
        let mut users = vec![Vec::new(); graph.needs.len()];
        for (place, at) in graph.order.iter().enumerate() {
            places[*at] = place;
            graph.needs[*at].iter().for_each(|need| users[*need].push(*at));
        }
        let waits: Vec<usize> = graph.needs.iter().map(Vec::len).collect();
        let ready = graph.order.iter().filter(|at| waits[**at] == 0).map(|at| places[*at]).collect();
        Queue { graph, ready, places, waits, users }
    }

    /// Whether nothing else could begin now.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// The next one.
    pub fn pop(&mut self) -> Option<usize> {
        self.ready.pop_first().map(|place| self.graph.order[place])
    }

    /// What needs only targets that are done is ready then.
    pub fn done(&mut self, at: usize) {
        for user in &self.users[at] {
            self.waits[*user] -= 1;
            if self.waits[*user] == 0 {
                self.ready.insert(self.places[*user]);
            }
        }
    }
}
